use jiff::SignedDuration;
use model::{
    activity::{Activity, Log, Outcome},
    samples::{
        ADA, OLOF, PROVIDER, READER, SUBSCRIPTION, TIER1, authorization, now, resource_group,
        role_assignment, whole,
    },
};
use operations::{
    activity::{Asked, READ, read},
    error::Error,
    roles,
};

use super::*;

const LOG: Log = Log::Subscription(SUBSCRIPTION);

/// Contoso's owner makes Nora a reader of one group, then of another.
async fn two_writes(plane: &Plane) {
    for (n, group) in [(1, "app"), (2, "rg1")] {
        let request = PutAssignment { id: guid(resource_group(group), n), ..put(NORA, READER, n) };
        let context = assigning(OLOF, &Action::ROLE_ASSIGNMENTS_WRITE, &request.id);
        roles::put::put(plane, &context, request).await.unwrap();
    }
}

fn since_yesterday() -> Asked {
    Asked { from: Some(now() - SignedDuration::from_hours(24)), ..Asked::default() }
}

async fn seen(plane: &Plane, who: Principal, log: Log) -> Result<Vec<Activity>, Error> {
    let place = match log {
        Log::Subscription(id) => Scope::Subscription(id),
        Log::Tenant(id) => Scope::Tenant(id),
    };
    let context = testkit::context(who, &READ, place);
    read(plane, &context, log, &since_yesterday(), None, None).await.map(|page| page.items)
}

#[tokio::test]
async fn both_parties_read_the_same_records_of_one_write() {
    let plane = plane(vec![authorization(TIER1, READER)], whole()).await;
    two_writes(&plane).await;

    let customer = seen(&plane, OLOF, LOG).await.unwrap();
    let provider = seen(&plane, ADA, LOG).await.unwrap();

    assert_eq!(customer, provider);
    let ends = customer.iter().filter(|it| it.outcome == Outcome::Succeeded).count();
    assert_eq!((customer.len(), ends), (4, 2));
    assert!(customer.iter().all(|it| it.caller.as_ref().unwrap().principal == OLOF));
}

#[tokio::test]
async fn whom_one_group_was_delegated_to_reads_what_happened_there() {
    let plane = plane(vec![authorization(TIER1, READER)], resource_group("app")).await;
    two_writes(&plane).await;
    let provider = seen(&plane, ADA, LOG).await.unwrap();
    assert_eq!(provider.len(), 2);
    let app = resource_group("app");
    assert!(provider.iter().all(|it| app.contains(&it.scope)), "{provider:?}");
}

#[tokio::test]
async fn a_stranger_reads_nothing_and_a_tenants_log_takes_a_grant_at_its_root() {
    let plane = plane(Vec::new(), whole()).await;
    let own = Log::Tenant(PROVIDER);
    assert!(matches!(seen(&plane, ADA, own).await, Err(Error::Denied(_))));
    let root = role_assignment(Scope::Tenant(PROVIDER), ADA, READER);
    testkit::put(&plane, vec![Noun::RoleAssignment(root)]).await;
    two_writes(&plane).await;
    let stranger = samples::principal(samples::CUSTOMER, 0x99);
    assert_eq!(seen(&plane, stranger, LOG).await.unwrap(), []);
    assert_eq!(seen(&plane, ADA, own).await.unwrap(), []);
}

#[tokio::test]
async fn a_page_ends_where_the_next_begins() {
    let plane = plane(Vec::new(), whole()).await;
    two_writes(&plane).await;
    let context = testkit::context(OLOF, &READ, whole());
    let (asked, mut after, mut found) = (since_yesterday(), None, Vec::new());
    loop {
        let page = read(&plane, &context, LOG, &asked, after, Some(3)).await.unwrap();
        assert!(page.items.len() <= 3);
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, seen(&plane, OLOF, LOG).await.unwrap());
}
