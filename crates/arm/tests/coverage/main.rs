//! What must hold for every row of the route table, in every version it speaks.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod kit;
mod transcripts;
mod writes;

use arm::{request::NoCaller, route::Judge, routes};
use model::samples;

use kit::{STRANGER, SUBSCRIPTION, ask, code, is_everybodys, rows, versions, world};

#[tokio::test]
async fn every_row_speaks_some_version() {
    for route in routes::all() {
        assert!(!versions(route).is_empty(), "{:?} {:?}", route.method, route.target);
    }
}

#[tokio::test]
async fn every_row_refuses_a_missing_token() {
    let plane = world().await;
    for (route, version, path) in rows() {
        let answer = ask(&plane, route.method, &path, version, Err(NoCaller::Missing)).await;
        let place = format!("{} {path} {version}", route.method.as_str());
        assert_eq!(
            (answer.status, code(&answer)),
            (401, "AuthenticationFailed".to_owned()),
            "{place}"
        );
        let challenge = answer.headers.iter().find(|(name, _)| *name == "WWW-Authenticate");
        assert!(challenge.unwrap().1.starts_with("Bearer authorization_uri="), "{place}");
    }
}

#[tokio::test]
async fn every_row_refuses_every_token_that_is_not_believed() {
    let plane = world().await;
    let before = testkit::events(&plane).await.len();
    let said = || "The access token is not believed.".to_owned();
    let (expired, now) = ("2026-01-01T00:00:00Z".to_owned(), "2026-01-01T01:00:00Z".to_owned());
    let cases = [
        (NoCaller::Invalid(said()), "InvalidAuthenticationToken"),
        (NoCaller::Expired { expired, now }, "ExpiredAuthenticationToken"),
        (NoCaller::Audience(said()), "InvalidAuthenticationTokenAudience"),
        (NoCaller::Issuer(said()), "InvalidAuthenticationTokenTenant"),
    ];
    for (why, expected) in cases {
        for (route, version, path) in rows() {
            let answer = ask(&plane, route.method, &path, version, Err(why.clone())).await;
            let place = format!("{} {path} {version}", route.method.as_str());
            assert_eq!((answer.status, code(&answer).as_str()), (401, expected), "{place}");
            let challenged = answer.headers.iter().any(|(name, _)| *name == "WWW-Authenticate");
            assert!(challenged, "{place}");
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), before, "a refusal leaves no event");
}

#[tokio::test]
async fn every_row_in_a_subscription_refuses_a_foreign_tenants_token() {
    let plane = world().await;
    for (route, version, path) in rows().filter(|(_, _, path)| path.starts_with("/subscriptions/0"))
    {
        let answer = ask(&plane, route.method, &path, version, Ok(samples::ADA)).await;
        let place = format!("{} {path} {version}", route.method.as_str());
        if route.judge == Judge::Starter {
            assert_eq!(answer.status, 404, "{place}");
            continue;
        }
        assert_eq!(code(&answer), "InvalidAuthenticationTokenTenant", "{place}");
        assert_eq!(answer.status, 401, "{place}");
    }
}

#[tokio::test]
async fn every_row_refuses_a_stranger_or_shows_nothing() {
    let plane = world().await;
    let before = testkit::events(&plane).await.len();
    for (route, version, path) in rows().filter(|(route, _, _)| !is_everybodys(route)) {
        let answer = ask(&plane, route.method, &path, version, Ok(STRANGER)).await;
        let place = format!("{} {path} {version}: {:?}", route.method.as_str(), answer.body);
        match route.judge {
            Judge::Action(..) => {
                assert_eq!(
                    (answer.status, code(&answer)),
                    (403, "AuthorizationFailed".to_owned()),
                    "{place}"
                );
            }
            Judge::Each(_) | Judge::Starter => {
                let shown = answer.body.clone().unwrap_or_default().to_string();
                assert!(matches!(answer.status, 200 | 400 | 403 | 404), "{place}");
                assert!(!shown.contains("/resourceGroups/app"), "{place}");
            }
        }
    }
    assert_eq!(testkit::events(&plane).await.len(), before, "a refusal leaves no event");
}

#[tokio::test]
async fn every_path_finds_its_own_row_and_unknown_versions_are_told_the_known() {
    let plane = world().await;
    for (route, _, path) in rows() {
        let answer = ask(&plane, route.method, &path, "1999-01-01", Ok(samples::OLOF)).await;
        let place = format!("{} {path}: {answer:?}", route.method.as_str());
        assert_eq!(answer.status, 400, "{place}");
        assert!(
            matches!(
                code(&answer).as_str(),
                "InvalidApiVersionParameter" | "NoRegisteredProviderFound"
            ),
            "{place}"
        );
        let answer = ask(&plane, route.method, &path, "", Ok(samples::OLOF)).await;
        assert_eq!(code(&answer), "MissingApiVersionParameter", "{place}");
    }
}

#[tokio::test]
async fn a_stranger_cannot_tell_a_group_that_is_there_from_one_that_is_not() {
    let plane = world().await;
    for (route, version, path) in rows() {
        let Some(rest) = path.strip_prefix(SUBSCRIPTION) else { continue };
        let rest = rest.strip_prefix("/resourceGroups/app").unwrap_or(rest);
        for who in [STRANGER, samples::ADA] {
            let mut answers = Vec::new();
            for group in ["app", "xyz"] {
                let path = format!("{SUBSCRIPTION}/resourceGroups/{group}{rest}");
                let answer = ask(&plane, route.method, &path, version, Ok(who)).await;
                let body = answer.body.map(|it| it.to_string().replace("xyz", "app"));
                answers.push((answer.status, body));
            }
            let place = format!("{} {path} {version} {who:?}", route.method.as_str());
            assert_eq!(answers[0], answers[1], "{place}");
        }
    }
}
