//! The page where people give themselves a second factor, and take it off. Each visit begins with
//! the password: to be signed in is not enough, and neither is a stolen session. Plain forms: they
//! work without script.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use identity::{form::Form, refusal::Refused, secret::Sensitive};
use operations::sign_in::{
    Asker, Error,
    second::{Offer, Standing},
};

use crate::{
    Surface,
    page::{self, Failed, Page, alert, escaped},
    picture,
    request::{self, Posted},
};

/// Where it is.
pub(crate) const PATH: &str = "/common/security-info";

/// What the page shows.
enum View {
    Who { error: Option<String>, username: String },
    Offer { error: Option<String>, offer: Offer },
    Enrolled { error: Option<String>, halfway: Sensitive },
    Done { title: &'static str, words: &'static str },
}

/// `GET /common/security-info`.
pub(crate) async fn form(State(surface): State<Surface>, request: Request) -> Response {
    let view = View::Who { error: None, username: String::new() };
    page(&surface, request.headers(), StatusCode::OK, &view)
}

/// `POST /common/security-info`.
pub(crate) async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let Posted { headers, asker, form } =
        match request::posted(surface.sign_in.plane(), request).await {
            Ok(posted) => posted,
            Err(answer) => return *answer,
        };
    let decided = decided(&surface, &headers, asker, &form).await;
    let (status, view) = decided.unwrap_or_else(|Failed { status, words }| {
        let username = form.get("username").unwrap_or_default().to_owned();
        (status, View::Who { error: Some(words), username })
    });
    page(&surface, &headers, status, &view)
}

async fn decided(
    surface: &Surface,
    headers: &HeaderMap,
    asker: Asker,
    form: &Form,
) -> Result<(StatusCode, View), Failed> {
    if !page::opened_here(headers, form) {
        return Err(Failed::not_opened_here());
    }
    let field = |name| Sensitive(form.get(name).unwrap_or_default().to_owned());
    let sign_in = &surface.sign_in;
    if form.get("halfway").is_none() {
        let username = form.get("username").unwrap_or_default();
        let standing = sign_in.second_factor(asker, username, &field("password")).await?;
        return Ok((StatusCode::OK, view(standing)));
    }
    let (halfway, code) = (field("halfway"), field("code"));
    if form.get("answer") == Some("remove") {
        let gone = sign_in.give_up_second_factor(asker, &halfway, &code).await;
        return settled(gone, REMOVED, async |error| Ok(View::Enrolled { error, halfway })).await;
    }
    let taken = sign_in.enrol(asker, &halfway, &code).await;
    settled(taken, ENROLLED, async |error| {
        Ok(View::Offer { error, offer: sign_in.offered(&halfway).await? })
    })
    .await
}

const ENROLLED: View = View::Done {
    title: "Your authenticator is set up",
    words: "From now on a code of it is asked for when you sign in. Each code is good once: to sign in now, wait for the next.",
};
const REMOVED: View = View::Done {
    title: "Your authenticator is removed",
    words: "From now on your password alone signs you in. What you had stayed signed in to with a code has ended.",
};

/// What was done; or, where the code was not right, the same page once more.
async fn settled(
    outcome: Result<(), Error>,
    done: View,
    again: impl AsyncFnOnce(Option<String>) -> Result<View, Error>,
) -> Result<(StatusCode, View), Failed> {
    match outcome {
        Ok(()) => Ok((StatusCode::OK, done)),
        Err(error @ Error::Refused(Refused::WrongCode | Refused::SlowedDown(_))) => {
            let Failed { status, words } = error.into();
            Ok((status, again(Some(words)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

fn view(standing: Standing) -> View {
    match standing {
        Standing::Offered(offer) => View::Offer { error: None, offer },
        Standing::Enrolled { halfway } => View::Enrolled { error: None, halfway },
    }
}

fn page(surface: &Surface, headers: &HeaderMap, status: StatusCode, view: &View) -> Response {
    let random = &*surface.sign_in.plane().random;
    let token = page::token(headers, random);
    let (title, body) = ("Your authenticator", body(view, &token));
    let page = Page { title, body, leads_to: None, script: None };
    page::rendered(&page, status, &token, random)
}

fn body(view: &View, token: &str) -> String {
    match view {
        View::Who { error, username } => who(error.as_deref(), username, token),
        View::Offer { error, offer } => offered(error.as_deref(), offer, token),
        View::Enrolled { error, halfway } => enrolled(error.as_deref(), halfway, token),
        View::Done { title, words } => {
            format!("<h1>{title}</h1>\n<p>{words} You may close this window.</p>")
        }
    }
}

fn who(error: Option<&str>, username: &str, token: &str) -> String {
    format!(
        r#"<h1>Your authenticator</h1>
<p>An app that shows a code for you every thirty seconds, asked for beside your password. Say who you are to set it up, or to take it off.</p>
{error}<form method="post" action="{PATH}">
<input type="hidden" name="csrf" value="{token}">
<label for="username">Sign-in name</label>
<input id="username" name="username" value="{username}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024">
<button>Next</button>
</form>"#,
        error = alert(error),
        token = escaped(token),
        username = escaped(username),
    )
}

/// The field for a code, and what it is brought along with.
pub(crate) fn code_field(halfway: &Sensitive) -> String {
    format!(
        r#"<input type="hidden" name="halfway" value="{}">
<label for="code">Code</label>
<input id="code" name="code" autocomplete="one-time-code" inputmode="numeric" spellcheck="false" maxlength="16" required autofocus>"#,
        escaped(&halfway.0)
    )
}

fn offered(error: Option<&str>, offer: &Offer, token: &str) -> String {
    let Offer { halfway, seed, uri } = offer;
    let picture = picture::svg(&uri.0, "The key as a picture for your app").unwrap_or_default();
    format!(
        r#"<h1>Set up your authenticator</h1>
<p>Let your app read this picture, <a href="{uri}">open the key in it</a> on this device, or type the key. Then type the code that it shows.</p>
{picture}
<p>Key: <code>{seed}</code></p>
{error}<form method="post" action="{PATH}">
<input type="hidden" name="csrf" value="{token}">
{field}
<button name="answer" value="enrol">Set up</button>
</form>"#,
        uri = escaped(&uri.0),
        seed = escaped(&seed.0),
        error = alert(error),
        token = escaped(token),
        field = code_field(halfway),
    )
}

fn enrolled(error: Option<&str>, halfway: &Sensitive, token: &str) -> String {
    format!(
        r#"<h1>Your authenticator is set up</h1>
<p>A code of it is asked for when you sign in. To have another one, take this one off first; it takes a code of it. Whoever has lost it asks an administrator to reset it.</p>
{error}<form method="post" action="{PATH}">
<input type="hidden" name="csrf" value="{token}">
{field}
<button name="answer" value="remove">Take it off</button>
</form>"#,
        error = alert(error),
        token = escaped(token),
        field = code_field(halfway),
    )
}
