//! `/organization` and `/domains`: the caller's own tenant.

use model::directory::Tenant;
use operations::{directory::Refused, error::Error, tenants};
use wire::graph::organization::{DOMAIN, ORGANIZATION, domain, organization};

use crate::{
    answer::Answer,
    failure::Failure,
    list,
    path::Key,
    route::{Answered, Ask},
};

async fn own(ask: &Ask) -> Result<Tenant, Failure> {
    let found = tenants::own(ask.plane(), &ask.context).await?;
    found.ok_or_else(|| missing(&ask.context.caller.principal.tenant.to_string()))
}

fn missing(text: &str) -> Failure {
    Error::from(Refused::NotFound(text.chars().take(120).collect())).into()
}

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(async move {
        let tenant = own(&ask).await?;
        list::whole(&ask, &ORGANIZATION, vec![organization(&tenant)])
    })
}

/// Another tenant's is refused like one that does not exist.
pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        let (tenant, asked) = (own(&ask).await?, ask.object(0)?);
        if asked.raw() != tenant.id.raw() {
            return Err(missing(&asked.to_string()));
        }
        let context = ask.metadata("organization/$entity");
        Ok(Answer::entity(200, context, organization(&tenant)))
    })
}

pub(crate) fn domains(ask: Ask) -> Answered {
    Box::pin(async move {
        let tenant = own(&ask).await?;
        list::whole(&ask, &DOMAIN, vec![domain(&tenant)])
    })
}

pub(crate) fn domain_get(ask: Ask) -> Answered {
    Box::pin(async move {
        let tenant = own(&ask).await?;
        let (Key::Id(asked) | Key::Named(_, asked)) = ask.key(0)?;
        if !asked.eq_ignore_ascii_case(&tenant.domain) {
            return Err(missing(asked));
        }
        Ok(Answer::entity(200, ask.metadata("domains/$entity"), domain(&tenant)))
    })
}
