//! A list tells nobody how much it holds of what they may not see.
#![expect(clippy::unwrap_used, reason = "test code")]

use ids::guid::Principal;
use model::{
    action::Action,
    change::Noun,
    samples::{self, OLOF, READER, SUBSCRIPTION, whole},
};
use operations::{groups::read, page::page, plane::Plane};

/// People of Contoso's: to one nothing was granted, the other reads one group.
const STRANGER: Principal = samples::principal(samples::CUSTOMER, 0x5742);
const NORA: Principal = samples::principal(samples::CUSTOMER, 0x40);

async fn world() -> Plane {
    let groups =
        ["g0", "g1", "g2", "g3", "g4"].map(|name| Noun::ResourceGroup(testkit::group(name)));
    let grant = samples::role_assignment(samples::resource_group("g2"), NORA, READER);
    let people = [
        Noun::User(samples::user(STRANGER, "stranger")),
        Noun::User(samples::user(NORA, "nora")),
        Noun::RoleAssignment(grant),
    ];
    testkit::plane(groups.into_iter().chain(people).collect()).await
}

/// What each page shows, when a client follows the links to the end.
async fn pages(plane: &Plane, who: Principal, top: usize) -> Vec<Vec<String>> {
    let context = testkit::context(who, &Action::GROUPS_READ, whole());
    let (mut shown, mut after) = (Vec::new(), None);
    loop {
        let asked = page(after, Some(top));
        let found = read::list(plane, &context, SUBSCRIPTION, asked).await.unwrap();
        shown.push(found.items.iter().map(|group| group.name.to_string()).collect());
        after = found.next;
        if after.is_none() {
            return shown;
        }
    }
}

#[tokio::test]
async fn short_pages_do_not_count_what_the_caller_may_not_see() {
    let plane = world().await;
    for top in 1..=6 {
        assert_eq!(pages(&plane, STRANGER, top).await, [[""; 0]], "top {top}");
        assert_eq!(pages(&plane, NORA, top).await, [["g2"]], "top {top}");
    }
}

#[tokio::test]
async fn short_pages_show_everything_once_and_in_order() {
    let plane = world().await;
    let all = ["g0", "g1", "g2", "g3", "g4"];
    for top in 1..=6 {
        let expected: Vec<Vec<&str>> = all.chunks(top).map(<[&str]>::to_vec).collect();
        assert_eq!(pages(&plane, OLOF, top).await, expected, "top {top}");
    }
}
