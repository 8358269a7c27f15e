//! Roles just in time: what somebody may activate and holds, what they asked for, and what waits for
//! their word. What a customer asks for before is said where access to its scopes is.

use std::fmt;

use arm::request::Method::Get;
use identity::form::encoded;
use ids::{
    guid::{ApprovalId, RoleId},
    resource::ActivationId,
    scope::Scope,
};
use operations::{
    activation::{
        Shown,
        eligibility::{self, Eligible},
        read::{self, Filter, Whose},
    },
    around::Reach,
};

use super::oversight::below;
use crate::{
    ask::Ask,
    frame::Frame,
    table::{Row, form, page},
    trouble::Trouble,
};

mod activate;
mod approval;
mod approvals;
mod deactivate;
mod eligible;
mod held;
mod request;
mod requests;
pub(super) mod told;

pub(super) const ROWS: &[Row] = &[
    page("/roles", eligible::show),
    page("/roles/active", held::show),
    page("/roles/past", held::past),
    page("/roles/activate", activate::show),
    form("/roles/activate", activate::send),
    page("/roles/deactivate", deactivate::show),
    form("/roles/deactivate", deactivate::send),
    page("/roles/requests", requests::show),
    page("/roles/request", request::show),
    form("/roles/request", request::cancel),
    page("/roles/approvals", approvals::show),
    page("/roles/approvals/{}", approval::show),
    form("/roles/approvals/{}", approval::decide),
];

/// The version of the API that the pages speak, and that of approvals.
pub(super) const VERSION: &str = "2020-10-01";
const APPROVALS: &str = "2021-01-01-preview";

const REQUESTS: &str = "/providers/Microsoft.Authorization/roleAssignmentScheduleRequests";
const ELIGIBLE: &str = "/providers/Microsoft.Authorization/roleEligibilityScheduleInstances";

/// Where links of these pages lead.
#[derive(Clone, Copy, Debug)]
pub(super) enum Link<'a> {
    Eligible,
    /// What may be activated around there.
    EligibleAt(&'a Scope),
    Active,
    Past,
    Activate(&'a Eligible),
    Deactivate(&'a Scope, RoleId),
    Requests,
    Request(&'a ActivationId),
    Approvals,
    Approval(ApprovalId),
}

impl fmt::Display for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = |it: &Scope| encoded(&it.to_string());
        match self {
            Self::Eligible => f.write_str("/roles"),
            Self::EligibleAt(at) => write!(f, "/roles?scope={}", scope(at)),
            Self::Active => f.write_str("/roles/active"),
            Self::Past => f.write_str("/roles/past"),
            Self::Activate(it) => {
                let (at, of) = (it.scope(), it.eligibility.name());
                write!(f, "/roles/activate?scope={}&of={of}", scope(at))
            }
            Self::Deactivate(at, role) => {
                write!(f, "/roles/deactivate?scope={}&role={role}", scope(at))
            }
            Self::Requests => f.write_str("/roles/requests"),
            Self::Request(id) => write!(f, "/roles/request?id={}", encoded(&id.to_string())),
            Self::Approvals => f.write_str("/roles/approvals"),
            Self::Approval(id) => write!(f, "/roles/approvals/{id}"),
        }
    }
}

/// One of the tabs of *My roles*.
struct Tab {
    name: &'static str,
    path: String,
    is_here: bool,
}

fn tabs(ask: &Ask) -> Vec<Tab> {
    let all = [
        ("Eligible assignments", Link::Eligible),
        ("Active assignments", Link::Active),
        ("Expired assignments", Link::Past),
    ];
    let tab = |(name, link): (&'static str, Link<'_>)| {
        let path = link.to_string();
        Tab { name, is_here: path == ask.path, path }
    };
    all.into_iter().map(tab).collect()
}

impl Ask {
    /// A frame below *My roles*.
    async fn under_roles(&self, title: impl Into<String>) -> Result<Frame, Trouble> {
        Ok(self.frame(title).await?.below("My roles", Link::Eligible))
    }

    /// The visitor's own tenant, at which lists tell all that is theirs.
    fn whole(&self) -> Result<Scope, Trouble> {
        Ok(Scope::Tenant(self.visitor()?.principal().tenant))
    }

    /// The scope that the query names; one that cannot be is as one that is not there.
    fn named_scope(&self) -> Result<Scope, Trouble> {
        let home = self.visitor()?.principal().tenant;
        let text = self.query.get("scope").unwrap_or_default();
        Scope::parse(text, home).map_err(|_| Trouble::Nothing)
    }

    /// What the visitor may activate around there and below.
    async fn eligible(&self, scope: &Scope) -> Result<Vec<Eligible>, Trouble> {
        let plane = self.plane();
        let request = (Get, below(scope, ELIGIBLE), VERSION);
        let work = async |context| {
            eligibility::list(plane, &context, scope, eligibility::Whose::Mine).await
        };
        hidden(self.arm(request, work).await)
    }

    /// What was asked for around there and below, and is that one's.
    async fn asked_for(&self, scope: &Scope, whose: Whose) -> Result<Vec<Shown>, Trouble> {
        let (plane, filter) = (self.plane(), Filter { reach: Reach::Everywhere, whose });
        let request = (Get, below(scope, REQUESTS), VERSION);
        let work = async |context| read::list(plane, &context, scope, filter).await;
        hidden(self.arm(request, work).await)
    }
}

/// What the visitor has no part in is as what is not there: the page says no more than that.
fn hidden<T>(found: Result<T, Trouble>) -> Result<T, Trouble> {
    match found {
        Err(it @ Trouble::Refused(_)) if [401, 403, 404].contains(&it.told().status.as_u16()) => {
            Err(Trouble::Nothing)
        }
        found => found,
    }
}
