//! Who may, to what, and what: page by page.

use operations::decisions::{
    Listed, Part,
    actions::{self, ActionSearch},
    language::{ActionName, ResourceName, SubjectName},
    resources::{self, ResourceSearch},
    subjects::{self, SubjectSearch},
};
use wire::authzen::{
    self, ActionPropertiesBody, ContextBody, FoundBody, Page, PageBody, SearchBody,
};

use crate::{answer::Answer, failure::Failure, front_door::Ask};

/// So many results come where nothing is said, and at most.
const RESULTS: usize = 100;
const RESULTS_MAX: usize = 500;

pub(crate) fn subject(it: authzen::Subject) -> SubjectName {
    let authzen::Subject { kind, id, tenant } = it;
    SubjectName { kind, id, tenant }
}

pub(crate) fn action(it: authzen::Action) -> ActionName {
    let authzen::Action { name, is_data } = it;
    ActionName { name, is_data }
}

pub(crate) fn resource(it: authzen::Resource) -> ResourceName {
    let authzen::Resource { kind, id } = it;
    ResourceName { kind, id }
}

/// Who may do that?
pub(crate) async fn subjects(
    ask: &Ask<'_>,
    asked: authzen::SubjectSearch,
) -> Result<Answer, Failure> {
    let authzen::SubjectSearch { subjects: of, action: what, resource: at, page } = asked;
    let search = SubjectSearch {
        kind: of.kind,
        tenant: of.tenant,
        action: action(what),
        resource: resource(at),
    };
    let list = List::of(ask, &search, page)?;
    let Some(part) = &list.part else { return list.nothing() };
    let (plane, context) = (ask.plane(), ask.context());
    let listed = subjects::search(plane, &context, &ask.language, (&search, part)).await?;
    list.answer(listed, |id| FoundBody::Entity { kind: search.kind.clone(), id })
}

/// To what may they do that?
pub(crate) async fn resources(
    ask: &Ask<'_>,
    asked: authzen::ResourceSearch,
) -> Result<Answer, Failure> {
    let authzen::ResourceSearch { subject: who, action: what, kind, page } = asked;
    let search = ResourceSearch { subject: subject(who), action: action(what), kind };
    let list = List::of(ask, &search, page)?;
    let Some(part) = &list.part else { return list.nothing() };
    let (plane, context) = (ask.plane(), ask.context());
    let listed = resources::search(plane, &context, &ask.language, (&search, part)).await?;
    list.answer(listed, |id| FoundBody::Entity { kind: search.kind.clone(), id })
}

/// What may they do there?
pub(crate) async fn actions(
    ask: &Ask<'_>,
    asked: authzen::ActionSearch,
) -> Result<Answer, Failure> {
    let authzen::ActionSearch { subject: who, resource: at, page } = asked;
    let search = ActionSearch { subject: subject(who), resource: resource(at) };
    let list = List::of(ask, &search, page)?;
    let Some(part) = &list.part else { return list.nothing() };
    let (plane, context) = (ask.plane(), ask.context());
    let listed = actions::search(plane, &context, &ask.language, (&search, part)).await?;
    list.answer(listed, |actions::Found { name, is_data }| FoundBody::Action {
        name,
        properties: is_data.then_some(ActionPropertiesBody { is_data_action: true }),
    })
}

/// Which list it is, and which part of it is wanted.
struct List<'a> {
    ask: &'a Ask<'a>,
    /// What a token of this list is good for: this caller, this path, this very search.
    bound: String,
    after: Option<String>,
    /// None where no results are wanted at all.
    part: Option<Part>,
}

impl<'a> List<'a> {
    fn of(
        ask: &'a Ask<'a>,
        search: &impl std::fmt::Debug,
        Page { token, limit }: Page,
    ) -> Result<Self, Failure> {
        let (who, path) = (ask.caller.principal, ask.head.uri.path());
        let bound = format!("decisions|{who}|{path:?}|{search:?}");
        let open = |sealed: String| ask.plane().seal.open(&bound, &sealed);
        let place = token.filter(|it| !it.is_empty()).map(open).transpose();
        // A place without a name is the beginning.
        let after = place.map_err(|_| Failure::Continuation)?.filter(|it| !it.is_empty());
        let limit = limit.unwrap_or(RESULTS).min(RESULTS_MAX);
        let part = (limit > 0).then(|| Part { after: after.clone(), limit });
        Ok(Self { ask, bound, after, part })
    }

    /// No results, and where to go on.
    fn nothing(&self) -> Result<Answer, Failure> {
        let next_token = self.seal(self.after.as_deref().unwrap_or_default());
        let page = PageBody { next_token, count: 0 };
        let (context, results) = (ContextBody::default(), Vec::new());
        Answer::decision(&SearchBody { page, context, results })
    }

    fn answer<T>(
        &self,
        listed: Listed<T>,
        body: impl Fn(T) -> FoundBody,
    ) -> Result<Answer, Failure> {
        let Listed { items, next, revision } = listed;
        let next_token = next.map(|it| self.seal(&it)).unwrap_or_default();
        let results: Vec<FoundBody> = items.into_iter().map(body).collect();
        let page = PageBody { next_token, count: results.len() };
        let context = ContextBody { revision: Some(revision.0), ..ContextBody::default() };
        Answer::decision(&SearchBody { page, context, results })
    }

    fn seal(&self, place: &str) -> String {
        let plane = self.ask.plane();
        plane.seal.close(&*plane.random, &self.bound, place)
    }
}
