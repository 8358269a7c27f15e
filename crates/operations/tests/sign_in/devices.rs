//! Signing in on a device by a code that is typed elsewhere.

use std::net::{IpAddr, Ipv4Addr};

use identity::{
    account::Directory,
    client::AZURE_CLI,
    refusal::Refused,
    request::{DeviceRequest, Grant, TokenRequest},
    secret::Sensitive,
};
use model::{
    change::{Change, Noun},
    directory::{User, UserKind},
    samples::{self, ADA, CUSTOMER, PROVIDER},
};
use operations::sign_in::{
    Asker, Error,
    device::{Answer, Approval},
};

use crate::kit::{GUEST, Kit, SIGNED_IN, asker, at, by_refresh, kit, refresh_of, refused, request};

pub(crate) async fn started(kit: &Kit, asker: Asker) -> (String, TokenRequest) {
    let wanted = DeviceRequest { app: AZURE_CLI, scope: SIGNED_IN.to_owned() };
    let started = kit.sign_in.start_device(asker, wanted).await.unwrap();
    (started.user_code, request(Grant::DeviceCode(started.device_code), ""))
}

pub(crate) fn typed(user_code: &str, password: &str) -> Answer {
    let (user_code, username) = (user_code.to_lowercase(), "ada@fabrikam.example".to_owned());
    Answer { user_code, username, password: Sensitive(password.to_owned()) }
}

#[tokio::test]
async fn a_device_is_signed_in_by_whoever_types_its_code() {
    let kit = kit().await;
    let (user_code, poll) = started(&kit, asker(Directory::Home)).await;
    assert_eq!(refused(kit.token(at(PROVIDER), poll.clone()).await), Refused::DevicePending);
    let at_once = kit.token(at(PROVIDER), poll.clone()).await;
    assert_eq!(refused(at_once), Refused::DevicePolledTooOften);

    let browser = asker(Directory::Home);
    let wrong = kit.sign_in.approve_device(browser, typed(&user_code, "wrong")).await;
    assert!(matches!(wrong, Err(Error::Refused(Refused::WrongPassword))), "{wrong:?}");
    let mistyped = kit.sign_in.approve_device(browser, typed("AAAAAAAAA", "correct horse")).await;
    assert!(matches!(mistyped, Err(Error::Refused(Refused::DeviceUnknown))), "{mistyped:?}");
    let right = typed(&user_code, "correct horse");
    let approved = kit.sign_in.approve_device(browser, right.clone()).await.unwrap();
    let Approval::Approved(approved) = approved else { panic!("no code is asked for") };
    assert_eq!(approved.application, "Microsoft Azure CLI");
    let twice = kit.sign_in.approve_device(browser, right).await;
    assert!(matches!(twice, Err(Error::Refused(Refused::DeviceUnknown))), "{twice:?}");

    let tokens = kit.token(at(PROVIDER), poll.clone()).await.unwrap();
    assert_eq!(kit.caller(&tokens).principal, ADA);
    let used = kit.token(at(PROVIDER), poll).await;
    assert_eq!(refused(used), Refused::DeviceUnknown);
    assert!(kit.token(at(PROVIDER), by_refresh(&refresh_of(&tokens))).await.is_ok());
}

#[tokio::test]
async fn of_two_polls_at_once_one_gets_the_tokens() {
    let kit = kit().await;
    let (user_code, poll) = started(&kit, at(PROVIDER)).await;
    let answer = typed(&user_code, "correct horse");
    kit.sign_in.approve_device(asker(Directory::Home), answer).await.unwrap();
    let (one, two) =
        tokio::join!(kit.token(at(PROVIDER), poll.clone()), kit.token(at(PROVIDER), poll));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
}

#[tokio::test]
async fn a_device_is_turned_away_or_forgotten() {
    let kit = kit().await;
    let (declined, poll) = started(&kit, at(PROVIDER)).await;
    kit.sign_in.decline_device(asker(Directory::Home), &declined).await.unwrap();
    assert_eq!(refused(kit.token(at(PROVIDER), poll).await), Refused::DeviceDeclined);

    let (late, poll) = started(&kit, at(PROVIDER)).await;
    kit.wait(15 * 60);
    let answer = typed(&late, "correct horse");
    let outcome = kit.sign_in.approve_device(asker(Directory::Home), answer).await;
    assert!(matches!(outcome, Err(Error::Refused(Refused::DeviceUnknown))), "{outcome:?}");
    assert_eq!(refused(kit.token(at(PROVIDER), poll).await), Refused::DeviceUnknown);
}

#[tokio::test]
async fn a_device_of_a_tenant_takes_only_those_who_have_an_account_there() {
    let kit = kit().await;
    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(GUEST, "ada#EXT#") };
    kit.change(Change::Remove(Noun::User(guest))).await;
    let (user_code, _) = started(&kit, at(CUSTOMER)).await;
    let answer = typed(&user_code, "correct horse");
    let outcome = kit.sign_in.approve_device(asker(Directory::Home), answer).await;
    assert!(matches!(outcome, Err(Error::Refused(Refused::NotInTenant { .. }))), "{outcome:?}");
}

#[tokio::test]
async fn strangers_cannot_fill_the_store_with_device_codes() {
    let kit = kit().await;
    let wanted = || DeviceRequest { app: AZURE_CLI, scope: SIGNED_IN.to_owned() };
    let start =
        |address| kit.sign_in.start_device(Asker { address, ..asker(Directory::Home) }, wanted());
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    for _ in 0..50 {
        start(here).await.unwrap();
    }
    let refused = start(here).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::TooManyCodes(_)))), "{refused:?}");
    assert!(start(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9))).await.is_ok());
    kit.wait(15 * 60);
    assert!(start(here).await.is_ok());
}
