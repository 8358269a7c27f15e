use access::index::PrincipalFacts;
use ids::resource::{ResourceId, RoleAssignmentId};
use ids::scope::Scope;
use model::{
    directory::GroupKind,
    samples::{
        ADA, CONTRIBUTOR, CUSTOMER, NEIGHBOUR, OLOF, PROVIDER, READER, now, object, principal,
        resource_group, role_assignment, whole,
    },
};
use uuid::Uuid;

use super::*;

/// The same at a management group.
fn at_group() -> PutAssignment {
    let group = Scope::ManagementGroup(CUSTOMER, "corp".parse().unwrap());
    PutAssignment { id: id(group, 1), ..request() }
}

/// An identity of a policy assignment in Contoso's subscription.
const BOT: Principal = principal(CUSTOMER, 0xB07);

fn id(scope: Scope, n: u128) -> RoleAssignmentId {
    RoleAssignmentId::at(scope, Uuid::from_u128(n).to_string().parse().unwrap()).unwrap()
}

fn policy(scope: &Scope) -> ResourceId {
    let path = format!("{scope}/providers/Microsoft.Authorization/policyAssignments/p");
    ResourceId::parse(&path, CUSTOMER).unwrap()
}

/// Contoso's owner makes the bot a reader.
fn request() -> PutAssignment {
    PutAssignment {
        id: id(whole(), 1),
        role: READER,
        principal: BOT.object,
        principal_type: None,
        description: None,
        condition: None,
        condition_version: None,
        managed_identity_of: None,
    }
}

fn facts() -> Facts {
    Facts {
        home: CUSTOMER,
        caller: OLOF,
        existing: None,
        held: Vec::new(),
        named: Vec::new(),
        role: Some(reader()),
        around: vec![whole(), Scope::Tenant(CUSTOMER)],
        principal: Some(PrincipalFacts { kind: PrincipalKind::ManagedIdentity, enabled: true }),
        identity: None,
        count: 0,
        now: now(),
    }
}

fn reader() -> RoleDefinition {
    RoleDefinition {
        id: READER,
        tenant: None,
        name: "Reader".to_owned(),
        description: String::new(),
        permissions: Vec::new(),
        assignable_scopes: vec![Scope::Tenant(CUSTOMER)],
        written: None,
    }
}

/// A role of Contoso's own, to be assigned there.
fn custom(at: Scope) -> RoleDefinition {
    RoleDefinition { tenant: Some(CUSTOMER), assignable_scopes: vec![at], ..reader() }
}

fn made() -> RoleAssignment {
    RoleAssignment {
        id: id(whole(), 1),
        principal_type: PrincipalType::ServicePrincipal,
        created_by: Some(OLOF.object),
        updated_by: Some(OLOF.object),
        ..role_assignment(whole(), BOT, READER)
    }
}

/// Fabrikam's engineer names the policy assignment whose identity the bot is.
fn delegated_request() -> PutAssignment {
    PutAssignment {
        managed_identity_of: Some(policy(&whole())),
        principal_type: Some(PrincipalType::ServicePrincipal),
        ..request()
    }
}

fn delegated_facts() -> Facts {
    Facts { caller: ADA, identity: Some(BOT), ..facts() }
}

fn kind(kind: PrincipalKind) -> PrincipalFacts {
    PrincipalFacts { kind, enabled: true }
}

#[test]
fn an_assignment_is_judged_by_its_facts() {
    let held = |scope: Scope, n: u128| RoleAssignment { id: id(scope, n), ..made() };
    let simple = Uuid::from_u128(9).simple().to_string();
    let typed = |it| PutAssignment { principal_type: Some(it), ..request() };
    let unmatched =
        Refused::OtherType { principal: BOT.object, is: "ServicePrincipal", wanted: "User" };
    let group = Some(kind(PrincipalKind::Group(GroupKind::Security)));
    let as_type = |principal_type| Ok(Put::Created(RoleAssignment { principal_type, ..made() }));
    let cases = [
        ("plain", request(), facts(), Ok(Put::Created(made()))),
        ("unknown role", request(), Facts { role: None, ..facts() }, Err(Refused::NoRole(READER))),
        (
            "same grant, other name",
            request(),
            Facts { held: vec![held(whole(), 9)], ..facts() },
            Err(Refused::Exists(Some(simple))),
        ),
        (
            "same grant elsewhere",
            request(),
            Facts { held: vec![held(resource_group("rg1"), 9)], ..facts() },
            Ok(Put::Created(made())),
        ),
        (
            "same name elsewhere",
            request(),
            Facts { named: vec![held(resource_group("rg1"), 1)], ..facts() },
            Err(Refused::UpdateNotPermitted),
        ),
        ("nobody", request(), Facts { principal: None, ..facts() }, Err(Refused::NoPrincipal(BOT))),
        (
            "nobody yet",
            typed(PrincipalType::Group),
            Facts { principal: None, ..facts() },
            as_type(PrincipalType::Group),
        ),
        ("wrong type", typed(PrincipalType::User), facts(), Err(unmatched)),
        (
            "a guest is a user",
            request(),
            Facts { principal: Some(kind(PrincipalKind::Guest { home: ADA })), ..facts() },
            as_type(PrincipalType::User),
        ),
        (
            "a group",
            request(),
            Facts { principal: group, ..facts() },
            as_type(PrincipalType::Group),
        ),
        ("full", request(), Facts { count: 4_000, ..facts() }, Err(Refused::LimitExceeded(4_000))),
        ("nearly full", request(), Facts { count: 3_999, ..facts() }, Ok(Put::Created(made()))),
        (
            "a full management group",
            at_group(),
            Facts { count: 500, ..facts() },
            Err(Refused::LimitExceeded(500)),
        ),
        (
            "a nearly full management group",
            at_group(),
            Facts { count: 499, ..facts() },
            Ok(Put::Created(RoleAssignment { id: at_group().id, ..made() })),
        ),
    ];
    for (name, request, facts, expected) in cases {
        assert_eq!(put(request, &facts), expected, "{name}");
    }
}

#[test]
fn a_custom_role_is_assigned_only_where_its_assignable_scopes_say() {
    let group = || Scope::ManagementGroup(CUSTOMER, "corp".parse().unwrap());
    let data = |mut role: RoleDefinition| {
        let data_actions = vec!["Microsoft.Storage/*/read".to_owned()];
        role.permissions.push(model::role::Permission { data_actions, ..Default::default() });
        role
    };
    let at_group = PutAssignment { id: id(group(), 1), ..request() };
    let up = [whole(), group(), Scope::Tenant(CUSTOMER)];
    let nowhere = Err(Refused::NoRole(READER));
    let cases = [
        ("here", request(), custom(whole()), None),
        ("around", request(), custom(group()), None),
        ("elsewhere", request(), custom(Scope::Subscription(NEIGHBOUR)), Some(nowhere.clone())),
        ("below only", request(), custom(resource_group("app")), Some(nowhere)),
        ("data in a subscription", request(), data(custom(group())), None),
        (
            "data at a management group",
            at_group.clone(),
            data(custom(group())),
            Some(Err(Refused::DataOutsideSubscription(READER))),
        ),
        ("a built-in one with data there", at_group, data(reader()), None),
    ];
    for (name, request, role, refused) in cases {
        let around = up.iter().skip_while(|it| *it != request.id.scope()).cloned().collect();
        let answer = put(request, &Facts { role: Some(role), around, ..facts() });
        match refused {
            Some(refused) => assert_eq!(answer, refused, "{name}"),
            None => assert!(answer.is_ok(), "{name}: {answer:?}"),
        }
    }
}

#[test]
fn what_stands_changes_in_its_description_only() {
    let existing = || Facts { existing: Some(made()), now: now(), ..facts() };
    let described = PutAssignment { description: Some("why".to_owned()), ..request() };
    let after = RoleAssignment { description: Some("why".to_owned()), ..made() };
    let to = |principal: ObjectId, role| PutAssignment { role, principal, ..request() };
    let cases = [
        ("asked again", request(), Ok(Put::Unchanged(made()))),
        ("described", described, Ok(Put::Updated(after))),
        ("another role", to(BOT.object, CONTRIBUTOR), Err(Refused::UpdateNotPermitted)),
        ("another principal", to(object(8), READER), Err(Refused::UpdateNotPermitted)),
    ];
    for (name, request, expected) in cases {
        assert_eq!(put(request, &existing()), expected, "{name}");
    }
}

#[test]
fn a_condition_is_kept_with_its_version_and_within_bounds() {
    let with = |condition: &str, version: Option<&str>| {
        let condition_version = version.map(str::to_owned);
        let request =
            PutAssignment { condition: Some(condition.to_owned()), condition_version, ..request() };
        put(request, &facts()).map(|put| put.into_inner().condition_version)
    };
    let two = Some("2.0".to_owned());
    let said = "@Environment[isPrivateLink] BoolEquals true";
    assert_eq!(with(said, None), Ok(two.clone()));
    assert_eq!(with(said, Some("2.0")), Ok(two));
    for other in ["1.0", "3.0"] {
        assert_eq!(with(said, Some(other)), Err(Refused::ConditionVersion(other.to_owned())));
    }
    assert_eq!(with(&"x".repeat(8_193), None), Err(Refused::TooLong("condition", 8_192)));
}

#[test]
fn a_condition_that_cannot_be_read_is_refused_with_its_place_and_what_helps() {
    let condition = Some("@Resource[x] Equals 'y'".to_owned());
    let refused = put(PutAssignment { condition, ..request() }, &facts()).unwrap_err();
    assert!(matches!(&refused, Refused::Condition(it) if it.at == 14), "{refused:?}");
    let said = refused.to_string();
    let start = "The given role assignment condition is invalid: `Equals`, which is no operator at character 14. Use an operator";
    assert!(said.starts_with(start), "{said}");
}

#[test]
fn a_condition_on_an_attribute_that_nothing_has_is_refused_at_its_place() {
    let text =
        "ActionMatches{'*/read'} OR @Request[Microsoft.Storrage/accounts:name] StringEquals 'y'";
    let refused =
        put(PutAssignment { condition: Some(text.to_owned()), ..request() }, &facts()).unwrap_err();
    let said = "The given role assignment condition is invalid: `@Request[Microsoft.Storrage/accounts:nam`, an attribute that nothing has at character 28. ";
    assert!(refused.to_string().starts_with(said), "{refused}");
}

#[test]
fn a_managing_tenant_assigns_to_managed_identities_of_the_subscription_only() {
    let neighbour = Scope::Subscription(NEIGHBOUR);
    let at = |scope: Scope| PutAssignment { id: id(scope, 1), ..delegated_request() };
    let of = |scope: &Scope| PutAssignment {
        managed_identity_of: Some(policy(scope)),
        ..delegated_request()
    };
    let made = RoleAssignment {
        made_by: Some(PROVIDER),
        delegated_managed_identity: Some(policy(&whole())),
        created_by: Some(ADA.object),
        updated_by: Some(ADA.object),
        ..made()
    };
    let app = resource_group("app");
    let below = RoleAssignment { delegated_managed_identity: Some(policy(&app)), ..made.clone() };
    let other = Undelegated::OtherIdentity;
    let tenant = Scope::Tenant(CUSTOMER);
    let cases = [
        ("as documented", delegated_request(), delegated_facts(), Ok(Put::Created(made))),
        ("no resource named", request(), delegated_facts(), Err(Undelegated::NoResource.into())),
        (
            "b34: not called a service principal",
            PutAssignment { principal_type: None, ..delegated_request() },
            delegated_facts(),
            Err(Undelegated::NoType.into()),
        ),
        (
            "a user",
            delegated_request(),
            Facts { identity: None, ..delegated_facts() },
            Err(other.into()),
        ),
        (
            "another resource's identity",
            delegated_request(),
            Facts { identity: Some(principal(CUSTOMER, 0xB08)), ..delegated_facts() },
            Err(other.into()),
        ),
        (
            "the same id in another tenant",
            delegated_request(),
            Facts { identity: Some(principal(PROVIDER, 0xB07)), ..delegated_facts() },
            Err(other.into()),
        ),
        ("another subscription's resource", of(&neighbour), delegated_facts(), Err(other.into())),
        ("a resource of its group", of(&app), delegated_facts(), Ok(Put::Created(below))),
        (
            "outside subscriptions",
            at(tenant),
            delegated_facts(),
            Err(Undelegated::OutsideSubscription.into()),
        ),
    ];
    for (name, request, facts, expected) in cases {
        assert_eq!(put(request, &facts), expected, "{name}");
    }
}

#[test]
fn an_owner_of_the_home_tenant_may_name_any_resource() {
    let put = put(delegated_request(), &facts()).unwrap().into_inner();
    assert_eq!(put.delegated_managed_identity, Some(policy(&whole())));
    assert_eq!(put.made_by, None);
}

#[test]
fn a_managing_tenant_learns_nothing_of_the_customers_grants() {
    let held =
        Facts { held: vec![RoleAssignment { id: id(whole(), 9), ..made() }], ..delegated_facts() };
    assert_eq!(put(delegated_request(), &held), Err(Refused::Exists(None)));
    let existing = Facts { existing: Some(made()), ..delegated_facts() };
    assert_eq!(put(delegated_request(), &existing), Err(Refused::UpdateNotPermitted));
}

#[test]
fn whom_an_assignment_is_shown_to_may_remove_it() {
    let theirs = || RoleAssignment { made_by: Some(PROVIDER), ..made() };
    let third = model::samples::principal(ids::guid::TenantId::new(Uuid::from_u128(3)), 1).tenant;
    let removal = |viewer, last_admin| Removal { home: CUSTOMER, viewer, last_admin };
    let cases = [
        ("none", None, removal(CUSTOMER, false), Ok(None)),
        ("the customer's own", Some(made()), removal(CUSTOMER, false), Ok(Some(made()))),
        (
            "the provider's, by the customer",
            Some(theirs()),
            removal(CUSTOMER, false),
            Ok(Some(theirs())),
        ),
        ("the provider's own", Some(theirs()), removal(PROVIDER, false), Ok(Some(theirs()))),
        ("the customer's, by the provider", Some(made()), removal(PROVIDER, false), Ok(None)),
        ("another provider's", Some(theirs()), removal(third, false), Ok(None)),
        ("the last one", Some(made()), removal(CUSTOMER, true), Err(Refused::LastAdmin)),
    ];
    for (name, existing, facts, expected) in cases {
        assert_eq!(delete(existing, &facts), expected, "{name}");
    }
}
