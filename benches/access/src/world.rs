//! A world of so many delegations, the same for the same number.
//!
//! Providers of fifty people each, who are in groups, which are in groups; five offers of five
//! authorizations each; customers with a subscription of their own, who accept them for the whole
//! or for one resource group.

use ids::{
    clock::{Random, TestRandom},
    guid::{Principal, RoleId, SubscriptionId, TenantId},
    name::Name,
    resource::{AssignmentId, DefinitionId},
    scope::Scope,
};
use model::{
    change::{Change, Noun},
    delegation::{Assignment, Authorization, Definition},
    samples::{self, CONTRIBUTOR, DELETE_ROLE, OWNER, READER},
};
use uuid::Uuid;

pub(crate) const PEOPLE: usize = 50;
const GROUPS: usize = 20;
const OFFERS: usize = 5;
const AUTHORIZATIONS: usize = 5;

/// Roles as offers of managed services name them.
const ROLES: [&str; 9] = [
    "9980e02c-c2be-4d73-94e8-173b1dc7cf3c", // Virtual Machine Contributor
    "17d1049b-9a84-46fb-8f53-869881c3d3ab", // Storage Account Contributor
    "4d97b98b-1d4f-4787-a291-c67834d212e7", // Network Contributor
    "749f88d5-cbae-40b8-bcfc-e573ddc772fa", // Monitoring Contributor
    "43d0d8ad-25c7-4714-9337-8ba259a9fe05", // Monitoring Reader
    "92aaf0da-9dab-42b6-94a3-d43ce8d16293", // Log Analytics Contributor
    "5e467623-bb1f-42f4-a55d-6e525e11384b", // Backup Contributor
    "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e", // Support Request Contributor
    "39bc4728-0917-49c7-9d2c-d95423bc2eb4", // Security Reader
];

/// Draws that are the same in each run.
pub(crate) struct Draws(TestRandom);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(TestRandom::seeded(seed))
    }

    pub(crate) fn below(&self, count: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % count as u64) as usize
    }
}

/// Where which provider has a delegation.
pub(crate) struct Delegated {
    pub(crate) scope: Scope,
    pub(crate) provider: usize,
}

pub(crate) struct World {
    pub(crate) changes: Vec<Change>,
    pub(crate) delegated: Vec<Delegated>,
}

fn tenant(kind: u128, n: usize) -> TenantId {
    TenantId::new(Uuid::from_u128(kind << 64 | n as u128))
}

/// A person of a provider.
pub(crate) fn person(provider: usize, n: usize) -> Principal {
    samples::principal(tenant(0xF, provider), 0x100 + n as u128)
}

fn group(provider: usize, n: usize) -> Principal {
    samples::principal(tenant(0xF, provider), 0x1000 + n as u128)
}

fn guid(kind: u128, n: usize) -> Name {
    Uuid::from_u128(kind << 64 | n as u128).to_string().parse().unwrap()
}

fn subscription(n: usize) -> SubscriptionId {
    SubscriptionId::new(Uuid::from_u128(0x5B << 64 | n as u128))
}

impl World {
    pub(crate) fn of(delegations: usize) -> Self {
        let draws = Draws::new(delegations as u64);
        let providers = (delegations / 1_000).max(5);
        let mut world = Self { changes: Vec::new(), delegated: Vec::new() };
        let offers: Vec<Vec<Vec<Authorization>>> =
            (0..providers).map(|provider| world.provider(provider, &draws)).collect();
        let customers = (delegations * 4 / 5).max(1);
        (0..customers).for_each(|n| world.customer(n));
        for n in 0..delegations {
            let (provider, customer) = (draws.below(providers), draws.below(customers));
            let offer = draws.below(OFFERS);
            let authorizations = offers[provider][offer].clone();
            world.accept(n, (provider, offer, authorizations), (customer, draws.below(4) == 0));
        }
        world
    }

    fn put(&mut self, noun: Noun) {
        self.changes.push(Change::Put(noun));
    }

    /// The people of a provider, and what it offers.
    fn provider(&mut self, provider: usize, draws: &Draws) -> Vec<Vec<Authorization>> {
        (0..PEOPLE).for_each(|n| self.put(Noun::User(samples::user(person(provider, n), "p"))));
        (0..GROUPS).for_each(|n| self.put(Noun::Group(samples::group(group(provider, n), "g"))));
        let mut join = |member, n| {
            self.put(Noun::Membership(samples::membership(group(provider, n), member)));
        };
        // The first five hold groups, the others people.
        (5..GROUPS).for_each(|n| join(group(provider, n), n % 5));
        (0..PEOPLE)
            .for_each(|n| (0..3).for_each(|_| join(person(provider, n), 5 + draws.below(15))));
        let roles: Vec<RoleId> = ROLES.map(|it| it.parse().unwrap()).into();
        let authorization = |n| {
            let role = match n {
                0 => CONTRIBUTOR,
                1 => READER,
                2 => DELETE_ROLE,
                _ => roles[draws.below(roles.len())],
            };
            samples::authorization(group(provider, draws.below(GROUPS)), role)
        };
        (0..OFFERS).map(|_| (0..AUTHORIZATIONS).map(authorization).collect()).collect()
    }

    fn customer(&mut self, n: usize) {
        let home = tenant(0xC, n);
        let owner = samples::principal(home, 0xA);
        let whole = Scope::Subscription(subscription(n));
        self.put(Noun::Subscription(samples::subscription(subscription(n), home)));
        self.put(Noun::User(samples::user(owner, "owner")));
        self.put(Noun::RoleAssignment(samples::role_assignment(whole, owner, OWNER)));
    }

    fn accept(
        &mut self,
        n: usize,
        (provider, offer, authorizations): (usize, usize, Vec<Authorization>),
        (customer, only_a_group): (usize, bool),
    ) {
        let id = subscription(customer);
        let whole = Scope::Subscription(id);
        let scope = if only_a_group {
            Scope::ResourceGroup(id, "app".parse().unwrap())
        } else {
            whole.clone()
        };
        let managed_by = tenant(0xF, provider);
        let name = guid(0xD, provider * OFFERS + offer);
        let definition = DefinitionId::at(whole, name).unwrap();
        self.put(Noun::Definition(Definition {
            id: definition.clone(),
            managed_by,
            authorizations,
            ..samples::definition(id)
        }));
        self.put(Noun::Assignment(Assignment {
            id: AssignmentId::at(scope.clone(), guid(0xA, n)).unwrap(),
            definition,
            managed_by,
            ..samples::assignment(scope.clone())
        }));
        self.delegated.push(Delegated { scope, provider });
    }
}
