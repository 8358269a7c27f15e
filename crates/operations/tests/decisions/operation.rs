//! What is asked is what the operation itself would take, and not only that some role names it.

use model::{
    role::DELETE_ROLE,
    samples::{self, ADA, CONTRIBUTOR, OLOF},
};
use operations::decisions::{
    Part,
    decide::Answer,
    subjects::{self, SubjectSearch},
};

use super::{leave::delegated, *};

const DELEGATE: &str = "Microsoft.ManagedServices/registrationAssignments/write";
const LEAVE: &str = "Microsoft.ManagedServices/registrationAssignments/delete";

async fn says(plane: &Plane, who: Principal, name: &str, at: &Scope) -> Answer {
    answer(plane, OLOF, &arm(), &asked(who, name, at)).await
}

#[tokio::test]
async fn no_is_the_answer_to_what_fyr_refuses_though_a_role_names_it() {
    let whole = samples::whole();
    let plane = plane(vec![grants(whole.clone(), NORA, CONTRIBUTOR)]).await;
    for (who, name, expected) in [
        (NORA, "Microsoft.ManagedServices/registrationAssignments/read", Answer::Yes),
        (NORA, DELEGATE, Answer::No),
        (NORA, LEAVE, Answer::No),
        (NORA, "microsoft.managedservices/REGISTRATIONDEFINITIONS/write", Answer::No),
        (OLOF, DELEGATE, Answer::Yes),
        (OLOF, LEAVE, Answer::Yes),
        (OLOF, "Microsoft.Authorization/roleDefinitions/write", Answer::Yes),
        (OLOF, "Microsoft.Authorization/denyAssignments/write", Answer::No),
        (OLOF, "Microsoft.Authorization/roleAssignmentScheduleRequests/write", Answer::No),
        (OLOF, "Microsoft.Authorization/elevateAccess/action", Answer::No),
    ] {
        assert_eq!(says(&plane, who, name, &whole).await, expected, "{who} {name}");
    }
    let search = SubjectSearch {
        kind: "user".to_owned(),
        tenant: None,
        action: action(DELEGATE),
        resource: place(&whole),
    };
    let part = Part { after: None, limit: 100 };
    let listed = subjects::search(&plane, &context(OLOF), &arm(), (&search, &part)).await.unwrap();
    assert_eq!(listed.items, [OLOF.object.to_string()]);
}

#[tokio::test]
async fn a_managing_tenant_may_give_back_what_was_delegated_to_it() {
    let assignment = samples::assignment(samples::whole());
    let at = Scope::Resource(assignment.id.as_resource().clone());
    for (role, expected) in [(DELETE_ROLE, Answer::Yes), (CONTRIBUTOR, Answer::No)] {
        let plane = plane(delegated(role)).await;
        let about_herself = answer(&plane, ADA, &arm(), &asked(ADA, LEAVE, &at)).await;
        assert_eq!(about_herself, expected, "{role}");
        assert_eq!(says(&plane, OLOF, LEAVE, &at).await, Answer::Yes);
    }
}
