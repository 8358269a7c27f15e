//! The report on a provider, for whoever owns the data folder.

use anyhow::Context as _;
use ids::guid::TenantId;
use operations::{
    plane::Plane,
    questions::whom,
    report::{
        self, Asked, Insight, Report,
        changes::{Change, What},
        rights::{Hold, Right, Used},
        uses::Use,
    },
};
use serde::{Deserialize, Serialize};
use wire::{
    access::report::{ChangeBody, ReportBody, RightBody, UseBody},
    arm::roles::role_id,
};

use crate::wiring;

mod activations;

/// Which report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// By id or domain.
    pub provider: String,
    pub customer: String,
    /// Whether who is in the provider's groups is told, too.
    pub members: bool,
}

/// Makes it of all that the folder holds.
pub async fn make(plane: &Plane, wanted: Wanted) -> anyhow::Result<ReportBody> {
    let provider = tenant(plane, &wanted.provider).await?;
    let customer = tenant(plane, &wanted.customer).await?;
    let insight = if wanted.members { Insight::Everything } else { Insight::Customers };
    let asked = Asked { provider, customer, insight };
    let Report { now, rights, activations, uses, changes, is_cut } =
        report::report(plane, asked, &wiring::operations()).await?;
    let activations = activations::told(activations, &rights);
    Ok(ReportBody {
        activations,
        moment: now,
        managed_by_tenant_id: provider.to_string(),
        customer_tenant_id: customer.to_string(),
        rights: rights.into_iter().map(right).collect(),
        uses: uses.into_iter().map(used).collect(),
        changes: changes.into_iter().map(changed).collect(),
        is_cut,
    })
}

async fn tenant(plane: &Plane, text: &str) -> anyhow::Result<TenantId> {
    let known = |id: &TenantId| plane.index().tenant_exists(*id);
    let found = match text.parse::<TenantId>() {
        Ok(id) => Some(id).filter(known),
        Err(_) => whom::tenant(plane, text).await?,
    };
    found.with_context(|| format!("there is no tenant `{text}`"))
}

fn right(it: Right) -> RightBody {
    let (last_used, use_is) = match it.used {
        Used::At(at) => (Some(at), "used"),
        Used::Never => (None, "never"),
        Used::NotRecorded => (None, "notRecorded"),
        Used::NotTold => (None, "notTold"),
    };
    let hold = match it.hold {
        Hold::Standing => "standing",
        Hold::Void => "void",
        Hold::Eligible => "eligible",
    };
    let plain = it.plain.as_deref();
    let name = |it: report::rights::Member| it.name.unwrap_or_else(|| it.who.to_string());
    RightBody {
        role_definition_id: role_id(it.role, it.scope.subscription()),
        scope: it.scope.to_string(),
        registration_assignment_id: it.assignment.to_string(),
        offer: it.offer,
        principal_id: it.grantee.to_string(),
        principal_display_name: it.typed,
        role_name: plain.map(|it| it.name.clone()),
        hold: hold.to_owned(),
        reveals_secrets_by: plain.map(|it| it.reveals.clone()).unwrap_or_default(),
        only_reads: plain.is_some_and(|it| it.only_reads),
        members: it.members.map(|all| all.into_iter().map(name).collect()),
        last_used,
        use_is: use_is.to_owned(),
        activated: it.taken.map(activations::taken),
    }
}

fn used(it: Use) -> UseBody {
    UseBody {
        principal_id: it.who.object.to_string(),
        name: it.name,
        count: it.count,
        last: it.last,
        last_action: it.last_action.to_string(),
        last_scope: it.last_scope.to_string(),
    }
}

fn changed(Change { revision, at, by, what }: Change) -> ChangeBody {
    let (what, about, detail) = match what {
        What::Offered { definition, standing, eligible, .. } => {
            let detail = format!("{standing} standing, {eligible} eligible");
            ("offered", definition.to_string(), Some(detail))
        }
        What::Withdrawn(id, _) => ("withdrawn", id.to_string(), None),
        What::Delegated(id, _) => ("delegated", id.to_string(), None),
        What::Ended(id, _) => ("ended", id.to_string(), None),
        What::Joined(it) => ("joined", it.group.object.to_string(), Some(it.member.to_string())),
        What::Left(it) => ("left", it.group.object.to_string(), Some(it.member.to_string())),
    };
    ChangeBody { revision: revision.0, at, by, what: what.to_owned(), about, detail }
}
