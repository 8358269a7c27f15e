//! What a page weighs on its way to a browser, compressed, with the style and the script that it
//! brings along; pictures are not counted.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::Write,
    sync::Arc,
};

use access::catalogue::Catalogue;
use flate2::{Compression, write::GzEncoder};
use ids::{
    clock::{Clock, TestClock},
    guid::{RoleId, SubscriptionId},
    resource::{AssignmentId, DefinitionId, ResourceType},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Assignment, Definition},
    role::RoleDefinition,
    samples::{
        self, CUSTOMER, OLOF, OWNER, READER, TIER1, authorization, eligible, role_assignment,
    },
};
use uuid::Uuid;
use world::world::{Roles, Standing, Types, World};

use crate::kit::{Browser, Kit, LOGIN, kit, over};

/// Without pictures.
const BYTES_MAX: usize = 60 << 10;
const SAMPLE: &str = include_str!("../../../fyr/worlds/sample.yaml");
const ASSETS: [&str; 2] =
    [include_str!("../../assets/portal.css"), include_str!("../../assets/portal.js")];
/// So many pages of one path are opened, with different queries.
const QUERIES_MAX: usize = 4;

fn compressed(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

/// The page with what every page brings along.
fn weight(page: &str) -> usize {
    compressed(page) + ASSETS.iter().map(|it| compressed(it)).sum::<usize>()
}

/// The platform's own roles.
struct BuiltIn(Arc<Catalogue>);

impl Roles for BuiltIn {
    fn find(&self, name: &str) -> Option<RoleId> {
        self.0.roles().find(|role| role.name.eq_ignore_ascii_case(name)).map(|role| role.id)
    }

    fn names(&self) -> Vec<&str> {
        self.0.roles().map(|role| role.name.as_str()).collect()
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        self.0.role(id)
    }
}

/// Every type is kept plainly.
struct AnyType;

impl Types for AnyType {
    fn standing(&self, _kind: &ResourceType) -> Standing {
        Standing::Kept
    }

    fn names(&self, _kind: &ResourceType) -> Vec<String> {
        Vec::new()
    }
}

/// The portal of a first start.
async fn sample() -> Kit {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(Arc::<TestClock>::clone(&clock)).await;
    let roles = BuiltIn(Catalogue::builtin());
    let world = World::parse(SAMPLE, &roles, &AnyType, clock.now()).unwrap();
    operations::world::apply(&plane, &world).await.unwrap();
    over(plane, clock).await
}

/// The sign-in name and the password of each of the sample's people.
fn people() -> Vec<(String, &'static str)> {
    let (mut found, mut domain) = (Vec::new(), "");
    for line in SAMPLE.lines().map(str::trim) {
        domain = line.strip_prefix("domain: ").unwrap_or(domain);
        let user = line.strip_prefix("- { name: ").and_then(|it| it.split_once(','));
        let Some((name, rest)) = user else { continue };
        let password = rest.split_once("password: ").map(|(_, it)| it.trim_end_matches(" }"));
        found.extend(password.map(|it| (format!("{name}@{domain}"), it)));
    }
    found
}

/// Opens every page that a link leads to, and answers how many there were.
async fn walk(browser: &Browser<'_>) -> usize {
    let mut open = VecDeque::from(["/".to_owned()]);
    let (mut known, mut queries) = (BTreeSet::from(["/".to_owned()]), BTreeMap::new());
    let mut pages = 0;
    while let Some(path) = open.pop_front() {
        let page = browser.open(&path).await;
        if page.url.starts_with(LOGIN) || !page.header("content-type").starts_with("text/html") {
            continue;
        }
        pages += 1;
        let bytes = weight(&page.text);
        assert!(page.status < 500 && bytes < BYTES_MAX, "{path}: {} {bytes}", page.status);
        for link in page.links("a[href^='/']") {
            let link = link.split('#').next().unwrap().to_owned();
            let of_path: &mut usize =
                queries.entry(link.split('?').next().unwrap().to_owned()).or_default();
            if *of_path < QUERIES_MAX && known.insert(link.clone()) {
                *of_path += 1;
                open.push_back(link);
            }
        }
    }
    pages
}

#[tokio::test]
async fn every_page_that_the_samples_people_reach_is_light() {
    let kit = sample().await;
    let people = people();
    assert_eq!(people.len(), 8, "{people:?}");
    for (name, password) in people {
        let browser = kit.browser();
        let front = browser.sign_in_with(&name, password).await;
        assert_eq!(front.status, 200, "{name}: {}", front.main());
        let pages = walk(&browser).await;
        assert!(pages > 15, "{name} came to {pages} pages alone");
    }
}

/// Contoso delegated so many subscriptions to Fabrikam, each called as long as may be.
fn many(count: u128) -> Vec<Noun> {
    let long = |n: u128, length: usize| -> String {
        let word = |salt: u128| Uuid::new_v5(&Uuid::from_u128(salt), &n.to_be_bytes()).to_string();
        (0..8).map(word).collect::<String>().chars().take(length).collect()
    };
    let one = |n: u128| {
        let id = SubscriptionId::new(Uuid::from_u128(0x7000 + n));
        let scope = Scope::Subscription(id);
        let mut subscription = samples::subscription(id, CUSTOMER);
        subscription.display_name = long(n, 64);
        let name: ids::name::Name = Uuid::from_u128(0xD0D0 + n).to_string().parse().unwrap();
        let definition = Definition {
            id: DefinitionId::at(scope.clone(), name.clone()).unwrap(),
            name: Some(long(n, 128)),
            description: Some(long(n, 256)),
            authorizations: vec![authorization(TIER1, READER)],
            eligible: vec![eligible(TIER1, READER)],
            ..samples::definition(id)
        };
        let assignment = Assignment {
            id: AssignmentId::at(scope.clone(), name).unwrap(),
            definition_as_sent: definition.id.to_string(),
            definition: definition.id.clone(),
            ..samples::assignment(scope.clone())
        };
        [
            Noun::Subscription(subscription),
            Noun::Definition(definition),
            Noun::Assignment(assignment),
            Noun::RoleAssignment(role_assignment(scope, OLOF, OWNER)),
        ]
    };
    (0..count).flat_map(one).collect()
}

#[tokio::test]
async fn the_pages_of_a_long_list_are_light_however_long_its_names_are() {
    let kit = kit(many(150)).await;
    for (name, lists) in [
        (
            "ada@fabrikam.example",
            ["/customers", "/customers/delegations", "/access/reach", "/roles"],
        ),
        (
            "olof@contoso.example",
            [
                "/service-providers",
                "/service-providers/delegations",
                "/access/reach",
                "/access/settings",
            ],
        ),
    ] {
        let browser = kit.signed_in(name).await;
        for list in lists {
            let page = browser.open(list).await;
            let bytes = weight(&page.text);
            assert!(page.status == 200 && bytes < BYTES_MAX, "{list}: {} {bytes}", page.status);
            walk_on(&browser, list).await;
        }
    }
}

/// The pages behind the first one.
async fn walk_on(browser: &Browser<'_>, list: &str) {
    let mut next = browser.open(list).await.links("a[rel=next]").pop();
    while let Some(path) = next {
        let page = browser.open(&path).await;
        assert!(weight(&page.text) < BYTES_MAX, "{path}: {}", weight(&page.text));
        next = page.links("a[rel=next]").pop();
    }
}
