//! Worlds drawn from a seed, with names that files find hard: the same for several things, with
//! letters that mean something, too long to guess, or ids themselves.

mod tree;

use std::sync::Arc;

use access::catalogue::Catalogue;
use ids::{
    clock::{Random, TestRandom},
    guid::{AppId, ObjectId, Principal, RoleId, TenantId},
    resource::ResourceType,
};
use model::{
    change::Noun,
    directory::{
        Application, Group, GroupKind, Membership, Redirects, ServicePrincipal,
        ServicePrincipalKind, Tenant, User, UserKind,
    },
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    role::RoleDefinition,
    samples,
    settings::{Profile, Settings},
};
use world::world::{Roles, Standing, Types};

use self::tree::Tree;

/// The built-in roles.
pub(crate) struct BuiltIn(Arc<Catalogue>);

impl Default for BuiltIn {
    fn default() -> Self {
        Self(Catalogue::builtin())
    }
}

impl Roles for BuiltIn {
    fn find(&self, name: &str) -> Option<RoleId> {
        if let Ok(id) = name.parse() {
            return self.0.role(id).map(|role| role.id);
        }
        self.0.roles().find(|role| role.name.eq_ignore_ascii_case(name)).map(|role| role.id)
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        self.0.role(id)
    }
}

/// Every type is kept.
pub(crate) struct AnyType;

impl Types for AnyType {
    fn standing(&self, _: &ResourceType) -> Standing {
        Standing::Kept
    }

    fn names(&self, _: &ResourceType) -> Vec<String> {
        Vec::new()
    }
}

const NAMES: [&str; 9] = [
    "Ada Byron",
    "ada",
    "Tier 1",
    "tier-1",
    "Café / \"Bar\": #1",
    "null",
    "12345678-1234-4234-8234-123456789abc",
    " padded ",
    "it\nbreaks",
];

/// Words that pseudonyms must hide.
pub(crate) fn telling(nouns: &[Noun]) -> Vec<String> {
    let mut all = vec!["byron".to_owned(), "contoso".to_owned(), "fabrikam".to_owned()];
    for noun in nouns {
        if let Noun::Tenant(it) = noun {
            all.push(it.id.to_string());
        } else if let Noun::Subscription(it) = noun {
            all.push(it.id.to_string());
        } else if let Noun::User(it) = noun {
            all.push(it.principal.object.to_string());
        }
    }
    all
}

/// The world of that seed.
pub(crate) fn drawn(seed: u64) -> Vec<Noun> {
    let mut dice = Dice(TestRandom::seeded(seed));
    let mut nouns = vec![Noun::Settings(Settings {
        profile: dice.of(&[Profile::Azure, Profile::Strict]),
        guest_delegation: dice.of(&[true, false]),
        roles_digest: String::new(),
    })];
    let tenants = ["contoso", "fabrikam", "x"].map(|name| {
        let id = TenantId::new(dice.id());
        let display_name = dice.name();
        let domain = format!("{name}.example");
        nouns.push(Noun::Tenant(Tenant { id, display_name, domain, country: "NO".to_owned() }));
        id
    });
    let mut people: Vec<Vec<Principal>> = Vec::new();
    for (tenant, domain) in tenants.into_iter().zip(["contoso", "fabrikam", "x"]) {
        let directory = directory(&mut dice, tenant, domain, &people);
        people.push(directory.principals);
        nouns.extend(directory.nouns);
    }
    // An application of the first tenant is known in the second.
    let foreign = nouns
        .iter()
        .find_map(|noun| if let Noun::Application(it) = noun { Some(it.app) } else { None });
    if let Some(app) = foreign {
        let principal = Principal { tenant: tenants[1], object: ObjectId::new(dice.id()) };
        let display_name = dice.name();
        let kind = ServicePrincipalKind::Application;
        let service = ServicePrincipal { principal, app, display_name, enabled: true, kind };
        nouns.push(Noun::ServicePrincipal(service));
        people[1].push(principal);
    }
    for (nth, tenant) in tenants.into_iter().enumerate() {
        let provider = (nth + 1) % tenants.len();
        let trusted = (tenants[provider], people[provider].clone());
        Tree { dice: &mut dice, tenant, nouns: &mut nouns, people: &mut people[nth] }
            .grow(&trusted);
    }
    nouns
}

/// Numbers from a seed.
struct Dice(TestRandom);

impl Dice {
    fn id(&self) -> uuid::Uuid {
        self.0.uuid()
    }

    fn below(&self, n: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % n as u64).unwrap()
    }

    fn of<T: Clone>(&self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn name(&self) -> String {
        self.of(&NAMES).to_owned()
    }

    fn maybe<T>(&self, it: T) -> Option<T> {
        (self.below(2) == 0).then_some(it)
    }
}

/// Who is in a tenant.
struct Drawn {
    nouns: Vec<Noun>,
    principals: Vec<Principal>,
}

fn directory(dice: &mut Dice, tenant: TenantId, domain: &str, others: &[Vec<Principal>]) -> Drawn {
    let mut drawn = Drawn { nouns: Vec::new(), principals: Vec::new() };
    let mut person = |dice: &Dice, upn: String, kind| {
        let principal = Principal { tenant, object: ObjectId::new(dice.id()) };
        let (display_name, enabled) = (dice.name(), dice.below(4) > 0);
        let user_principal_name = upn;
        let profile = model::directory::Profile::default();
        let user = User { principal, user_principal_name, display_name, enabled, kind, profile };
        drawn.nouns.push(Noun::User(user));
        drawn.principals.push(principal);
        principal
    };
    for name in ["ada", "Bo.Lind", "o'neil", "eve!#^~"] {
        person(dice, format!("{name}@{domain}.example"), UserKind::Member);
    }
    // The people of a tenant come first, in the order above.
    for (nth, home) in others.iter().enumerate().filter_map(|(nth, all)| Some((nth, all.first()?)))
    {
        let upn = format!("ada_{nth}#EXT#@{domain}.example");
        person(dice, upn, UserKind::Guest { home: *home });
    }
    let holder = drawn.principals[1];
    let role = DirectoryRoleAssignment { principal: holder, role: GLOBAL_ADMINISTRATOR };
    drawn.nouns.push(Noun::DirectoryRoleAssignment(role));
    for _ in 0..3 {
        let principal = Principal { tenant, object: ObjectId::new(dice.id()) };
        let kind = dice.of(&[GroupKind::Security, GroupKind::Microsoft365]);
        let display_name = dice.name();
        drawn.nouns.push(Noun::Group(Group { kind, ..samples::group(principal, &display_name) }));
        let members: Vec<Principal> = drawn.principals.clone();
        for member in members.into_iter().filter(|_| dice.below(3) == 0) {
            let membership = Membership { group: principal, member: member.object };
            drawn.nouns.push(Noun::Membership(membership));
        }
        drawn.principals.push(principal);
    }
    for nth in 0..3 {
        let (app, object) = (AppId::new(dice.id()), ObjectId::new(dice.id()));
        let display_name = dice.name();
        let redirects = Redirects {
            web: dice.maybe("https://app.example/in".to_owned()).into_iter().collect(),
            ..Redirects::default()
        };
        let bare = Application::new(tenant, app, object, display_name.clone());
        drawn.nouns.push(Noun::Application(Application { redirects, ..bare }));
        if nth < 2 {
            let object = if nth == 0 { object } else { ObjectId::new(dice.id()) };
            let principal = Principal { tenant, object };
            let (enabled, kind) = (dice.below(3) > 0, ServicePrincipalKind::Application);
            let service = ServicePrincipal { principal, app, display_name, enabled, kind };
            drawn.nouns.push(Noun::ServicePrincipal(service));
            drawn.principals.push(principal);
        }
    }
    drawn
}
