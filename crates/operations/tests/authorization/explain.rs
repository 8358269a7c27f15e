use access::{explain::Outcome, verdict::Refusal};
use ids::guid::ObjectId;
use model::{
    directory::{User, UserKind},
    samples::{ADA, CUSTOMER, OLOF, OWNER, PROVIDER, READER, role_assignment, whole},
};
use operations::{
    error::Error,
    roles::explain::{Asked, Told, explain},
};

use super::*;

const LIST: &str = "Microsoft.Authorization/roleAssignments/read";

async fn told(plane: &Plane, by: Principal, who: ObjectId) -> Result<Told, Error> {
    let action = Action::named("Microsoft.Compute/virtualMachines/write");
    let asked = Asked { who, question: Question::any(action, whole()) };
    explain(plane, &reading(by, LIST, whole()), asked).await
}

#[tokio::test]
async fn an_explanation_names_what_allows_it_and_what_does_not() {
    let plane = plane(Vec::new(), whole()).await;
    testkit::put(&plane, vec![Noun::RoleAssignment(role_assignment(whole(), NORA, READER))]).await;
    let olof = told(&plane, OLOF, OLOF.object).await.unwrap();
    assert!(olof.explanation.verdict.is_allowed());
    assert_eq!(olof.roles.get(&OWNER).map(String::as_str), Some("Owner"));
    let nora = told(&plane, OLOF, NORA.object).await.unwrap();
    let outcomes: Vec<_> = nora.explanation.grants.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Other], "a reader's role is about something else");
    assert!(!nora.explanation.verdict.is_allowed());
}

#[tokio::test]
async fn only_the_scopes_own_people_hear_why_somebody_may_do_something() {
    let plane = plane(vec![authorization()], whole()).await;
    for stranger in [ADA, NORA] {
        let refused = told(&plane, stranger, OLOF.object).await;
        assert!(
            matches!(&refused, Err(Error::Denied(it)) if it.refusal == Refusal::NoGrant),
            "{refused:?}"
        );
    }
    let unknown = told(&plane, OLOF, samples::object(0x999)).await.unwrap();
    assert_eq!(unknown.explanation.principal, None);
}

#[tokio::test]
async fn a_guest_who_reads_all_roles_hears_nothing_of_the_directory() {
    let guest = samples::principal(CUSTOMER, 0x60);
    let plane = plane(Vec::new(), whole()).await;
    let account = User { kind: UserKind::Guest { home: ADA }, ..samples::user(guest, "ada#EXT#") };
    let owns = role_assignment(whole(), guest, OWNER);
    testkit::put(&plane, vec![Noun::User(account), Noun::RoleAssignment(owns)]).await;
    assert!(matches!(told(&plane, guest, OLOF.object).await, Err(Error::Denied(_))));
}

/// Whether the account is let in at home is Fabrikam's to know.
#[tokio::test]
async fn a_guest_is_told_of_as_its_host_knows_it() {
    let guest = samples::principal(CUSTOMER, 0x60);
    let plane = plane(Vec::new(), whole()).await;
    let account = User { kind: UserKind::Guest { home: ADA }, ..samples::user(guest, "ada#EXT#") };
    let owns = role_assignment(whole(), guest, OWNER);
    testkit::put(&plane, vec![Noun::User(account), Noun::RoleAssignment(owns)]).await;
    let before = told(&plane, OLOF, guest.object).await.unwrap();
    assert!(before.explanation.verdict.is_allowed());
    let gone = User { enabled: false, ..samples::user(samples::principal(PROVIDER, 0xA), "ada") };
    testkit::put(&plane, vec![Noun::User(gone)]).await;
    let after = told(&plane, OLOF, guest.object).await.unwrap();
    assert_eq!(after.explanation.grants, before.explanation.grants);
    assert!(after.explanation.verdict.is_allowed());
}

fn authorization() -> Authorization {
    samples::authorization(samples::TIER1, samples::CONTRIBUTOR)
}
