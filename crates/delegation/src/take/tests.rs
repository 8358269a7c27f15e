use std::collections::BTreeSet;

use ids::guid::RoleId;
use model::{
    market::acceptance::TermsAccepted,
    role::{Permission, RoleDefinition},
    samples::{
        CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OWNER, PROVIDER, READER, SUBSCRIPTION, TIER1,
        authorization, definition,
        market::{acceptance, form, manifest, plan_id, plan_version, version},
        object, system_data,
    },
};
use proptest::{collection, prelude::*, sample};

use super::*;
use crate::dialect::TooOld;

/// The few roles that these tests speak of.
fn roles(ids: &[RoleId]) -> Vec<RoleDefinition> {
    let reads = Permission { actions: vec!["*/read".to_owned()], ..Permission::default() };
    let made = |id: &RoleId| RoleDefinition {
        id: *id,
        tenant: None,
        name: "A role".to_owned(),
        description: String::new(),
        permissions: vec![reads.clone()],
        assignable_scopes: Vec::new(),
        written: None,
    };
    ids.iter().map(made).collect()
}

fn words(version: &str) -> Plan {
    let word = |text: &str| text.to_owned();
    Plan {
        name: word("core"),
        publisher: word("fabrikam"),
        product: word("ops"),
        version: word(version),
    }
}

fn request(version: &str) -> Request {
    let Definition { id, name, description, .. } = definition(SUBSCRIPTION);
    let (plan, said) = (words(version), Said::default());
    Request { id, plan, said, name, description, dialect: Dialect::Eligible }
}

fn offered(newest: &str) -> Offered {
    Offered {
        plan: plan_id(),
        slot: Slot::Live,
        newest: version(newest),
        manifest: Some(manifest()),
        terms: form().terms,
        is_there: true,
    }
}

/// The terms are accepted, and nothing is in force.
fn agreed_only() -> Acceptance {
    Acceptance { version: None, ..acceptance("1.0.0") }
}

struct Case {
    offered: Option<Offered>,
    acceptance: Option<Acceptance>,
    existing: Option<Definition>,
}

fn case(newest: &str, acceptance: Acceptance) -> Case {
    Case { offered: Some(offered(newest)), acceptance: Some(acceptance), existing: None }
}

fn judge(request: Request, case: Case) -> Result<Verdict, Refused> {
    let owned = roles(&[CONTRIBUTOR, READER, OWNER]);
    let roles = owned.iter().map(|role| (role.id, role)).collect();
    let Case { offered, acceptance, existing } = case;
    let plain = define::Facts { owner: CUSTOMER, existing, roles, made: system_data() };
    take(request, Facts { plain, offered, acceptance })
}

#[test]
fn the_plan_says_who_manages_and_with_which_roles() {
    let verdict = judge(request("1.0.0"), case("1.0.0", agreed_only())).unwrap();
    let define::Verdict::Create(it) = verdict.definition else { panic!() };
    assert_eq!((it.managed_by, it.authorizations), (PROVIDER, manifest().authorizations));
    let accepted = Accepted { customer: CUSTOMER, plan: plan_version("1.0.0") };
    assert_eq!(it.accepted, Some(accepted));
    assert_eq!(verdict.step, Step::First);
    assert_eq!(verdict.acceptance, acceptance("1.0.0"));
}

#[test]
fn names_are_read_without_regard_to_case_and_kept_in_one_way() {
    let shout = Plan {
        name: "CORE".to_owned(),
        publisher: "Fabrikam".to_owned(),
        product: "OPS-Preview".to_owned(),
        version: "1.0.0".to_owned(),
    };
    let expected = PlanVersion { slot: Slot::Preview, ..plan_version("1.0.0") };
    assert_eq!(shout.meant(), Some(expected));
    for bad in ["", "1.0", "1.0.0.0", "01.0.0", "latest"] {
        assert_eq!(words(bad).meant(), None, "{bad}");
    }
}

#[test]
fn a_plan_that_is_not_there_and_one_that_is_for_others_are_refused_alike() {
    let hidden = Offered { is_there: false, ..offered("1.0.0") };
    let unpublished = Offered { manifest: None, ..offered("1.0.0") };
    for offered in [None, Some(hidden), Some(unpublished)] {
        let case = Case { offered, ..case("1.0.0", acceptance("1.0.0")) };
        let refused = judge(request("1.0.0"), case).unwrap_err();
        assert_eq!(refused, Refused::NoSuchPlan(words("1.0.0")));
    }
    let nonsense = judge(request("latest"), case("1.0.0", agreed_only())).unwrap_err();
    assert_eq!(nonsense, Refused::NoSuchPlan(words("latest")));
    let long = words(&"9".repeat(1_000_000));
    assert!(Refused::NoSuchPlan(long).to_string().len() < 500, "a body is not repeated");
}

#[test]
fn whoever_has_the_plan_is_told_that_it_is_no_longer_offered() {
    let plan = plan_version("1.0.0");
    let accepted = Some(Accepted { customer: CUSTOMER, plan: plan.clone() });
    let existing = Some(Definition { accepted, ..definition(SUBSCRIPTION) });
    let stopped = Case { offered: None, existing, ..case("1.0.0", acceptance("1.0.0")) };
    assert_eq!(judge(request("1.0.0"), stopped), Err(Refused::NoLongerOffered(plan)));
}

#[test]
fn without_standing_terms_nothing_is_taken() {
    let unsigned = Case { acceptance: None, ..case("1.0.0", agreed_only()) };
    let plan = plan_version("1.0.0");
    assert_eq!(judge(request("1.0.0"), unsigned), Err(Refused::NoTerms(plan.clone())));
    for it in [agreed_only(), acceptance("1.0.0")] {
        let terms = TermsAccepted { is_standing: false, ..it.terms.clone() };
        let refused = judge(request("1.0.0"), case("1.0.0", Acceptance { terms, ..it }));
        assert_eq!(refused, Err(Refused::NoTerms(plan.clone())));
    }
}

#[test]
fn other_terms_bind_whoever_takes_something_new_and_not_what_is_in_force() {
    let other =
        |newest| Some(Offered { terms: Terms::Text("Other words".to_owned()), ..offered(newest) });
    let new = Case { offered: other("1.0.0"), ..case("1.0.0", agreed_only()) };
    let plan = plan_version("1.0.0");
    assert_eq!(judge(request("1.0.0"), new), Err(Refused::OtherTerms(plan)));
    let newer = Case { offered: other("1.1.0"), ..case("1.1.0", acceptance("1.0.0")) };
    let plan = plan_version("1.1.0");
    assert_eq!(judge(request("1.1.0"), newer), Err(Refused::OtherTerms(plan)));
    let again = Case { offered: other("1.1.0"), ..case("1.1.0", acceptance("1.0.0")) };
    assert_eq!(judge(request("1.0.0"), again).unwrap().step, Step::Again);
}

#[test]
fn a_version_is_the_one_in_force_or_the_newest() {
    let is = |asked: &str, accepted: Option<&str>, newest: &str| {
        let it = accepted.map_or_else(agreed_only, acceptance);
        judge(request(asked), case(newest, it)).map(|verdict| verdict.step)
    };
    assert_eq!(is("1.0.0", Some("1.0.0"), "1.0.0"), Ok(Step::Again));
    assert_eq!(is("1.0.0", Some("1.0.0"), "1.2.0"), Ok(Step::Again));
    assert_eq!(is("1.2.0", Some("1.0.0"), "1.2.0"), Ok(Step::Update));
    assert_eq!(is("1.2.0", None, "1.2.0"), Ok(Step::First));
    for (asked, accepted, newest) in [
        ("1.0.0", Some("1.1.0"), "1.1.0"), // back
        ("1.0.0", Some("1.1.0"), "1.2.0"),
        ("1.1.0", Some("1.0.0"), "1.2.0"), // neither
        ("1.0.0", None, "1.1.0"),          // not the newest
        ("1.0.0", Some("1.1.0"), "1.0.0"), // the newest, and back all the same
    ] {
        let refused = Refused::OtherVersion {
            asked: plan_version(asked),
            accepted: accepted.map(version),
            newest: version(newest),
        };
        assert_eq!(is(asked, accepted, newest), Err(refused));
    }
}

#[test]
fn what_is_said_beside_the_plan_is_said_alike_or_refused_with_the_differences() {
    let saying = |said: Said| {
        let request = Request { said, ..request("1.0.0") };
        judge(request, case("1.0.0", agreed_only()))
    };
    let manifest = manifest();
    let mut twice = manifest.authorizations.clone();
    twice.extend(manifest.authorizations.clone());
    twice[0].display_name = Some("Called otherwise".to_owned());
    let same = Said {
        managed_by: Some(PROVIDER),
        authorizations: Some(twice),
        eligible: Some(Vec::new()),
    };
    assert!(saying(same).is_ok());

    let said = Said {
        managed_by: Some(CUSTOMER),
        authorizations: Some(vec![authorization(TIER1, READER)]),
        eligible: None,
    };
    let Err(Refused::Differs { differences, .. }) = saying(said) else { panic!() };
    let grant = |role| Grant { list: "authorizations", principal: TIER1.object, role };
    assert_eq!(
        differences,
        [
            Difference::Tenant(PROVIDER),
            Difference::Missing(grant(CONTRIBUTOR)),
            Difference::Unknown(grant(READER)),
        ]
    );
    let many: Vec<_> = (0..5_000)
        .map(|n| Authorization { principal: object(n), ..authorization(TIER1, READER) })
        .collect();
    let said = Said { authorizations: Some(many), ..Said::default() };
    let Err(refused) = saying(said) else { panic!() };
    assert!(refused.to_string().len() < 10_000, "a few are named");
}

#[test]
fn a_manifest_is_judged_as_what_is_delegated_without_an_offer() {
    let with = |manifest: Manifest| {
        let offered = Some(Offered { manifest: Some(manifest), ..offered("1.0.0") });
        judge(request("1.0.0"), Case { offered, ..case("1.0.0", agreed_only()) })
    };
    let owner = Manifest { authorizations: vec![authorization(TIER1, OWNER)], ..manifest() };
    assert!(matches!(with(owner), Err(Refused::Define(define::Refused::Role { .. }))));
    let own = Manifest { tenant: CUSTOMER, ..manifest() };
    assert!(matches!(with(own), Err(Refused::Define(define::Refused::ToItself { .. }))));
    let eligible = vec![EligibleAuthorization {
        principal: TIER1.object,
        role: READER,
        display_name: None,
        policy: None,
    }];
    let offered =
        Offered { manifest: Some(Manifest { eligible, ..manifest() }), ..offered("1.0.0") };
    let older = Request { dialect: Dialect::Plain, ..request("1.0.0") };
    let case = Case { offered: Some(offered), ..case("1.0.0", agreed_only()) };
    assert_eq!(judge(older, case), Err(define::Refused::from(TooOld).into()));
}

fn any_manifest() -> impl Strategy<Value = Manifest> {
    let grants = collection::vec(((1u128..4), sample::select(vec![CONTRIBUTOR, READER])), 1..4);
    grants.prop_map(|grants| {
        let one = |(n, role): (u128, _)| Authorization {
            principal: object(n),
            ..authorization(TIER1, role)
        };
        Manifest { authorizations: grants.into_iter().map(one).collect(), ..manifest() }
    })
}

fn pairs(all: &[Authorization]) -> BTreeSet<(ids::guid::ObjectId, ids::guid::RoleId)> {
    all.iter().map(|it| (it.principal, it.role)).collect()
}

proptest! {
    /// Whatever they say, call it and had before: of one plan and version they get the same.
    #[test]
    fn two_customers_of_one_plan_and_version_have_equal_grants(
        manifest in any_manifest(),
        said in proptest::option::of(any_manifest()),
        accepted in proptest::option::of(Just("1.0.0")),
        name in proptest::option::of("[a-z]{0,8}"),
    ) {
        let of = |acceptance: Acceptance, said: Said, name: Option<String>| {
            let offered = Some(Offered { manifest: Some(manifest.clone()), ..offered("1.1.0") });
            let case = Case { offered, acceptance: Some(acceptance), existing: None };
            judge(Request { said, name, ..request("1.1.0") }, case)
        };
        let plain = of(agreed_only(), Said::default(), None).unwrap();
        let authorizations = said.map(|it| it.authorizations);
        let is_same = authorizations.as_ref()
            .is_none_or(|it| pairs(it) == pairs(&manifest.authorizations));
        let other = of(
            accepted.map_or_else(agreed_only, acceptance),
            Said { authorizations, ..Said::default() },
            name,
        );
        prop_assert_eq!(other.is_ok(), is_same);
        if let Ok(other) = other {
            let grants = |it: Verdict| match it.definition {
                define::Verdict::Create(it) | define::Verdict::Update(it) => {
                    (it.managed_by, it.authorizations, it.eligible)
                }
            };
            prop_assert_eq!(grants(other), grants(plain));
        }
    }

    /// Those that were there follow to the very same.
    #[test]
    fn what_follows_gives_what_is_newly_taken(manifest in any_manifest()) {
        let offered = Some(Offered { manifest: Some(manifest.clone()), ..offered("1.1.0") });
        let new = judge(request("1.1.0"), Case { offered, ..case("1.1.0", acceptance("1.0.0")) });
        let define::Verdict::Create(new) = new.unwrap().definition else { panic!() };
        let plan = plan_version("1.1.0");
        let old = followed(definition(NEIGHBOUR), CUSTOMER, &plan, &manifest, system_data());
        prop_assert_eq!(old.accepted, new.accepted);
        prop_assert_eq!((old.authorizations, old.eligible), (new.authorizations, new.eligible));
    }
}
