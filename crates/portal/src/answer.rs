//! What goes back to the browser, and what the browser may do with it.

use askama::Template;
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use crate::trouble::Trouble;

/// An answer before it is HTTP.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A page; the status says how a form was taken.
    Page(StatusCode, String),
    /// On to another page of the portal, whatever the method was.
    To(String),
    /// On to another origin: to sign in.
    Away(String),
    /// A file to be saved under that name.
    Save { name: String, kind: &'static str, bytes: Vec<u8> },
    /// A picture of a listing, decoded and checked when it was uploaded.
    Picture(Vec<u8>),
    /// The same, with cookies set or taken away.
    Cookies(Box<Answer>, Vec<Cookie>),
    /// A style, a script: named after what it holds, so that it may be kept for good.
    Asset(&'static str, &'static [u8]),
}

impl Answer {
    /// A page that shows what was asked for.
    pub(crate) fn page(template: &impl Template) -> Result<Self, Trouble> {
        Self::with(StatusCode::OK, template)
    }

    /// A page that says by its status how a form was taken.
    pub(crate) fn with(status: StatusCode, template: &impl Template) -> Result<Self, Trouble> {
        Ok(Self::Page(status, template.render()?))
    }

    /// The same, with cookies set or taken away.
    pub(crate) fn setting(self, cookies: Vec<Cookie>) -> Self {
        Self::Cookies(Box::new(self), cookies)
    }
}

/// A cookie that is set or taken away.
#[derive(Clone, Debug)]
pub(crate) enum Cookie {
    Kept { name: String, value: String, seconds: Option<u32> },
    Gone(String),
}

impl Cookie {
    fn header(&self) -> String {
        const SAFE: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
        match self {
            Self::Kept { name, value, seconds: None } => format!("{name}={value}; {SAFE}"),
            Self::Kept { name, value, seconds: Some(seconds) } => {
                format!("{name}={value}; {SAFE}; Max-Age={seconds}")
            }
            Self::Gone(name) => format!("{name}=; {SAFE}; Max-Age=0"),
        }
    }
}

/// What a page may do: load our own styles, script and pictures, send its forms here, and nothing
/// else. `form-action` names the sign-in origin, since browsers ask it of where a form leads on to.
fn policy(login: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self' {login}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// As HTTP. `login` is the origin where people sign in.
pub(crate) fn render(answer: Answer, login: &str) -> Response {
    const OK: StatusCode = StatusCode::OK;
    match answer {
        Answer::Page(status, html) => {
            plain(status, "text/html; charset=utf-8", "no-store", html.into_bytes(), login)
        }
        Answer::To(url) | Answer::Away(url) => {
            let mut response =
                plain(StatusCode::SEE_OTHER, "text/plain", "no-store", Vec::new(), login);
            put(&mut response, header::LOCATION, &url);
            response
        }
        Answer::Save { name, kind, bytes } => {
            let mut response = plain(OK, kind, "no-store", bytes, login);
            let named = format!("attachment; filename=\"{}\"", file_name(&name));
            put(&mut response, header::CONTENT_DISPOSITION, &named);
            response
        }
        Answer::Picture(bytes) => plain(OK, "image/png", "private, max-age=600", bytes, login),
        Answer::Asset(kind, bytes) => {
            plain(OK, kind, "public, max-age=31536000, immutable", bytes.to_vec(), login)
        }
        Answer::Cookies(answer, cookies) => {
            let mut response = render(*answer, login);
            for cookie in cookies {
                put(&mut response, header::SET_COOKIE, &cookie.header());
            }
            response
        }
    }
}

fn plain(status: StatusCode, kind: &str, cache: &str, bytes: Vec<u8>, login: &str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let policy = policy(login);
    let always: [(HeaderName, &str); 8] = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, &policy),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in always {
        put(&mut response, name, value);
    }
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
}

/// A name that is a name on every machine.
fn file_name(text: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.chars().map(|c| if legal(c) { c } else { '-' }).collect()
}
