//! To what somebody may do something: of what is there and the caller may read itself.

use access::index::Index;
use ids::{guid::SubscriptionId, scope::Scope};
use model::{
    action::{Action, Verb},
    question::Question,
    resource::Resource,
    tree::{ResourceGroup, Subscription},
};
use store::{
    error::StoreError,
    key::Cursor,
    records::ranges,
    snapshot::{Page, Snapshot},
};

use super::{
    Listed, Part, TURNS,
    decide::{Facts, Subject, leave},
    language::{ActionName, Language, Names, Places, SubjectName},
    moment::Moment,
    subjects::nothing,
};
use crate::{
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::Plane,
};

/// So many subscriptions are looked through for one page.
const SUBSCRIPTIONS_MAX: usize = 20;

/// All of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceSearch {
    pub subject: SubjectName,
    pub action: ActionName,
    pub kind: String,
}

/// Those that they may do it to, by subscription; what each is called. A page may be short, even
/// empty.
pub async fn search(
    plane: &Plane,
    context: &Context,
    language: &Language,
    (search, part): (&ResourceSearch, &Part),
) -> Result<Listed<String>, Error> {
    let caller = context.caller.principal;
    let moment = Moment::open(plane, caller, std::iter::once(&search.subject)).await?;
    let subject = moment.subject(&search.subject);
    if let (Names::Beneath(root), true) = (&language.names, subject.who != Some(caller)) {
        plane.shown(moment.index(), context, &leave(&root.scope, subject.is_own))?;
    }
    let (Some(_), Some(places)) = (subject.who, Places::of(language, &search.kind)) else {
        return nothing(plane).await;
    };
    let Ok(from) = part.after.as_deref().map(Place::parse).transpose() else {
        return nothing(plane).await;
    };
    let wanted = Wanted { language, search, subject, places };
    let _turn = TURNS.take(caller.tenant).await?;
    let all = candidates(moment.facts(), language, subject);
    let snapshot = plane.store.snapshot().await?;
    let looked = wanted.look(&snapshot, moment.facts(), &all, (from, part.limit)).await?;
    let judge = |index: &Index, (found, next): (Vec<Scope>, Option<Place>)| {
        let facts = Facts { index, ..moment.facts() };
        let still = found.iter().filter(|at| wanted.holds(facts, at));
        let items = still.map(|at| language.called(at)).collect();
        let next = next.map(|it| it.to_string());
        Ok::<_, Error>(Listed { items, next, revision: index.revision() })
    };
    snapshot.seal(looked).open(&plane.store, judge).await
}

/// The subscriptions to look through, in their order, of those that the caller sees: where
/// something names the subject; of somebody else's person, whom it is not told how much names, all.
fn candidates(facts: Facts<'_>, language: &Language, subject: Subject) -> Vec<SubscriptionId> {
    let mut all: Vec<SubscriptionId> = match (&language.names, subject.who) {
        (Names::Beneath(root), _) => root.scope.subscription().into_iter().collect(),
        (Names::Arm, Some(who)) if subject.is_own => facts.index.candidates(who, facts.now),
        (Names::Arm, _) => facts.index.candidates(facts.caller, facts.now),
    };
    all.sort_unstable();
    all.dedup();
    all.retain(|id| facts.index.can_see(facts.caller, *id, facts.now));
    all
}

/// Where a page begins.
struct Place {
    subscription: SubscriptionId,
    cursor: Option<Cursor>,
}

impl Place {
    fn parse(text: &str) -> Result<Self, ()> {
        let (subscription, cursor) = text.split_once(' ').unwrap_or((text, ""));
        let cursor = (!cursor.is_empty()).then(|| cursor.parse()).transpose().map_err(|_| ())?;
        Ok(Self { subscription: subscription.parse().map_err(|_| ())?, cursor })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.cursor {
            None => write!(f, "{}", self.subscription),
            Some(cursor) => write!(f, "{} {cursor}", self.subscription),
        }
    }
}

struct Wanted<'a> {
    language: &'a Language,
    search: &'a ResourceSearch,
    subject: Subject,
    places: Places,
}

impl Wanted<'_> {
    /// Whether that place is told of: the caller reads it and may ask about it, and the answer is
    /// yes.
    fn holds(&self, facts: Facts<'_>, at: &Scope) -> bool {
        let reads = Question::any(self.reading(), at.clone());
        let asked = || self.language.asked(&self.search.action, &self.search.kind, at.clone());
        self.is_within(at)
            && facts.may(facts.caller, &reads)
            && facts.has_leave(self.subject, at)
            && asked().is_some_and(|asked| facts.is_allowed(self.subject, &asked))
    }

    fn is_within(&self, at: &Scope) -> bool {
        match (&self.language.names, at) {
            (Names::Arm, _) => true,
            (Names::Beneath(root), Scope::Resource(id)) => *id.scope() == root.scope,
            (Names::Beneath(_), _) => false,
        }
    }

    fn reading(&self) -> Action {
        match &self.places {
            Places::Subscriptions => Action::SUBSCRIPTIONS_READ,
            Places::Groups => Action::GROUPS_READ,
            Places::Resources(kind) => Action::of(kind, Verb::Read),
        }
    }

    async fn look(
        &self,
        snapshot: &Snapshot,
        facts: Facts<'_>,
        all: &[SubscriptionId],
        (from, limit): (Option<Place>, usize),
    ) -> Result<(Vec<Scope>, Option<Place>), StoreError> {
        let first = from.as_ref().map(|it| it.subscription);
        let mut cursor = from.and_then(|it| it.cursor);
        let mut found = Vec::new();
        let rest = all.iter().filter(|id| Some(**id) >= first);
        for (count, id) in rest.copied().enumerate() {
            if count == SUBSCRIPTIONS_MAX || found.len() >= limit {
                return Ok((found, Some(Place { subscription: id, cursor: None })));
            }
            let after = cursor.take().filter(|_| Some(id) == first);
            let page = Page { after, limit: limit.saturating_sub(found.len()) };
            let Paged { items, next } = self.stretch(snapshot, facts, (id, page)).await?;
            found.extend(items);
            if next.is_some() {
                return Ok((found, Some(Place { subscription: id, cursor: next })));
            }
        }
        Ok((found, None))
    }

    /// What one subscription has of it.
    async fn stretch(
        &self,
        snapshot: &Snapshot,
        facts: Facts<'_>,
        (id, page): (SubscriptionId, Page),
    ) -> Result<Paged<Scope>, StoreError> {
        let paged = |items, next| Ok(Paged { items, next });
        match &self.places {
            Places::Subscriptions => {
                let there = snapshot.find::<Subscription>(&id).await?;
                let at = there.map(|it| Scope::Subscription(it.id));
                paged(at.into_iter().filter(|at| self.holds(facts, at)).collect(), None)
            }
            Places::Groups => {
                let at = |it: &ResourceGroup| Scope::ResourceGroup(id, it.name.clone());
                let range = ranges::groups_of_subscription(id);
                let wanted = |it: &ResourceGroup| self.holds(facts, &at(it));
                let found = page::examine(snapshot, &range, page, wanted).await?;
                let Paged { items, next } = found.page(|_| true);
                paged(items.iter().map(at).collect(), next)
            }
            Places::Resources(kind) => {
                let at = |it: &Resource| Scope::Resource(it.id.clone());
                let range = ranges::resources_of_subscription_and_type(id, kind);
                let wanted = |it: &Resource| it.id.kind() == *kind && self.holds(facts, &at(it));
                let found = page::examine(snapshot, &range, page, wanted).await?;
                let Paged { items, next } = found.page(|_| true);
                paged(items.iter().map(at).collect(), next)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use access::catalogue::Catalogue;
    use ids::{clock::Revision, guid::Principal};
    use model::{
        change::{Change, Noun},
        samples::{self, ADA, OLOF, PROVIDER, READER, SUBSCRIPTION},
    };

    use super::*;
    use crate::decisions::{decide::Kind, language::Root};

    #[test]
    fn nobody_looks_through_what_the_caller_does_not_see() {
        let changes = [
            Noun::User(samples::user(OLOF, "olof")),
            Noun::User(samples::user(ADA, "ada")),
            Noun::Subscription(samples::subscription(SUBSCRIPTION, samples::CUSTOMER)),
            Noun::RoleAssignment(samples::role_assignment(samples::whole(), OLOF, READER)),
        ];
        let changes: Vec<Change> = changes.into_iter().map(Change::Put).collect();
        let index = Index::new(Catalogue::builtin()).after(&changes, Revision(1));
        let root = format!("/subscriptions/{SUBSCRIPTION}/providers/Contoso.Records");
        let beneath = Names::Beneath(Root::decode(&root).unwrap());
        let looked = |names: &Names, caller: Principal, who: Principal| {
            let language = Language { names: names.clone(), known: Arc::default() };
            let facts = Facts { index: &index, caller, now: samples::now() };
            let is_own = who.tenant == caller.tenant;
            let subject = Subject { who: Some(who), kind: Some(Kind::User), is_own };
            candidates(facts, &language, subject)
        };
        let colleague = samples::principal(PROVIDER, 0x99);
        for (names, caller, who, expected) in [
            (&beneath, OLOF, OLOF, &[SUBSCRIPTION][..]),
            (&beneath, ADA, ADA, &[]),
            (&Names::Arm, OLOF, OLOF, &[SUBSCRIPTION]),
            (&Names::Arm, ADA, ADA, &[]),
            (&Names::Arm, ADA, OLOF, &[]),
            (&Names::Arm, OLOF, colleague, &[SUBSCRIPTION]),
        ] {
            assert_eq!(looked(names, caller, who), expected, "{caller} about {who}");
        }
    }
}
