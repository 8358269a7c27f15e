//! Small worlds drawn from bytes: every eight bytes are something that happens, or a question.
//!
//! Pools are small on purpose, so that things meet: the same object ids stand in every tenant,
//! `rg1` beside `rg10`, groups and management groups in rings.

mod nouns;

use ids::{
    guid::{ObjectId, Principal, RoleId, SubscriptionId, TenantId},
    name::Name,
    resource::AssignmentId,
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Authorization, Definition},
    directory::{Membership, OPERATORS},
    question::{Assigned, Question, Via},
    role::PrincipalType,
    samples,
};
use uuid::Uuid;

use self::nouns::{assigned, custom, defined, granted, managed, place, settings, someone};
pub(crate) use self::nouns::{denied, locked, named};

/// Eight numbers that decide everything about one step.
pub(crate) type Draw = [u8; 8];

pub(crate) const TENANTS: [TenantId; 3] = [samples::CUSTOMER, samples::PROVIDER, OPERATORS];
const OBJECTS: u8 = 6;

const ACCESS: &str = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"; // Role Based Access Control Administrator
const SUPPORT: &str = "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e"; // Support Request Contributor
const LOGS: &str = "92aaf0da-9dab-42b6-94a3-d43ce8d16293"; // Log Analytics Contributor: data actions
const DEVBOX: &str = "45d50f46-0b78-4001-a660-4198cbe8cd05"; // DevCenter Dev Box User: data actions only
const CUSTOM: u128 = 0xC057;

const READ: &str = "Microsoft.Storage/storageAccounts/read";
const WRITE: &str = "microsoft.storage/STORAGEACCOUNTS/write";
const DELETE: &str = "Microsoft.Storage/storageAccounts/delete";
const KEYS: &str = "Microsoft.Storage/storageAccounts/listKeys/action";
const SUPPORT_WRITE: &str = "Microsoft.Support/supportTickets/write";
/// A data action of `DEVBOX`, which Owner's `*` matches by its letters.
const START: &str = "Microsoft.DevCenter/projects/users/devboxes/userStart/action";
const ASSIGN: &str = "Microsoft.Authorization/roleAssignments/write";
const LOCKS: [&str; 2] =
    ["Microsoft.Authorization/locks/delete", "Microsoft.Authorization/locks/write"];

fn pick<T: Clone>(pool: &[T], n: u8) -> T {
    pool[usize::from(n) % pool.len()].clone()
}

pub(crate) fn roles() -> Vec<RoleId> {
    let parsed = |text: &str| text.parse().unwrap();
    vec![
        samples::OWNER,
        samples::CONTRIBUTOR,
        samples::READER,
        samples::USER_ACCESS_ADMINISTRATOR,
        samples::DELETE_ROLE,
        parsed(ACCESS),
        parsed(SUPPORT),
        parsed(LOGS),
        parsed(DEVBOX),
        RoleId::new(Uuid::from_u128(CUSTOM)),
    ]
}

pub(crate) fn subscription(n: u8) -> SubscriptionId {
    SubscriptionId::new(Uuid::from_u128(0x50 + u128::from(n % 3)))
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// Places to stand at, from the tenant to an extension of a child resource.
pub(crate) fn scopes() -> Vec<Scope> {
    let mut all: Vec<Scope> = TENANTS.iter().take(2).copied().map(Scope::Tenant).collect();
    all.extend(["a", "b", "c"].map(|it| Scope::ManagementGroup(TENANTS[0], name(it))));
    for n in 0..3 {
        let whole = Scope::Subscription(subscription(n));
        for path in [
            "",
            "/resourceGroups/rg1",
            "/resourceGroups/RG10",
            "/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/s",
            "/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/s/blobServices/default",
        ] {
            all.push(Scope::parse(&format!("{whole}{path}"), TENANTS[0]).unwrap());
        }
    }
    all
}

/// Scopes of the first subscription twice as often: things are to meet.
fn scope(n: u8) -> Scope {
    let all = scopes();
    if n < 100 { pick(&all[2..10], n) } else { pick(&all, n) }
}

fn principal(tenant: u8, n: u8) -> Principal {
    samples::principal(pick(&TENANTS, tenant), u128::from(n % OBJECTS) + 1)
}

fn object(n: u8) -> ObjectId {
    samples::object(u128::from(n % OBJECTS) + 1)
}

/// What has happened, and what is there now.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) changes: Vec<Change>,
    pub(crate) live: Vec<Noun>,
}

impl World {
    /// A world with people, groups and subscriptions, to which all this happens.
    pub(crate) fn of(draws: &[Draw]) -> Self {
        let mut world = Self::default();
        let kind = u8::from(draws.first().is_some_and(|draw| draw[6] % 4 == 0));
        for (tenant, id) in (0..).zip(TENANTS) {
            world.put(Noun::Tenant(samples::tenant(id, "t")));
            (0..OBJECTS).for_each(|n| {
                world.put(someone(principal(tenant, n), n, [250, 250, 250 + tenant % 2 * kind]));
            });
            for (group, member) in [(3, 0), (4, 3), (5, 1), (3, 5)] {
                let group = principal(tenant, group);
                world.put(Noun::Membership(Membership { group, member: object(member) }));
            }
        }
        if draws.first().is_some_and(|draw| draw[5] % 3 == 0) {
            world.put(someone(principal(2, 1), 1, [0; 3]));
        }
        world.put(Noun::RoleDefinition(custom(0, 1)));
        let root = Scope::Tenant(OPERATORS);
        let operators = samples::role_assignment(root, principal(2, 3), samples::OWNER);
        // Beside what happens to the rest, which no draw turns to.
        world.changes.push(Change::Put(Noun::RoleAssignment(operators)));
        for n in 0..3 {
            world.put(Noun::Subscription(place(n, [0, 250, n])));
        }
        for n in 0..3 {
            world.put(Noun::ManagementGroup(managed(n, n)));
        }
        world.put(Noun::Settings(settings(draws.first().map_or(0, |draw| draw[7]), 1)));
        for draw in draws {
            world.happen(*draw);
        }
        world
    }

    fn put(&mut self, noun: Noun) {
        self.changes.push(Change::Put(noun.clone()));
        let id = key(&noun);
        self.live.retain(|other| key(other) != id);
        self.live.push(noun);
    }

    fn happen(&mut self, draw: Draw) {
        let [kind, a, b, c, d, e, f, g] = draw;
        let noun = match kind % 32 {
            0 if f < 64 => someone(principal(2, 1), 1, [c, d, e]), // where guests are at home
            0 | 1 => someone(principal(a % 2, b), b, [c, d, e]),
            2 => Noun::Membership(Membership { group: principal(a, 3 + b % 3), member: object(c) }),
            3 => Noun::ManagementGroup(managed(a, b)),
            4 => Noun::Subscription(place(a, [b, c, d])),
            5 => Noun::RoleDefinition(custom(a, b)),
            6 => Noun::Settings(settings(a, b)),
            7..=12 => Noun::RoleAssignment(granted([a, b, c, d, e, f])),
            13 => Noun::DenyAssignment(denied([a, b, c, d, e, f])),
            14 | 15 => Noun::Lock(locked(a, b, c)),
            16..=20 => Noun::Definition(defined([a, b, c, d, e, f, g])),
            21..=26 => Noun::Assignment(self.assigned([a, b, c, d])),
            27..=30 => return self.unassign(a, b),
            _ => return self.remove(usize::from(a) + 256 * usize::from(b), c),
        };
        self.put(noun);
    }

    /// A definition that is there, as a rule by its own managing tenant; or some other one.
    fn assigned(&self, [a, b, c, d]: [u8; 4]) -> Assignment {
        let definitions = self.live.iter().filter_map(|noun| match noun {
            Noun::Definition(it) => Some(it.clone()),
            _ => None,
        });
        let definitions: Vec<Definition> = definitions.collect();
        if definitions.is_empty() || d % 16 == 0 {
            return assigned([a, b, c, d]);
        }
        let definition = pick(&definitions, c);
        let whole = definition.id.scope().clone();
        let group = Scope::parse(&format!("{whole}/resourceGroups/rg1"), TENANTS[0]).unwrap();
        let scope = pick(&[whole.clone(), group, whole], b);
        Assignment {
            id: AssignmentId::at(scope.clone(), definition.id.name().clone()).unwrap(),
            definition: definition.id,
            managed_by: definition.managed_by,
            ..samples::assignment(scope)
        }
    }

    /// A delegation ends, and perhaps a like one with it.
    fn unassign(&mut self, n: u8, how: u8) {
        let is_assignment = |noun: &Noun| matches!(noun, Noun::Assignment(_));
        let all = (0..self.live.len()).filter(|at| is_assignment(&self.live[*at]));
        let all: Vec<usize> = all.collect();
        if !all.is_empty() {
            self.end(pick(&all, n), how);
        }
    }

    /// Something goes: rather one of the later things. Tenants stay, since the book goes from them to
    /// what is held in each.
    fn remove(&mut self, n: usize, how: u8) {
        let place = self.live.len() - 1 - n % self.live.len().min(20);
        if !matches!(self.live[place], Noun::Tenant(_)) {
            self.end(place, how);
        }
    }

    fn end(&mut self, place: usize, how: u8) {
        let noun = self.live.remove(place);
        self.changes.push(match noun {
            Noun::Assignment(it) if how % 2 == 0 => Change::Leave(it),
            other => Change::Remove(other),
        });
    }

    /// A question; mostly one that some grant may be about.
    pub(crate) fn question(&self, draw: Draw) -> (Principal, Question) {
        let [how, a, b, c, d, e, f, g] = draw;
        let held: Vec<Held> = self.live.iter().flat_map(|it| self.held(it)).collect();
        if how < 5 {
            let action = Action::known(pick(&[READ, WRITE, DELETE, ASSIGN], e));
            let asked = Question { action, scope: scope(c), via: Via::Platform };
            return (principal(2, pick(&[0, 1], b)), asked);
        }
        if held.is_empty() {
            return (principal(a, b), self.asking(&scope(c), None, [d, e, f, g]));
        }
        let delegated: Vec<Held> = held.iter().filter(|it| it.delegated).cloned().collect();
        if how < 12 && !delegated.is_empty() {
            let Held { who, at, .. } = pick(if g % 8 > 0 { &delegated } else { &held }, a);
            let asked = Question { action: Action::known(READ), scope: at, via: Via::Direct };
            return (self.member(who, b), asked);
        }
        let Held { who, at, role, delegated } = pick(&held, a);
        let is_within = |inner: &Scope| inner.key().starts_with(&at.key()); // `rg10` too
        let inner: Vec<Scope> = scopes().into_iter().filter(is_within).collect();
        let at = match how % 16 {
            0 => scope(c),
            1..=8 => at,
            _ => pick(&inner, c),
        };
        (self.member(who, b), self.asking(&at, Some((role, delegated)), [d, e, f, g]))
    }

    fn held(&self, noun: &Noun) -> Vec<Held> {
        match noun {
            Noun::RoleAssignment(it) => {
                let (who, at) = (it.principal, it.id.scope().clone());
                vec![Held { who, at, role: it.role, delegated: false }]
            }
            Noun::Assignment(it) => {
                let definitions = self.live.iter().filter_map(|other| match other {
                    Noun::Definition(other) if other.id == it.definition => Some(other),
                    _ => None,
                });
                let held = |authorization: &Authorization| Held {
                    who: Principal { tenant: it.managed_by, object: authorization.principal },
                    at: it.id.scope().clone(),
                    role: authorization.role,
                    delegated: true,
                };
                definitions.flat_map(|it| it.authorizations.iter().map(held)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Groups ask nothing: their members do.
    fn member(&self, who: Principal, n: u8) -> Principal {
        let mut who = who;
        for _ in 0..4 {
            let members = self.live.iter().filter_map(|noun| match noun {
                Noun::Membership(it) if it.group == who => Some(it.member),
                _ => None,
            });
            let members: Vec<ObjectId> = members.collect();
            if !members.is_empty() {
                who.object = pick(&members, n);
            }
        }
        who
    }

    /// As a rule something that the role is about.
    fn asking(&self, at: &Scope, held: Option<(RoleId, bool)>, draw: [u8; 4]) -> Question {
        let [d, e, f, g] = draw;
        let own = [
            Action::ROLE_ASSIGNMENTS_WRITE,
            Action::ROLE_ASSIGNMENTS_DELETE,
            Action::ROLE_ASSIGNMENTS_READ,
        ];
        let any = |pool: &[&'static str]| Question::any(Action::known(pick(pool, g)), at.clone());
        let data = || Question::data(Action::known(START), at.clone());
        let devbox: RoleId = DEVBOX.parse().unwrap();
        let ask = |action: Action, via: Via| Question { action, scope: at.clone(), via };
        let given = [samples::READER, samples::READER, samples::CONTRIBUTOR, pick(&roles(), d)];
        let kinds = [Some(PrincipalType::User), Some(PrincipalType::ServicePrincipal), None];
        let object = (d % 4 > 0).then(|| principal(0, d).object);
        let assigned = Assigned { role: pick(&given, e), principal: object, kind: pick(&kinds, g) };
        let assigning = Via::Assigning(assigned);
        let Some((role, delegated)) = held.filter(|_| f % 8 > 0) else {
            return match f / 8 % 8 {
                0 => ask(pick(&own, g), Via::Ownership),
                1 => self.giving_back(d, at),
                2 => ask(pick(&own, g), assigning),
                3 => data(),
                _ => any(&[READ, WRITE, DELETE, KEYS, SUPPORT_WRITE, LOCKS[0]]),
            };
        };
        match (role, delegated) {
            (samples::DELETE_ROLE, true) => self.giving_back(d, at),
            (samples::USER_ACCESS_ADMINISTRATOR, true) => match f / 8 % 8 {
                0..=5 => ask(pick(&own[..2], g), assigning),
                6 => ask(pick(&own[..2], g), Via::AssigningSome),
                _ => any(&[READ, SUPPORT_WRITE]),
            },
            (samples::OWNER | samples::USER_ACCESS_ADMINISTRATOR, false) => match f / 8 % 8 {
                0 | 1 | 4 => ask(pick(&own, g), Via::Ownership),
                2 | 6 => any(&LOCKS),
                3 if e % 4 == 0 => ask(pick(&own[..2], g), Via::AssigningSome),
                3 => ask(pick(&own[..2], g), assigning),
                _ => any(&[ASSIGN, LOCKS[1], LOCKS[0], READ]),
            },
            (samples::CONTRIBUTOR, _) if g % 16 == 0 => data(),
            (samples::OWNER | samples::CONTRIBUTOR, _) => any(&[READ, WRITE, DELETE, KEYS]),
            (role, false) if role == devbox && g % 4 > 0 => data(),
            (samples::READER, _) => any(&[READ, READ, READ, WRITE]),
            _ => any(&[READ, READ, DELETE, KEYS, SUPPORT_WRITE, WRITE]),
        }
    }

    fn giving_back(&self, n: u8, at: &Scope) -> Question {
        let ids = self.live.iter().filter_map(|noun| match noun {
            Noun::Assignment(it) => Some(Scope::Resource(it.id.as_resource().clone())),
            _ => None,
        });
        let mut ids: Vec<Scope> = ids.filter(|id| at.contains(id) || n % 5 == 0).collect();
        ids.push(at.clone());
        let scope = if n % 7 == 0 { at.clone() } else { pick(&ids, n % 4) };
        Question { action: Action::ASSIGNMENTS_DELETE, scope, via: Via::DeleteRole }
    }
}

/// Who was given something, and where.
#[derive(Clone)]
struct Held {
    who: Principal,
    at: Scope,
    role: RoleId,
    delegated: bool,
}

/// What a later form of the same thing shares with it.
fn key(noun: &Noun) -> String {
    match noun {
        Noun::Settings(_) => "settings".to_owned(),
        Noun::User(it) => it.principal.to_string(),
        Noun::Group(it) => it.principal.to_string(),
        Noun::ServicePrincipal(it) => it.principal.to_string(),
        Noun::Membership(it) => format!("{} {}", it.group, it.member),
        Noun::ManagementGroup(it) => it.scope().key(),
        Noun::Subscription(it) => it.id.to_string(),
        Noun::RoleDefinition(it) => format!("role {:?}", it.tenant),
        Noun::RoleAssignment(it) => it.id.key(),
        Noun::DenyAssignment(it) => it.id.key(),
        Noun::Lock(it) => it.id.key(),
        Noun::Definition(it) => it.id.key(),
        Noun::Assignment(it) => it.id.key(),
        other => format!("{other:?}"),
    }
}
