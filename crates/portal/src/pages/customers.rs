//! *My customers*: what a provider sees of all that is delegated to it.

use std::fmt;

use identity::form::encoded;
use ids::{
    guid::{ObjectId, TenantId},
    offer::PlanId,
    resource::AssignmentId,
    scope::Scope,
};
use model::{
    action::{Action, Verb},
    market::in_account,
    question::Question,
};
use operations::{activity, delegation::managed::Managed, plane::Plane};

use crate::{
    ask::Ask,
    frame::{Frame, Place},
    table::{Row, form, page},
    trouble::Trouble,
    words::{Id, quoted},
};

mod arranged;
mod customer;
mod delegation;
mod delegations;
mod draft;
mod influence;
mod leave;
mod list;
mod log;
mod offers;
mod template;

pub(super) const ROWS: &[Row] = &[
    page("/customers", list::show),
    page("/customers/tenant/{}", customer::show),
    page("/customers/delegations", delegations::show),
    page("/customers/delegation", delegation::show),
    page("/customers/delegation/principal", delegation::principal),
    page("/customers/delegation/leave", leave::show),
    form("/customers/delegation/leave", leave::leave),
    page("/customers/activity", log::show),
    page("/customers/offers", offers::show),
    page("/customers/offers/{}/{}", offers::plan),
    page("/customers/template", template::show),
    form("/customers/template", template::act),
    page("/customers/influence", influence::show),
    page("/customers/influence.csv", influence::table),
];

/// The version of the API that the pages speak.
const VERSION: &str = "2022-10-01";

/// Where links of these pages lead.
pub(super) enum To<'a> {
    Customers,
    Customer(TenantId),
    Delegations,
    /// Those of one offer.
    Offer(&'a str),
    /// Those of one customer under one offer.
    Under(TenantId, &'a str),
    Delegation(&'a AssignmentId),
    Principal(&'a AssignmentId, ObjectId),
    Leave(&'a AssignmentId),
    Activity,
    Offers,
    Plan(&'a PlanId),
    Template,
    Influence,
}

impl fmt::Display for To<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |id: &AssignmentId| encoded(&id.to_string());
        match self {
            Self::Customers => f.write_str("/customers"),
            Self::Customer(tenant) => write!(f, "/customers/tenant/{tenant}"),
            Self::Delegations => f.write_str("/customers/delegations"),
            Self::Offer(key) => write!(f, "/customers/delegations?offer={}", encoded(key)),
            Self::Under(tenant, key) => {
                write!(f, "/customers/tenant/{tenant}?offer={}", encoded(key))
            }
            Self::Delegation(it) => write!(f, "/customers/delegation?id={}", id(it)),
            Self::Principal(it, who) => {
                write!(f, "/customers/delegation/principal?id={}&who={who}", id(it))
            }
            Self::Leave(it) => write!(f, "/customers/delegation/leave?id={}", id(it)),
            Self::Activity => f.write_str("/customers/activity"),
            Self::Offers => f.write_str("/customers/offers"),
            Self::Plan(it) => write!(f, "/customers/offers/{}/{}", it.offer, it.name),
            Self::Template => f.write_str("/customers/template"),
            Self::Influence => f.write_str("/customers/influence"),
        }
    }
}

impl Ask {
    /// A frame below *My customers*.
    async fn under_customers(&self, title: impl Into<String>) -> Result<Frame, Trouble> {
        Ok(self.frame(title).await?.below("My customers", To::Customers))
    }

    /// The pages beside each other, as seen from one of them: those that the visitor may open.
    fn tabs(&self, here: &To<'_>) -> Result<Vec<Place>, Trouble> {
        let own = self.tenant()?;
        let reads_log = self.may(&Question::any(activity::READ, Scope::Tenant(own)))?;
        let reads_reports = self.may(&in_account(own, "reports", Verb::Read))?;
        let here = here.to_string();
        let tab = |(name, to, _): (&str, To<'_>, bool)| {
            let path = to.to_string();
            Place { name: name.to_owned(), is_here: path == here, path }
        };
        let all = [
            ("Customers", To::Customers, true),
            ("Delegations", To::Delegations, true),
            ("Activity log", To::Activity, reads_log),
            ("Offers in use", To::Offers, reads_reports),
            ("Influence", To::Influence, reads_reports),
        ];
        Ok(all.into_iter().filter(|(.., may)| *may).map(tab).collect())
    }

    fn tenant(&self) -> Result<TenantId, Trouble> {
        Ok(self.visitor()?.principal().tenant)
    }

    /// The delegation that the query names.
    fn assignment(&self) -> Result<AssignmentId, Trouble> {
        let text = self.query.get("id").or_else(|| self.form.get("id")).unwrap_or_default();
        let id = ids::resource::ResourceId::parse(text, self.tenant()?);
        let id = id.ok().and_then(|it| AssignmentId::try_from(it).ok());
        id.ok_or(Trouble::Nothing)
    }

    /// The question that lists of what is delegated to the tenant are asked by; each of their items
    /// is judged by its own.
    pub(super) fn managing(&self) -> Result<Question, Trouble> {
        let action = Action::named("Microsoft.ManagedServices/registrationAssignments/read");
        Ok(Question::any(action, Scope::Tenant(self.tenant()?)))
    }
}

/// A scope as a table shows it.
struct Standing {
    kind: &'static str,
    name: String,
    id: Id,
}

/// What is delegated, by the name that people gave it.
fn place(it: &Managed) -> Standing {
    let scope = it.assignment.id.scope();
    let subscription = scope.subscription().map(|id| id.to_string()).unwrap_or_default();
    let called = it.subscription.clone().unwrap_or_else(|| subscription.clone());
    match scope.resource_group() {
        Some(group) => Standing {
            kind: "Resource group",
            name: format!("{group} in {called}"),
            id: Id { short: group.to_string(), whole: scope.to_string() },
        },
        None => Standing { kind: "Subscription", name: called, id: Id::new(subscription) },
    }
}

/// What a customer is called.
fn called(it: &operations::delegation::managed::Customer) -> String {
    it.name.clone().unwrap_or_else(|| it.tenant.to_string())
}

/// What an offer is called.
fn offer_words(it: &operations::delegation::managed::Offered) -> String {
    it.name.clone().unwrap_or_else(|| "Offer without a name".to_owned())
}

/// The same question, asked of Fyr's own API at Graph's address.
fn at_graph(plane: &Plane, path: &str) -> String {
    let origin = &plane.origins.graph;
    format!("az rest --resource {} --url {}", quoted(origin), quoted(&format!("{origin}{path}")))
}
