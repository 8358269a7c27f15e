//! A row of the route table, and how a path finds its row.

use std::pin::Pin;

use ids::{
    guid::SubscriptionId,
    name::Name,
    path::{Collection, Path},
    resource::{DeploymentId, ResourceId, ResourceType},
    scope::{BadId, Scope},
};
use model::{
    action::Action,
    question::{Question, Via},
};
use operations::{context::Context, plane::Plane};
use serde::de::DeserializeOwned;

use crate::{
    failure::Failure,
    request::{ArmResponse, Method, Preconditions, Query},
    types::{self, KnownType},
};

/// One thing the front door does. Dispatch, discovery and the coverage tests read the table.
pub struct Route {
    pub method: Method,
    pub target: Target,
    pub versions: Versions,
    pub judge: Judge,
    pub(crate) serve: for<'a> fn(Ask<'a>) -> Answer<'a>,
}

/// A row, in the order in which one reads it.
pub(crate) const fn row(
    method: Method,
    target: Target,
    versions: Versions,
    judge: Judge,
    serve: for<'a> fn(Ask<'a>) -> Answer<'a>,
) -> Route {
    Route { method, target, versions, judge, serve }
}

/// What a path must name for a row to be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The tenant itself, a management group, a subscription or a resource group.
    Scope(Level),
    /// Words behind a scope: `/subscriptions/{id}/resourcegroups`. `*` stands for any word.
    Words(Level, &'static [&'static str]),
    /// A provider at a scope, by any namespace: `/subscriptions/{id}/providers/{namespace}`.
    Provider(Level),
    /// A resource of that type.
    Item(&'static str),
    /// All resources of that type at a scope.
    List(&'static str),
    /// An action of a resource of that type.
    ItemAction(&'static str, &'static str),
    /// A provider's own action at a scope, by any namespace:
    /// `/subscriptions/{id}/providers/{namespace}/register`.
    ProviderAction(Level, &'static str),
    /// One provider's own action at a scope: `/providers/Microsoft.Authorization/elevateAccess`.
    OwnAction(Level, &'static str, &'static str),
    /// A resource of any known type that has no row of its own.
    AnyItem,
    /// An action, by any name, of a resource of any known type that has no row of its own.
    AnyAction,
    /// All resources of any known type that has no row of its own.
    AnyList,
}

/// How high a scope stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Tenant,
    ManagementGroup,
    Subscription,
    ResourceGroup,
    Resource,
}

impl Level {
    fn of(scope: &Scope) -> Self {
        match scope {
            Scope::Tenant(_) => Self::Tenant,
            Scope::ManagementGroup(..) => Self::ManagementGroup,
            Scope::Subscription(_) => Self::Subscription,
            Scope::ResourceGroup(..) => Self::ResourceGroup,
            Scope::Resource(_) => Self::Resource,
        }
    }
}

/// Which api-versions a row answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    These(&'static [&'static str]),
    /// Those that the type data names for the path's own type.
    OfType,
    /// Those of any type of the path's provider.
    OfProvider,
}

/// How the front door judges a request before the body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// May the caller do this action there? `{kind}` stands for the path's own type,
    /// `{namespace}` for its provider.
    Action(&'static str, Via),
    /// Everyone with a token may ask; the answer holds only what the caller may see. The action
    /// is what each item is judged by.
    Each(&'static str),
    /// Whoever started what the path names, even if all their access has ended since.
    Starter,
}

/// A request that the front door has let in.
pub(crate) struct Ask<'a> {
    pub plane: &'a Plane,
    pub context: Context,
    pub path: Path,
    /// The path as it stood in the request line, for links to it.
    pub raw_path: &'a str,
    pub version: &'a str,
    pub query: &'a Query,
    pub preconditions: Preconditions,
    pub body: Vec<u8>,
    /// The deployment that the request is a step of.
    pub inside: Option<DeploymentId>,
}

pub(crate) type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<ArmResponse, Failure>> + Send + 'a>>;

impl Target {
    /// Whether the path is meant.
    pub(crate) fn meets(self, path: &Path) -> bool {
        match (self, path) {
            (Self::Scope(level), Path::Scope(scope)) => Level::of(scope) == level,
            (Self::Words(level, words), Path::Words(scope, found)) => {
                Level::of(scope) == level
                    && words.len() == found.len()
                    && words.iter().zip(found).all(|(word, name)| *word == "*" || name.is(word))
            }
            (Self::Provider(level), Path::Collection(it)) => {
                Level::of(&it.scope) == level && it.parents.is_empty() && it.last.is_none()
            }
            (Self::Item(kind), Path::Resource(id)) => id.is_a(kind),
            (Self::List(kind), Path::Collection(it)) => {
                it.kind().is_some_and(|found| found.is(kind))
            }
            (Self::ItemAction(kind, action), Path::Collection(it)) => {
                it.last.as_ref().is_some_and(|last| last.is(action)) && holder_is(it, kind)
            }
            (Self::ProviderAction(level, action), Path::Collection(it)) => {
                Level::of(&it.scope) == level
                    && it.parents.is_empty()
                    && it.last.as_ref().is_some_and(|last| last.is(action))
            }
            (Self::OwnAction(level, namespace, action), Path::Collection(it)) => {
                Level::of(&it.scope) == level
                    && it.parents.is_empty()
                    && it.namespace.is(namespace)
                    && it.last.as_ref().is_some_and(|last| last.is(action))
            }
            (Self::AnyItem, Path::Resource(id)) => {
                let kind = id.kind();
                keeps_plainly(&kind) && types::types().find(&kind).is_some()
            }
            (Self::AnyAction, Path::Collection(it)) => acted_on(it).is_some(),
            (Self::AnyList, Path::Collection(it)) => known(it).is_some(),
            _ => false,
        }
    }
}

fn holder_is(collection: &Collection, kind: &str) -> bool {
    matches!(collection.holder(), Ok(Scope::Resource(id)) if id.is_a(kind))
}

fn known(collection: &Collection) -> Option<&'static KnownType> {
    let kind = collection.kind().filter(keeps_plainly)?;
    types::types().find(&kind)
}

/// The resource of a known type that the last word may be an action of.
fn acted_on(collection: &Collection) -> Option<ResourceId> {
    collection.last.as_ref()?;
    let Ok(Scope::Resource(id)) = collection.holder() else { return None };
    let own = !collection.parents.is_empty() && keeps_plainly(&id.kind());
    (own && types::types().find(&id.kind()).is_some()).then_some(id)
}

/// Whether things of that type are kept as plain resources. Those that stand for access, for
/// policies, for the tree of scopes or for the platform are not: without rows of their own there
/// are none.
pub fn keeps_plainly(kind: &ResourceType) -> bool {
    let first = kind.path.first().map(Name::folded).unwrap_or_default();
    match kind.namespace.folded().as_str() {
        "microsoft.resources" => !matches!(
            first.as_str(),
            "resourcegroups" | "subscriptions" | "tenants" | "tags" | "deployments"
        ),
        "microsoft.authorization"
        | "microsoft.management"
        | "microsoft.managedservices"
        | "microsoft.subscription" => false,
        _ => true,
    }
}

/// The type that a path is about, spelled in full.
pub(crate) fn kind_of(path: &Path) -> Option<ResourceType> {
    match path {
        Path::Resource(id) => Some(id.kind()),
        Path::Collection(it) => it.kind(),
        Path::Scope(_) | Path::Words(..) => None,
    }
}

/// Where a path's action happens: the resource, or what holds the list or bears the action.
pub(crate) fn scope_of(target: Target, path: &Path) -> Result<Scope, BadId> {
    match path {
        Path::Scope(scope) | Path::Words(scope, _) => Ok(scope.clone()),
        Path::Resource(id) => Ok(Scope::Resource(id.clone())),
        Path::Collection(it) => {
            let held = match target {
                Target::ItemAction(..) | Target::AnyAction | Target::List(_) | Target::AnyList => {
                    true
                }
                Target::Scope(_)
                | Target::Words(..)
                | Target::Provider(_)
                | Target::Item(_)
                | Target::ProviderAction(..)
                | Target::OwnAction(..)
                | Target::AnyItem => false,
            };
            if held { it.holder() } else { Ok(it.scope.clone()) }
        }
    }
}

impl Route {
    /// Whether the row answers to that version for that path.
    pub(crate) fn speaks(&self, path: &Path, version: &str) -> bool {
        self.versions_for(path).iter().any(|known| known.eq_ignore_ascii_case(version))
    }

    /// The type whose things the row is about: of an action, what it is an action of.
    pub(crate) fn kind(&self, path: &Path) -> Option<ResourceType> {
        match (self.target, path) {
            (Target::AnyAction, Path::Collection(it)) => acted_on(it).map(|id| id.kind()),
            _ => kind_of(path),
        }
    }

    /// The api-versions that the row answers to for that path, newest first.
    pub(crate) fn versions_for(&self, path: &Path) -> Vec<&'static str> {
        match self.versions {
            Versions::These(versions) => versions.to_vec(),
            Versions::OfProvider => match path {
                Path::Collection(it) => types::types()
                    .namespace(&it.namespace)
                    .map(types::Namespace::versions)
                    .unwrap_or_default(),
                Path::Scope(_) | Path::Resource(_) | Path::Words(..) => Vec::new(),
            },
            Versions::OfType => self
                .kind(path)
                .and_then(|kind| types::types().find(&kind))
                .map(|known| known.versions.clone())
                .unwrap_or_default(),
        }
    }

    /// What the front door asks, or what each item of the answer is asked for.
    pub(crate) fn question(&self, path: &Path) -> Result<Question, BadId> {
        let (action, via) = match self.judge {
            Judge::Action(action, via) => (action, via),
            Judge::Each(action) => (action, Via::Any),
            Judge::Starter => ("{kind}/read", Via::Any),
        };
        let kind = kind_of(path).map(|kind| kind.to_string()).unwrap_or_default();
        let namespace = match path {
            Path::Collection(it) => it.namespace.to_string(),
            Path::Scope(_) | Path::Resource(_) | Path::Words(..) => String::new(),
        };
        let name = action.replace("{kind}", &kind).replace("{namespace}", &namespace);
        // What is posted to a resource may be called anything.
        let is_any = self.target == Target::AnyAction;
        let action = if is_any { Action::foreign(name) } else { Action::named(name) };
        Ok(Question { action, scope: scope_of(self.target, path)?, via })
    }
}

impl Ask<'_> {
    /// The id of the resource that the path names.
    pub(crate) fn resource(&self) -> Result<ResourceId, Failure> {
        match &self.path {
            Path::Resource(id) => Ok(id.clone()),
            Path::Scope(_) | Path::Collection(_) | Path::Words(..) => {
                Err(BadId::UnknownShape.into())
            }
        }
    }

    /// The resource that the path's action is of, and the action.
    pub(crate) fn action(&self) -> Result<(ResourceId, Name), Failure> {
        let Path::Collection(it) = &self.path else { return Err(BadId::UnknownShape.into()) };
        let found = acted_on(it).zip(it.last.clone());
        found.ok_or_else(|| BadId::UnknownShape.into())
    }

    /// The scope that the request is judged at.
    pub(crate) fn scope(&self) -> Scope {
        self.context.question.scope.clone()
    }

    /// The subscription that the path is in.
    pub(crate) fn subscription(&self) -> Result<SubscriptionId, Failure> {
        self.context.question.scope.subscription().ok_or(Failure::NoSuchPath)
    }

    /// The body, as the JSON that the operation takes. Says which member is wrong.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        // A list would be read as an object's members in their order.
        if self.body.trim_ascii_start().starts_with(b"[") {
            return Err(Failure::Content("it is a list, and an object is expected".to_owned()));
        }
        serde_json::from_slice(&self.body).map_err(|bad| Failure::Content(bad.to_string()))
    }

    /// An absolute link to that path, in the version of this request.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}?api-version={}", self.plane.origins.arm, self.version)
    }
}
