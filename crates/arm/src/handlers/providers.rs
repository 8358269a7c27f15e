//! Resource providers: discovery, registration, and the operations that they name (ARM
//! contract, §2.4).

use ids::{guid::SubscriptionId, name::Name, path::Path};
use model::{question::Via, tree::Registration};
use operations::providers::{self, Registrations, State};
use wire::arm::{
    providers::{
        ListedOperation, ProviderBody, ProviderOperationsBody, RegistrationPolicy,
        RegistrationState, ResourceTypeBody,
    },
    scopes::ListBody,
};

use crate::{
    failure::Failure,
    known_operations::{self, Known},
    locations,
    request::{
        ArmResponse,
        Method::{Get, Post},
    },
    route::{
        Answer, Ask,
        Judge::{Action, Each},
        Level::{Subscription, Tenant},
        Route,
        Target::{Item, List, Provider, ProviderAction, Words},
        Versions::{self, These},
        row,
    },
    types::{KnownType, Namespace, types},
    versions::RESOURCES,
};

const OPERATIONS: &str = "Microsoft.Authorization/providerOperations";
const OPERATIONS_VERSIONS: &[&str] = &[
    "2022-05-01-preview",
    "2022-04-01",
    "2018-07-01",
    "2018-01-01-preview",
    "2017-05-01",
    "2016-07-01",
    "2015-07-01",
    "2015-07-01-preview",
];

pub(crate) const ROUTES: &[Route] = &[
    row(
        Get,
        Words(Subscription, &["providers"]),
        These(RESOURCES),
        Each("Microsoft.Resources/subscriptions/providers/read"),
        list,
    ),
    row(
        Get,
        Provider(Subscription),
        These(RESOURCES),
        Each("Microsoft.Resources/subscriptions/providers/read"),
        get,
    ),
    row(
        Post,
        ProviderAction(Subscription, "register"),
        These(RESOURCES),
        Action("{namespace}/register/action", Via::Any),
        register,
    ),
    row(
        Post,
        ProviderAction(Subscription, "unregister"),
        These(RESOURCES),
        Action("{namespace}/unregister/action", Via::Any),
        unregister,
    ),
    row(
        Get,
        Words(Tenant, &["providers"]),
        These(RESOURCES),
        Each("Microsoft.Resources/providers/read"),
        list_of_tenant,
    ),
    row(
        Get,
        Provider(Tenant),
        These(RESOURCES),
        Each("Microsoft.Resources/providers/read"),
        get_of_tenant,
    ),
    row(
        Get,
        ProviderAction(Tenant, "operations"),
        Versions::OfProvider,
        Each("{namespace}/operations/read"),
        operations_of,
    ),
    row(Get, Item(OPERATIONS), These(OPERATIONS_VERSIONS), Each("{kind}/read"), operations),
    row(Get, List(OPERATIONS), These(OPERATIONS_VERSIONS), Each("{kind}/read"), all_operations),
];

fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let id = ask.subscription()?;
        let said = providers::of_subscription(ask.plane, &ask.context, id).await?;
        let value = types().namespaces().map(|it| body(it, id, &said)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { answer(&ask).await })
}

fn register(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { set(&ask, true).await })
}

fn unregister(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { set(&ask, false).await })
}

/// The provider as the subscription has it.
async fn answer(ask: &Ask<'_>) -> Result<ArmResponse, Failure> {
    let (id, known) = (ask.subscription()?, namespace(ask)?);
    let said = providers::of_subscription(ask.plane, &ask.context, id).await?;
    Ok(ArmResponse::json(200, body(known, id, &said)))
}

async fn set(ask: &Ask<'_>, registered: bool) -> Result<ArmResponse, Failure> {
    let (subscription, known) = (ask.subscription()?, namespace(ask)?);
    if !known.registration_free() {
        let namespace =
            known.name.parse().map_err(|bad: ids::name::BadName| Failure::Path(bad.into()))?;
        let wanted = Registration { subscription, namespace, registered };
        providers::set(ask.plane, &ask.context, wanted).await?;
    }
    answer(ask).await
}

fn list_of_tenant(_: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let value: Vec<ProviderBody> = types().namespaces().map(body_of_tenant).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

fn get_of_tenant(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { Ok(ArmResponse::json(200, body_of_tenant(namespace(&ask)?))) })
}

fn operations(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let name = ask.resource()?.name().clone();
        let (namespace, known) =
            known_operations::of(name.as_str()).ok_or(Failure::NoNamespace(name))?;
        Ok(ArmResponse::json(200, ProviderOperationsBody::new(namespace, known.each())))
    })
}

fn all_operations(_: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let each = known_operations::all();
        let value: Vec<ProviderOperationsBody> =
            each.map(|(name, known)| ProviderOperationsBody::new(name, known.each())).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

/// What a provider can be asked for. Every one can be registered.
fn operations_of(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let namespace = namespace(&ask)?.name;
        let known = known_operations::of(namespace).map(|(_, known)| known);
        let each: Vec<(&str, bool)> = known.into_iter().flat_map(Known::each).collect();
        let named = |name: &str| each.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        let register = (!named("register/action")).then_some(("register/action", false));
        let all = register.into_iter().chain(each.iter().copied());
        let value: Vec<ListedOperation> =
            all.map(|(name, data)| ListedOperation::new(namespace, name, data)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

/// The provider that the path names.
fn namespace(ask: &Ask<'_>) -> Result<&'static Namespace, Failure> {
    let name: &Name = match &ask.path {
        Path::Collection(it) => &it.namespace,
        Path::Scope(_) | Path::Resource(_) | Path::Words(..) => return Err(Failure::NoSuchPath),
    };
    types().namespace(name).ok_or_else(|| Failure::NoNamespace(name.clone()))
}

fn body(known: &'static Namespace, id: SubscriptionId, said: &Registrations) -> ProviderBody {
    let state = match said.state(known.name) {
        _ if known.registration_free() => RegistrationState::Registered,
        State::Registered => RegistrationState::Registered,
        State::NotRegistered => RegistrationState::NotRegistered,
        State::Unregistered => RegistrationState::Unregistered,
    };
    ProviderBody {
        id: format!("/subscriptions/{id}{}", body_of_tenant(known).id),
        registration_state: Some(state),
        ..body_of_tenant(known)
    }
}

/// A provider as it is for everyone.
pub(crate) fn body_of_tenant(known: &'static Namespace) -> ProviderBody {
    let free = known.registration_free();
    let policy = if free {
        RegistrationPolicy::RegistrationFree
    } else {
        RegistrationPolicy::RegistrationRequired
    };
    let regional = locations::is_regional(known);
    ProviderBody {
        id: format!("/providers/{}", known.name),
        namespace: known.name.to_owned(),
        registration_state: None,
        registration_policy: policy,
        provider_authorization_consent_state: "NotRequired",
        resource_types: known.types.values().map(|it| type_body(it, regional)).collect(),
    }
}

fn type_body(known: &KnownType, regional: bool) -> ResourceTypeBody {
    let stable = |version: &&&'static str| version.len() == 10;
    ResourceTypeBody {
        resource_type: known.name.to_owned(),
        locations: if regional { locations::display_names().collect() } else { Vec::new() },
        api_versions: known.versions.clone(),
        default_api_version: known.versions.iter().find(stable).copied(),
        capabilities: if regional { "SupportsTags, SupportsLocation" } else { "None" },
    }
}
