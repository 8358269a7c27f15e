//! Signing in by the identity service (authorization code with PKCE), out, and over to another
//! directory. The code is redeemed in this process: no token ever exists.

use identity::{
    account::Directory,
    client::PORTAL,
    code::{self, LIFETIME, Redeemer},
    form::encoded,
    secret::{Sensitive, draw, same},
};
use ids::guid::TenantId;
use jiff::Timestamp;
use model::event::Caller;
use operations::{
    plane::Plane,
    sign_in::{
        self, Asker,
        portal::{SCOPE, Visit},
    },
};

use crate::{
    answer::{Answer, Cookie},
    ask::{Answered, Ask},
    table::{self, Row, form, page},
    trouble::Trouble,
};

pub(super) const ROWS: &[Row] = &[
    page("/sign-in", sign_in).for_anyone(),
    page(operations::sign_in::portal::SIGNED_IN, signed_in).for_anyone(),
    form("/sign-out", sign_out),
    form("/directory", directory),
];

/// Where signing in begins, for somebody who wants to see that page.
pub(crate) fn path(to: &str) -> String {
    format!("/sign-in?to={}", encoded(to))
}

/// Where somebody who is signed in shows a second factor, and comes back to that page.
pub(super) fn stronger(to: &str, sign_in_name: &str) -> String {
    format!("{}&as={}&factor=second", path(to), encoded(sign_in_name))
}

/// All ports of a host share its cookies: ours say whose they are.
fn port(plane: &Plane) -> &str {
    let port = plane.origins.portal.rsplit(':').next().unwrap_or_default();
    if port.bytes().all(|b| b.is_ascii_digit()) { port } else { "443" }
}

/// The cookie of a session.
pub(crate) fn session_cookie(plane: &Plane) -> String {
    format!("__Host-fyr-{}", port(plane))
}

/// The cookie of a sign-in that is under way.
pub(crate) fn arriving_cookie(plane: &Plane) -> String {
    format!("__Host-fyr-arriving-{}", port(plane))
}

/// What the browser keeps for us while it is away to sign in, sealed.
struct Arriving {
    state: String,
    verifier: String,
    until: Timestamp,
    to: String,
}

/// What nothing else is sealed for.
const BOUND: &str = "portal: arriving";

impl Arriving {
    fn close(&self, plane: &Plane) -> String {
        let Self { state, verifier, until, to } = self;
        let text = format!("{state} {verifier} {} {to}", until.as_second());
        plane.seal.close(&*plane.random, BOUND, &text)
    }

    fn open(plane: &Plane, sealed: &str) -> Option<Self> {
        let text = plane.seal.open(BOUND, sealed).ok()?;
        let mut words = text.splitn(4, ' ').map(str::to_owned);
        let (state, verifier) = (words.next()?, words.next()?);
        let until = Timestamp::from_second(words.next()?.parse().ok()?).ok()?;
        Some(Self { state, verifier, until, to: words.next()? })
    }
}

/// A page of ours that may be gone on to; the overview for whatever else somebody wrote there.
pub(super) fn own(to: &str) -> String {
    let path = to.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<_> = path.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let is_ours = to.starts_with('/')
        && !to.starts_with("//")
        && to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && table::all().iter().any(|row| row.keys(&segments).is_some());
    if is_ours { to.to_owned() } else { "/".to_owned() }
}

fn sign_in(ask: Ask) -> Answered {
    Box::pin(async move {
        let plane = ask.plane();
        let (state, verifier) = (draw(&*plane.random), draw(&*plane.random));
        let until = plane.store.now().saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
        let challenge = code::challenged(&verifier);
        let redirect = ask.surface.sign_in.portal_redirect();
        let hint = ask.query.get("as").map(|it| format!("&login_hint={}", encoded(it)));
        let factor =
            ask.query.get("factor").map(|_| format!("&acr_values={}", Caller::MULTIPLE_FACTORS));
        let url = format!(
            "{}/organizations/oauth2/v2.0/authorize?client_id={PORTAL}&response_type=code&redirect_uri={}&scope={}&state={state}&code_challenge={challenge}&code_challenge_method=S256{}{}",
            plane.origins.login,
            encoded(&redirect),
            encoded(SCOPE),
            hint.unwrap_or_default(),
            factor.unwrap_or_default(),
        );
        let to = own(ask.query.get("to").unwrap_or("/"));
        let value = Arriving { state, verifier, until, to }.close(plane);
        let seconds = u32::try_from(LIFETIME.as_secs()).ok();
        let kept = Cookie::Kept { name: arriving_cookie(plane), value, seconds };
        Ok(Answer::Away(url).setting(vec![kept]))
    })
}

fn signed_in(ask: Ask) -> Answered {
    Box::pin(async move {
        let plane = ask.plane();
        let known = ask.arriving.as_deref().and_then(|it| Arriving::open(plane, it));
        let known = known.filter(|it| it.until > plane.store.now());
        let sent = ask.query.get("state").unwrap_or_default();
        let Some(arriving) = known.filter(|it| same(&it.state, sent)) else {
            return Err(Trouble::NotBegunHere);
        };
        let Some(code) = ask.query.get("code") else {
            // Whoever is signed in all the same goes back to where they were.
            let Some(_) = &ask.visitor else { return Err(Trouble::SignInCancelled) };
            return Ok(Answer::To(arriving.to).setting(vec![Cookie::Gone(arriving_cookie(plane))]));
        };
        let redeemer = Redeemer {
            code: Sensitive(code.to_owned()),
            redirect: ask.surface.sign_in.portal_redirect(),
            verifier: Some(Sensitive(arriving.verifier)),
        };
        let visit = ask.surface.sign_in.arrive(&asker(&ask), &redeemer).await?;
        let value = begun(&ask, visit).await?;
        Ok(Answer::To(arriving.to).setting(vec![
            Cookie::Kept { name: session_cookie(plane), value, seconds: None },
            Cookie::Gone(arriving_cookie(plane)),
        ]))
    })
}

/// The session of whoever has just signed in. Whoever was signed in here before is not any more; the
/// same person goes on where they were.
async fn begun(ask: &Ask, visit: Visit) -> Result<String, Trouble> {
    let (plane, sessions) = (ask.plane(), &ask.surface.sessions);
    let (random, now) = (&*plane.random, plane.store.now());
    let Some(before) = &ask.visitor else { return Ok(sessions.begin(random, visit, now)) };
    if before.session.visit.home() != visit.home() {
        sessions.end(&before.cookie);
        return Ok(sessions.begin(random, visit, now));
    }
    let there = ask.surface.sign_in.move_to(&visit, before.session.visit.tenant).await;
    let visit = match there {
        Ok(there) => there,
        Err(sign_in::Error::Refused(_)) => visit,
        Err(other) => return Err(other.into()),
    };
    Ok(sessions.renew(random, &before.cookie, visit, now))
}

fn sign_out(ask: Ask) -> Answered {
    Box::pin(async move {
        let visitor = ask.visitor()?;
        ask.surface.sign_in.leave(&asker(&ask), &visitor.session.visit).await?;
        ask.surface.sessions.end(&visitor.cookie);
        Ok(Answer::To("/".to_owned()).setting(vec![Cookie::Gone(session_cookie(ask.plane()))]))
    })
}

/// The same person, at another of their directories: under a new cookie.
fn directory(ask: Ask) -> Answered {
    Box::pin(async move {
        let (visitor, plane) = (ask.visitor()?, ask.plane());
        let wanted = ask.form.get("tenant").and_then(|it| it.parse::<TenantId>().ok());
        let tenant = wanted.ok_or(Trouble::Garbled("it names no directory"))?;
        let visit = ask.surface.sign_in.move_to(&visitor.session.visit, tenant).await?;
        let (sessions, now) = (&ask.surface.sessions, plane.store.now());
        let value = sessions.renew(&*plane.random, &visitor.cookie, visit, now);
        let kept = Cookie::Kept { name: session_cookie(plane), value, seconds: None };
        Ok(Answer::To("/".to_owned()).setting(vec![kept]))
    })
}

fn asker(ask: &Ask) -> Asker {
    let unknown = std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
    Asker {
        directory: Directory::Home,
        address: ask.address.as_deref().and_then(|it| it.parse().ok()).unwrap_or(unknown),
        correlation: ask.correlation,
    }
}
