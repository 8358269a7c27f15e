//! How enforcement points call things: as ARM does, or by short names of their own beneath a
//! scope.

use std::sync::Arc;

use ids::{
    guid::{ObjectId, Principal, TenantId},
    name::Name,
    path::Path,
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use model::{action::Action, operation, question::Question};

use super::{decide::Kind, known::Known};

/// Longer than any action's, person's or thing's name.
const NAME_CHARS_MAX: usize = 2_048;
/// Longer than any action's name.
const ACTION_CHARS_MAX: usize = 256;
const ACTION_WORDS_MIN: usize = 3;
/// What is asked of its own surfaces, in ways of their own: no grant of Azure's gives it.
const OWN_NAMESPACES: [&str; 3] = ["Fyr.Directory/", "Fyr.Market/", "Fyr.Platform/"];

const TENANTS: &str = "Microsoft.Resources/tenants";
const MANAGEMENT_GROUPS: &str = "Microsoft.Management/managementGroups";
const SUBSCRIPTIONS: &str = "Microsoft.Resources/subscriptions";
const GROUPS: &str = "Microsoft.Resources/resourceGroups";
/// What its actions are named after.
const GROUPS_IN_ACTIONS: &str = "Microsoft.Resources/subscriptions/resourceGroups";

/// Whom a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectName {
    pub kind: String,
    pub id: String,
    /// Whose principal it is; the caller's tenant's, where nothing is said.
    pub tenant: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionName {
    pub name: String,
    /// Whether it is done to what a resource holds.
    pub is_data: bool,
}

/// What it is to be done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceName {
    pub kind: String,
    pub id: String,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub subject: SubjectName,
    pub action: ActionName,
    pub resource: ResourceName,
}

/// The ways in which something may be done: one of them is enough, with a yes to all its questions.
pub(crate) type Ways = Vec<Vec<Question>>;

/// How things are called, and which operations are known.
#[derive(Clone, Debug)]
pub struct Language {
    pub names: Names,
    pub known: Arc<Known>,
}

/// How things are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// By the names of ARM: whole ids, whole actions.
    Arm,
    /// By short names, which stand for those of one namespace directly at one scope.
    Beneath(Root),
}

/// Where short names stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub scope: Scope,
    pub namespace: Name,
}

/// Who is meant, as far as the name itself tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Known(Principal),
    /// By the sign-in name, in the caller's own tenant.
    Called(String),
    Nobody,
}

impl SubjectName {
    /// Who is meant. A sign-in name counts in the caller's own tenant alone: elsewhere it would
    /// tell who exists.
    pub(crate) fn who(&self, caller: Principal) -> Who {
        let Some(tenant) = self.tenant(caller) else { return Who::Nobody };
        if let Ok(object) = self.id.parse::<ObjectId>() {
            return Who::Known(Principal { tenant, object });
        }
        let is_name = is_short(&self.id) && Kind::parse(&self.kind) == Some(Kind::User);
        if is_name && tenant == caller.tenant {
            return Who::Called(self.id.clone());
        }
        Who::Nobody
    }

    /// Whose principal it is; none where that is no tenant.
    pub(crate) fn tenant(&self, caller: Principal) -> Option<TenantId> {
        tenant(self.tenant.as_deref(), caller)
    }
}

/// The tenant of that id, or the caller's where none is named.
pub(crate) fn tenant(named: Option<&str>, caller: Principal) -> Option<TenantId> {
    named.map_or(Some(caller.tenant), |text| text.parse().ok())
}

fn is_short(text: &str) -> bool {
    text.chars().nth(NAME_CHARS_MAX).is_none() && !text.chars().any(char::is_control)
}

impl Root {
    /// Reads `/subscriptions/…/providers/{namespace}`, a path as it came.
    pub fn decode(path: &str) -> Option<Self> {
        let (scope, namespace) = path.rsplit_once("/providers/")?;
        let nobodys = TenantId::new(uuid::Uuid::nil());
        let scope = match Path::decode(scope, nobodys).ok()? {
            Path::Scope(scope) => scope,
            Path::Resource(id) => Scope::Resource(id),
            Path::Collection(_) | Path::Words(..) => return None,
        };
        // What lies in no subscription lies in somebody's tenant, and the path does not say whose.
        scope.subscription()?;
        Some(Self { scope, namespace: namespace.parse().ok()? })
    }
}

impl Language {
    /// The place that is meant; none where there can be no such place.
    pub(crate) fn scope(&self, it: &ResourceName, home: TenantId) -> Option<Scope> {
        if !is_short(&it.id) {
            return None;
        }
        match &self.names {
            Names::Arm => {
                let scope = Scope::parse(&it.id, home).ok()?;
                is_a(&scope, &it.kind).then_some(scope)
            }
            Names::Beneath(root) => {
                let kind = self.kind(&it.kind)?;
                let names = it.id.split('/').map(str::parse).collect::<Result<Vec<Name>, _>>();
                let id = ResourceId::new(root.scope.clone(), &kind, &names.ok()?).ok()?;
                // What it is made of might read as something else.
                let again = ResourceId::parse(&id.to_string(), home).ok()?;
                (again == id).then_some(Scope::Resource(id))
            }
        }
    }

    /// The place whose leave a question takes; none where there can be no such place.
    pub(crate) fn asked_at(&self, scope: Option<&Scope>) -> Option<Scope> {
        let root = match &self.names {
            Names::Arm => None,
            Names::Beneath(root) => Some(&root.scope),
        };
        scope.or(root).cloned()
    }

    /// The type that is meant, of resources.
    pub(crate) fn kind(&self, kind: &str) -> Option<ResourceType> {
        match &self.names {
            Names::Arm => ResourceType::parse(kind).ok(),
            Names::Beneath(root) => ResourceType::parse(&format!("{}/{kind}", root.namespace)).ok(),
        }
    }

    /// The action that is meant; none where no action is called so.
    pub(crate) fn action(&self, it: &ActionName, kind: &str) -> Option<Action> {
        let name = match &self.names {
            Names::Arm => it.name.clone(),
            Names::Beneath(_) => format!("{}/{}", self.kind(kind)?, it.name),
        };
        is_action(&name).then(|| self.called_so(&name))
    }

    /// What is asked of the one decision, in each of the ways that the operation itself would take;
    /// none where there can be no such question.
    pub(crate) fn ways(&self, asked: &Asked, home: TenantId) -> Option<Ways> {
        let scope = self.scope(&asked.resource, home)?;
        self.asked(&asked.action, &asked.resource.kind, scope)
    }

    /// The same at a place that is known.
    pub(crate) fn asked(&self, it: &ActionName, kind: &str, scope: Scope) -> Option<Ways> {
        Some(self.of(self.action(it, kind)?, it.is_data, scope))
    }

    /// The same of an action by its full name.
    pub(crate) fn asked_whole(&self, name: &str, is_data: bool, at: &Scope) -> Option<Ways> {
        is_action(name).then(|| self.of(self.called_so(name), is_data, at.clone()))
    }

    fn called_so(&self, name: &str) -> Action {
        if self.known.knows(name) { Action::named(name) } else { Action::foreign(name) }
    }

    fn of(&self, action: Action, is_data: bool, scope: Scope) -> Ways {
        if is_data || self.known.is_only_data(action.as_str()) {
            vec![vec![Question::data(action, scope)]]
        } else {
            operation::ways(action, scope)
        }
    }

    /// What a place is called.
    pub(crate) fn called(&self, scope: &Scope) -> String {
        match (&self.names, scope) {
            (Names::Beneath(_), Scope::Resource(id)) => {
                let names: Vec<&str> = id.names().map(Name::as_str).collect();
                names.join("/")
            }
            (Names::Arm | Names::Beneath(_), _) => scope.to_string(),
        }
    }

    /// What the actions of a place begin with.
    pub(crate) fn lead(scope: &Scope) -> String {
        let kind = match scope {
            Scope::Tenant(_) => TENANTS.to_owned(),
            Scope::ManagementGroup(..) => MANAGEMENT_GROUPS.to_owned(),
            Scope::Subscription(_) => SUBSCRIPTIONS.to_owned(),
            Scope::ResourceGroup(..) => GROUPS_IN_ACTIONS.to_owned(),
            Scope::Resource(id) => id.kind().to_string(),
        };
        kind + "/"
    }

    /// What an action is called that begins with that.
    pub(crate) fn named<'a>(&self, name: &'a str, lead: &str) -> &'a str {
        match &self.names {
            Names::Arm => name,
            Names::Beneath(_) => strip(name, lead).unwrap_or(name),
        }
    }
}

/// What kinds of places a search may be for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Places {
    Subscriptions,
    Groups,
    Resources(ResourceType),
}

impl Places {
    /// The places of that type; none where there is no such type.
    pub(crate) fn of(language: &Language, kind: &str) -> Option<Self> {
        match &language.names {
            Names::Arm if kind.eq_ignore_ascii_case(SUBSCRIPTIONS) => Some(Self::Subscriptions),
            Names::Arm if is_groups(kind) => Some(Self::Groups),
            Names::Arm | Names::Beneath(_) => language.kind(kind).map(Self::Resources),
        }
    }
}

/// Whether an action may be called so: namespace, type and verb, at the least. Whatever is called
/// otherwise, any `*` would give.
fn is_action(name: &str) -> bool {
    // A star would match what grants exclude.
    let legal = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
    let is_word = |word: &str| word.chars().any(char::is_alphanumeric) && word.chars().all(legal);
    let is_own = OWN_NAMESPACES.iter().any(|lead| strip(name, lead).is_some());
    name.len() <= ACTION_CHARS_MAX
        && name.split('/').count() >= ACTION_WORDS_MIN
        && name.split('/').all(is_word)
        && !is_own
}

fn is_groups(kind: &str) -> bool {
    [GROUPS, GROUPS_IN_ACTIONS].iter().any(|it| it.eq_ignore_ascii_case(kind))
}

fn is_a(scope: &Scope, kind: &str) -> bool {
    match scope {
        Scope::Tenant(_) => kind.eq_ignore_ascii_case(TENANTS),
        Scope::ManagementGroup(..) => kind.eq_ignore_ascii_case(MANAGEMENT_GROUPS),
        Scope::Subscription(_) => kind.eq_ignore_ascii_case(SUBSCRIPTIONS),
        Scope::ResourceGroup(..) => is_groups(kind),
        Scope::Resource(id) => id.is_a(kind),
    }
}

/// What stands behind the lead, letters without regard to case.
pub(crate) fn strip<'a>(name: &'a str, lead: &str) -> Option<&'a str> {
    let (first, rest) = name.split_at_checked(lead.len())?;
    first.eq_ignore_ascii_case(lead).then_some(rest)
}

#[cfg(test)]
mod tests;
