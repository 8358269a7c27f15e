use ids::guid::ObjectId;
use model::{
    delegation::{Approver, JustInTimePolicy, MultiFactor},
    role::{Permission, RoleDefinition},
    samples::{
        CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, PROVIDER, READER, SUBSCRIPTION, TIER1,
        authorization, definition, object, resource_group, system_data,
    },
};
use uuid::Uuid;

use super::*;

const BLOB_READER: RoleId = RoleId::new(Uuid::from_u128(0xB10B));
const ACCESS_REVIEW: RoleId = RoleId::new(Uuid::from_u128(0xACC3));
const OWN_ROLE: RoleId = RoleId::new(Uuid::from_u128(0xC057));

fn role(id: RoleId, name: &str, actions: &[&str], data: &[&str]) -> RoleDefinition {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let permission =
        Permission { actions: owned(actions), data_actions: owned(data), ..Permission::default() };
    RoleDefinition {
        id,
        tenant: (id == OWN_ROLE).then_some(CUSTOMER),
        name: name.to_owned(),
        description: String::new(),
        permissions: vec![permission],
        assignable_scopes: Vec::new(),
        written: None,
    }
}

fn roles() -> Vec<RoleDefinition> {
    vec![
        role(OWNER, "Owner", &["*"], &[]),
        role(CONTRIBUTOR, "Contributor", &["*"], &[]),
        role(READER, "Reader", &["*/read"], &[]),
        role(
            DELETE_ROLE,
            "Delete Role",
            &["Microsoft.ManagedServices/registrationAssignments/delete"],
            &[],
        ),
        role(
            USER_ACCESS_ADMINISTRATOR,
            "User Access Administrator",
            &["*/read", "Microsoft.Authorization/*"],
            &[],
        ),
        role(BLOB_READER, "Blob Reader", &[], &["Microsoft.Storage/blobs/read"]),
        role(
            ACCESS_REVIEW,
            "Access Review",
            &["Microsoft.authorization/ROLEASSIGNMENTS/delete"],
            &[],
        ),
        role(OWN_ROLE, "Contoso's own", &["*/read"], &[]),
    ]
}

/// What Fabrikam asks for, in today's dialect.
fn request() -> Request {
    let Definition { id, managed_by, name, description, authorizations, eligible, .. } =
        definition(SUBSCRIPTION);
    let (accepted, dialect) = (None, Dialect::Eligible);
    Request { id, managed_by, name, description, authorizations, eligible, accepted, dialect }
}

fn asking_for(role: RoleId) -> Request {
    Request { authorizations: vec![authorization(TIER1, role)], ..request() }
}

fn delegating(role: RoleId, delegated: &[RoleId]) -> Request {
    let delegated_roles = Some(delegated.to_vec());
    let it = Authorization { delegated_roles, ..authorization(TIER1, role) };
    Request { authorizations: vec![it], ..request() }
}

fn eligible(role: RoleId) -> EligibleAuthorization {
    let policy = JustInTimePolicy {
        multi_factor: MultiFactor::Azure,
        minutes_max: 480,
        approvers: Vec::new(),
    };
    EligibleAuthorization {
        principal: object(0x71),
        role,
        display_name: None,
        policy: Some(policy),
    }
}

fn with_eligible(eligible: Vec<EligibleAuthorization>) -> Request {
    Request { eligible, ..request() }
}

fn lasting(minutes_max: u32) -> Request {
    let mut it = eligible(READER);
    it.policy.as_mut().unwrap().minutes_max = minutes_max;
    with_eligible(vec![it])
}

fn called(name: &str, scope: Scope) -> DefinitionId {
    DefinitionId::at(scope, name.parse().unwrap()).unwrap()
}

fn judge(request: Request, existing: Option<Definition>) -> Result<Verdict, Refused> {
    let owned = roles();
    let roles = owned.iter().map(|role| (role.id, role)).collect();
    define(request, Facts { owner: CUSTOMER, existing, roles, made: system_data() })
}

#[track_caller]
fn accepts(request: Request) {
    let verdict = judge(request, None);
    assert!(matches!(verdict, Ok(Verdict::Create(_))), "{verdict:?}");
}

#[track_caller]
fn refuses(request: Request, expected: Refused, text: &str) {
    assert!(expected.to_string().contains(text), "{expected}");
    assert_eq!(judge(request, None), Err(expected));
}

fn role_refused(role: RoleId, why: Why) -> Refused {
    Refused::Role { id: request().id, role: called_by(role), why }
}

/// The role as the facts know it.
fn called_by(id: RoleId) -> NamedRole {
    let known = roles().into_iter().find(|it| it.id == id);
    NamedRole { id, name: known.map(|it| it.name) }
}

#[test]
fn a_new_definition_is_kept_as_it_was_asked_for() {
    assert_eq!(judge(request(), None), Ok(Verdict::Create(definition(SUBSCRIPTION))));
}

#[test]
fn b7_a_definition_stands_at_a_subscription_only() {
    let group = resource_group("app");
    let id = called(request().id.name().as_str(), group.clone());
    refuses(
        Request { id, ..request() },
        Refused::NotAtSubscription(group),
        "should be '/subscriptions/<subscriptionId>'",
    );
}

#[test]
fn a_definition_is_called_by_a_guid() {
    let id = called("ops", Scope::Subscription(SUBSCRIPTION));
    let refused = judge(Request { id, ..request() }, None).unwrap_err();
    assert!(matches!(refused, Refused::Name(_)));
    assert!(refused.to_string().ends_with("must be a valid Guid."), "{refused}");
}

#[test]
fn b15_a_tenant_cannot_delegate_to_itself() {
    refuses(
        Request { managed_by: CUSTOMER, ..request() },
        Refused::ToItself { id: request().id, tenant: CUSTOMER },
        "not allowed to use",
    );
}

#[test]
fn b21_only_built_in_roles_are_delegated() {
    refuses(asking_for(OWN_ROLE), role_refused(OWN_ROLE, Why::NotBuiltIn), "Only built in");
    let unknown = RoleId::new(Uuid::from_u128(0x404));
    refuses(asking_for(unknown), role_refused(unknown, Why::NotBuiltIn), "Only built in");
}

#[test]
fn b22_owner_is_never_delegated() {
    refuses(asking_for(OWNER), role_refused(OWNER, Why::Owner), "restricted for registration");
}

#[test]
fn b23_a_role_that_reaches_data_is_never_delegated() {
    refuses(
        asking_for(BLOB_READER),
        role_refused(BLOB_READER, Why::DataActions),
        "The role definition 'Blob Reader' with data actions not allowed for registration definition '/subscriptions/",
    );
}

#[test]
fn b24_a_role_that_gives_access_away_is_never_delegated() {
    let refused = role_refused(ACCESS_REVIEW, Why::RestrictedActions);
    assert!(refused.to_string().ends_with("because of restricted actions"));
    refuses(asking_for(ACCESS_REVIEW), refused, "Access Review");
    accepts(asking_for(CONTRIBUTOR));
}

#[test]
fn b25_user_access_administrator_lists_what_it_may_give() {
    accepts(delegating(USER_ACCESS_ADMINISTRATOR, &[CONTRIBUTOR]));
    let none = || Refused::NothingDelegated(request().id);
    refuses(delegating(USER_ACCESS_ADMINISTRATOR, &[]), none(), "delegatedRoleDefinitionIds");
    refuses(asking_for(USER_ACCESS_ADMINISTRATOR), none(), "delegatedRoleDefinitionIds");
    for (role, text, why) in [
        (OWNER, "restricted", Why::Owner),
        (USER_ACCESS_ADMINISTRATOR, "restricted", Why::UserAccessAdministrator),
        (ACCESS_REVIEW, "'Access Review'", Why::RestrictedActions),
        (OWN_ROLE, "'Contoso's own'", Why::NotBuiltIn),
    ] {
        let listing = delegating(USER_ACCESS_ADMINISTRATOR, &[READER, role]);
        refuses(listing, role_refused(role, why), text);
    }
}

#[test]
fn b27_no_other_role_delegates() {
    let refused = Refused::DelegatesByAnother { id: request().id, role: called_by(DELETE_ROLE) };
    refuses(delegating(DELETE_ROLE, &[READER]), refused, "only with role definition");
    accepts(delegating(READER, &[]));
}

#[test]
fn b29_what_user_access_administrator_may_give_may_reach_data() {
    accepts(delegating(USER_ACCESS_ADMINISTRATOR, &[BLOB_READER]));
}

#[test]
fn b31_a_definition_authorizes_somebody() {
    let nobody =
        Request { authorizations: Vec::new(), eligible: vec![eligible(READER)], ..request() };
    refuses(nobody, Refused::NoAuthorization(request().id), "at least one");
}

#[test]
fn b32_one_principal_may_hold_several_roles() {
    let both = [CONTRIBUTOR, DELETE_ROLE].map(|role| authorization(TIER1, role));
    accepts(Request { authorizations: both.into(), ..request() });
}

#[test]
fn a_definition_has_bounds() {
    let many = vec![authorization(TIER1, READER); AUTHORIZATIONS_MAX + 1];
    let refused = Refused::TooMany("authorizations", AUTHORIZATIONS_MAX);
    refuses(Request { authorizations: many, ..request() }, refused, "500");
    let long = Some("d".repeat(TEXT_CHARS_MAX + 1));
    refuses(
        Request { description: long, ..request() },
        Refused::TooLong("description"),
        "description",
    );
}

#[test]
fn b46_an_update_takes_the_place_of_what_was_there() {
    let later = asking_for(READER);
    let Ok(Verdict::Update(after)) = judge(later, Some(definition(SUBSCRIPTION))) else { panic!() };
    assert_eq!(after.authorizations, [authorization(TIER1, READER)]);
    assert_eq!(after.system_data.created_at, system_data().created_at);
}

#[test]
fn an_update_keeps_the_spelling_of_the_first() {
    let name = request().id.name().as_str().to_uppercase();
    let shouted = Request { id: called(&name, Scope::Subscription(SUBSCRIPTION)), ..request() };
    let Ok(Verdict::Update(after)) = judge(shouted, Some(definition(SUBSCRIPTION))) else {
        panic!()
    };
    assert_eq!(after.id.to_string(), request().id.to_string());
}

#[test]
fn b48_the_managing_tenant_never_changes() {
    let other = TenantId::new(Uuid::from_u128(0xB));
    let taken = judge(Request { managed_by: other, ..request() }, Some(definition(SUBSCRIPTION)));
    let refused = taken.unwrap_err();
    assert_eq!(refused, Refused::OtherTenant(request().id));
    assert!(refused.to_string().contains("property ManagedByTenantId not allowed to update"));
}

#[test]
fn what_was_taken_from_a_plan_becomes_nothing_else_and_the_other_way_round() {
    use model::samples::market::plan_version;
    let taken = |version: &str| Some(Accepted { customer: CUSTOMER, plan: plan_version(version) });
    let mut other = taken("1.0.0").unwrap();
    other.plan.slot = Slot::Preview;
    let there = |accepted| Some(Definition { accepted, ..definition(SUBSCRIPTION) });
    let asked = |accepted| Request { accepted, ..request() };
    for (before, wanted) in
        [(taken("1.0.0"), None), (None, taken("1.0.0")), (taken("1.0.0"), Some(other))]
    {
        let refused = judge(asked(wanted), there(before));
        assert_eq!(refused, Err(Refused::OtherPlan(request().id)));
    }
    let newer = judge(asked(taken("1.1.0")), there(taken("1.0.0")));
    assert!(matches!(newer, Ok(Verdict::Update(it)) if it.accepted == taken("1.1.0")));
}

#[test]
fn an_older_version_cannot_speak_of_eligible_authorizations() {
    let older = |request| Request { dialect: Dialect::Plain, ..request };
    refuses(older(with_eligible(vec![eligible(READER)])), TooOld.into(), ELIGIBLE);
    accepts(older(request()));
    let there = Definition { eligible: vec![eligible(READER)], ..definition(SUBSCRIPTION) };
    assert_eq!(judge(older(request()), Some(there)), Err(TooOld.into()));
}

const ELIGIBLE: &str = "at least '2020-02-01-preview'";

#[test]
fn b68_owner_and_user_access_administrator_are_never_eligible() {
    for role in [OWNER, USER_ACCESS_ADMINISTRATOR] {
        let refused = Refused::NeverEligible { id: request().id, role: called_by(role) };
        let text = format!("'{OWNER};{USER_ACCESS_ADMINISTRATOR}'");
        refuses(with_eligible(vec![eligible(role)]), refused, &text);
    }
    for (role, name, why) in [
        (BLOB_READER, "Blob Reader", Why::DataActions),
        (ACCESS_REVIEW, "Access Review", Why::RestrictedActions),
    ] {
        refuses(with_eligible(vec![eligible(role)]), role_refused(role, why), name);
    }
    accepts(with_eligible(vec![eligible(CONTRIBUTOR)]));
}

#[test]
fn b71_the_same_role_is_eligible_in_one_way_only() {
    let like = |change: fn(&mut JustInTimePolicy)| {
        let mut other = EligibleAuthorization { principal: object(0x72), ..eligible(READER) };
        other.policy.iter_mut().for_each(change);
        with_eligible(vec![eligible(READER), other])
    };
    accepts(like(|_| {}));
    for unlike in [
        like(|it| it.multi_factor = MultiFactor::None),
        like(|it| it.minutes_max = 30),
        like(|it| it.approvers = vec![approver(1, None)]),
    ] {
        let refused = Refused::Eligible(eligible::Refused::UnlikePolicies(READER));
        refuses(unlike, refused, "same justInTimeAccessPolicy");
    }
}

fn approver(n: u128, name: Option<&str>) -> Approver {
    Approver { principal: object(n), display_name: name.map(str::to_owned) }
}

#[test]
fn b71_policies_are_compared_by_what_they_mean() {
    let default = JustInTimePolicy {
        multi_factor: MultiFactor::None,
        minutes_max: 480,
        approvers: Vec::new(),
    };
    let with = |policy| EligibleAuthorization { policy, ..eligible(READER) };
    accepts(with_eligible(vec![with(None), with(Some(default.clone()))]));
    let approved_by = |approvers| with(Some(JustInTimePolicy { approvers, ..default.clone() }));
    accepts(with_eligible(vec![
        approved_by(vec![approver(1, Some("A")), approver(2, None)]),
        approved_by(vec![approver(2, None), approver(1, Some("B"))]),
    ]));
}

#[test]
fn b73_an_activation_lasts_half_an_hour_to_eight() {
    for minutes in [30, 45, 480] {
        accepts(lasting(minutes));
    }
    for minutes in [0, 29, 481, u32::MAX] {
        refuses(lasting(minutes), Refused::Eligible(eligible::Refused::Duration(READER)), "PT30M");
    }
}

#[test]
fn b74_at_most_ten_approve() {
    let approved_by = |count: usize| {
        let mut it = eligible(READER);
        let approver = Approver { principal: ObjectId::new(Uuid::nil()), display_name: None };
        it.policy.as_mut().unwrap().approvers = vec![approver; count];
        with_eligible(vec![it])
    };
    accepts(approved_by(10));
    let refused = Refused::Eligible(eligible::Refused::Approvers(READER, 11));
    refuses(approved_by(11), refused, "At most 10");
}

#[test]
fn the_same_guid_in_two_subscriptions_is_two_definitions() {
    let (ours, theirs) = (definition(SUBSCRIPTION).id, definition(NEIGHBOUR).id);
    assert_eq!(ours.name(), theirs.name());
    assert_ne!(ours, theirs);
    assert_eq!(definition(SUBSCRIPTION).managed_by, PROVIDER);
}
