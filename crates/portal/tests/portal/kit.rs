//! A portal and its sign-in over one plane in memory, and browsers without script: they keep
//! cookies, follow redirects, and send the forms that pages have.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request},
};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use ids::clock::TestClock;
use jiff::SignedDuration;
use model::{
    change::Noun,
    directory::{User, UserKind},
    samples::{self, ADA, CUSTOMER, OLOF},
};
use operations::{plane::Plane, sign_in::SignIn};
use scraper::{ElementRef, Html, Selector};
pub(crate) use testkit::people::{PASSWORD, person};
use testkit::people::{master, signing_key};

/// Where the portal is.
pub(crate) const PORTAL: &str = "https://localhost:8445";
/// Where people sign in.
pub(crate) const LOGIN: &str = "https://localhost:8443";
/// A running portal.
pub(crate) struct Kit {
    pub(crate) sign_in: Arc<SignIn>,
    pub(crate) clock: Arc<TestClock>,
    portal: Router,
    login: Router,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    /// Where it came from, after all redirects.
    pub(crate) url: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// Ada at Fabrikam, who is a guest at Contoso, and Olof, who owns Contoso's subscription; each with
/// a password.
fn people() -> Vec<Noun> {
    let guest = Noun::User(User {
        kind: UserKind::Guest { home: ADA },
        ..samples::user(samples::principal(CUSTOMER, 0x60), "ada#EXT#")
    });
    let [ada, olof] = [person(ADA, "ada", "fabrikam"), person(OLOF, "olof", "contoso")];
    ada.into_iter().chain(olof).chain([guest]).collect()
}

/// A portal over the small world, and what is added to it.
pub(crate) async fn kit(more: Vec<Noun>) -> Kit {
    let clock = Arc::new(TestClock::default());
    let plane = testkit::empty_by(Arc::<TestClock>::clone(&clock)).await;
    let nouns = testkit::world().into_iter().chain(people()).chain(more);
    testkit::put(&plane, nouns.collect()).await;
    over(plane, clock).await
}

/// A portal over that plane, on that clock.
pub(crate) async fn over(plane: Plane, clock: Arc<TestClock>) -> Kit {
    testkit::put(&plane, vec![Noun::SigningKey(signing_key())]).await;
    let sign_in = SignIn::open(Arc::new(plane), master()).await.unwrap();
    let portal = portal::routes(portal::Surface {
        sign_in: Arc::clone(&sign_in),
        operations: Arc::new(arm::known_operations::actions()),
        sessions: Arc::default(),
    });
    let login = identity_api::routes(identity_api::Surface { sign_in: Arc::clone(&sign_in) });
    Kit { sign_in, clock, portal, login }
}

impl Kit {
    /// A browser in which nobody is signed in.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { kit: self, cookies: RefCell::default() }
    }

    /// A browser in which that person is signed in to the portal.
    pub(crate) async fn signed_in(&self, name: &str) -> Browser<'_> {
        let browser = self.browser();
        let answered = browser.sign_in(name).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        browser
    }

    pub(crate) fn wait(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Sends one request and follows nothing.
    pub(crate) async fn send(&self, url: &str, request: Request<Body>) -> Answered {
        let router = if url.starts_with(PORTAL) { &self.portal } else { &self.login };
        let service = TowerToHyperService::new(router.clone());
        let (head, body) = service.call(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (status, headers) = (head.status.as_u16(), head.headers);
        Answered { url: url.to_owned(), status, headers, text }
    }
}

/// Somebody's browser. Cookies are kept by name: one host has one jar.
pub(crate) struct Browser<'a> {
    kit: &'a Kit,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser<'_> {
    /// Opens a page of the portal, or a whole URL.
    pub(crate) async fn open(&self, path: &str) -> Answered {
        let url = if path.starts_with('/') { format!("{PORTAL}{path}") } else { path.to_owned() };
        self.follow(Method::GET, url, String::new()).await
    }

    /// Signs that person in, from the portal's own link.
    pub(crate) async fn sign_in(&self, name: &str) -> Answered {
        self.sign_in_with(name, PASSWORD).await
    }

    /// The same with another password.
    pub(crate) async fn sign_in_with(&self, name: &str, password: &str) -> Answered {
        let page = self.open("/sign-in").await;
        let fields = [("username", name), ("password", password), ("answer", "sign-in")];
        self.submit(&page, "form", &fields).await
    }

    /// Sends the form of a page that the selector finds, with the fields it has and these.
    pub(crate) async fn submit(
        &self,
        page: &Answered,
        selector: &str,
        with: &[(&str, &str)],
    ) -> Answered {
        let (action, method, body) = page.form(selector, with);
        let url = joined(&page.url, &action);
        if method == Method::GET {
            // What is sent takes the place of the query that was there.
            let place = url.split('?').next().unwrap();
            return self.follow(Method::GET, format!("{place}?{body}"), String::new()).await;
        }
        self.follow(method, url, body).await
    }

    /// Sends one request as it is, and follows nothing.
    pub(crate) async fn send(&self, url: &str, request: Request<Body>) -> Answered {
        self.kit.send(url, request).await
    }

    /// Sends that body to that path of the portal, as a page of ours would.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answered {
        self.follow(Method::POST, format!("{PORTAL}{path}"), body.to_owned()).await
    }

    /// One request and what it leads on to.
    async fn follow(&self, method: Method, url: String, body: String) -> Answered {
        let (mut method, mut url, mut body) = (method, url, body);
        for _ in 0..10 {
            let answered = self.once(&method, &url, &body, &[]).await;
            let Some(to) = answered.headers.get("location") else { return answered };
            url = joined(&url, to.to_str().unwrap());
            (method, body) = (Method::GET, String::new());
        }
        panic!("{url} leads round in circles");
    }

    /// One request that leads nowhere.
    pub(crate) async fn once(
        &self,
        method: &Method,
        url: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answered {
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let path = url.strip_prefix(&origin).unwrap();
        let mut request =
            Request::builder().method(method).uri(if path.is_empty() { "/" } else { path });
        let cookies = self.cookies.borrow().clone();
        let jar: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header("cookie", jar.join("; "));
        if method == Method::POST {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        let answered = self.kit.send(url, request.body(Body::from(body.to_owned())).unwrap()).await;
        for set in answered.headers.get_all("set-cookie") {
            self.keep(set.to_str().unwrap());
        }
        answered
    }

    fn keep(&self, set: &str) {
        let (name, rest) = set.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        let mut cookies = self.cookies.borrow_mut();
        if rest.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Where a link leads from there.
fn joined(base: &str, link: &str) -> String {
    let origin = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    match link {
        whole if whole.starts_with("https://") => whole.to_owned(),
        path if path.starts_with('/') => format!("{origin}{path}"),
        query if query.starts_with('?') => {
            format!("{}{query}", base.split('?').next().unwrap())
        }
        "" => base.to_owned(),
        other => panic!("a link of ours is absolute: {other}"),
    }
}

/// Fields as a form sends them.
pub(crate) fn encoded(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| {
        format!("{}={}", identity::form::encoded(name), identity::form::encoded(value))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

fn words(of: ElementRef<'_>) -> String {
    of.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

impl Answered {
    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    /// The text of everything that the selector finds.
    pub(crate) fn texts(&self, wanted: &str) -> Vec<String> {
        self.html().select(&selector(wanted)).map(words).collect()
    }

    /// Everything that a person reads in the middle of the page.
    pub(crate) fn main(&self) -> String {
        self.texts("main").join(" ")
    }

    pub(crate) fn heading(&self) -> String {
        let found = self.texts("h1");
        assert_eq!(found.len(), 1, "a page has one heading: {found:?} {}", self.text);
        found[0].clone()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|it| it.to_str().unwrap()).unwrap_or_default()
    }

    /// An attribute of the first thing that the selector finds.
    pub(crate) fn attribute(&self, wanted: &str, name: &str) -> String {
        let (html, wanted) = (self.html(), selector(wanted));
        html.select(&wanted).next().unwrap().value().attr(name).unwrap().to_owned()
    }

    /// Where the links of that selector lead.
    pub(crate) fn links(&self, wanted: &str) -> Vec<String> {
        let (html, wanted) = (self.html(), selector(wanted));
        let found = html.select(&wanted);
        found.filter_map(|it| it.value().attr("href").map(str::to_owned)).collect()
    }

    /// What sending a form comes to: its fields as they stand, changed by `with`.
    fn form(&self, wanted: &str, with: &[(&str, &str)]) -> (String, Method, String) {
        let fields = self.fields(wanted, with);
        let fields = fields.unwrap_or_else(|| panic!("no {wanted} on {}: {}", self.url, self.text));
        let html = self.html();
        let form = html.select(&selector(wanted)).next().unwrap();
        let method =
            if form.value().attr("method") == Some("post") { Method::POST } else { Method::GET };
        let action = form.value().attr("action").unwrap_or_default().to_owned();
        (action, method, encoded(&fields))
    }

    /// What the form would send, if the page has it.
    pub(crate) fn fields(
        &self,
        wanted: &str,
        with: &[(&str, &str)],
    ) -> Option<Vec<(String, String)>> {
        let html = self.html();
        let form = html.select(&selector(wanted)).next()?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for it in form.select(&selector("input, textarea, select")) {
            let attr = |name| it.value().attr(name).map(str::to_owned);
            let Some(name) = attr("name") else { continue };
            let kind = attr("type").unwrap_or_default();
            let unchecked =
                ["checkbox", "radio"].contains(&kind.as_str()) && attr("checked").is_none();
            if unchecked || kind == "file" || attr("disabled").is_some() {
                continue;
            }
            let value = match it.value().name() {
                "textarea" => it.text().collect::<String>(),
                "select" => {
                    let chosen = it.select(&selector("option[selected]")).next();
                    let chosen = chosen.or_else(|| it.select(&selector("option")).next());
                    chosen
                        .map(|it| it.value().attr("value").map_or_else(|| words(it), str::to_owned))
                        .unwrap_or_default()
                }
                _ => attr("value").unwrap_or_default(),
            };
            fields.push((name, value));
        }
        for (name, _) in with {
            fields.retain(|(known, _)| known != name);
        }
        fields.extend(with.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Some(fields)
    }

    /// What every page of ours holds to: one heading, every field labelled, every link ours or
    /// deliberate, nothing inline that the policy would stop.
    #[track_caller]
    pub(crate) fn well_made(&self) {
        self.heading();
        let html = self.html();
        for field in html.select(&selector("input:not([type=hidden]), textarea, select")) {
            let id = field.value().attr("id").unwrap_or("?");
            let labelled = html.select(&selector(&format!("label[for='{id}']"))).next().is_some()
                || field.value().attr("aria-label").is_some()
                || field.value().attr("aria-labelledby").is_some()
                || field
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|it| it.value().name() == "label");
            assert!(labelled, "{} has a field without label: {}", self.url, field.html());
        }
        for any in html.select(&selector("*")) {
            let inline =
                any.value().attrs().find(|(name, _)| name.starts_with("on") || *name == "style");
            assert!(inline.is_none(), "{} has something inline: {}", self.url, any.html());
            let script = any.value().name() == "script" && any.value().attr("src").is_none();
            assert!(!script && any.value().name() != "style", "{}: {}", self.url, any.html());
        }
        let mut ids: Vec<_> =
            html.select(&selector("[id]")).map(|it| it.value().attr("id").unwrap()).collect();
        ids.sort_unstable();
        let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
        assert!(twice.is_none(), "{} has an id twice: {twice:?}", self.url);
        for form in html.select(&selector("form[method=post]")) {
            let token = form.select(&selector("input[name=csrf]")).next();
            assert!(
                token.is_some_and(|it| it.value().attr("value") != Some("")),
                "{}",
                form.html()
            );
        }
    }
}
