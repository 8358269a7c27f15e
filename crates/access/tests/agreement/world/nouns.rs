//! Single things, each drawn from a few numbers.

use ids::{
    guid::{Principal, RoleId},
    name::Name,
    resource::{AssignmentId, DefinitionId, DenyAssignmentId, LockId, RoleAssignmentId},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Assignment, Authorization, Definition},
    directory::{Group, GroupKind, ServicePrincipal, ServicePrincipalKind, User, UserKind},
    role::{Denied, DenyAssignment, Lock, LockLevel, Permission, RoleAssignment, RoleDefinition},
    samples,
    settings::{Profile, Settings},
    tree::{ManagementGroup, Subscription},
};
use uuid::Uuid;

use super::{CUSTOM, OBJECTS, TENANTS, name, object, pick, principal, roles, scope, subscription};

/// Objects 1 and 2 are people, 3 is an application, 4 and 5 security groups, 6 either kind.
pub(super) fn someone(principal: Principal, n: u8, [c, d, e]: [u8; 3]) -> Noun {
    let enabled = c % 3 != 0;
    match n % OBJECTS {
        0 | 1 => {
            let is_guest = principal.tenant == TENANTS[0] && n % OBJECTS == 1 && d % 4 > 0;
            let home = Principal { tenant: TENANTS[2], ..principal };
            let kind = if is_guest { UserKind::Guest { home } } else { UserKind::Member };
            Noun::User(User { enabled, kind, ..samples::user(principal, "u") })
        }
        2 => Noun::ServicePrincipal(ServicePrincipal {
            principal,
            app: samples::caller(principal).app,
            display_name: "a".to_owned(),
            enabled,
            kind: ServicePrincipalKind::Application,
        }),
        n => {
            let kind =
                if n == 5 && e % 2 > 0 { GroupKind::Microsoft365 } else { GroupKind::Security };
            Noun::Group(Group { kind, ..samples::group(principal, "g") })
        }
    }
}

pub(super) fn managed(a: u8, b: u8) -> ManagementGroup {
    let parents = [None, Some(name("a")), Some(name("B")), Some(name("c"))];
    ManagementGroup {
        tenant: TENANTS[0],
        name: pick(&[name("a"), name("b"), name("c")], a),
        display_name: String::new(),
        parent: pick(&parents, b),
    }
}

pub(super) fn place(a: u8, [b, c, d]: [u8; 3]) -> Subscription {
    let parents = [Some(name("a")), Some(name("b")), Some(name("gone")), None, Some(name("C"))];
    let owner = if c < 230 { TENANTS[0] } else { pick(&TENANTS, a / 2) };
    Subscription {
        parent: pick(&parents, b.wrapping_add(d)),
        ..samples::subscription(subscription(a), owner)
    }
}

/// What roles and their assignments depend on: a condition that nobody can read, ones of what is
/// done, ones of what is assigned, and one of what nobody knows.
const CONDITIONS: [&str; 8] = [
    "true",
    "!(ActionMatches{'Microsoft.Storage/*'})",
    "ActionMatches{'*/read'} OR ActionMatches{'Microsoft.Storage/storageAccounts/Delete'}",
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7, 92aaf0da9dab42b694a3d43ce8d16293})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] GuidEquals acdd72a7-3385-48ef-bd42-f606fba81ae7))",
    "!(ActionMatches{'Microsoft.Authorization/*'}) OR @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'serviceprincipal'",
    "@Request[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAllValues:GuidNotEquals {00000000-0000-0000-0000-000000000001, 00000000-0000-0000-0000-000000000002} AND ActionMatches{'*/write'}",
    "!(@Resource[Microsoft.Authorization/roleAssignments:PrincipalType] StringNotEqualsIgnoreCase 'User') OR ActionMatches{'*/read'}",
    "@Resource[HasObotoken] boolequals true && ActionMatches{'*'}",
];

pub(super) fn permissions(n: u8) -> Vec<Permission> {
    let texts = |texts: &[&str]| texts.iter().map(|&it| it.to_owned()).collect();
    let storage = Permission { actions: texts(&["Microsoft.Storage/*"]), ..Permission::default() };
    let all_but = Permission {
        actions: texts(&["*"]),
        not_actions: texts(&["*/write ", "Microsoft.Storage/*/action"]),
        ..Permission::default()
    };
    let condition = Some(pick(&CONDITIONS, n / 4).to_owned());
    let conditional = Permission { condition, ..storage.clone() };
    match n % 4 {
        0 => vec![storage],
        1 => vec![all_but],
        2 => vec![all_but, conditional],
        _ => vec![conditional],
    }
}

pub(super) fn custom(a: u8, b: u8) -> RoleDefinition {
    RoleDefinition {
        id: RoleId::new(Uuid::from_u128(CUSTOM)),
        tenant: Some(pick(&TENANTS, a % 2)),
        name: "Custom".to_owned(),
        description: String::new(),
        permissions: permissions(b),
        assignable_scopes: vec![Scope::Tenant(TENANTS[0])],
        written: None,
    }
}

pub(super) fn settings(a: u8, b: u8) -> Settings {
    let profile = if a % 3 > 0 { Profile::Azure } else { Profile::Strict };
    Settings { profile, guest_delegation: b % 4 == 0, ..Settings::default() }
}

pub(crate) fn named(n: u8) -> Name {
    name(&Uuid::from_u128(0x10 + u128::from(n)).to_string())
}

pub(super) fn granted([a, b, c, d, e, f]: [u8; 6]) -> RoleAssignment {
    let (scope, tenant) = (scope(a), if b < 225 { 0 } else { b });
    let weighted = [0, 0, 1, 1, 2, 3, 4, 5, 9, 9, 9, 8];
    let role = pick(&roles(), pick(&weighted, d));
    RoleAssignment {
        id: RoleAssignmentId::at(scope.clone(), named(f % 5)).unwrap(),
        condition: (e % 5 == 0).then(|| pick(&CONDITIONS, e / 5).to_owned()),
        ..samples::role_assignment(scope, principal(tenant, c), role)
    }
}

pub(crate) fn denied([a, b, c, d, e, f]: [u8; 6]) -> DenyAssignment {
    let someone = |n: u8| principal(n % 2, c);
    let these = [Denied::Everyone, Denied::Everyone, Denied::These(vec![someone(b), someone(e)])];
    DenyAssignment {
        id: DenyAssignmentId::at(scope(a), named(f % 2)).unwrap(),
        name: "deny".to_owned(),
        description: String::new(),
        permissions: permissions(d),
        principals: pick(&these, b),
        exclude: (0..e % 3).map(|n| principal(n, c.wrapping_add(3 * n))).collect(),
        does_not_apply_to_child_scopes: d % 3 == 0,
        is_system_protected: true,
    }
}

pub(crate) fn locked(a: u8, b: u8, c: u8) -> Lock {
    let level = if b % 2 == 0 { LockLevel::ReadOnly } else { LockLevel::CanNotDelete };
    Lock { id: LockId::at(scope(a), named(c % 2)).unwrap(), level, notes: None }
}

pub(super) fn defined([a, b, c, d, e, f, g]: [u8; 7]) -> Definition {
    let weighted = [1, 1, 2, 3, 3, 3, 3, 3, 4, 4, 0, 5, 6, 7, 9];
    let role = |n: u8| pick(&roles(), pick(&weighted, n));
    let assignable = |n: u8| {
        (n % 4 > 0).then(|| {
            vec![pick(&[samples::READER, samples::CONTRIBUTOR], n / 4), pick(&roles(), n / 2)]
        })
    };
    let authorization = |principal: u8, n: u8| Authorization {
        principal: object(pick(&[0, 3, 3, 4, 2, principal], principal)),
        role: role(n),
        display_name: None,
        delegated_roles: assignable(g.wrapping_add(n)),
    };
    // What most definitions ask for, so that one delegation's end may touch another.
    let usual = Authorization { principal: object(3), role: role(c % 2), ..authorization(d, c) };
    let whole = Scope::Subscription(subscription(if a < 160 { 0 } else { a }));
    let sample = samples::definition(subscription(0));
    Definition {
        id: DefinitionId::at(whole, named(b % 3)).unwrap(),
        managed_by: if a % 8 == 0 { TENANTS[0] } else { TENANTS[1] },
        authorizations: vec![usual, authorization(e, f), authorization(d, g)],
        ..sample
    }
}

pub(super) fn assigned([a, b, c, d]: [u8; 4]) -> Assignment {
    let home = subscription(if a < 160 { 0 } else { a });
    let whole = Scope::Subscription(home);
    let group = Scope::parse(&format!("{whole}/resourceGroups/rg1"), TENANTS[0]).unwrap();
    let scope = pick(&[whole.clone(), group, whole], b);
    let stray = if d % 16 == 0 { subscription(d) } else { home };
    let definition = DefinitionId::at(Scope::Subscription(stray), named(c % 3)).unwrap();
    Assignment {
        id: AssignmentId::at(scope.clone(), named(0x40 + c % 3)).unwrap(),
        definition,
        managed_by: if d % 8 == 1 { TENANTS[0] } else { TENANTS[1] },
        ..samples::assignment(scope)
    }
}
