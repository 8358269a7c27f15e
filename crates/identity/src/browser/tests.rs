use std::slice;

use model::samples::{self, ADA, OLOF};
use uuid::Uuid;

use super::*;
use crate::account::Second;

const APP: AppId = AppId::new(Uuid::from_u128(0xA99));
const REDIRECT: &str = "https://app.example/in";

fn confirmed() -> Confirmed {
    Confirmed::new(APP, samples::PROVIDER, REDIRECT)
}

fn candidate(name: &str, who: ids::guid::Principal) -> Candidate {
    let home = samples::user(who, name);
    let shown = Shown { home: who, password: "stamp".to_owned(), second: None };
    let session = SessionId::new(Uuid::from_u128(who.tenant.raw().as_u128()));
    let confirmed = vec![Confirmed::new(APP, who.tenant, REDIRECT)];
    let signed_in = SignedIn { session, shown, signed_in: samples::now(), confirmed };
    Candidate {
        signed_in,
        account: Account { local: home.clone(), home },
        has_second_factor: false,
    }
}

fn asking(waiting: Waiting) -> Asking<'static> {
    Asking { app: APP, redirect: REDIRECT, waiting, multiple_factors: false }
}

#[test]
fn nothing_is_asked_only_where_one_account_is_meant_and_no_program_waits() {
    use Prompt::{AsNeeded, Login, None as Silent, SelectAccount};
    use Waiting::{Program, Server};
    let (ada, olof) = (candidate("ada", ADA), candidate("olof", OLOF));
    let (none, one, both) = (vec![], vec![ada.clone()], vec![ada.clone(), olof.clone()]);
    let go = |it: &Candidate| Ok(Next::Go(Box::new(it.clone())));
    let choose = |it: &Vec<Candidate>| Ok(Next::Choose(it.clone()));
    let (login, interaction) = (Err(Refused::LoginRequired), Err(Refused::InteractionRequired));
    let cases = [
        (AsNeeded, Server, None, &none, Ok(Next::Ask)),
        (AsNeeded, Server, None, &one, go(&ada)),
        (AsNeeded, Program, None, &one, choose(&one)),
        (AsNeeded, Server, None, &both, choose(&both)),
        (AsNeeded, Server, Some("OLOF@example"), &both, go(&olof)),
        (AsNeeded, Server, Some("eve@example"), &both, Ok(Next::Ask)),
        (AsNeeded, Program, Some("olof@example"), &both, choose(&both)),
        (Login, Server, None, &one, Ok(Next::Ask)),
        (SelectAccount, Server, None, &one, choose(&one)),
        (SelectAccount, Server, None, &none, Ok(Next::Ask)),
        (Silent, Server, None, &none, login.clone()),
        (Silent, Server, None, &one, go(&ada)),
        (Silent, Server, None, &both, interaction),
        (Silent, Server, Some("eve@example"), &one, login.clone()),
        (Silent, Program, None, &one, login),
    ];
    for (prompt, waiting, hint, candidates, expected) in cases {
        let next = next(prompt, asking(waiting), hint, candidates.clone());
        assert_eq!(next, expected, "{prompt:?} {waiting:?} {hint:?} {}", candidates.len());
    }
}

#[test]
fn whoever_has_not_gone_on_to_an_application_is_asked_before_it_hears_of_them() {
    let ada = candidate("ada", ADA);
    let as_guest = Account {
        local: samples::user(samples::principal(samples::CUSTOMER, 0x60), "ada#EXT#"),
        ..ada.account.clone()
    };
    let of_a_tenant = Candidate { account: as_guest, ..ada.clone() };
    let other = AppId::new(Uuid::nil());
    let elsewhere = "https://app.example.evil.example/in";
    let cases = [
        ("as confirmed", asking(Waiting::Page), &ada, true),
        (
            "another page there",
            Asking { redirect: "https://app.example/x", ..asking(Waiting::Page) },
            &ada,
            true,
        ),
        ("another application", Asking { app: other, ..asking(Waiting::Page) }, &ada, false),
        ("another place", Asking { redirect: elsewhere, ..asking(Waiting::Page) }, &ada, false),
        ("another tenant's account", asking(Waiting::Page), &of_a_tenant, false),
    ];
    for (name, asking, candidate, unseen) in cases {
        let next = |prompt| next(prompt, asking, None, vec![candidate.clone()]);
        let went = Ok(Next::Go(Box::new(candidate.clone())));
        if unseen {
            assert_eq!(next(Prompt::AsNeeded), went, "{name}");
            assert_eq!(next(Prompt::None), went, "{name}");
        } else {
            let choose = Ok(Next::Choose(vec![candidate.clone()]));
            assert_eq!(next(Prompt::AsNeeded), choose, "{name}");
            assert_eq!(next(Prompt::None), Err(Refused::LoginRequired), "{name}");
        }
    }
}

#[test]
fn whoever_lacks_a_code_that_is_asked_for_does_not_go_on_unseen() {
    let ada = candidate("ada", ADA);
    let second = Some(Second { seed: "seed".to_owned(), at: samples::now() });
    let shown = Shown { second, ..ada.signed_in.shown.clone() };
    let with_code = SignedIn { shown, ..ada.signed_in.clone() };
    let cases = [
        ("a password is enough", ada.clone(), false, true),
        ("a client asks for more", ada.clone(), true, false),
        (
            "an authenticator since",
            Candidate { has_second_factor: true, ..ada.clone() },
            false,
            false,
        ),
        ("a code was shown", Candidate { signed_in: with_code, ..ada }, true, true),
    ];
    for (name, candidate, multiple_factors, goes) in cases {
        let asking = Asking { multiple_factors, ..asking(Waiting::Page) };
        let next = |prompt| next(prompt, asking, None, vec![candidate.clone()]);
        let expected = if goes {
            Next::Go(Box::new(candidate.clone()))
        } else {
            Next::Choose(vec![candidate.clone()])
        };
        assert_eq!(next(Prompt::AsNeeded), Ok(expected), "{name}");
        assert_eq!(next(Prompt::None).is_ok(), goes, "{name}");
    }
}

#[test]
fn in_silence_an_application_learns_nothing_of_those_who_have_not_gone_on_to_it() {
    let (ada, mut olof) = (candidate("ada", ADA), candidate("olof", OLOF));
    let silent = |hint, candidates: &[Candidate]| {
        next(Prompt::None, asking(Waiting::Page), hint, candidates.to_vec())
    };
    olof.signed_in.confirmed.clear();
    for hint in [None, Some("olof@example"), Some("ada@example"), Some("eve@example")] {
        let answers = [vec![], vec![olof.clone()]].map(|it| silent(hint, &it));
        assert_eq!(answers, [Err(Refused::LoginRequired), Err(Refused::LoginRequired)], "{hint:?}");
        let beside = silent(hint, &[ada.clone(), olof.clone()]);
        assert_eq!(beside, silent(hint, slice::from_ref(&ada)), "{hint:?}");
    }
}

fn signed_in(n: u128, password: &str) -> SignedIn {
    SignedIn {
        session: SessionId::new(Uuid::from_u128(n)),
        shown: Shown { home: ADA, password: password.to_owned(), second: None },
        signed_in: samples::now(),
        confirmed: Vec::new(),
    }
}

fn session(n: u128) -> SessionId {
    SessionId::new(Uuid::from_u128(n))
}

#[test]
fn a_browser_remembers_each_person_once_and_few_in_all() {
    let (first, _) = Browser::default().with(signed_in(1, "a"));
    let again = first.clone().with(signed_in(2, "a"));
    assert_eq!(again, (first.clone(), vec![]), "the session goes on");
    let (changed, ended) = first.with(signed_in(3, "b"));
    assert_eq!(changed.accounts, [signed_in(3, "b")], "a new password begins a new one");
    assert_eq!(ended, [session(1)], "and ends that of the old one");
    let (many, ended) = (0..20).fold((Browser::default(), vec![]), |(browser, mut all), n| {
        let home = samples::principal(samples::PROVIDER, n);
        let shown = Shown { home, ..signed_in(n, "a").shown };
        let (browser, ended) = browser.with(SignedIn { shown, ..signed_in(n, "a") });
        all.extend(ended);
        (browser, all)
    });
    assert_eq!(many.accounts.len(), ACCOUNTS_MAX);
    assert_eq!(many.accounts.first().map(|it| it.session), Some(session(19)));
    assert_eq!(ended, (0..12).map(session).collect::<Vec<_>>(), "the others end");
}

#[test]
fn a_sign_in_answers_for_its_person_for_a_day() {
    let it = signed_in(1, "a");
    assert!(it.is_fresh(it.signed_in + LIFETIME - SignedDuration::from_secs(1)));
    assert!(!it.is_fresh(it.signed_in + LIFETIME));
}

#[test]
fn what_somebody_has_confirmed_lasts_as_long_as_their_password_and_is_bounded() {
    let with = |browser: &Browser, new| browser.clone().with(new).0;
    let clicked =
        |browser: Browser, confirmed: &Confirmed| browser.confirming(session(1), confirmed);
    let of = |browser: &Browser| browser.accounts.first().unwrap().confirmed.clone();
    let first = clicked(with(&Browser::default(), signed_in(1, "a")), &confirmed());
    assert_eq!(of(&clicked(first.clone(), &confirmed())), [confirmed()], "once");
    let other = Confirmed { app: AppId::new(Uuid::nil()), ..confirmed() };
    let again = signed_in(2, "a").confirming(other.clone());
    assert_eq!(of(&with(&first, again)), [other.clone(), confirmed()]);
    assert_eq!(of(&with(&first, signed_in(3, "b"))), []);
    assert_eq!(first.clone().confirming(session(9), &other), first, "nobody else's");
    let many = (0..99).fold(first, |browser, n| {
        let app = AppId::new(Uuid::from_u128(n));
        clicked(browser, &Confirmed { app, ..confirmed() })
    });
    assert_eq!(of(&many).len(), CONFIRMED_MAX);
}
