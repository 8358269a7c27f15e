//! What a manifest gives, operation by operation: as if a customer had accepted it, and everybody
//! whom it names asked for each.

use std::collections::{BTreeMap, BTreeSet};

use access::{catalogue::Catalogue, index::Index};
use ids::{
    clock::Revision,
    guid::{ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    name::Name,
    resource::{AssignmentId, DefinitionId},
    scope::{BadId, Scope},
};
use jiff::Timestamp;
use market::rights::{Activation, Effective, Held, Rights};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Authorization, Definition, Hurdle},
    directory::{Profile, User, UserKind},
    market::manifest::Manifest,
    question::{Question, Via},
    resource::{CreatorType, SystemData},
    tree::{Subscription, SubscriptionState, Tags},
};
use uuid::Uuid;

/// A customer who has just one subscription. That tenant's id is nobody's.
const CUSTOMER: TenantId =
    TenantId::new(Uuid::from_u128(0xC057_0000_0000_4000_8000_0000_0000_0001));
const SUBSCRIPTION: SubscriptionId =
    SubscriptionId::new(Uuid::from_u128(0xC057_0000_0000_4000_8000_0000_0000_0002));
const NAME: Uuid = Uuid::from_u128(0xC057_0000_0000_4000_8000_0000_0000_0003);

/// What the manifest gives of these operations, to each of its principals. Who is in a group has
/// what the group has.
pub fn effective<'a>(manifest: &Manifest, operations: &[&'a str]) -> Result<Effective<'a>, BadId> {
    let place = Place::new(manifest.tenant)?;
    let always = place.accepted(&manifest.authorizations, &manifest.principals());
    let mut held: BTreeMap<ObjectId, Held<'a>> = BTreeMap::new();
    for object in manifest.principals() {
        let gives = listed(manifest, object);
        let rights = place.rights(&always, object, &gives, operations);
        held.entry(object).or_default().always = rights;
    }
    for it in &manifest.eligible {
        let active = Authorization {
            principal: it.principal,
            role: it.role,
            display_name: None,
            delegated_roles: None,
        };
        let index = place.accepted(&[active], &[it.principal].into());
        let rights = place.rights(&index, it.principal, &BTreeSet::new(), operations);
        let activation = Activation { hurdle: Hurdle::of(it), rights };
        held.entry(it.principal).or_default().activated.insert(it.role, activation);
    }
    Ok(Effective { tenant: manifest.tenant, held })
}

/// The roles that the manifest lets somebody give, whether or not it can.
fn listed(manifest: &Manifest, object: ObjectId) -> BTreeSet<RoleId> {
    let its = manifest.authorizations.iter().filter(|it| it.principal == object);
    its.flat_map(|it| it.delegated_roles.iter().flatten().copied()).collect()
}

/// Where it is accepted.
struct Place {
    managing: TenantId,
    definition: DefinitionId,
    assignment: AssignmentId,
}

impl Place {
    fn new(managing: TenantId) -> Result<Self, BadId> {
        let (whole, name) = (Scope::Subscription(SUBSCRIPTION), NAME.to_string());
        let name: Name = name.parse()?;
        Ok(Self {
            managing,
            definition: DefinitionId::at(whole.clone(), name.clone())?,
            assignment: AssignmentId::at(whole, name)?,
        })
    }

    /// The facts once these authorizations are accepted, and all of their principals people.
    fn accepted(&self, authorizations: &[Authorization], who: &BTreeSet<ObjectId>) -> Index {
        let people = who.iter().map(|&object| Noun::User(person(self.principal(object))));
        let subscription = Noun::Subscription(Subscription {
            id: SUBSCRIPTION,
            tenant: CUSTOMER,
            display_name: String::new(),
            state: SubscriptionState::Enabled,
            parent: None,
            tags: Tags::new(),
            registered_by_default: true,
        });
        let definition = Noun::Definition(Definition {
            id: self.definition.clone(),
            managed_by: self.managing,
            name: None,
            description: None,
            authorizations: authorizations.to_vec(),
            eligible: Vec::new(),
            accepted: None,
            system_data: nobody(),
        });
        let assignment = Noun::Assignment(Assignment {
            id: self.assignment.clone(),
            definition: self.definition.clone(),
            definition_as_sent: self.definition.to_string(),
            managed_by: self.managing,
            partner: None,
            period: None,
            system_data: nobody(),
        });
        let nouns = people.chain([subscription, definition, assignment]);
        let changes: Vec<Change> = nouns.map(Change::Put).collect();
        Index::new(Catalogue::builtin()).after(&changes, Revision(1))
    }

    fn principal(&self, object: ObjectId) -> Principal {
        Principal { tenant: self.managing, object }
    }

    fn rights<'a>(
        &self,
        index: &Index,
        object: ObjectId,
        gives: &BTreeSet<RoleId>,
        operations: &[&'a str],
    ) -> Rights<'a> {
        let may = |question: &Question| {
            index.check(self.principal(object), question, Timestamp::UNIX_EPOCH).is_allowed()
        };
        let at = |action: Action, via: Via| Question {
            action,
            scope: Scope::Subscription(SUBSCRIPTION),
            via,
        };
        let is_allowed = |name: &&&str| may(&at(Action::named(**name), Via::Any));
        let can_give = |role: &&RoleId| {
            may(&at(Action::ROLE_ASSIGNMENTS_WRITE, Via::Assigning((**role).into())))
        };
        let leaving = Question {
            action: Action::ASSIGNMENTS_DELETE,
            scope: Scope::Resource(self.assignment.as_resource().clone()),
            via: Via::DeleteRole,
        };
        Rights {
            operations: operations.iter().filter(is_allowed).copied().collect(),
            gives: gives.iter().filter(can_give).copied().collect(),
            leaves: may(&leaving),
        }
    }
}

fn person(principal: Principal) -> User {
    User {
        principal,
        user_principal_name: principal.object.to_string(),
        display_name: String::new(),
        enabled: true,
        kind: UserKind::Member,
        profile: Profile::default(),
    }
}

fn nobody() -> SystemData {
    SystemData::created("", CreatorType::Application, Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use market::{
        difference::{Overall, difference},
        secrets,
    };
    use model::{
        delegation::EligibleAuthorization,
        samples::{
            self, CONTRIBUTOR, DELETE_ROLE, OWNER, PROVIDER, READER, USER_ACCESS_ADMINISTRATOR,
            object,
        },
    };

    use super::*;

    const OPERATIONS: [&str; 6] = [
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "Microsoft.Authorization/roleAssignments/write",
        "Microsoft.ManagedServices/registrationAssignments/delete",
        "Microsoft.Support/supportTickets/write",
    ];

    fn grant(n: u128, role: RoleId) -> Authorization {
        Authorization { principal: object(n), role, display_name: None, delegated_roles: None }
    }

    fn manifest(authorizations: Vec<Authorization>, eligible: &[(u128, RoleId)]) -> Manifest {
        let eligible = eligible.iter().map(|&(n, role)| EligibleAuthorization {
            principal: object(n),
            role,
            display_name: None,
            policy: None,
        });
        Manifest { tenant: PROVIDER, authorizations, eligible: eligible.collect() }
    }

    fn held(manifest: &Manifest, n: u128) -> Held<'static> {
        effective(manifest, &OPERATIONS).unwrap().held.remove(&object(n)).unwrap()
    }

    #[test]
    fn a_delegated_role_gives_what_is_left_of_it_and_no_more() {
        let [read, write, keys, ..] = OPERATIONS;
        let is = |role: RoleId, expected: &[&str]| {
            let held = held(&manifest(vec![grant(1, role)], &[]), 1);
            assert_eq!(held.always.operations, expected.iter().copied().collect(), "{role}");
        };
        is(READER, &[read]);
        is(CONTRIBUTOR, &[read, write, keys, OPERATIONS[4], OPERATIONS[5]]);
        is(OWNER, &[]);
        is(samples::USER_ACCESS_ADMINISTRATOR, &[OPERATIONS[5]]);
    }

    #[test]
    fn who_may_give_roles_and_who_may_leave_is_told() {
        let admin = Authorization {
            delegated_roles: Some(vec![CONTRIBUTOR, OWNER]),
            ..grant(1, USER_ACCESS_ADMINISTRATOR)
        };
        let manifest = manifest(vec![admin, grant(2, DELETE_ROLE)], &[]);
        assert_eq!(held(&manifest, 1).always.gives, [CONTRIBUTOR].into(), "never Owner");
        assert!(!held(&manifest, 1).always.leaves);
        assert!(held(&manifest, 2).always.leaves);
    }

    #[test]
    fn what_can_be_activated_stands_apart_from_what_holds_always() {
        let held = held(&manifest(vec![grant(1, READER)], &[(1, CONTRIBUTOR)]), 1);
        assert_eq!(held.always.operations, [OPERATIONS[0]].into());
        assert!(held.activated[&CONTRIBUTOR].rights.operations.contains(OPERATIONS[2]));
    }

    #[test]
    fn the_difference_of_two_manifests_is_the_difference_of_what_check_answers() {
        let before = manifest(vec![grant(1, READER), grant(2, CONTRIBUTOR)], &[]);
        let after = manifest(vec![grant(1, CONTRIBUTOR)], &[(2, CONTRIBUTOR)]);
        let (before, after) =
            (effective(&before, &OPERATIONS).unwrap(), effective(&after, &OPERATIONS).unwrap());
        let found = difference(&before, &after);
        assert_eq!(found.overall(), Overall::Both);
        let gained = &found.changes[&samples::principal(PROVIDER, 1)].gained.operations;
        assert!(gained.iter().any(|it| secrets::reveals(it)), "{gained:?}");
        let second = &found.changes[&samples::principal(PROVIDER, 2)];
        assert_eq!(second.lost.operations.len(), 5);
        assert!(second.easier.is_empty(), "what had no hurdle has one now");
    }
}
