//! What holds for every row of the table: a page shows and a form does what the API would, and no
//! more.

mod world;

use axum::http::Method;
use model::samples::{CUSTOMER, PROVIDER};
use portal::{Served, Who, served};

use self::world::{
    NED_NAME, OLOF_NAME, OWN_FORMS, RITA_NAME, SAM_NAME, SECRETS, World, form, is_about_oneself,
    owner,
};
use crate::{
    kit::{Answered, Browser, PORTAL, encoded},
    partner::kit::{ADA_NAME, OPERATOR_NAME, value},
};

/// One request of a row's.
struct Sent {
    row: Served,
    path: String,
    /// What the form holds that its owner filled in, but for what says whose session it is.
    fields: Vec<(String, String)>,
}

impl Sent {
    async fn by(&self, browser: &Browser<'_>, csrf: Option<&str>) -> Answered {
        let csrf = csrf.map(|it| ("csrf".to_owned(), it.to_owned()));
        let fields: Vec<_> = self.fields.iter().cloned().chain(csrf).collect();
        let url = format!("{PORTAL}{}", self.path);
        browser.once(&self.row.method, &url, &encoded(&fields), &[]).await
    }

    /// What an answer holds that is not for strangers, but for where it is an answer to.
    fn secret(&self, answer: &Answered) -> Option<&'static str> {
        let path = self.path.split('?').next().unwrap();
        let shown = answer.text.replace(path, "");
        SECRETS.into_iter().find(|it| shown.contains(it))
    }

    /// The same about something that is not there.
    fn about(&self, (known, unknown): &(String, String)) -> Option<Self> {
        let is_named = |text: &String| text.contains(known);
        if !is_named(&self.path) && !self.fields.iter().any(|(_, it)| is_named(it)) {
            return None;
        }
        let twin = |text: &String| text.replace(known, unknown);
        let fields = self.fields.iter().map(|(name, it)| (name.clone(), twin(it))).collect();
        Some(Self { row: self.row.clone(), path: twin(&self.path), fields })
    }
}

/// Whom the rows are for, signed in, each with what their forms carry back.
struct Owners<'a>(Vec<(&'static str, Browser<'a>, String)>);

impl<'a> Owners<'a> {
    async fn new(world: &'a World) -> Self {
        let mut all = Vec::new();
        for name in [OLOF_NAME, ADA_NAME, OPERATOR_NAME] {
            let browser = world.kit.signed_in(name).await;
            let csrf = csrf(&browser).await;
            all.push((name, browser, csrf));
        }
        Self(all)
    }

    fn of(&self, row: &Served) -> (&Browser<'a>, &str) {
        let own = self.0.iter().find(|(name, ..)| *name == owner(row.pattern)).unwrap();
        (&own.1, &own.2)
    }
}

/// A request for every row, with the very fields that whom the row is for would send.
async fn all(world: &World, owners: &Owners<'_>) -> Vec<Sent> {
    let mut sent = Vec::new();
    for row in served() {
        let place = format!("{} {}", row.method, row.pattern);
        let path = world.path(&row).unwrap_or_else(|| panic!("no request for {place}"));
        let mut fields = Vec::new();
        if row.method == Method::POST {
            let (wanted, with) = form(row.pattern).unwrap_or_else(|| panic!("no form: {place}"));
            fields = filled(world, owners.of(&row).0, &row, (wanted, with)).await;
            fields.retain(|(name, _)| name != "csrf");
        }
        sent.push(Sent { row, path, fields });
    }
    sent
}

/// What a form's owner sends; what they would, where nothing is to be done at the moment.
async fn filled(
    world: &World,
    owner: &Browser<'_>,
    row: &Served,
    (wanted, with): (&str, &[(&str, &str)]),
) -> Vec<(String, String)> {
    let asks = served().find(|it| it.method == Method::GET && it.pattern == row.pattern);
    let path = asks.and_then(|it| world.path(&it)).unwrap_or_else(|| "/".to_owned());
    let page = owner.open(&path).await;
    assert!(!is_refused(&page), "{path}: {}", page.text);
    let mere = || with.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
    page.fields(wanted, with).unwrap_or_else(mere)
}

async fn csrf(browser: &Browser<'_>) -> String {
    value(&browser.open("/").await, "input[name=csrf]")
}

/// Sam, as a guest there.
async fn guest<'a>(world: &'a World, tenant: &str) -> Browser<'a> {
    let browser = world.kit.signed_in(SAM_NAME).await;
    let page = browser.open("/").await;
    browser.submit(&page, "form[action='/directory']", &[("tenant", tenant)]).await;
    browser
}

/// What an answer says, whatever it was called that was asked for, and whenever.
fn said(answer: &Answered, (known, unknown): &(String, String)) -> (u16, String) {
    let correlation = answer.texts("main dl.facts.soft code").pop().unwrap_or_default();
    let said = if correlation.is_empty() {
        answer.text.clone()
    } else {
        answer.text.replace(&correlation, "")
    };
    let bare = |text: &str| text.trim_start_matches('/').to_owned();
    (answer.status, said.replace(&bare(unknown), &bare(known)))
}

fn is_refused(answer: &Answered) -> bool {
    [401, 403, 404].contains(&answer.status)
}

#[tokio::test]
async fn no_row_shows_a_stranger_anything_or_does_anything_for_them() {
    let world = World::new().await;
    let all = all(&world, &Owners::new(&world).await).await;
    let (contoso, fabrikam) = (CUSTOMER.to_string(), PROVIDER.to_string());
    let strangers = [
        ("a stranger", world.kit.signed_in(SAM_NAME).await),
        ("a guest of the customer", guest(&world, &contoso).await),
        ("a guest of the provider", guest(&world, &fabrikam).await),
        ("a colleague", world.kit.signed_in(NED_NAME).await),
    ];
    let before = world.kit.sign_in.plane().store.head().revision;
    for (who, browser) in &strangers {
        let csrf = csrf(browser).await;
        for sent in all.iter().filter(|it| !OWN_FORMS.contains(&it.row.pattern)) {
            let answer = sent.by(browser, Some(&csrf)).await;
            let place = format!("{who}: {} {}: {}", sent.row.method, sent.path, answer.main());
            assert!(answer.status < 500, "{place}");
            let may = sent.row.who == Who::Anyone || is_about_oneself(&sent.row);
            assert!(may || is_refused(&answer), "{} {place}", answer.status);
            assert_eq!(sent.secret(&answer), None, "{place}");
            for pair in world.twins() {
                let Some(twin) = sent.about(&pair) else { continue };
                let other = twin.by(browser, Some(&csrf)).await;
                let same = said(&answer, &pair) == said(&other, &pair);
                assert!(same, "{place}\n{}: {}", twin.path, other.main());
            }
        }
    }
    assert_eq!(world.kit.sign_in.plane().store.head().revision, before, "nothing was written");
}

#[tokio::test]
async fn nobody_who_has_not_signed_in_is_served_what_is_not_for_anyone() {
    let world = World::new().await;
    let all = all(&world, &Owners::new(&world).await).await;
    let before = world.kit.sign_in.plane().store.head().revision;
    for sent in all {
        let answer = sent.by(&world.kit.browser(), Some("x")).await;
        let place = format!("{} {}: {}", sent.row.method, sent.path, answer.main());
        match (sent.row.who, sent.row.method == Method::GET) {
            (Who::Anyone, _) => assert!(answer.status < 500, "{place}"),
            (Who::Person, true) => {
                assert_eq!(answer.status, 303, "{place}");
                assert!(answer.header("location").starts_with("/sign-in?to="), "{place}");
            }
            (Who::Person, false) => assert_eq!(answer.status, 401, "{place}"),
        }
        assert_eq!(sent.secret(&answer), None, "{place}");
    }
    assert_eq!(world.kit.sign_in.plane().store.head().revision, before, "nothing was written");
}

#[tokio::test]
async fn no_form_does_anything_for_whoever_only_reads() {
    let world = World::new().await;
    let all = all(&world, &Owners::new(&world).await).await;
    let rita = world.kit.signed_in(RITA_NAME).await;
    let csrf = csrf(&rita).await;
    let before = world.kit.sign_in.plane().store.head().revision;
    for sent in all.iter().filter(|it| !OWN_FORMS.contains(&it.row.pattern)) {
        let answer = sent.by(&rita, Some(&csrf)).await;
        let place = format!("{} {}: {}", sent.row.method, sent.path, answer.main());
        assert!(answer.status < 500, "{place}");
        assert!(sent.row.method == Method::GET || is_refused(&answer), "{place}");
    }
    assert_eq!(world.kit.sign_in.plane().store.head().revision, before, "nothing was written");
}

#[tokio::test]
async fn no_form_is_taken_without_the_word_of_its_own_session() {
    let world = World::new().await;
    let (owners, elsewhere) = (Owners::new(&world).await, Owners::new(&world).await);
    let all = all(&world, &owners).await;
    let others = csrf(&world.kit.signed_in(SAM_NAME).await).await;
    let before = world.kit.sign_in.plane().store.head().revision;
    for sent in all.iter().filter(|it| it.row.method == Method::POST) {
        let (browser, _) = owners.of(&sent.row);
        let (_, elsewhere) = elsewhere.of(&sent.row);
        for word in [None, Some(""), Some("x"), Some(others.as_str()), Some(elsewhere)] {
            let answer = sent.by(browser, word).await;
            let place = format!("{} with {word:?}: {}", sent.path, answer.main());
            assert_eq!(answer.status, 403, "{place}");
            assert_eq!(answer.texts("main [role=alert]").len(), 1, "{place}");
        }
        assert_eq!(browser.open("/").await.texts(".person .who").len(), 1, "{}", sent.path);
    }
    assert_eq!(world.kit.sign_in.plane().store.head().revision, before, "nothing was written");
}

/// What shows that the refusals above are about whoever sends a form, not about what it holds.
#[tokio::test]
async fn every_form_that_others_are_refused_is_for_somebody() {
    let world = World::new().await;
    let owners = Owners::new(&world).await;
    let mut all = all(&world, &owners).await;
    all.retain(|it| it.row.method == Method::POST && !OWN_FORMS.contains(&it.row.pattern));
    let ends = ["/remove", "/delete", "/end", "/leave"];
    all.sort_by_key(|it| ends.iter().any(|end| it.row.pattern.ends_with(end)));
    let mut taken = 0;
    for sent in &all {
        world.delegate().await; // what the form before this one ended
        let (browser, csrf) = owners.of(&sent.row);
        let filled = filled(&world, browser, &sent.row, form(sent.row.pattern).unwrap()).await;
        let sent = Sent { row: sent.row.clone(), path: sent.path.clone(), fields: filled };
        let answer = sent.by(browser, Some(csrf)).await;
        let place = format!("{} {}: {}", answer.status, sent.path, answer.main());
        assert!(!is_refused(&answer) && answer.status < 500, "{place}");
        taken += usize::from(answer.status < 400);
    }
    assert!(taken * 2 > all.len(), "{taken} of {} were taken", all.len());
}
