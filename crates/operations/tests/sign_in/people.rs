//! People with a password: who they are where, and what guessing costs.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use identity::{account::Directory, refusal::Refused};
use model::{
    change::{Change, Noun},
    directory::User,
    event::CallerKind,
    samples::{self, ADA, CUSTOMER, OLOF, PROVIDER},
};
use operations::sign_in::{Asker, Error};
use tokio::task::JoinSet;

use crate::kit::{GUEST, asker, at, by_password, by_refresh, by_secret, kit, refresh_of, refused};

#[tokio::test]
async fn a_person_signs_in_at_home_and_as_a_guest_with_one_password() {
    let kit = kit().await;
    let login = || by_password("ADA@fabrikam.example", "correct horse");
    let everywhere = [(at(PROVIDER), ADA), (asker(Directory::Home), ADA), (at(CUSTOMER), GUEST)];
    for (asker, expected) in everywhere {
        let tokens = kit.token(asker, login()).await.unwrap();
        let caller = kit.caller(&tokens);
        assert_eq!((caller.principal, caller.kind), (expected, CallerKind::User));
        assert_eq!(
            (caller.name.as_str(), &caller.methods[..]),
            ("ada@fabrikam.example", &["pwd".to_owned()][..])
        );
        let person = tokens.person.unwrap();
        assert_eq!(person.client_info, identity::claims::client_info(ADA));
        assert!(person.id.is_some() && person.refresh.is_some());
    }
}

#[tokio::test]
async fn whoever_does_not_know_the_password_learns_nothing() {
    let kit = kit().await;
    let names = [
        "ada@fabrikam.example",
        "nobody@fabrikam.example",
        "ada@nowhere.example",
        "ada",
        // Olof has no password, and a guest's is at home.
        "olof@example",
        "ada_fabrikam.example#EXT#@example",
    ];
    for name in names {
        for asker in [at(PROVIDER), at(CUSTOMER), asker(Directory::Home)] {
            let outcome = kit.token(asker, by_password(name, "wrong")).await;
            assert_eq!(refused(outcome), Refused::WrongPassword, "{name}");
        }
    }
}

#[tokio::test]
async fn guessing_slows_down_and_the_owner_elsewhere_notices_nothing() {
    let kit = kit().await;
    let wrong = || by_password("ada@fabrikam.example", "wrong");
    for _ in 0..6 {
        assert_eq!(refused(kit.token(at(PROVIDER), wrong()).await), Refused::WrongPassword);
    }
    let right = || by_password("ada@fabrikam.example", "correct horse");
    let slowed = refused(kit.token(at(PROVIDER), right()).await);
    assert!(matches!(slowed, Refused::SlowedDown(_)), "{slowed:?}");
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));
    assert!(kit.token(Asker { address, ..at(PROVIDER) }, right()).await.is_ok());
    kit.wait(2);
    assert!(kit.token(at(PROVIDER), right()).await.is_ok());
}

#[tokio::test]
async fn whoever_is_barred_gets_nothing_more_from_what_they_have() {
    let kit = kit().await;
    let refresh = refresh_of(&kit.ada().await);
    let ada = User {
        user_principal_name: "ada@fabrikam.example".to_owned(),
        enabled: false,
        ..samples::user(ADA, "ada")
    };
    kit.change(Change::Put(Noun::User(ada))).await;
    let password = by_password("ada@fabrikam.example", "correct horse");
    for request in [by_refresh(&refresh), password] {
        assert_eq!(refused(kit.token(at(PROVIDER), request).await), Refused::UserDisabled);
    }
}

#[tokio::test]
async fn a_directory_is_named_by_guid_by_domain_or_not_at_all() {
    let kit = kit().await;
    let provider = PROVIDER.to_string();
    let cases = [
        (provider.as_str(), Directory::Tenant(PROVIDER)),
        ("Fabrikam.Example", Directory::Tenant(PROVIDER)),
        ("contoso.example", Directory::Tenant(CUSTOMER)),
        ("organizations", Directory::Home),
        ("common", Directory::Home),
    ];
    for (name, expected) in cases {
        assert_eq!(kit.sign_in.directory(name).await.unwrap(), expected, "{name}");
    }
    for unknown in
        ["nowhere.example", "00000000-0000-0000-0000-0000000000ff", "", &OLOF.to_string()]
    {
        let outcome = kit.sign_in.directory(unknown).await;
        assert!(matches!(outcome, Err(Error::Refused(Refused::TenantNotFound(_)))), "{unknown}");
    }
}

#[tokio::test]
async fn guesses_that_come_at_once_are_slowed_down_like_those_that_come_one_by_one() {
    let kit = kit().await;
    let account = [by_password("ada@fabrikam.example", "wrong"), by_secret(Some("wrong"))];
    for request in account {
        let guess = || {
            let (sign_in, request) = (Arc::clone(&kit.sign_in), request.clone());
            async move { sign_in.token(at(PROVIDER), request).await }
        };
        let guesses = (0..50).map(|_| guess()).collect::<JoinSet<_>>();
        let answers = guesses.join_all().await.into_iter().map(refused);
        let slowed = answers.filter(|it| matches!(it, Refused::SlowedDown(_))).count();
        assert!(slowed >= 40, "{slowed}");
    }
}
