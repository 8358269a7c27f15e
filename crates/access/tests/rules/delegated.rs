//! Delegations: whom they reach, what is left of a role, and how they end.

use ids::{clock::Revision, guid::RoleId, resource::DefinitionId, scope::Scope};
use model::{
    action::Action,
    change::{Change, Noun},
    delegation::{Assignment, Authorization, Definition, EligibleAuthorization},
    question::Via,
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, NEIGHBOUR, OWNER, PROVIDER, READER,
        SUBSCRIPTION, TIER1, USER_ACCESS_ADMINISTRATOR, authorization, principal,
    },
    settings::Profile,
};

use crate::{
    KEYS, NO_GRANT, READ, WRITE, accepted, account, ask, ask_via, delegated, index, may, offer,
    people, put, settings, with,
};

const SUPPORT: Action = Action::known("Microsoft.Support/supportTickets/write");

fn role(text: &str) -> RoleId {
    text.parse().unwrap()
}

/// What Ada may, once this was offered and accepted for the whole subscription.
fn offered(authorizations: &[Authorization]) -> access::index::Index {
    let definition = offer(1, authorizations);
    let assignment = accepted(&definition, samples::whole());
    with(people(), [Noun::Definition(definition), Noun::Assignment(assignment)])
}

#[test]
fn a_delegation_reaches_the_members_of_the_named_group_and_no_colleague() {
    let colleague = principal(PROVIDER, 0xB);
    let index = with(delegated(), [Noun::User(samples::user(colleague, "bea"))]);
    assert!(may(&index, ADA, WRITE, &account("rg1")));
    assert_eq!(ask(&index, colleague, READ, &account("rg1")), NO_GRANT);
    assert_eq!(index.managing_tenants(SUBSCRIPTION), [PROVIDER]);
    assert!(index.can_see(ADA, SUBSCRIPTION, samples::now()));
    assert_eq!(index.subscriptions_of(ADA, samples::now()), [SUBSCRIPTION]);
    assert!(!index.can_see(colleague, SUBSCRIPTION, samples::now()));
}

#[test]
fn a_delegated_group_is_not_its_namesakes_nor_the_subscription() {
    let definition = offer(1, &[authorization(TIER1, CONTRIBUTOR)]);
    let assignment = accepted(&definition, samples::resource_group("rg1"));
    let index = with(people(), [Noun::Definition(definition), Noun::Assignment(assignment)]);
    assert!(may(&index, ADA, WRITE, &account("RG1")));
    for outside in [account("rg10"), samples::whole(), Scope::Tenant(CUSTOMER)] {
        assert_eq!(ask(&index, ADA, READ, &outside), NO_GRANT, "{outside}");
    }
    assert!(index.can_see(ADA, SUBSCRIPTION, samples::now()), "it lies in it");
    assert_eq!(index.managing_tenants(SUBSCRIPTION), [PROVIDER]);
}

#[test]
fn a_new_form_of_the_definition_counts_for_all_its_assignments_at_once() {
    let definition = offer(1, &[authorization(TIER1, CONTRIBUTOR)]);
    let at = |name| Noun::Assignment(accepted(&definition, samples::resource_group(name)));
    let before = with(people(), [Noun::Definition(definition.clone()), at("rg1"), at("rg2")]);
    let narrower = Definition { authorizations: vec![authorization(TIER1, READER)], ..definition };
    let after = before.after(&[put(Noun::Definition(narrower))], Revision(2));
    for group in ["rg1", "rg2"] {
        assert!(may(&before, ADA, WRITE, &account(group)));
        assert!(!may(&after, ADA, WRITE, &account(group)));
        assert!(may(&after, ADA, READ, &account(group)));
    }
}

#[test]
fn removing_the_assignment_ends_access_at_once_however_it_is_removed() {
    let assignment = samples::assignment(samples::whole());
    let before = index(&delegated());
    for end in [Change::Remove(Noun::Assignment(assignment.clone())), Change::Leave(assignment)] {
        let after = before.after(&[end], Revision(2));
        assert!(may(&before, ADA, READ, &account("rg1")));
        assert_eq!(ask(&after, ADA, READ, &account("rg1")), NO_GRANT);
        assert!(after.managing_tenants(SUBSCRIPTION).is_empty());
    }
}

#[test]
fn what_must_not_be_delegated_grants_nothing_even_if_it_got_in() {
    let logs = role("92aaf0da-9dab-42b6-94a3-d43ce8d16293"); // Log Analytics Contributor: data actions
    let access = role("f58310d9-a9f6-439a-9e8d-f62e7b41a168"); // may write role assignments
    let backup = role("e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1"); // restricted: locks
    let unknown = role("00000000-0000-0000-0000-0000000000c0");
    for never in [OWNER, access, backup, unknown] {
        let index = offered(&[authorization(TIER1, never)]);
        assert_eq!(ask(&index, ADA, READ, &account("rg1")), NO_GRANT, "{never}");
        assert!(!index.can_see(ADA, SUBSCRIPTION, samples::now()), "{never}");
    }
    let index = offered(&[authorization(TIER1, logs)]);
    assert!(may(&index, ADA, READ, &account("rg1")), "its actions are left");
    let shown = index.what_can(ADA, &account("rg1"), samples::now());
    assert!(shown.iter().all(|it| it.data_actions.is_empty()), "its data actions are not");
}

#[test]
fn a_delegation_to_the_home_tenant_or_by_a_stray_definition_grants_nothing() {
    let definition = samples::definition(SUBSCRIPTION);
    let sound = samples::assignment(samples::whole());
    let own = Definition { managed_by: CUSTOMER, ..definition.clone() };
    let own_assignment = Assignment { managed_by: CUSTOMER, ..sound.clone() };
    let strays = [
        (own, own_assignment),
        (samples::definition(NEIGHBOUR), sound.clone()),
        (Definition { managed_by: CUSTOMER, ..definition.clone() }, sound.clone()),
        (definition, Assignment { definition: elsewhere(), ..sound }),
    ];
    let tier1 = samples::principal(CUSTOMER, 0x71);
    for (definition, assignment) in strays {
        let neighbour = Noun::Subscription(samples::subscription(NEIGHBOUR, CUSTOMER));
        let more = [
            neighbour,
            Noun::Group(samples::group(tier1, "tier1")),
            crate::member(tier1, samples::OLOF),
            Noun::Definition(definition),
            Noun::Assignment(assignment),
        ];
        let index = with(people(), more);
        let explained =
            index.explain(ADA, &crate::Question::any(READ, samples::whole()), samples::now());
        assert_eq!(explained.verdict, NO_GRANT, "{:?}", explained.grants);
    }
}

/// The same GUID, in another subscription.
fn elsewhere() -> DefinitionId {
    samples::definition(NEIGHBOUR).id
}

#[test]
fn the_same_definition_guid_in_two_subscriptions_never_meets() {
    let other = Definition {
        authorizations: vec![authorization(TIER1, READER)],
        ..samples::definition(NEIGHBOUR)
    };
    let neighbour = Scope::Subscription(NEIGHBOUR);
    let nouns = [
        Noun::Subscription(samples::subscription(NEIGHBOUR, CUSTOMER)),
        Noun::Definition(other),
        Noun::Assignment(samples::assignment(neighbour.clone())),
    ];
    let index = with(delegated(), nouns);
    assert!(may(&index, ADA, WRITE, &samples::whole()));
    assert!(may(&index, ADA, READ, &neighbour));
    assert!(!may(&index, ADA, WRITE, &neighbour));
}

#[test]
fn an_eligible_authorization_grants_nothing() {
    let eligible = EligibleAuthorization {
        principal: ADA.object,
        role: CONTRIBUTOR,
        display_name: None,
        policy: None,
    };
    let definition = Definition { eligible: vec![eligible], ..offer(1, &[]) };
    let assignment = accepted(&definition, samples::whole());
    let index = with(people(), [Noun::Definition(definition), Noun::Assignment(assignment)]);
    assert_eq!(ask(&index, ADA, READ, &samples::whole()), NO_GRANT);
}

#[test]
fn a_delegated_user_access_administrator_only_gives_listed_roles_and_opens_tickets() {
    let administrator = |roles: Option<Vec<RoleId>>| {
        let mut it = authorization(TIER1, USER_ACCESS_ADMINISTRATOR);
        it.delegated_roles = roles;
        offered(&[it])
    };
    let listing = administrator(Some(vec![CONTRIBUTOR, OWNER, USER_ACCESS_ADMINISTRATOR]));
    let (write, delete) = (Action::ROLE_ASSIGNMENTS_WRITE, Action::ROLE_ASSIGNMENTS_DELETE);
    let locks = Action::known("Microsoft.Authorization/locks/write");
    let cases = [
        (SUPPORT, Via::Any, true),
        (write.clone(), Via::Any, false),
        (write.clone(), Via::AssigningSome, true),
        (write.clone(), Via::Assigning(CONTRIBUTOR.into()), true),
        (delete, Via::Assigning(CONTRIBUTOR.into()), true),
        (write.clone(), Via::Assigning(READER.into()), false),
        (write.clone(), Via::Assigning(OWNER.into()), false),
        (write.clone(), Via::Assigning(USER_ACCESS_ADMINISTRATOR.into()), false),
        (Action::ROLE_ASSIGNMENTS_READ, Via::Assigning(CONTRIBUTOR.into()), false),
        (write.clone(), Via::Ownership, false),
        (READ, Via::Any, false),
        (locks, Via::Any, false),
    ];
    for (action, via, expected) in cases {
        let verdict = ask_via(&listing, ADA, action.clone(), &account("rg1"), via);
        assert_eq!(verdict.is_allowed(), expected, "{action} {via:?}");
    }
    for nothing in [None, Some(Vec::new()), Some(vec![OWNER])] {
        let verdict = ask_via(
            &administrator(nothing),
            ADA,
            write.clone(),
            &samples::whole(),
            Via::AssigningSome,
        );
        assert_eq!(verdict, NO_GRANT);
    }
}

#[test]
fn giving_back_takes_the_delete_role_and_is_for_ones_own_delegations() {
    let deleting = offer(1, &[authorization(TIER1, DELETE_ROLE)]);
    let own = accepted(&deleting, samples::whole());
    let strangers = Definition { managed_by: crate::limits::STRANGER, ..offer(2, &[]) };
    let other = accepted(&strangers, samples::resource_group("rg1"));
    let nouns = [
        Noun::Definition(deleting),
        Noun::Definition(strangers),
        Noun::Assignment(own.clone()),
        Noun::Assignment(other.clone()),
    ];
    let with_role = with(people(), nouns);
    let leave = |index: &access::index::Index, who, assignment: &Assignment| {
        let questions = Change::Leave(assignment.clone()).requires();
        index.check(who, &questions[0], samples::now()).is_allowed()
    };
    assert!(leave(&with_role, ADA, &own));
    assert!(!leave(&with_role, ADA, &other), "another provider's");
    assert!(!leave(&with_role, samples::OLOF, &own), "its owner removes it, but not in this way");
    let contributor = index(&delegated());
    let own = samples::assignment(samples::whole());
    assert!(may(&contributor, ADA, Action::ASSIGNMENTS_DELETE, &samples::whole()));
    assert!(!leave(&contributor, ADA, &own), "Contributor is not enough");
}

#[test]
fn overlapping_delegations_count_in_strict_and_break_each_other_in_azure() {
    let (one, two) = (
        offer(1, &[authorization(TIER1, CONTRIBUTOR)]),
        offer(2, &[authorization(TIER1, CONTRIBUTOR)]),
    );
    let [a, b] = [&one, &two].map(|it| accepted(it, samples::whole()));
    for (profile, left) in [(Profile::Strict, true), (Profile::Azure, false)] {
        let nouns = [
            Noun::Settings(settings(profile)),
            Noun::Definition(one.clone()),
            Noun::Definition(two.clone()),
            Noun::Assignment(a.clone()),
            Noun::Assignment(b.clone()),
        ];
        let both = with(people(), nouns);
        let after = both.after(&[Change::Remove(Noun::Assignment(a.clone()))], Revision(2));
        assert_eq!(may(&after, ADA, KEYS, &account("rg1")), left, "{profile:?}");
        for again in [Noun::Assignment(b.clone()), Noun::Definition(two.clone())] {
            let cured = after.after(&[put(again)], Revision(3));
            assert!(may(&cured, ADA, KEYS, &account("rg1")), "onboarding again cures it");
        }
    }
}

#[test]
fn in_azure_only_like_grants_at_the_same_scope_are_taken_along() {
    let gone = offer(1, &[authorization(TIER1, CONTRIBUTOR)]);
    let kept = offer(2, &[authorization(TIER1, READER)]);
    let inner = offer(3, &[authorization(TIER1, CONTRIBUTOR)]);
    let ended = accepted(&gone, samples::whole());
    let nouns = [
        Noun::Settings(settings(Profile::Azure)),
        Noun::Assignment(ended.clone()),
        Noun::Assignment(accepted(&kept, samples::whole())),
        Noun::Assignment(accepted(&inner, samples::resource_group("rg1"))),
        Noun::Definition(gone),
        Noun::Definition(kept),
        Noun::Definition(inner),
    ];
    let after = with(people(), nouns).after(&[Change::Leave(ended)], Revision(2));
    assert!(may(&after, ADA, READ, &account("rg2")), "another role");
    assert!(may(&after, ADA, WRITE, &account("rg1")), "another scope");
    assert!(!may(&after, ADA, WRITE, &account("rg2")));
}
