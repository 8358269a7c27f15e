//! The frame of every page that people see: its head, its style, what a browser may do with it,
//! and what ties its forms to the browser that asked for them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use identity::{
    form::Form,
    refusal::Refused,
    secret::{draw, same},
};
use ids::clock::Random;
use operations::sign_in::{Error, facts::Named};

/// Ties a form to the browser that asked for it: another site can send the form's fields, but
/// not this cookie (double submit).
const COOKIE: &str = "__Host-fyr-form";
const STYLE: &str = include_str!("page/style.css");

/// What stands in the frame.
pub(crate) struct Page {
    pub(crate) title: &'static str,
    /// Markup, in which all text is [`escaped`].
    pub(crate) body: String,
    /// Where the answer to a form may send the browser, beside here: browsers ask that of the
    /// page that the form was on.
    pub(crate) leads_to: Option<String>,
    /// What only improves the page.
    pub(crate) script: Option<&'static str>,
}

/// Why a form comes back.
pub(crate) struct Failed {
    pub(crate) status: StatusCode,
    pub(crate) words: String,
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
            Error::Refused(Refused::WrongCode) => {
                refused("This code is not right, or it was used before. Wait for the next.".to_owned())
            }
            Error::Refused(Refused::HalfwayLost) => {
                refused("That took too long. Please begin anew.".to_owned())
            }
            Error::Refused(Refused::SecondFactorMissing) => refused(
                "More than a password is asked for here. Set up your authenticator first, and sign in again."
                    .to_owned(),
            ),
            Error::Refused(other) => refused(other.to_string()),
            Error::Store(_) | Error::Key(_) | Error::Thread => {
                tracing::error!(?error, "a page failed");
                let words = "Something went wrong here. Please try again.".to_owned();
                Self { status: StatusCode::SERVICE_UNAVAILABLE, words }
            }
        }
    }
}

impl Failed {
    /// The form was sent by a page of somebody else's, or long after.
    pub(crate) fn not_opened_here() -> Self {
        let words = "This form was not opened in this browser. Please try again.".to_owned();
        Self { status: StatusCode::FORBIDDEN, words }
    }
}

/// What the browser sends back with a form of ours: what it has already, or a new one.
pub(crate) fn token(headers: &HeaderMap, random: &dyn Random) -> String {
    cookie(headers, COOKIE).map_or_else(|| draw(random), str::to_owned)
}

/// Whether a form was opened in the browser that sent it, on a page of ours: all ports of one
/// host share its cookies, and browsers say where a request began.
pub(crate) fn opened_here(headers: &HeaderMap, form: &Form) -> bool {
    let sent = form.get("csrf").unwrap_or_default();
    let begun = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    begun && cookie(headers, COOKIE).is_some_and(|kept| same(kept, sent))
}

/// The value of a cookie of that name, if it is one of ours.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let pairs = cookies.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = named.find(|(known, _)| *known == name)?;
    let drawn = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    Some(value).filter(|value| value.len() == 43 && value.chars().all(drawn))
}

/// The page as it is sent; `token` stands in its forms.
pub(crate) fn rendered(
    page: &Page,
    status: StatusCode,
    token: &str,
    random: &dyn Random,
) -> Response {
    let nonce = draw(random);
    let mut response = Response::new(Body::from(html(page, &nonce)));
    *response.status_mut() = status;
    let elsewhere = page.leads_to.as_deref().and_then(source);
    let elsewhere = elsewhere.map(|it| format!(" {it}")).unwrap_or_default();
    let script = page.script.map(|_| format!("; script-src 'nonce-{nonce}'")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'{elsewhere}{script}; frame-ancestors 'none'; base-uri 'none'"
    );
    let kept = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict");
    let named: [(HeaderName, &str); 7] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, &policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::SET_COOKIE, &kept),
    ];
    for (name, value) in named {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Whom a policy must name to let a browser go to that URL; none if the URL could say more in a
/// policy than where it leads.
fn source(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':')?;
    let source = match (scheme, rest.strip_prefix("//")) {
        ("https" | "http", Some(rest)) => {
            format!("{scheme}://{}", rest.split(['/', '?', '#']).next().unwrap_or_default())
        }
        _ => format!("{scheme}:"),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-+:/".contains(c);
    Some(source).filter(|it| it.chars().all(plain))
}

fn html(page: &Page, nonce: &str) -> String {
    let Page { title, body, script, .. } = page;
    let script = script.map(|text| format!("<script nonce=\"{nonce}\">{text}</script>\n"));
    let script = script.unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style nonce=\"{nonce}\">{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n{script}</body>\n</html>\n"
    )
}

/// Who asks. What an application calls itself is anybody's choice, whose it is, is not; neither
/// may reorder the words around it.
pub(crate) fn named(it: &Named) -> String {
    let bold = |text: &str| format!("<strong><bdi>{}</bdi></strong>", escaped(text));
    let owner = it.owner.as_deref().map(|owner| format!(", an application of {}", bold(owner)));
    format!("{}{}", bold(&it.application), owner.unwrap_or_default())
}

/// Words above a form that say why it came back.
pub(crate) fn alert(words: Option<&str>) -> String {
    words.map(|it| format!("<p role=\"alert\">{}</p>\n", escaped(it))).unwrap_or_default()
}

/// Text that is no markup, wherever it stands.
pub(crate) fn escaped(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_ever_markup() {
        let shown = escaped("<b title=\"x\" id='y'>&amp;\u{0}\n</b>");
        assert_eq!(shown, "&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;");
    }

    #[test]
    fn a_policy_names_where_a_form_may_lead_and_nothing_else() {
        let cases = [
            ("https://app.example/in?x=1", Some("https://app.example")),
            ("http://localhost:8400", Some("http://localhost:8400")),
            ("com.example.app://auth", Some("com.example.app:")),
            ("https://a.example; script-src *", None),
            ("https://a b/", None),
            ("nothing", None),
        ];
        for (url, expected) in cases {
            assert_eq!(source(url).as_deref(), expected, "{url}");
        }
    }
}
