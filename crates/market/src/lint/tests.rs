//! Every rule with something that it objects to, and something like it that it does not.

mod catalogue;

use std::collections::BTreeSet;

use ids::{
    guid::{ObjectId, RoleId, SubscriptionId},
    offer::OfferId,
};
use jiff::civil::{Date, date};
use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::{
        account::{Account, Agreement, AgreementKind, Verification},
        form::{AudienceEntry, Form, Plan, VersionedManifest, Visibility},
        manifest::Manifest,
    },
    role::{DELETE_ROLE, OWNER, USER_ACCESS_ADMINISTRATOR},
    samples::{self, CONTRIBUTOR, PROVIDER, READER, market, object},
};
use uuid::Uuid;

use super::{
    Finding,
    change::{self, Published},
    manifest::{Audience, Facts as ManifestFacts, Kind, PrincipalFacts, RoleFacts, Special},
    offer::{self, Previewed},
    publish, rules, spelled,
    template::{self, Onboarding},
};

const TODAY: Date = date(2026, 11, 29);
const DATA: RoleId = RoleId::new(Uuid::from_u128(0xDA));
const PEOPLE: u128 = 1;
const LEADS: u128 = 2;
const ROBOT: u128 = 3;
const MAIL: u128 = 4;
const ADA: u128 = 5;
const NAMES: [(u128, Kind, &str); 5] = [
    (PEOPLE, Kind::SecurityGroup, "Tier 1"),
    (LEADS, Kind::SecurityGroup, "Leads"),
    (ROBOT, Kind::Application, "Robot"),
    (MAIL, Kind::OtherGroup, "Mail"),
    (ADA, Kind::Person, "Ada"),
];

/// All that any rule judges. As it begins, no rule objects to anything.
struct Case {
    id: OfferId,
    /// What the offer was called when it was published.
    was: OfferId,
    form: Form,
    day: Date,
    live: Option<Form>,
    previewed: Previewed,
    account: Account,
    verification: Verification,
    is_id_taken: bool,
    is_title_taken: bool,
    is_running: bool,
    test_lead: u16,
    /// The expectation that is not met, if one is not.
    unmet: Option<usize>,
    templates: Vec<Onboarding>,
    /// What was written for ids: of an offer, a plan, a version, a tenant, a previewer, a customer.
    texts: [String; 6],
}

fn case() -> Case {
    let mut form = market::form();
    form.plans = vec![plan("core", "Core"), private("own", "For Contoso")];
    let agreed = |kind| Agreement { kind, by: samples::ADA, at: samples::now() };
    let agreements = vec![agreed(AgreementKind::Publisher), agreed(AgreementKind::PartnerNetwork)];
    let guid = PROVIDER.to_string();
    let texts = ["ops", "core", "1.0.0", &guid, &guid, &guid].map(str::to_owned);
    Case {
        id: market::offer_id(),
        was: market::offer_id(),
        live: Some(form.clone()),
        form,
        day: TODAY,
        previewed: Previewed::new(),
        account: Account { agreements, ..market::account() },
        verification: market::verification(),
        is_id_taken: false,
        is_title_taken: false,
        is_running: false,
        test_lead: 202,
        unmet: None,
        templates: Vec::new(),
        texts,
    }
}

impl Case {
    fn findings(&self) -> Vec<Finding> {
        let facts = offer::Facts {
            id: &self.id,
            tenant: PROVIDER,
            day: self.day,
            manifests: &manifest_facts(),
            previewed: &self.previewed,
            is_id_taken: self.is_id_taken,
            is_title_taken: self.is_title_taken,
        };
        let mut found = offer::lint(&self.form, &facts);
        let published = Published { live: self.live.as_ref(), previewed: &self.previewed };
        found.extend(change::lint(&self.form, published));
        let facts = publish::Facts {
            account: &self.account,
            verification: Some(&self.verification),
            day: self.day,
            is_running: self.is_running,
        };
        found.extend(publish::lint(&found, &facts));
        found.extend(change::moved(&self.was, &self.id));
        found.extend(offer::test_lead(self.test_lead));
        found.extend(self.unmet.map(|nth| offer::unmet(nth, "it is denied".to_owned())));
        found.extend(self.templates.iter().flat_map(template::lint));
        found.extend(template::collisions(&self.templates).into_iter().map(|(_, it)| it));
        found.extend(self.misspelled());
        found
    }

    fn misspelled(&self) -> Vec<Finding> {
        let [offer, plan, version, tenant, previewer, customer] = &self.texts;
        let all = [
            spelled::offer_id("offerId", offer).err(),
            spelled::plan_id("planId", plan).err(),
            spelled::version("version", version).err(),
            spelled::tenant("tenantId", tenant).err(),
            spelled::previewer("id", previewer).err(),
            spelled::customer("id", customer).err(),
        ];
        all.into_iter().flatten().collect()
    }

    /// The manifest of the public plan.
    fn manifest(&mut self) -> &mut Manifest {
        &mut self.form.plans[0].manifests[0].manifest
    }

    /// The same plan's manifest with this besides.
    fn gives(&mut self, who: u128, role: RoleId) -> &mut Authorization {
        self.manifest().authorizations.push(always(who, role));
        self.manifest().authorizations.last_mut().unwrap()
    }

    /// The same, once it is activated; the principal can read without.
    fn activates(&mut self, who: u128) -> &mut EligibleAuthorization {
        if who != PEOPLE {
            self.gives(who, READER);
        }
        self.manifest().eligible.push(activated(who, CONTRIBUTOR));
        self.manifest().eligible.last_mut().unwrap()
    }

    /// Moves the public plan's manifest away from what can find fault with its authorizations.
    fn private(&mut self) -> &mut Self {
        self.live = None;
        self.form.plans[0].visibility = Visibility::Private;
        self.form.plans[0].audience = subscriptions(1);
        self.form.plans.push(plan("public", "Public"));
        self
    }
}

fn manifest_facts() -> ManifestFacts {
    let role = |name: &str, reads, writes, special| RoleFacts {
        name: name.to_owned(),
        delegable: Ok(()),
        special,
        reads,
        writes,
        reveals: None,
        reaches_data: false,
    };
    let refused = |why: &str, role| RoleFacts { delegable: Err(why.to_owned()), ..role };
    let keys = Some("N.S/t/listKeys/action".to_owned());
    let administrator = Some(Special::UserAccessAdministrator);
    let data = RoleFacts { reaches_data: true, ..role("Data", false, false, None) };
    let roles = [
        (READER, role("Reader", true, false, None)),
        (CONTRIBUTOR, RoleFacts { reveals: keys, ..role("Contributor", true, true, None) }),
        (DELETE_ROLE, role("Delete Role", false, true, Some(Special::DeleteRole))),
        (OWNER, refused("it is Owner", role("Owner", true, true, Some(Special::Owner)))),
        (USER_ACCESS_ADMINISTRATOR, refused("alone", role("UAA", false, false, administrator))),
        (DATA, refused("it has data actions", data)),
    ];
    let others = (0..30).map(|n| (other(n), role("Other", true, false, None)));
    let principals = NAMES
        .map(|(n, kind, name)| (object(n), PrincipalFacts { kind, display_name: name.to_owned() }));
    ManifestFacts {
        roles: roles.into_iter().chain(others).collect(),
        principals: Some(principals.into()),
        audience: Audience::Anybody,
    }
}

/// A role that only reads, of which there are many.
fn other(n: u128) -> RoleId {
    RoleId::new(Uuid::from_u128(0x100 + n))
}

fn name(n: u128) -> Option<String> {
    NAMES.iter().find(|(who, ..)| *who == n).map(|(_, _, name)| (*name).to_owned())
}

fn always(n: u128, role: RoleId) -> Authorization {
    Authorization { principal: object(n), role, display_name: name(n), delegated_roles: None }
}

fn activated(n: u128, role: RoleId) -> EligibleAuthorization {
    let approvers = vec![approver(LEADS)];
    let policy = JustInTimePolicy { multi_factor: MultiFactor::Azure, minutes_max: 60, approvers };
    let (principal, display_name) = (object(n), name(n));
    EligibleAuthorization { principal, role, display_name, policy: Some(policy) }
}

fn approver(n: u128) -> Approver {
    Approver { principal: object(n), display_name: None }
}

fn manifest() -> Manifest {
    let authorizations = vec![always(PEOPLE, READER), always(LEADS, DELETE_ROLE)];
    Manifest { tenant: PROVIDER, authorizations, eligible: Vec::new() }
}

fn versioned(text: &str) -> VersionedManifest {
    VersionedManifest { version: market::version(text), manifest: manifest() }
}

fn plan(name: &str, title: &str) -> Plan {
    Plan {
        name: name.parse().unwrap(),
        title: title.to_owned(),
        visibility: Visibility::Public,
        audience: Vec::new(),
        manifests: vec![versioned("1.0.0")],
        ..market::plan()
    }
}

fn private(name: &str, title: &str) -> Plan {
    Plan { visibility: Visibility::Private, audience: subscriptions(2), ..plan(name, title) }
}

fn subscriptions(count: u128) -> Vec<AudienceEntry> {
    let subscription = |n| SubscriptionId::new(Uuid::from_u128(n));
    let entry = |n| AudienceEntry { subscription: subscription(n), description: String::new() };
    (0..count).map(entry).collect()
}

fn nobody() -> ObjectId {
    object(99)
}

/// A rule by its id, the field where it objects to the one, and the other to which it does not.
type Row = (&'static str, &'static str, fn(&mut Case), fn(&mut Case));

#[test]
fn nothing_is_objected_to_in_what_is_right() {
    assert_eq!(case().findings(), []);
}

#[test]
fn every_rule_objects_to_something_and_not_to_what_is_like_it() {
    for (id, field, bad, good) in catalogue::rows() {
        let judged = |change: fn(&mut Case)| {
            let mut case = case();
            change(&mut case);
            case.findings()
        };
        let of_rule = |found: &[Finding]| -> Vec<String> {
            found.iter().filter(|it| it.rule.id == id).map(|it| it.field.clone()).collect()
        };
        let (found, passed) = (judged(bad), judged(good));
        assert_eq!(of_rule(&found), [field], "{id} objects: {found:#?}");
        assert_eq!(of_rule(&passed), [""; 0], "{id} does not object: {passed:#?}");
    }
}

#[test]
fn no_rule_is_without_such_a_row() {
    let with: BTreeSet<&str> = catalogue::rows().iter().map(|(id, ..)| *id).collect();
    let without: Vec<&str> =
        rules::RULES.iter().map(|it| it.id).filter(|id| !with.contains(id)).collect();
    assert_eq!(without, [""; 0]);
}

#[test]
fn a_rule_that_only_warns_keeps_nobody_from_publishing() {
    let mut case = case();
    case.form.listing.title = "x".repeat(51);
    let found: Vec<&str> = case.findings().iter().map(|it| it.rule.id).collect();
    assert_eq!(found, ["LST-101"]);
}

#[test]
fn bounds_are_those_of_the_day() {
    let judged = |day| {
        let mut case = case();
        case.day = day;
        case.form.listing.title = "x".repeat(60);
        let found = case.findings();
        found.iter().any(|it| it.rule.id == "LST-001")
    };
    assert!(judged(date(2022, 12, 31)) && !judged(date(2023, 1, 1)));
}

#[test]
fn nobody_is_looked_up_in_another_tenant() {
    let mut case = case();
    case.manifest().tenant = samples::CUSTOMER;
    case.gives(PEOPLE, other(1)).principal = nobody();
    let found = case.findings();
    let found: Vec<&str> = found.iter().map(|it| it.rule.id).collect();
    assert_eq!(found, ["MAN-019", "PUB-002"], "neither known nor unknown");
}

#[test]
fn what_was_previewed_is_asked_no_more_unless_it_is_still_offered() {
    let judged = |newer: bool| {
        let mut case = case();
        let old = VersionedManifest {
            manifest: Manifest { authorizations: vec![always(PEOPLE, READER)], ..manifest() },
            ..versioned("0.9.0")
        };
        let key = (case.form.plans[0].name.clone(), old.version);
        case.previewed.insert(key, old.manifest.clone());
        case.form.plans[0].manifests.insert(0, old);
        if !newer {
            case.form.plans[0].manifests.pop();
        }
        case.findings().iter().map(|it| it.field.clone()).collect::<Vec<_>>()
    };
    assert_eq!(judged(true), [""; 0]);
    assert_eq!(judged(false), ["plans[0].manifests[0].authorizations"]);
}

#[test]
fn pages_say_how_far_they_are() {
    use publish::{Completion, Page};
    let told = |case: &Case| {
        let found = case.findings();
        Page::ALL.map(|page| page.completion(&case.form, &found))
    };
    assert_eq!(told(&case()), [Completion::Complete; 6]);
    let mut empty = case();
    empty.form = Form::default();
    let untouched = told(&empty);
    assert_eq!(untouched[..5], [Completion::NotStarted; 5]);
    assert_eq!(untouched[5], Completion::Complete, "nobody has to expect anything");
    let mut half = case();
    half.form.listing.title.clear();
    half.form.plans[1].summary.clear();
    let (done, not) = (Completion::Complete, Completion::Incomplete);
    assert_eq!(told(&half), [done, done, not, done, not, done]);
    half.form = case().form;
    let unmet = [offer::unmet(3, "it is denied".to_owned())];
    assert_eq!(Page::Tests.completion(&half.form, &unmet), not);
    assert_eq!(Page::Setup.completion(&half.form, &unmet), done, "it is no error of that page");
    assert_eq!(Page::ALL.map(|it| Page::of(it.as_str())), [Page::Setup; 6], "titles are no fields");
}
