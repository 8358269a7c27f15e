//! The order of checks. It is part of the protocol: it decides which of two errors a caller
//! hears of (ARM contract, §1.1).

use access::{index::Index, verdict::Refusal};
use ids::{
    guid::{Principal, SubscriptionId, TenantId},
    path::Path,
    resource::DeploymentId,
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    event::Caller,
    question::{Question, Via},
    settings::Profile,
    tree::SubscriptionState,
};
use operations::{context::Context, error::Error, plane::Plane};
use uuid::Uuid;

use crate::{
    failure::{Challenge, Failure},
    request::{ArmRequest, ArmResponse, Method, NoCaller},
    route::{Ask, Judge, Route, Target, kind_of},
    routes,
    types::{Namespace, is_version, types},
};

/// Answers one request. `body` is read only for a caller who may send it.
pub async fn answer(
    plane: &Plane,
    request: ArmRequest,
    body: impl Future<Output = Result<Vec<u8>, Failure>> + Send,
) -> ArmResponse {
    answer_inside(plane, request, body, None).await
}

/// Answers a request that is a step of the deployment `inside`, by the same checks in the same
/// order.
pub(crate) async fn answer_inside(
    plane: &Plane,
    request: ArmRequest,
    body: impl Future<Output = Result<Vec<u8>, Failure>> + Send,
    inside: Option<&DeploymentId>,
) -> ArmResponse {
    let mut seen = Seen { inside: inside.cloned(), ..Seen::default() };
    match serve(plane, request, body, &mut seen).await {
        Ok(response) => response,
        Err(failure) => {
            if let Some(context) = &seen.context {
                note(plane, context, &failure);
            }
            failure.into_response(&challenge(plane, seen.subscription))
        }
    }
}

/// What the checks have found out so far, for the answer to a failure.
#[derive(Default)]
struct Seen {
    /// Where the request leads, as far as the path tells.
    subscription: Option<SubscriptionId>,
    /// Of a write that came as far as being judged.
    context: Option<Context>,
    /// The deployment that asks.
    inside: Option<DeploymentId>,
}

/// A refused or failed write stands in the activity log, too.
fn note(plane: &Plane, context: &Context, failure: &Failure) {
    let (status, code) = failure.verdict();
    let message = format!("{code}: {failure}");
    if let Some(activity) = context.failed(plane, status, message) {
        plane.store.note_refusal(context.caller.principal, activity);
    }
}

/// Does what a request stands for, for a surface that reads its answer itself: by the same checks in
/// the same order, and a refusal stands in the activity log as one from outside would.
pub async fn through<T, F>(
    plane: &Plane,
    request: ArmRequest,
    work: impl FnOnce(Context) -> F + Send,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Error>> + Send,
{
    let mut seen = Seen::default();
    let outcome = async {
        let entered = enter(plane, &request, &mut seen).await?;
        Ok(work(entered.context).await?)
    };
    let outcome = outcome.await;
    if let (Err(failure), Some(context)) = (&outcome, &seen.context) {
        note(plane, context, failure);
    }
    outcome
}

/// A request that was let in.
struct Entered {
    route: &'static Route,
    context: Context,
    path: Path,
    version: String,
}

async fn serve(
    plane: &Plane,
    request: ArmRequest,
    body: impl Future<Output = Result<Vec<u8>, Failure>> + Send,
    seen: &mut Seen,
) -> Result<ArmResponse, Failure> {
    // Boxed: deployments in deployments come through here eight deep, on one stack.
    let entered = Box::pin(enter(plane, &request, seen)).await?;
    let Entered { route, context, path, version } = entered;
    let body = body.await?;
    let (query, preconditions) = (&request.query, request.preconditions);
    let (raw_path, version) = (request.path.as_str(), version.as_str());
    let inside = seen.inside.clone();
    let ask = Ask { plane, context, path, raw_path, version, query, preconditions, body, inside };
    let answer = (route.serve)(ask).await?;
    let bare = request.method == Method::Head && route.method == Method::Get;
    Ok(if bare { answer.bare() } else { answer })
}

/// Every check that comes before the body.
async fn enter(plane: &Plane, request: &ArmRequest, seen: &mut Seen) -> Result<Entered, Failure> {
    let version = request.query.get("api-version").filter(|it| !it.is_empty());
    let version = version.ok_or(Failure::NoVersion)?.to_owned();
    let home = request.caller.as_ref().map_or(TenantId::new(Uuid::nil()), |it| it.principal.tenant);
    let path = Path::decode(&request.path, home)?;
    let subscription = subscription_of(&path);
    seen.subscription = subscription;
    exists(plane, subscription)?;
    let caller = caller(plane, request)?;
    let auxiliary = auxiliary(plane, request)?;
    let route = route(request, &path, &version);
    let anywhere = route.as_ref().is_ok_and(|it| is_let_in_anywhere(plane, &caller, it, &path));
    if !anywhere {
        belongs(plane, &caller, subscription)?;
    }

    let route = route?;
    let question = route.question(&path)?;
    let context = Context {
        question,
        caller,
        auxiliary,
        correlation: request.correlation,
        method: request.method.as_str(),
        client_request: request.client_request.clone(),
        client_address: request.client_address.clone(),
        started: request.arrived,
    };
    let only_asks = only_asks(route, request.method);
    if !only_asks {
        seen.context = Some(context.clone());
    }
    judge(plane, route, &context, request.method)?;
    if !only_asks {
        writable(plane, &context, request.method, route, &path).await?;
    }
    group_exists(plane, route, &context, &path).await?;
    Ok(Entered { route, context, path, version })
}

fn subscription_of(path: &Path) -> Option<SubscriptionId> {
    match path {
        Path::Scope(scope) | Path::Words(scope, _) => scope.subscription(),
        Path::Resource(id) => id.scope().subscription(),
        Path::Collection(it) => it.scope.subscription(),
    }
}

/// Where a caller without a good token is told to sign in. The strict profile names no tenant.
fn challenge(plane: &Plane, subscription: Option<SubscriptionId>) -> Challenge {
    let index = plane.index();
    let home = subscription
        .filter(|_| index.settings().profile == Profile::Azure)
        .and_then(|id| index.home(&Scope::Subscription(id)));
    let tenant = home.map_or_else(|| "common".to_owned(), |tenant| tenant.to_string());
    Challenge { authority: format!("{}/{tenant}", plane.origins.login) }
}

/// In the azure profile an unknown subscription answers 404 even without a token, as clients
/// that look for its tenant expect. In the strict profile the token comes first.
fn exists(plane: &Plane, subscription: Option<SubscriptionId>) -> Result<(), Failure> {
    let index = plane.index();
    match subscription {
        Some(id)
            if index.settings().profile == Profile::Azure && index.subscription(id).is_none() =>
        {
            Err(Failure::NoSubscription(id))
        }
        _ => Ok(()),
    }
}

/// The caller of the token, if the directory still knows it and lets it in.
fn caller(plane: &Plane, request: &ArmRequest) -> Result<Caller, Failure> {
    live(plane, request.caller.as_ref().map_err(|why| Failure::NoCaller(why.clone()))?)
}

fn live(plane: &Plane, caller: &Caller) -> Result<Caller, Failure> {
    let can = plane.index().can_act(caller.principal);
    if can { Ok(caller.clone()) } else { Err(gone(caller)) }
}

/// Those whose tokens came beside the caller's own.
fn auxiliary(plane: &Plane, request: &ArmRequest) -> Result<Vec<Caller>, Failure> {
    let live = |(at, it)| match live(plane, it) {
        Err(Failure::NoCaller(why)) => {
            Err(Failure::NoCaller(NoCaller::Auxiliary { at, why: Box::new(why) }))
        }
        live => live,
    };
    (1..).zip(&request.auxiliary).map(live).collect()
}

fn gone(caller: &Caller) -> Failure {
    let Caller { principal: Principal { tenant, object }, app, .. } = caller;
    let detail = format!(
        "The access token of the client '{app}' and the tenant '{tenant}' is invalid. The account '{object}' is disabled or no longer exists."
    );
    Failure::NoCaller(NoCaller::Invalid(detail))
}

/// The hinge of a delegation: the token's tenant must be the subscription's own, or manage
/// some of it. In the strict profile the caller must hold something there, too.
fn belongs(
    plane: &Plane,
    caller: &Caller,
    subscription: Option<SubscriptionId>,
) -> Result<(), Failure> {
    let Some(id) = subscription else { return Ok(()) };
    let index = plane.index();
    let tenant = caller.principal.tenant;
    let home = index.home(&Scope::Subscription(id)).ok_or(Failure::NoSubscription(id))?;
    let is_near = home == tenant || index.managing_tenants(id).contains(&tenant);
    match index.settings().profile {
        Profile::Azure if is_near => Ok(()),
        Profile::Azure => Err(Failure::WrongTenant { token: tenant, home }),
        // Whoever holds nothing in it, and may not for a while either, hears no more of it than a
        // stranger, colleagues of those who manage it included.
        Profile::Strict if is_near && has_part(&index, caller.principal, id, plane.store.now()) => {
            Ok(())
        }
        Profile::Strict => Err(Failure::NoSubscription(id)),
    }
}

fn has_part(index: &Index, who: Principal, id: SubscriptionId, now: Timestamp) -> bool {
    index.can_see(who, id, now) || index.takes_part(who, id, now)
}

/// Whether the caller may ask in a subscription of any tenant: whoever started what the path
/// names, and whoever holds the platform's own leave. To others a row is like any.
fn is_let_in_anywhere(plane: &Plane, caller: &Caller, route: &Route, path: &Path) -> bool {
    match route.judge {
        Judge::Starter => true,
        Judge::Action(_, Via::Platform) => route.question(path).is_ok_and(|asked| {
            plane.index().check(caller.principal, &asked, plane.store.now()).is_allowed()
        }),
        Judge::Action(..) | Judge::Each(_) => false,
    }
}

/// The row that is meant; or what about the path, the version or the verb is unknown.
fn route(request: &ArmRequest, path: &Path, version: &str) -> Result<&'static Route, Failure> {
    // Only a POST asks for an action; to others, its name is that of a type.
    let acts = |route: &&Route| request.method == Method::Post || route.target != Target::AnyAction;
    let meets = |route: &&Route| route.target.meets(path) && acts(route);
    let mut meant = routes::all().filter(meets).peekable();
    if meant.peek().is_none() {
        return Err(unknown(path, version));
    }
    // Rows of a type's own hide the rows for any type, whatever the method.
    let mut own: Vec<&Route> = meant.collect();
    let for_any = |route: &&Route| {
        matches!(route.target, Target::AnyItem | Target::AnyAction | Target::AnyList)
    };
    if !own.iter().all(for_any) {
        own.retain(|route| !for_any(route));
    }
    let by = |method: Method| own.iter().find(|route| route.method == method);
    let reads = || by(Method::Get).filter(|_| request.method == Method::Head);
    let found = by(request.method).or_else(reads);
    let found = found.ok_or(Failure::WrongMethod(request.method))?;
    if found.speaks(path, version) {
        return Ok(found);
    }
    Err(unknown_version(found, path, version))
}

fn unknown(path: &Path, version: &str) -> Failure {
    let Some(kind) = kind_of(path) else { return Failure::NoSuchPath };
    if types().namespace(&kind.namespace).is_none() {
        return Failure::NoNamespace(kind.namespace);
    }
    Failure::NoType { kind, version: version.to_owned(), supported: Vec::new() }
}

fn unknown_version(route: &Route, path: &Path, version: &str) -> Failure {
    let (supported, version) = (route.versions_for(path), version.to_owned());
    match route.kind(path).filter(|kind| !kind.namespace.is("Microsoft.Resources")) {
        Some(kind) if is_version(&version) => Failure::NoVersionOfType { kind, version, supported },
        _ => Failure::BadVersion { version, supported },
    }
}

/// Whether such a request leaves all as it is, and no trace: what is posted to a list asks for it.
fn only_asks(route: &Route, method: Method) -> bool {
    method.reads() || matches!(route.target, Target::List(_))
}

fn judge(plane: &Plane, route: &Route, context: &Context, method: Method) -> Result<(), Failure> {
    if let Judge::Each(_) | Judge::Starter = route.judge {
        return Ok(());
    }
    let judged =
        if only_asks(route, method) { plane.admit_reader(context) } else { plane.admit(context) };
    judged.map_err(|denied| match (&denied.refusal, closed(plane, &context.question, method)) {
        (Refusal::Locked { .. }, Some(id)) => Failure::ReadOnlySubscription(id),
        _ => Error::Denied(denied).into(),
    })
}

/// The subscription, if in its state it does not take such a write. What is in one that is no
/// longer paid for may still be removed (ARM contract, §2.4): so nobody keeps access there for
/// that it cannot be taken away.
pub(crate) fn closed(plane: &Plane, question: &Question, method: Method) -> Option<SubscriptionId> {
    let id = question.scope.subscription()?;
    let closed = match plane.index().subscription(id)?.state {
        SubscriptionState::Enabled | SubscriptionState::PastDue => false,
        SubscriptionState::Warned | SubscriptionState::Disabled => method != Method::Delete,
        SubscriptionState::Deleted => true,
    };
    closed.then_some(id)
}

/// A subscription takes writes only if it is in good standing, and makes only what is of a
/// provider that it uses.
async fn writable(
    plane: &Plane,
    context: &Context,
    method: Method,
    route: &Route,
    path: &Path,
) -> Result<(), Failure> {
    if let Some(id) = closed(plane, &context.question, method) {
        return Err(Failure::ReadOnlySubscription(id));
    }
    if method == Method::Delete {
        return Ok(());
    }
    let namespace = match (path, route.target) {
        (Path::Resource(id), _) => id.namespace(),
        (Path::Collection(it), Target::AnyAction | Target::ItemAction(..)) => &it.namespace,
        (Path::Collection(_) | Path::Scope(_) | Path::Words(..), _) => return Ok(()),
    };
    let Some(subscription) = subscription_of(path) else { return Ok(()) };
    let free = types().namespace(namespace).is_none_or(Namespace::registration_free);
    if free || operations::providers::registered(plane, subscription, namespace).await? {
        return Ok(());
    }
    Err(Error::NotRegistered(namespace.clone()).into())
}

/// What lies in a resource group needs the group, which only its own `PUT` makes. Whoever may
/// know nothing of the group does not hear that it is missing.
async fn group_exists(
    plane: &Plane,
    route: &Route,
    context: &Context,
    path: &Path,
) -> Result<(), Failure> {
    let scope = match path {
        Path::Scope(_) => return Ok(()),
        Path::Words(scope, _) => scope,
        Path::Resource(id) => id.scope(),
        Path::Collection(it) => &it.scope,
    };
    let (Some(subscription), Some(name)) = (scope.subscription(), scope.resource_group()) else {
        return Ok(());
    };
    let group = Scope::ResourceGroup(subscription, name.clone());
    let may_know = match route.judge {
        Judge::Action(..) => true,
        Judge::Each(_) => plane.may(context, &Question::any(Action::GROUPS_READ, group)),
        Judge::Starter => false,
    };
    if !may_know || operations::groups::exists(plane, subscription, name).await? {
        return Ok(());
    }
    Err(Failure::NoGroup(name.clone()))
}
