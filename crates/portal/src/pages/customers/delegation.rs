//! One delegation: who may do what there.

use std::collections::BTreeMap;

use arm::request::Method;
use askama::Template;
use delegation::dialect::Dialect;
use ids::guid::{ObjectId, RoleId};
use model::{
    change::Change,
    delegation::{Authorization, Definition, EligibleAuthorization, Hurdle, MultiFactor},
};
use operations::delegation::{
    managed::{Customer, Managed},
    read,
};

use super::{Known, Role, To, VERSION, at_graph, called, offer_words, place, quoted};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Id, Moment, counted},
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
    principals: Vec<Person>,
    roles: Vec<Given>,
}

#[derive(Template)]
#[template(path = "customers/principal.html")]
struct One {
    frame: Frame,
    facts: Facts,
    person: Person,
    roles: Vec<Given>,
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

/// One role given to somebody.
struct Given {
    who: String,
    role: Role,
    access: String,
    is_eligible: bool,
    /// Which roles may be given on, of a User Access Administrator.
    gives: Vec<String>,
}

/// One authorization of either kind.
enum Authorized<'a> {
    Always(&'a Authorization),
    Eligible(&'a EligibleAuthorization),
}

impl Authorized<'_> {
    fn principal(&self) -> ObjectId {
        match self {
            Self::Always(it) => it.principal,
            Self::Eligible(it) => it.principal,
        }
    }

    fn role(&self) -> RoleId {
        match self {
            Self::Always(it) => it.role,
            Self::Eligible(it) => it.role,
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Always(it) => it.display_name.as_deref(),
            Self::Eligible(it) => it.display_name.as_deref(),
        }
    }

    fn access(&self) -> String {
        match self {
            Self::Always(_) => "Permanent".to_owned(),
            Self::Eligible(it) => hurdle(&Hurdle::of(it)),
        }
    }

    fn gives(&self) -> &[RoleId] {
        match self {
            Self::Always(it) => it.delegated_roles.as_deref().unwrap_or_default(),
            Self::Eligible(_) => &[],
        }
    }
}

/// What has to happen before an eligible role is active, in words.
fn hurdle(it: &Hurdle) -> String {
    let factor = match it.multi_factor {
        MultiFactor::Azure => ", with a second factor",
        MultiFactor::None => "",
    };
    let approval = match it.approvers.len() {
        0 => String::new(),
        count => format!(", once one of {} agrees", counted(count, "approver")),
    };
    format!("Eligible, for up to {}{factor}{approval}", counted(it.minutes_max as usize, "minute"))
}

fn all(definition: &Definition) -> Vec<Authorized<'_>> {
    let always = definition.authorizations.iter().map(Authorized::Always);
    always.chain(definition.eligible.iter().map(Authorized::Eligible)).collect()
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

    fn given(&self, it: &Authorized<'_>, known: &BTreeMap<ObjectId, Known>) -> Given {
        Given {
            who: name(it, known),
            role: self.role(it.role()),
            access: it.access(),
            is_eligible: matches!(it, Authorized::Eligible(_)),
            gives: it.gives().iter().map(|it| self.role(*it).name).collect(),
        }
    }
}

/// What the definition calls somebody, else what the directory does.
fn name(it: &Authorized<'_>, known: &BTreeMap<ObjectId, Known>) -> String {
    let own = || known.get(&it.principal()).map(|it| it.name.clone());
    let typed = it.name().map(str::to_owned).filter(|it| !it.trim().is_empty());
    typed.or_else(own).unwrap_or_else(|| it.principal().to_string())
}

fn people(
    delegation: &Managed,
    all: &[Authorized<'_>],
    known: &BTreeMap<ObjectId, Known>,
) -> Vec<Person> {
    let mut people: BTreeMap<ObjectId, (String, usize)> = BTreeMap::new();
    for it in all {
        let (_, count) = people.entry(it.principal()).or_insert_with(|| (name(it, known), 0));
        *count = count.saturating_add(1);
    }
    let person = |(who, (name, count)): (ObjectId, (String, usize))| Person {
        name,
        known: known.get(&who).map(|it| it.name.clone()),
        kind: known.get(&who).map_or("Not found in this directory", |it| it.kind),
        id: Id::new(who),
        roles: counted(count, "role"),
        link: To::Principal(&delegation.assignment.id, who).to_string(),
    };
    people.into_iter().map(person).collect()
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = ask.delegation().await?;
        let definition = found.definition.clone().ok_or(Trouble::Nothing)?;
        let all = all(&definition);
        let ids: Vec<ObjectId> = all.iter().map(Authorized::principal).collect();
        let known = ask.known(&ids).await?;
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
            principals: people(&found, &all, &known),
            roles: all.iter().map(|it| ask.given(it, &known)).collect(),
        })
    })
}

/// One of those who are given something.
pub(super) fn principal(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = ask.delegation().await?;
        let definition = found.definition.clone().ok_or(Trouble::Nothing)?;
        let who: Option<ObjectId> = ask.query.get("who").and_then(|it| it.parse().ok());
        let mut all = all(&definition);
        all.retain(|it| Some(it.principal()) == who);
        let ids: Vec<ObjectId> = who.into_iter().collect();
        let known = ask.known(&ids).await?;
        let person = people(&found, &all, &known).into_iter().next().ok_or(Trouble::Nothing)?;
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
        let roles = all.iter().map(|it| ask.given(it, &known)).collect();
        Answer::page(&One { frame, facts, person, roles })
    })
}
