//! One manifest of a plan's *Technical configuration*: the managing tenant, and who is to be allowed
//! what in what customers delegate.

mod read;

use access::catalogue::Catalogue;
use ids::{guid::RoleId, version::Version};
use market::lint::{Finding, spelled};
use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::{
        form::{Form, VersionedManifest},
        manifest::Manifest,
    },
};
use operations::{market::submissions::lint::Judged, offers::roles};

use self::read::Reader;
use super::{
    draft::{Fixed, List, Place, Sheet, Way},
    plan_listing::{at, plan, plan_mut},
    sheet::{Block, Field, Kind, Text, fields, rows, take, take_rows},
    to::{PlanTab, Tab, To},
};
use crate::fields::Fields;

/// The page as it is typed.
pub(super) struct Sheeted {
    version: String,
    tenant: String,
    given: Vec<Given>,
}

/// One authorization, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Given {
    name: String,
    principal: String,
    role: String,
    access: String,
    /// Names or ids, one on each line.
    assignable: String,
    minutes: String,
    factor: String,
    /// Object ids, one on each line, each with a name after it.
    approvers: String,
}

const VERSION: [Text<Sheeted>; 1] = [Text {
    name: "version",
    at: "version",
    label: "Version",
    hint: "As in 1.2.5, and higher than any before.",
    kind: Kind::Line("text"),
    of: |it| &mut it.version,
}];

const ROW: [Text<Given>; 8] = [
    Text {
        name: "name",
        at: "principalIdDisplayName",
        label: "Display name",
        hint: "What customers see.",
        kind: Kind::Line("text"),
        of: |it| &mut it.name,
    },
    Text {
        name: "principal",
        at: "principalId",
        label: "Principal ID",
        hint: "Object id of a security group, best of all; of a person or a service principal.",
        kind: Kind::Suggested("groups"),
        of: |it| &mut it.principal,
    },
    Text {
        name: "role",
        at: "roleDefinitionId",
        label: "Role",
        hint: "A built-in role, by name or id.",
        kind: Kind::Suggested("roles"),
        of: |it| &mut it.role,
    },
    Text {
        name: "access",
        at: "",
        label: "Access type",
        hint: "",
        kind: Kind::One(&[("active", "Active: always"), ("eligible", "Eligible: once activated")]),
        of: |it| &mut it.access,
    },
    Text {
        name: "assignable",
        at: "delegatedRoleDefinitionIds",
        label: "Assignable roles",
        hint: "With User Access Administrator only: what it may give to managed identities, one role on each line.",
        kind: Kind::Text,
        of: |it| &mut it.assignable,
    },
    Text {
        name: "minutes",
        at: "justInTimeAccessPolicy|justInTimeAccessPolicy.maximumActivationDuration",
        label: "Longest activation, in minutes",
        hint: "Eligible only: 30 to 480, and 480 where nothing is said.",
        kind: Kind::Line("text"),
        of: |it| &mut it.minutes,
    },
    Text {
        name: "factor",
        at: "justInTimeAccessPolicy.multiFactorAuthProvider",
        label: "Multi-factor authentication",
        hint: "Eligible only.",
        kind: Kind::One(&[("none", "Not asked for"), ("azure", "Asked for")]),
        of: |it| &mut it.factor,
    },
    Text {
        name: "approvers",
        at: "justInTimeAccessPolicy.managedByTenantApprovers",
        label: "Approvers",
        hint: "Eligible only: object ids, one on each line, with a name after each. With none, nobody has to approve.",
        kind: Kind::Text,
        of: |it| &mut it.approvers,
    },
];

/// What a role is called.
pub(super) fn called(id: RoleId) -> String {
    Catalogue::builtin().role(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

impl Given {
    fn always(it: &Authorization) -> Self {
        let listed = it.delegated_roles.iter().flatten();
        Self {
            name: it.display_name.clone().unwrap_or_default(),
            principal: it.principal.to_string(),
            role: called(it.role),
            access: "active".to_owned(),
            assignable: listed.map(|id| called(*id)).collect::<Vec<_>>().join("\n"),
            ..Self::default()
        }
    }

    fn eligible(it: &EligibleAuthorization) -> Self {
        let mut given = Self {
            name: it.display_name.clone().unwrap_or_default(),
            principal: it.principal.to_string(),
            role: called(it.role),
            access: "eligible".to_owned(),
            ..Self::default()
        };
        if let Some(JustInTimePolicy { multi_factor, minutes_max, approvers }) = &it.policy {
            given.minutes = minutes_max.to_string();
            let factor = match multi_factor {
                MultiFactor::Azure => "azure",
                MultiFactor::None => "none",
            };
            factor.clone_into(&mut given.factor);
            let told = |it: &Approver| {
                let name = it.display_name.as_deref().unwrap_or_default();
                format!("{} {name}", it.principal).trim().to_owned()
            };
            given.approvers = approvers.iter().map(told).collect::<Vec<_>>().join("\n");
        }
        given
    }

    fn is_eligible(&self) -> bool {
        self.access == "eligible"
    }
}

impl Sheeted {
    /// Where each row's authorization is in the manifest: the two kinds are two lists there.
    fn places(&self, at: &str) -> Vec<String> {
        let (mut always, mut eligible) = (0_usize, 0_usize);
        let place = |it: &Given| {
            let (list, count) = if it.is_eligible() {
                ("eligibleAuthorizations", &mut eligible)
            } else {
                ("authorizations", &mut always)
            };
            let place = format!("{at}.{list}[{count}]");
            *count = count.saturating_add(1);
            place
        };
        self.given.iter().map(place).collect()
    }
}

/// Where the manifest is in the plan.
fn nth(form: &Form, place: &Place) -> Option<usize> {
    let version: Version = place.version?;
    plan(form, place)?.manifests.iter().position(|it| it.version == version)
}

/// Where the manifest's fields are. Typed versions may be others: then the last one is meant.
fn here(form: &Form, place: &Place) -> String {
    let last = || plan(form, place).map_or(0, |it| it.manifests.len().saturating_sub(1));
    format!("{}.manifests[{}]", at(form, place), nth(form, place).unwrap_or_else(last))
}

impl Sheet for Sheeted {
    const TITLE: &'static str = "Manifest";
    const TAB: Tab = Tab::Plans;
    const SAYS: &'static str = "Who of your tenant is allowed what in the subscriptions and resource groups that customers delegate. It is the same for every customer of the plan.";

    fn of(judged: &Judged, place: &Place) -> Option<Self> {
        let form = &judged.offer.form;
        let it = plan(form, place)?.manifests.get(nth(form, place)?)?;
        if judged.previewed.contains_key(&(place.plan.clone()?, it.version)) {
            return None; // it is shown where manifests are listed, and changes no more
        }
        let Manifest { tenant, authorizations, eligible } = &it.manifest;
        let always = authorizations.iter().map(Given::always);
        Some(Self {
            version: it.version.to_string(),
            tenant: tenant.to_string(),
            given: always.chain(eligible.iter().map(Given::eligible)).collect(),
        })
    }

    fn take(&mut self, sent: &Fields) {
        take(&VERSION, self, "", sent);
        self.given = take_rows(&ROW, "given", sent);
    }

    fn put(&self, form: &mut Form, place: &Place) -> Vec<Finding> {
        let (at, found) = (here(form, place), nth(form, place));
        let mut reader = Reader { wrong: Vec::new() };
        let version = spelled::version(&format!("{at}.version"), &self.version);
        let version = version.map_err(|it| reader.wrong.push(it)).ok();
        let (mut authorizations, mut eligible) = (Vec::new(), Vec::new());
        for (it, at) in self.given.iter().zip(self.places(&at)) {
            if it.is_eligible() {
                eligible.extend(reader.eligible(it, &at));
            } else {
                authorizations.extend(reader.always(it, &at));
            }
        }
        let plan = plan_mut(form, place);
        if let Some(kept) = plan.zip(found).and_then(|(plan, nth)| plan.manifests.get_mut(nth)) {
            let manifest = Manifest { tenant: kept.manifest.tenant, authorizations, eligible };
            *kept = VersionedManifest { version: version.unwrap_or(kept.version), manifest };
        }
        reader.wrong
    }

    fn blocks(&mut self, form: &Form, place: &Place) -> Vec<Block> {
        let at = here(form, place);
        let places = self.places(&at);
        let mut shown = rows(&ROW, &mut self.given, ("given", "given"));
        for (nth, (it, at)) in self.given.iter_mut().zip(places).enumerate() {
            let row: Vec<Field> = fields(&ROW, it, &format!("given.{nth}."), &format!("{at}."));
            if let Some(place) = shown.get_mut(nth) {
                *place = row;
            }
        }
        vec![
            Block {
                heading: "Manifest",
                fields: fields(&VERSION, self, "", &format!("{at}.")),
                ..Block::default()
            },
            Block {
                heading: "Authorizations",
                says: "Up to 20, at least one of them active. Groups are better than people: who is in them changes without a new version.",
                row: "Authorization",
                rows: shown,
                folds: Some((4, "Assignable roles, and how it is activated")),
                ..Block::default()
            },
        ]
    }

    fn is_here(field: &str, form: &Form, place: &Place) -> bool {
        field
            .strip_prefix(&here(form, place))
            .is_some_and(|rest| !rest.starts_with(|it: char| it.is_ascii_digit()))
    }

    fn fixed(&self, _judged: &Judged, _place: &Place) -> Vec<Fixed> {
        vec![Fixed {
            name: "Tenant ID",
            value: self.tenant.clone(),
            why: "The managing tenant is the one that publishes.",
        }]
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        let Some((plan, version)) = place.plan.as_ref().zip(place.version) else {
            return Vec::new();
        };
        vec![
            Way::new("Remove this manifest", To::RemoveManifest(&place.id, plan, version)),
            Way::new("All manifests of the plan", To::Plan(&place.id, plan, PlanTab::Technical)),
        ]
    }

    const GROUPS: Option<&'static str> = Some("groups");

    fn suggestions(_form: &Form) -> Vec<List> {
        let all = roles::offered().into_iter().map(|(_, name)| (name, String::new())).collect();
        vec![List { id: "roles", all }]
    }

    fn title(place: &Place) -> String {
        let version = place.version.map(|it| it.to_string()).unwrap_or_default();
        let plan = place.plan.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {version} of {plan}", Self::TITLE)
    }

    fn after(&self, place: &Place) -> Option<String> {
        let (plan, version) = place.plan.as_ref().zip(self.version.parse().ok())?;
        Some(To::Manifest(&place.id, plan, version).to_string())
    }
}
