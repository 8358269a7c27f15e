//! The catalogue, and the questions asked the other way round, by example; the agreement tests
//! show the rest.

use aws_lc_rs::digest;

use access::{catalogue::Catalogue, explain::Outcome, index::PrincipalKind, verdict::Through};
use ids::scope::Scope;
use model::{
    change::Noun,
    question::Question,
    samples::{self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, OLOF, READER, SUBSCRIPTION, TIER1},
};

use crate::{DELETE, READ, account, delegated, index};

#[test]
fn the_catalogue_holds_every_built_in_role() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.roles().count(), 928);
    assert_eq!(catalogue.role(READER).unwrap().permissions[0].actions, ["*/read"]);
    assert_eq!(catalogue.role(DELETE_ROLE).unwrap().permissions[0].actions.len(), 3);
    let digest = digest::digest(&digest::SHA256, include_bytes!("../../data/builtin-roles.json"));
    let hex: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(catalogue.digest(), hex.concat(), "keep it in `data/builtin-roles.sha256`");
    assert!(Catalogue::parse(b"[{}]", "").is_err());
}

#[test]
fn who_what_and_where_tell_the_same_story() {
    let index = index(&delegated());
    let now = samples::now();
    let question = Question::any(DELETE, account("rg1"));
    assert_eq!(index.who_can(&question, now), [OLOF, ADA]);
    assert_eq!(index.scopes_of(ADA, &DELETE, now), [samples::whole()]);
    let contributor = &index.catalogue().role(CONTRIBUTOR).unwrap().permissions;
    assert_eq!(&index.what_can(ADA, &account("rg1"), now), contributor);
    assert_eq!(index.home(&account("rg1")), Some(CUSTOMER));
    assert_eq!(index.principal(ADA).unwrap().kind, PrincipalKind::User);
    assert_eq!(index.subscription(SUBSCRIPTION).unwrap().tenant, CUSTOMER);
    assert!(index.tenant_exists(CUSTOMER));
}

#[test]
fn an_explanation_shows_what_was_looked_at() {
    let index = index(&delegated());
    let explained = index.explain(ADA, &Question::any(READ, account("rg1")), samples::now());
    let around = [account("rg1"), samples::resource_group("rg1"), samples::whole()];
    assert_eq!(explained.scopes[..3], around);
    assert_eq!(explained.scopes[3], Scope::Tenant(CUSTOMER));
    assert_eq!(explained.groups, [TIER1]);
    let [grant] = explained.grants.as_slice() else { panic!("{explained:?}") };
    assert_eq!((grant.grantee, grant.outcome), (TIER1, Outcome::Allows));
    let delegation = samples::assignment(samples::whole()).id;
    assert_eq!(grant.through, Through::Delegation(delegation));
}

#[test]
fn what_access_does_not_depend_on_leaves_its_revision_alone() {
    use access::index::Index;
    let settings = Noun::Settings(samples_settings());
    assert!(Index::concerns(&crate::put(settings)));
    let registration = Noun::Registration(model::tree::Registration {
        subscription: SUBSCRIPTION,
        namespace: "Microsoft.ManagedServices".parse().unwrap(),
        registered: true,
    });
    let change = crate::put(registration);
    assert!(!Index::concerns(&change));
    let after = index(&delegated()).after(&[change], ids::clock::Revision(7));
    assert_eq!((after.revision().0, after.access_revision().0), (7, 1));
}

fn samples_settings() -> model::settings::Settings {
    crate::settings(model::settings::Profile::Azure)
}
