//! `/servicePrincipals`.

use ids::guid::AppId;
use model::directory::ServicePrincipal;
use operations::{
    directory::{
        applications,
        service_principals::{self, Enabled, Key},
    },
    page::Paged,
};
use serde_json::json;
use store::snapshot::Page;
use wire::graph::{
    body::BadBody,
    query::{Meant, Select},
    service_principals::{SERVICE_PRINCIPAL, read, service_principal},
};

use crate::{
    answer::Answer,
    failure::Failure,
    list::{self, Fetched},
    route::{Answered, Ask},
};

pub(super) fn key(ask: &Ask) -> Result<Key, Failure> {
    Ok(match ask.object_or_app(0)? {
        Ok(object) => Key::Object(object),
        Err(app) => Key::App(app),
    })
}

fn enabled(flag: bool) -> Enabled {
    if flag { Enabled::Yes } else { Enabled::No }
}

/// By what stands in the directory; of the names of APIs, the one that is asked for is looked for
/// among the tenant's own applications.
fn fetch<'a>(ask: &'a Ask, meant: &'a Meant, page: Page) -> Fetched<'a> {
    Box::pin(async move {
        let named = meant.element("servicePrincipalNames");
        let app: Option<AppId> = meant.equal("appId").or(named).and_then(|text| text.parse().ok());
        let own = match named.filter(|_| app.is_none()) {
            Some(name) => applications::named(ask.plane(), &ask.context, name).await?,
            None => None,
        };
        let app = app.or(own.as_ref().map(|it| it.app));
        let wanted = |it: &ServicePrincipal| {
            let of = own.as_ref().filter(|own| own.app == it.app);
            meant.meets(&service_principal(it, of))
        };
        let (plane, context) = (ask.plane(), &ask.context);
        let found = service_principals::list(plane, context, app, page, wanted).await?;
        let items = found.items.iter().map(|(it, of)| service_principal(it, of.as_ref()));
        Ok(Paged { items: items.collect(), next: found.next })
    })
}

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(list::serve(ask, &SERVICE_PRINCIPAL, fetch))
}

pub(crate) fn count(ask: Ask) -> Answered {
    Box::pin(list::count(ask, &SERVICE_PRINCIPAL, fetch))
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        ask.only(&["select"])?;
        let select = Select::parse(ask.query.get("$select"), &SERVICE_PRINCIPAL)?;
        let (found, of) = service_principals::get(ask.plane(), &ask.context, key(&ask)?).await?;
        let context = ask.metadata(&format!("servicePrincipals{}/$entity", select.context()));
        let view = select.shown(service_principal(&found, of.as_ref()), &SERVICE_PRINCIPAL);
        Ok(Answer::entity(200, context, view))
    })
}

pub(crate) fn create(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read(&ask.body)?;
        let app = body.app.ok_or(BadBody::Missing("appId"))?;
        let enabled = enabled(body.enabled.unwrap_or(true));
        let (made, of) =
            service_principals::create(ask.plane(), &ask.context, app, enabled).await?;
        let view = service_principal(&made, of.as_ref());
        let view = Select::parse(None, &SERVICE_PRINCIPAL)?.shown(view, &SERVICE_PRINCIPAL);
        let place = ask.place("servicePrincipals", &made.principal.object);
        let context = ask.metadata("servicePrincipals/$entity");
        Ok(Answer::entity(201, context, view).with("location", place))
    })
}

pub(crate) fn update(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read(&ask.body)?;
        if body.app.is_some() {
            return Err(BadBody::Invalid("appId").into());
        }
        let wanted = body.enabled.map(enabled);
        service_principals::enable(ask.plane(), &ask.context, key(&ask)?, wanted).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn delete(ask: Ask) -> Answered {
    Box::pin(async move {
        service_principals::delete(ask.plane(), &ask.context, key(&ask)?).await?;
        Ok(Answer::done())
    })
}

/// Nobody is assigned to an application's own roles here: they are not kept.
pub(crate) fn no_role_assignments(ask: Ask) -> Answered {
    Box::pin(async move {
        service_principals::get(ask.plane(), &ask.context, key(&ask)?).await?;
        let context = ask.metadata("appRoleAssignments");
        Ok(Answer::ok(json!({ "@odata.context": context, "value": [] })))
    })
}
