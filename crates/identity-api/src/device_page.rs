//! The page where people type a device's code. A plain form: it works without script.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use identity::{
    account::Directory,
    form::Form,
    refusal::Refused,
    secret::{Sensitive, draw, same},
};
use operations::sign_in::{Asker, Error, device};

use crate::{Surface, request};

/// Ties a form to the browser that asked for it: another site can send the form's fields, but
/// not this cookie (double submit).
const COOKIE: &str = "__Host-fyr-device";
const STYLE: &str = include_str!("device_page/style.css");

/// What the page shows.
enum View {
    Form { error: Option<String>, user_code: String, username: String },
    Approved(device::Approved),
    Declined,
}

/// `GET /common/oauth2/deviceauth`.
pub(crate) async fn form(State(surface): State<Surface>, request: Request) -> Response {
    let (user_code, username) = (String::new(), String::new());
    let view = View::Form { error: None, user_code, username };
    page(&surface, request.headers(), StatusCode::OK, &view)
}

/// `POST /common/oauth2/deviceauth`.
pub(crate) async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let correlation = request::correlation(&head, surface.sign_in.plane());
    let form = match request::form(&head, body).await {
        Ok(form) => form,
        Err(failure) => return failure.render(surface.sign_in.plane(), correlation),
    };
    let field = |name| form.get(name).unwrap_or_default().to_owned();
    let asker = request::asker(&head, Directory::Home, correlation);
    let (status, view) = match decided(&surface, &head.headers, asker, &form).await {
        Ok(view) => (StatusCode::OK, view),
        Err(Failed { status, words }) => {
            let (user_code, username) = (field("user_code"), field("username"));
            (status, View::Form { error: Some(words), user_code, username })
        }
    };
    page(&surface, &head.headers, status, &view)
}

/// Why the form comes back.
struct Failed {
    status: StatusCode,
    words: String,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let refused = |words: String| Self { status: StatusCode::BAD_REQUEST, words };
        match error {
            Error::Refused(Refused::DeviceUnknown) => {
                refused("This code is not right, or it has expired.".to_owned())
            }
            Error::Refused(Refused::WrongPassword) => {
                refused("The sign-in name or the password is wrong.".to_owned())
            }
            Error::Refused(other) => refused(other.to_string()),
            Error::Store(_) | Error::Key(_) | Error::Thread => {
                tracing::error!(?error, "the device page failed");
                let words = "Something went wrong here. Please try again.".to_owned();
                Self { status: StatusCode::SERVICE_UNAVAILABLE, words }
            }
        }
    }
}

async fn decided(
    surface: &Surface,
    headers: &HeaderMap,
    asker: Asker,
    form: &Form,
) -> Result<View, Failed> {
    let sent = form.get("csrf").unwrap_or_default();
    if !cookie(headers).is_some_and(|kept| same(kept, sent)) {
        let words = "This form was not opened in this browser. Please try again.".to_owned();
        return Err(Failed { status: StatusCode::FORBIDDEN, words });
    }
    let field = |name| form.get(name).unwrap_or_default().to_owned();
    let user_code = field("user_code");
    if form.get("answer") == Some("decline") {
        surface.sign_in.decline_device(asker, &user_code).await?;
        return Ok(View::Declined);
    }
    let (username, password) = (field("username"), Sensitive(field("password")));
    let typed = device::Answer { user_code, username, password };
    Ok(View::Approved(surface.sign_in.approve_device(asker, typed).await?))
}

/// The cookie's value, if the browser has one of ours.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let pairs = cookies.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = named.find(|(name, _)| *name == COOKIE)?;
    let drawn = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    Some(value).filter(|value| value.len() == 43 && value.chars().all(drawn))
}

fn page(surface: &Surface, headers: &HeaderMap, status: StatusCode, view: &View) -> Response {
    let random = &*surface.sign_in.plane().random;
    let token = cookie(headers).map_or_else(|| draw(random), str::to_owned);
    let nonce = draw(random);
    let mut response = Response::new(Body::from(html(view, &token, &nonce)));
    *response.status_mut() = status;
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    let kept = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict");
    let named: [(HeaderName, &str); 6] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, &policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::SET_COOKIE, &kept),
    ];
    for (name, value) in named {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn html(view: &View, token: &str, nonce: &str) -> String {
    let body = match view {
        View::Form { error, user_code, username } => {
            fields(error.as_deref(), user_code, username, token)
        }
        View::Approved(device::Approved { username, application }) => format!(
            "<h1>You are signed in</h1>\n<p>{} is now signed in as <strong>{}</strong> on your device. You may close this window.</p>",
            escaped(application),
            escaped(username)
        ),
        View::Declined => {
            "<h1>Turned away</h1>\n<p>The device was not signed in. You may close this window.</p>"
                .to_owned()
        }
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Sign in on a device</title>\n<style nonce=\"{nonce}\">{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
}

fn fields(error: Option<&str>, user_code: &str, username: &str, token: &str) -> String {
    let error = error.map(|words| format!("<p role=\"alert\">{}</p>\n", escaped(words)));
    format!(
        r#"<h1>Sign in on a device</h1>
<p>Type the code that your device shows. If you have not started this yourself, or somebody sent you the code, close this window.</p>
{error}<form method="post" action="/common/oauth2/deviceauth">
<input type="hidden" name="csrf" value="{token}">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="{user_code}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" required autofocus>
<label for="username">Sign-in name</label>
<input id="username" name="username" value="{username}" autocomplete="username" spellcheck="false" maxlength="256">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024">
<button name="answer" value="approve">Sign in</button>
<button name="answer" value="decline" class="quiet">This was not me</button>
</form>"#,
        error = error.unwrap_or_default(),
        user_code = escaped(user_code),
        username = escaped(username),
    )
}

/// Text that is no markup, wherever it stands.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}
