//! Staying signed in, and what ends it.

use std::sync::Arc;

use identity::{
    account::Directory,
    password,
    refusal::Refused,
    request::{ClientClaim, TokenRequest},
    resource::Api,
    verifier::Untrusted,
};
use ids::clock::Clock;
use model::{
    change::{Change, Noun},
    directory::{Holder, User, UserKind},
    samples::{self, ADA, CUSTOMER, PROVIDER},
};
use operations::sign_in::SignIn;

use crate::{
    devices::{started, typed},
    kit::{
        APP, GUEST, asker, at, by_password, by_refresh, credential, kit, master, refresh_of,
        refused,
    },
};

#[tokio::test]
async fn a_refresh_token_is_good_once_and_for_parallel_clients_a_moment_more() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let second = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    assert_ne!(first, second);
    kit.wait(30);
    let again = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    assert_eq!(again, second, "the rotation is repeated");
    let third = refresh_of(&kit.token(at(PROVIDER), by_refresh(&second)).await.unwrap());
    let caught_up = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    assert_eq!(caught_up, third, "a slow client gets the token that is still unused");
}

#[tokio::test]
async fn a_refresh_token_used_again_later_ends_the_session() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let second = refresh_of(&kit.token(at(PROVIDER), by_refresh(&first)).await.unwrap());
    kit.wait(61);
    let stolen = kit.token(at(PROVIDER), by_refresh(&first)).await;
    assert_eq!(refused(stolen), Refused::SessionEnded);
    let owner = kit.token(at(PROVIDER), by_refresh(&second)).await;
    assert_eq!(refused(owner), Refused::SessionEnded);
    assert!(kit.token(at(PROVIDER), by_refresh(&refresh_of(&kit.ada().await))).await.is_ok());
}

#[tokio::test]
async fn with_its_session_an_access_token_ends_too_and_a_restart_does_not_bring_it_back() {
    let kit = kit().await;
    let (first, other) = (kit.ada().await, kit.ada().await);
    let second = kit.token(at(PROVIDER), by_refresh(&refresh_of(&first))).await.unwrap();
    assert_eq!(kit.caller(&second).principal, ADA);
    kit.wait(61);
    let stolen = kit.token(at(PROVIDER), by_refresh(&refresh_of(&first))).await;
    assert_eq!(refused(stolen), Refused::SessionEnded);
    let reopened = SignIn::open(Arc::clone(kit.sign_in.plane()), master()).await.unwrap();
    for sign_in in [&kit.sign_in, &reopened] {
        let verifier = sign_in.verifier(Api::Arm);
        for tokens in [&first, &second] {
            let verified = verifier.verify(&tokens.access.0, kit.clock.now());
            assert_eq!(verified, Err(Untrusted::SessionEnded));
        }
        assert!(verifier.verify(&other.access.0, kit.clock.now()).is_ok());
    }
}

#[tokio::test]
async fn redeemed_at_another_tenant_a_refresh_token_yields_that_tenants_own_account() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let tokens = kit.token(at(CUSTOMER), by_refresh(&first)).await.unwrap();
    assert_eq!(kit.caller(&tokens).principal, GUEST);
    let next = refresh_of(&tokens);

    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(GUEST, "ada#EXT#") };
    kit.change(Change::Put(Noun::User(User { enabled: false, ..guest.clone() }))).await;
    let barred = kit.token(at(CUSTOMER), by_refresh(&next)).await;
    assert_eq!(refused(barred), Refused::UserDisabled);

    kit.change(Change::Remove(Noun::User(guest))).await;
    let uninvited = refused(kit.token(at(CUSTOMER), by_refresh(&next)).await);
    assert!(matches!(uninvited, Refused::NotInTenant { .. }), "{uninvited:?}");
    // A refusal uses nothing up.
    assert!(kit.token(at(PROVIDER), by_refresh(&next)).await.is_ok());
}

#[tokio::test]
async fn a_refresh_token_is_one_clients_and_expires() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let other = ClientClaim { app: APP, proof: None };
    let by_other = TokenRequest { client: other, ..by_refresh(&first) };
    assert_eq!(refused(kit.token(at(PROVIDER), by_other).await), Refused::RefreshInvalid);
    let made_up = kit.token(at(PROVIDER), by_refresh("made up")).await;
    assert_eq!(refused(made_up), Refused::RefreshInvalid);
    kit.wait(91 * 24 * 3600);
    let stale = kit.token(at(PROVIDER), by_refresh(&first)).await;
    assert_eq!(refused(stale), Refused::RefreshInvalid);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one_and_no_others() {
    let kit = kit().await;
    let first = refresh_of(&kit.ada().await);
    let (user_code, poll) = started(&kit, at(PROVIDER)).await;
    let answer = typed(&user_code, "correct horse");
    kit.sign_in.approve_device(asker(Directory::Home), answer).await.unwrap();
    let changed = credential(Holder::User(ADA), password::drawn("staple battery"));
    kit.change(Change::Put(changed)).await;

    let on_device = kit.token(at(PROVIDER), poll).await;
    assert_eq!(refused(on_device), Refused::SessionEnded, "what was approved by it is not begun");
    for _ in 0..2 {
        let outcome = kit.token(at(PROVIDER), by_refresh(&first)).await;
        assert_eq!(refused(outcome), Refused::SessionEnded);
    }
    let anew = by_password("ada@fabrikam.example", "staple battery");
    let anew = refresh_of(&kit.token(at(PROVIDER), anew).await.unwrap());
    assert!(kit.token(at(PROVIDER), by_refresh(&anew)).await.is_ok());
}

#[tokio::test]
async fn a_session_that_a_new_password_ends_takes_its_access_tokens_along_when_it_is_used() {
    let kit = kit().await;
    let tokens = kit.ada().await;
    let changed = credential(Holder::User(ADA), password::drawn("staple battery"));
    kit.change(Change::Put(changed)).await;
    let outcome = kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await;
    assert_eq!(refused(outcome), Refused::SessionEnded);
    let verified = kit.sign_in.verifier(Api::Arm).verify(&tokens.access.0, kit.clock.now());
    assert_eq!(verified, Err(Untrusted::SessionEnded));
}
