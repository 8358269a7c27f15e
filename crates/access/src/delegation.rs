//! A registration assignment as the index keeps it: there may be millions, so in few bytes.
//!
//! Almost all are called by a GUID, are of a definition of their own subscription and count always.
//! Those are two GUIDs and what the definition says; their ids are put together where somebody
//! asks for them. What is otherwise is kept aside.

use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};

use ids::{
    guid::{Principal, TenantId},
    name::Name,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{delegation::Assignment, period::OpenPeriod};
use uuid::Uuid;

use crate::anchor::{Manifest, Pair};

/// What is told of a delegation, but for what its definition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) id: AssignmentId,
    pub(crate) definition: DefinitionId,
    pub(crate) managed_by: TenantId,
    /// When it counts, where that is not always.
    pub(crate) period: Option<OpenPeriod>,
    /// What was taken along when a like delegation ended (azure profile); sorted.
    pub(crate) lost: Vec<Pair>,
}

impl From<&Assignment> for Told {
    fn from(it: &Assignment) -> Self {
        let Assignment { id, definition, managed_by, period, .. } = it;
        let (id, definition) = (id.clone(), definition.clone());
        Self { id, definition, managed_by: *managed_by, period: *period, lost: Vec::new() }
    }
}

/// A registration assignment at the scope of its anchor, with what its definition says now.
#[derive(Clone)]
pub(crate) struct Delegation {
    name: Uuid,
    /// What the definition is called, which stands at the subscription.
    definition: Uuid,
    /// Absent where the definition is.
    manifest: Option<Arc<Manifest>>,
    aside: Option<Box<Aside>>,
}

/// What most delegations are without.
#[derive(Clone, Default, PartialEq, Eq)]
struct Aside {
    /// The whole id, where it has another name or is spelled otherwise.
    id: Option<AssignmentId>,
    /// The same of the definition, and where it stands elsewhere.
    definition: Option<DefinitionId>,
    /// Where the definition does not name the same tenant, or is not there.
    managed_by: Option<TenantId>,
    period: Option<OpenPeriod>,
    lost: Vec<Pair>,
}

/// What something is called, compared as names are: letters without regard to case.
#[derive(Clone, Copy)]
pub(crate) enum Called<'a> {
    Guid(Uuid),
    Otherwise(&'a Name),
}

impl<'a> Called<'a> {
    pub(crate) fn new(name: &'a Name) -> Self {
        name.guid().map_or(Self::Otherwise(name), Self::Guid)
    }
}

impl Ord for Called<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (*self, *other) {
            (Self::Guid(one), Self::Guid(other)) => one.cmp(&other),
            (Self::Otherwise(one), Self::Otherwise(other)) => one.cmp(other),
            (Self::Guid(one), Self::Otherwise(other)) => Name::from(one).cmp(other),
            (Self::Otherwise(one), Self::Guid(other)) => one.cmp(&Name::from(other)),
        }
    }
}

impl PartialOrd for Called<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Called<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Called<'_> {}

impl Delegation {
    /// The delegation at an anchor of that scope, which is told's own but for its spelling.
    pub(crate) fn new(told: Told, manifest: Option<Arc<Manifest>>, at: &Scope) -> Self {
        let Told { id, definition, managed_by, period, lost } = told;
        // What is put together has the anchor's spelling.
        let name = id.guid().filter(|_| is_spelled_as(id.scope(), at));
        let of = definition.guid().filter(|_| stands_around(&definition, at));
        let aside = Aside {
            id: name.is_none().then_some(id),
            definition: of.is_none().then_some(definition),
            managed_by: Some(managed_by),
            period,
            lost,
        };
        let (name, definition) = (name.unwrap_or_default(), of.unwrap_or_default());
        let aside = Some(Box::new(aside));
        Self { name, definition, manifest, aside }.settled()
    }

    /// What the definition says from now on; brings back what was lost.
    pub(crate) fn define(&mut self, manifest: Option<Arc<Manifest>>) {
        let mut aside = self.aside.take().unwrap_or_default();
        aside.managed_by = aside.managed_by.or(self.manifest.as_ref().map(|it| it.managed_by));
        aside.lost.clear();
        let Self { name, definition, .. } = *self;
        *self = Self { name, definition, manifest, aside: Some(aside) }.settled();
    }

    /// Keeps nothing aside that need not be.
    fn settled(mut self) -> Self {
        let said = self.manifest.as_ref().map(|it| it.managed_by);
        self.aside = self.aside.take().and_then(|mut aside| {
            aside.managed_by = aside.managed_by.filter(|it| Some(*it) != said);
            (*aside != Aside::default()).then_some(aside)
        });
        self
    }

    /// `at` is the scope of the anchor.
    pub(crate) fn id(&self, at: &Scope) -> AssignmentId {
        let whole = self.aside.as_ref().and_then(|it| it.id.clone());
        #[expect(clippy::expect_used, reason = "the id that was taken apart was as long")]
        whole.unwrap_or_else(|| {
            AssignmentId::called(at.clone(), self.name).expect("it was an id before")
        })
    }

    /// `at` is the scope of the anchor.
    pub(crate) fn definition(&self, at: &Scope) -> DefinitionId {
        let whole = self.aside.as_ref().and_then(|it| it.definition.clone());
        let around = || at.subscription().map_or_else(|| at.clone(), Scope::Subscription);
        #[expect(clippy::expect_used, reason = "the id that was taken apart was as long")]
        whole.unwrap_or_else(|| {
            DefinitionId::called(around(), self.definition).expect("it was an id before")
        })
    }

    /// All that is told of it; `at` is the scope of the anchor.
    pub(crate) fn told(&self, at: &Scope) -> Told {
        Told {
            id: self.id(at),
            definition: self.definition(at),
            managed_by: self.managed_by(),
            period: self.period(),
            lost: self.lost().to_vec(),
        }
    }

    pub(crate) fn called(&self) -> Called<'_> {
        let whole = self.aside.as_ref().and_then(|it| it.id.as_ref());
        whole.map_or(Called::Guid(self.name), |id| Called::new(id.name()))
    }

    /// Whether it is of that definition; `at` is the scope of the anchor.
    pub(crate) fn is_of(&self, definition: &DefinitionId, at: &Scope) -> bool {
        match self.aside.as_ref().and_then(|it| it.definition.as_ref()) {
            Some(own) => own == definition,
            None => {
                definition.name().guid() == Some(self.definition) && stands_around(definition, at)
            }
        }
    }

    /// The definition, where that is of another place than the subscription; `at` is the scope of
    /// the anchor.
    pub(crate) fn definition_elsewhere(&self, at: &Scope) -> Option<&DefinitionId> {
        let own = self.aside.as_ref()?.definition.as_ref()?;
        Some(own).filter(|own| !stands_around(own, at))
    }

    pub(crate) fn managed_by(&self) -> TenantId {
        let otherwise = self.aside.as_ref().and_then(|it| it.managed_by);
        let said = otherwise.or_else(|| self.manifest.as_ref().map(|it| it.managed_by));
        // One of them always says it.
        said.unwrap_or(TenantId::new(Uuid::nil()))
    }

    /// When it counts, where that is not always.
    pub(crate) fn period(&self) -> Option<OpenPeriod> {
        self.aside.as_ref().and_then(|it| it.period)
    }

    /// What was taken along when a like delegation ended (azure profile); sorted.
    pub(crate) fn lost(&self) -> &[Pair] {
        self.aside.as_ref().map_or(&[], |it| &it.lost)
    }

    pub(crate) fn has_lost(&self, pair: Pair) -> bool {
        self.lost().binary_search(&pair).is_ok()
    }

    /// From now on it is without these, too.
    pub(crate) fn lose(&mut self, pairs: impl Iterator<Item = Pair>) {
        let lost: BTreeSet<Pair> = self.lost().iter().copied().chain(pairs).collect();
        if !lost.is_empty() {
            self.aside.get_or_insert_default().lost = lost.into_iter().collect();
        }
    }

    pub(crate) fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_deref()
    }

    pub(crate) fn shared_manifest(&self) -> Option<&Arc<Manifest>> {
        self.manifest.as_ref()
    }

    /// What its definition says, without what was lost.
    pub(crate) fn given(&self) -> BTreeSet<Pair> {
        let all = self.manifest().into_iter().flat_map(Manifest::pairs);
        all.filter(|pair| !self.has_lost(*pair)).collect()
    }

    /// Whether it is a delegation as the rules know them: of a subscription or a resource
    /// group, by a definition at that subscription which names the same managing tenant.
    pub(crate) fn is_sound(&self, at: &Scope) -> bool {
        let is_odd = self.aside.as_ref().is_some_and(|it| it.managed_by.is_some());
        self.manifest.is_some()
            && !is_odd
            && has_form(at)
            && self.definition_elsewhere(at).is_none()
    }

    /// Whom it may be a grant to: those are posted under its scope.
    pub(crate) fn principals(&self) -> impl Iterator<Item = Principal> {
        self.manifest.iter().flat_map(|manifest| manifest.principals())
    }
}

/// Whether delegations can be of such a scope.
fn has_form(at: &Scope) -> bool {
    match at {
        Scope::Subscription(_) | Scope::ResourceGroup(..) => true,
        Scope::Tenant(_) | Scope::ManagementGroup(..) | Scope::Resource(_) => false,
    }
}

/// Whether both are the same place, letter for letter.
fn is_spelled_as(one: &Scope, other: &Scope) -> bool {
    match (one, other) {
        (Scope::Subscription(one), Scope::Subscription(other)) => one == other,
        (Scope::ResourceGroup(one, name), Scope::ResourceGroup(other, spelled)) => {
            one == other && name.as_str() == spelled.as_str()
        }
        (
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_),
            _,
        ) => false,
    }
}

/// Whether a definition is of the subscription that the scope lies in.
fn stands_around(definition: &DefinitionId, at: &Scope) -> bool {
    at.subscription().is_some_and(|id| *definition.scope() == Scope::Subscription(id))
}
