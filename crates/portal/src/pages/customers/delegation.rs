//! One delegation: who may do what there.

use std::collections::BTreeMap;

use arm::request::Method;
use askama::Template;
use delegation::dialect::Dialect;
use ids::guid::ObjectId;
use model::{change::Change, delegation::Definition, market::manifest::Manifest};
use operations::delegation::{
    managed::{Customer, Managed},
    read,
};

use super::{To, VERSION, at_graph, called, offer_words, place};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory::{self, Known},
    frame::Frame,
    pages::just_in_time::Link as Roles,
    permissions::Permissions,
    trouble::Trouble,
    words::{Id, Moment, counted, counts, quoted},
};

/// What is shown of a delegation wherever it is.
pub(super) struct Facts {
    pub(super) scope: String,
    pub(super) kind: &'static str,
    pub(super) id: Id,
    pub(super) customer: String,
    pub(super) customer_link: String,
    pub(super) customer_id: Id,
    pub(super) offer: String,
    pub(super) version: Option<String>,
    pub(super) since: Moment,
    /// When it counts, where that is not always.
    pub(super) counts: Option<String>,
    pub(super) link: String,
    pub(super) leave_link: String,
}

#[derive(Template)]
#[template(path = "customers/delegation.html")]
struct View {
    frame: Frame,
    facts: Facts,
    description: String,
    may_leave: bool,
    /// Where the visitor activates what it makes people eligible for.
    activate: Option<String>,
    principals: Vec<Person>,
    permissions: Permissions,
}

#[derive(Template)]
#[template(path = "customers/principal.html")]
struct One {
    frame: Frame,
    facts: Facts,
    person: Person,
    permissions: Permissions,
}

/// Somebody of the managing tenant.
struct Person {
    /// As the definition calls them.
    name: String,
    /// As the directory does.
    known: Option<String>,
    kind: &'static str,
    id: Id,
    roles: String,
    link: String,
}

/// What a delegation gives, all of it or to one principal.
fn manifest(definition: &Definition, only: Option<ObjectId>) -> Manifest {
    let is_meant = |it: ObjectId| only.is_none_or(|only| only == it);
    let (always, eligible) = (definition.authorizations.iter(), definition.eligible.iter());
    Manifest {
        tenant: definition.managed_by,
        authorizations: always.filter(|it| is_meant(it.principal)).cloned().collect(),
        eligible: eligible.filter(|it| is_meant(it.principal)).cloned().collect(),
    }
}

impl Ask {
    /// The delegation to the visitor's tenant that the query names, as the API shows it. That of
    /// others is none here, even to whom it belongs.
    pub(super) async fn delegation(&self) -> Result<Managed, Trouble> {
        let (plane, id, own) = (self.plane(), self.assignment()?, self.tenant()?);
        let path = id.to_string();
        let (assignment, definition) = self
            .arm((Method::Get, path, VERSION), move |context| async move {
                read::assignment(plane, &context, id, Dialect::Eligible).await
            })
            .await?;
        let definition = definition.ok_or(Trouble::Nothing)?;
        if assignment.managed_by != own {
            return Err(Trouble::Nothing);
        }
        let (tenant, name) = (definition.parties.customer, definition.parties.customer_name);
        let customer = Customer { tenant, name };
        let subscription = self.subscription_name(&assignment.id).await?;
        Ok(Managed { assignment, definition: Some(definition.it), customer, subscription })
    }

    /// What the subscription is called, where the visitor sees it in a list.
    async fn subscription_name(
        &self,
        of: &ids::resource::AssignmentId,
    ) -> Result<Option<String>, Trouble> {
        let Some(id) = of.scope().subscription() else { return Ok(None) };
        let plane = self.plane();
        let path = format!("/subscriptions/{id}");
        let found = self
            .arm((Method::Get, path, "2022-12-01"), move |context| async move {
                operations::subscriptions::get(plane, &context, id).await
            })
            .await;
        match found {
            Ok(found) => Ok(Some(found.subscription.display_name)),
            Err(Trouble::Refused(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    pub(super) fn facts(&self, it: &Managed) -> Facts {
        let (standing, offered) = (place(it), it.offered());
        Facts {
            scope: standing.name,
            kind: standing.kind,
            id: standing.id,
            customer: called(&it.customer),
            customer_link: To::Customer(it.customer.tenant).to_string(),
            customer_id: Id::new(it.customer.tenant),
            offer: offer_words(&offered),
            version: offered.version.map(|it| it.to_string()),
            since: Moment::new(it.assignment.system_data.created_at, self.plane().store.now()),
            counts: it.assignment.period.map(|it| counts(it, self.plane().store.now())),
            link: To::Delegation(&it.assignment.id).to_string(),
            leave_link: To::Leave(&it.assignment.id).to_string(),
        }
    }

    /// Whether the visitor may give the delegation back.
    pub(super) fn may_leave(&self, it: &Managed) -> Result<bool, Trouble> {
        let context = self.context("GET", self.managing()?)?;
        let asked = Change::Leave(it.assignment.clone()).requires();
        Ok(asked.iter().all(|asked| self.plane().may(&context, asked)))
    }
}

/// Everybody who is given something: as the definition calls them, else as the directory does.
fn people(
    delegation: &Managed,
    manifest: &Manifest,
    known: &BTreeMap<ObjectId, Known>,
) -> Vec<Person> {
    let always = manifest.authorizations.iter().map(|it| it.principal);
    let given: Vec<ObjectId> =
        always.chain(manifest.eligible.iter().map(|it| it.principal)).collect();
    let person = |who: ObjectId| {
        let own = known.get(&who).map(|it| it.name.clone());
        let typed = manifest.name_of(who).filter(|it| !it.trim().is_empty());
        let name = typed.map(str::to_owned).or_else(|| own.clone());
        Person {
            name: name.unwrap_or_else(|| who.to_string()),
            known: own,
            kind: known.get(&who).map_or("Not found in this directory", |it| it.kind.words()),
            id: Id::new(who),
            roles: counted(given.iter().filter(|it| **it == who).count(), "role"),
            link: To::Principal(&delegation.assignment.id, who).to_string(),
        }
    };
    manifest.principals().into_iter().map(person).collect()
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = ask.delegation().await?;
        let definition = found.definition.clone().ok_or(Trouble::Nothing)?;
        let manifest = manifest(&definition, None);
        let known = directory::known(&ask, manifest.principals()).await?;
        let facts = ask.facts(&found);
        let id = quoted(&found.assignment.id.to_string());
        let frame = ask.under_customers(facts.scope.clone()).await?;
        let frame = frame.below("Delegations", To::Delegations).command(
            "Show this delegation",
            format!(
                "az managedservices assignment show --include-definition true --assignment {id}"
            ),
        );
        Answer::page(&View {
            frame,
            facts,
            description: definition.description.clone().unwrap_or_default(),
            may_leave: ask.may_leave(&found)?,
            activate: (!definition.eligible.is_empty())
                .then(|| Roles::EligibleAt(found.assignment.id.scope()).to_string()),
            principals: people(&found, &manifest, &known),
            permissions: Permissions::of(&ask, &manifest).await?,
        })
    })
}

/// One of those who are given something.
pub(super) fn principal(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = ask.delegation().await?;
        let definition = found.definition.clone().ok_or(Trouble::Nothing)?;
        let who: Option<ObjectId> = ask.query.get("who").and_then(|it| it.parse().ok());
        let who = who.ok_or(Trouble::Nothing)?;
        let manifest = manifest(&definition, Some(who));
        let known = directory::known(&ask, [who]).await?;
        let people = people(&found, &manifest, &known);
        let person = people.into_iter().next().ok_or(Trouble::Nothing)?;
        let facts = ask.facts(&found);
        let frame = ask
            .under_customers(person.name.clone())
            .await?
            .below("Delegations", To::Delegations)
            .below(facts.scope.clone(), &facts.link)
            .command(
                "Show who that is",
                at_graph(ask.plane(), &format!("/v1.0/directoryObjects/{}", person.id.whole)),
            );
        let permissions = Permissions::of(&ask, &manifest).await?;
        Answer::page(&One { frame, facts, person, permissions })
    })
}
