//! What somebody may do somewhere: of the operations that are known, and of those that a role
//! of theirs names.

use std::collections::BTreeMap;

use model::role::Permission;

use super::{
    Listed, Part, TURNS,
    decide::leave,
    known::Known,
    language::{Language, ResourceName, SubjectName, strip},
    moment::Moment,
    subjects::nothing,
};
use crate::{context::Context, error::Error, plane::Plane};

/// What can be done to anything.
const VERBS: [&str; 3] = ["read", "write", "delete"];

/// All that is done to the resource's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionSearch {
    pub subject: SubjectName,
    pub resource: ResourceName,
}

/// Something that may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub name: String,
    pub is_data: bool,
}

/// What they may do there, by name.
pub async fn search(
    plane: &Plane,
    context: &Context,
    language: &Language,
    (search, part): (&ActionSearch, &Part),
) -> Result<Listed<Found>, Error> {
    let caller = context.caller.principal;
    let moment = Moment::open(plane, caller, std::iter::once(&search.subject)).await?;
    let (facts, subject) = (moment.facts(), moment.subject(&search.subject));
    let scope = language.scope(&search.resource, caller.tenant);
    let Some(at) = language.asked_at(scope.as_ref()) else { return nothing(plane).await };
    if subject.who != Some(caller) {
        plane.shown(moment.index(), context, &leave(&at, subject.is_own))?;
    }
    let (Some(who), Some(at)) = (subject.who, scope) else { return nothing(plane).await };
    let _turn = TURNS.take(caller.tenant).await?;
    let lead = Language::lead(&at);
    let held = facts.index.what_can(who, &at, facts.now);
    let may = |it: &Found| {
        let asked = language.asked_whole(&it.name, it.is_data, &at);
        asked.is_some_and(|asked| facts.is_allowed(subject, &asked))
    };
    let all = candidates(&lead, &language.known, &held);
    let rest = all.into_iter().filter(|(key, _)| Some(key) > part.after.as_ref());
    let mut found: Vec<(String, Found)> = rest.filter(|(_, it)| may(it)).collect();
    let is_more = found.len() > part.limit;
    found.truncate(part.limit);
    let next = found.last().filter(|_| is_more).map(|(key, _)| key.clone());
    let called = |it: Found| Found { name: language.named(&it.name, &lead).to_owned(), ..it };
    let items = found.into_iter().map(|(_, it)| called(it)).collect();
    Ok(Listed { items, next, revision: moment.revision() })
}

/// What might be done to what begins so, each once, by its place in the list.
fn candidates(lead: &str, known: &Known, held: &[Permission]) -> BTreeMap<String, Found> {
    let verbs = VERBS.iter().map(|verb| (format!("{lead}{verb}"), false));
    let of_type = known.each().filter(|(name, _)| strip(name, lead).is_some());
    let listed = of_type.map(|(name, is_data)| (name.to_owned(), is_data));
    let literal = |list: &[String], is_data| {
        let of_type = list.iter().filter(|it| strip(it, lead).is_some() && !it.contains('*'));
        of_type.map(move |name| (name.clone(), is_data)).collect::<Vec<_>>()
    };
    let held = held.iter().flat_map(|it| {
        literal(&it.actions, false).into_iter().chain(literal(&it.data_actions, true))
    });
    let entry = |(name, is_data): (String, bool)| {
        let is_data = is_data || known.is_only_data(&name);
        let way = if is_data { "data" } else { "control" };
        (format!("{} {way}", name.to_ascii_lowercase()), Found { name, is_data })
    };
    verbs.chain(held).chain(listed).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_might_be_done_is_named_once_whoever_names_it() {
        let control = ["A.B/c/Read", "A.B/c/d/action", "A.B/cd/x"].map(str::to_owned);
        let known = Known::new(control.into(), vec!["A.B/c/read".to_owned()]);
        let held = Permission {
            actions: vec!["a.b/C/own/action".into(), "A.B/c/*".into(), "*".into()],
            ..Permission::default()
        };
        let found = candidates("A.B/c/", &known, &[held]);
        let names: Vec<(&str, bool)> =
            found.values().map(|it| (it.name.as_str(), it.is_data)).collect();
        let expected = [
            ("A.B/c/d/action", false),
            ("A.B/c/delete", false),
            ("a.b/C/own/action", false),
            ("A.B/c/Read", false),
            ("A.B/c/read", true),
            ("A.B/c/write", false),
        ];
        assert_eq!(names, expected);
    }
}
