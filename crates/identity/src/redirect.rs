//! Redirect URIs: which ones an application may register, and whether one that a request names
//! is among them.

use std::collections::BTreeSet;

use ids::guid::AppId;
use model::directory::Redirects;
use serde::{Deserialize, Serialize};

use crate::{
    client::is_program,
    refusal::{Refused, quoted},
};

/// So many may one application have. Entra's.
const COUNT_MAX: usize = 256;
/// The longest one. Entra's.
const BYTES_MAX: usize = 256;
/// Where first-party clients that are programs wait, at whatever port.
const FIRST_PARTY: [&str; 2] = ["http://localhost", "http://127.0.0.1"];

/// Why redirect URIs are not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRedirect {
    #[error("an application has at most 256 redirect URIs")]
    TooMany,
    #[error("`{0}` is given twice")]
    Repeated(String),
    #[error(
        "`{0}` is not a redirect URI: it must begin with `https://`, or with `http://localhost`, and have no fragment, wildcard or credentials"
    )]
    Malformed(String),
}

/// What waits at a redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Waiting {
    /// A server, which shows a secret of its own when it redeems a code.
    Server,
    /// A page's script.
    Page,
    /// A program on somebody's machine.
    Program,
}

/// Whether an application may have these.
pub fn judge(redirects: &Redirects) -> Result<(), BadRedirect> {
    if redirects.all().count() > COUNT_MAX {
        return Err(BadRedirect::TooMany);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = redirects.all().find(|uri| !seen.insert(*uri)) {
        return Err(BadRedirect::Repeated(quoted(twice)));
    }
    let for_browsers = redirects.web.iter().chain(&redirects.spa);
    let bad = for_browsers.clone().find(|uri| !leads_to_a_host(uri));
    let bad = bad.or_else(|| {
        let programs = redirects.public.iter();
        programs.into_iter().find(|uri| !leads_to_a_host(uri) && !starts_a_program(uri))
    });
    bad.map_or(Ok(()), |uri| Err(BadRedirect::Malformed(quoted(uri))))
}

/// Whether a URL may stand as an application's own sign-out.
pub fn judge_logout(url: &str) -> Result<(), BadRedirect> {
    if leads_to_a_host(url) { Ok(()) } else { Err(BadRedirect::Malformed(quoted(url))) }
}

/// What waits at the URI that a request names, if the application has registered it. Nothing is
/// ever sent to one that it has not.
pub fn registered(app: AppId, redirects: &Redirects, asked: &str) -> Result<Waiting, Refused> {
    let exactly = |uris: &[String]| uris.iter().any(|uri| uri == asked);
    if exactly(&redirects.web) {
        return Ok(Waiting::Server);
    }
    if exactly(&redirects.spa) {
        return Ok(Waiting::Page);
    }
    let programs = redirects.public.iter().map(String::as_str);
    let own = if is_program(app) { &FIRST_PARTY[..] } else { &[] };
    if programs.chain(own.iter().copied()).any(|uri| uri == asked || same_loopback(uri, asked)) {
        return Ok(Waiting::Program);
    }
    Err(Refused::RedirectUnknown { redirect: quoted(asked), app })
}

/// The part of a URI that says who is reached there: `scheme://host:port`.
pub fn origin(uri: &str) -> &str {
    let begins = uri.find("://").map_or(0, |at| at.saturating_add(3));
    let after = uri.get(begins..).unwrap_or_default();
    let length = after.find(['/', '?', '#']).unwrap_or(after.len());
    uri.get(..begins.saturating_add(length)).unwrap_or_default()
}

/// A program takes whatever port is free (RFC 8252, section 7.3).
fn same_loopback(registered: &str, asked: &str) -> bool {
    match (loopback(registered), loopback(asked)) {
        (Some(registered), Some(asked)) => registered == asked,
        (None | Some(_), None) | (None, Some(_)) => false,
    }
}

/// The host and the path of `http://HOST[:PORT][/PATH]` on the own machine.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let is_port = port.parse::<u16>().is_ok() && port.bytes().all(|it| it.is_ascii_digit());
    let clean = path.chars().all(|c| c.is_ascii_graphic() && !"\\?#\"<>".contains(c));
    let own = ["localhost", "127.0.0.1"].contains(&host);
    (own && is_port && clean).then_some((host, path))
}

/// `https://host/…`, or plain on the own machine.
fn leads_to_a_host(uri: &str) -> bool {
    if !well_formed(uri) {
        return false;
    }
    let Some(rest) = uri.strip_prefix("https://") else {
        return loopback(uri.split('?').next().unwrap_or_default()).is_some();
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let legal = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    !host.is_empty()
        && host.chars().all(legal)
        && port.bytes().all(|it| it.is_ascii_digit())
        && port.parse::<u16>().is_ok()
}

/// A scheme of a program's own: its domain backwards (RFC 8252, section 7.1), or MSAL's. No
/// other scheme is known to run nothing in the browser.
fn starts_a_program(uri: &str) -> bool {
    let scheme = uri.split(':').next().unwrap_or_default();
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    let own = scheme.contains('.') || scheme.starts_with("msal") || scheme.starts_with("msauth");
    let begins = scheme.starts_with(|c: char| c.is_ascii_lowercase());
    well_formed(uri) && own && begins && scheme.chars().all(legal) && uri.contains("://")
}

fn well_formed(uri: &str) -> bool {
    uri.len() <= BYTES_MAX
        && uri.chars().all(|c| c.is_ascii_graphic() && !"\\#*\"<>@`{}|^'".contains(c))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::client::AZURE_CLI;

    const APP: AppId = AppId::new(Uuid::from_u128(0xA99));

    fn list(uris: &[&str]) -> Vec<String> {
        uris.iter().map(|uri| (*uri).to_owned()).collect()
    }

    fn redirects() -> Redirects {
        Redirects {
            web: list(&["https://app.example/signed-in", "http://localhost:5000/web"]),
            spa: list(&["https://app.example/page"]),
            public: list(&[
                "http://localhost",
                "http://127.0.0.1/native",
                "com.example.app://auth",
            ]),
        }
    }

    #[test]
    fn only_what_is_registered_is_ever_redirected_to() {
        use Waiting::{Page, Program, Server};
        let known = [
            ("https://app.example/signed-in", Server),
            ("http://localhost:5000/web", Server),
            ("https://app.example/page", Page),
            ("http://localhost", Program),
            ("http://localhost/", Program),
            ("http://localhost:51234", Program),
            ("http://localhost:51234/", Program),
            ("http://127.0.0.1:1/native", Program),
            ("com.example.app://auth", Program),
        ];
        for (uri, waiting) in known {
            assert_eq!(registered(APP, &redirects(), uri), Ok(waiting), "{uri}");
        }
        let unknown = [
            "",
            "https://app.example/signed-in/",
            "https://app.example/signed-in?x=1",
            "https://app.example/signed-in#x",
            "https://app.example/signed-in/../page",
            "https://APP.example/signed-in",
            "https://app.example:443/signed-in",
            "https://app.example.evil.example/signed-in",
            "https://app.example@evil.example/signed-in",
            "https://evil.example/https://app.example/signed-in",
            "http://app.example/signed-in",
            "//app.example/signed-in",
            "https://app.example\\signed-in",
            "http://localhost:5001/web",
            "http://localhost:51234/other",
            "http://localhost:51234/?x=1",
            "http://localhost:51234/#x",
            "http://localhost:99999",
            "http://localhost:+80",
            "http://localhost:",
            "http://localhost:80@evil.example",
            "http://localhost@evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1:1/other",
            "http://127.0.0.2:1/native",
            "http://[::1]:1/native",
            "https://localhost:51234",
            "com.example.app://other",
            "javascript:alert(1)",
            "data:text/html,x",
            " https://app.example/signed-in",
            "https://app.example/signed-in\r\nSet-Cookie: x=y",
        ];
        for uri in unknown {
            let refused = Refused::RedirectUnknown { redirect: quoted(uri), app: APP };
            assert_eq!(registered(APP, &redirects(), uri), Err(refused), "{uri}");
        }
    }

    #[test]
    fn an_origin_is_a_uri_without_its_path() {
        let cases = [
            ("https://app.example/in?x=1", "https://app.example"),
            ("https://app.example", "https://app.example"),
            ("https://app.example?x=/", "https://app.example"),
            ("http://localhost:5000/a/b", "http://localhost:5000"),
            ("com.example.app://auth/x", "com.example.app://auth"),
            ("", ""),
        ];
        for (uri, expected) in cases {
            assert_eq!(origin(uri), expected, "{uri}");
        }
    }

    #[test]
    fn first_party_programs_wait_on_the_own_machine_and_nowhere_else() {
        let nothing = Redirects::default();
        for uri in ["http://localhost:8400", "http://localhost:8400/", "http://127.0.0.1:9/"] {
            assert_eq!(registered(AZURE_CLI, &nothing, uri), Ok(Waiting::Program), "{uri}");
            assert!(registered(APP, &nothing, uri).is_err(), "{uri}");
        }
        for uri in ["http://localhost:8400/x", "https://localhost:8400", "http://evil.example"] {
            assert!(registered(AZURE_CLI, &nothing, uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn an_application_registers_hosts_and_programs_of_its_own() {
        assert_eq!(judge(&redirects()), Ok(()));
        let bad = [
            "",
            "https://",
            "https://*.example/x",
            "https://a@b.example/",
            "https://a.example/#x",
            "http://a.example/",
            "https://a.example:x/",
            "https://a.example/\"><script>",
            "javascript:alert(1)",
            "com.example.app://auth",
        ];
        for uri in bad {
            let web = Redirects { web: list(&[uri]), ..Redirects::default() };
            assert_eq!(judge(&web), Err(BadRedirect::Malformed(uri.to_owned())), "{uri}");
        }
        for uri in ["javascript:alert(1)", "javascript://x.y/", "data:text/html", "file:///x"] {
            let public = Redirects { public: list(&[uri]), ..Redirects::default() };
            assert!(judge(&public).is_err(), "{uri}");
        }
        let twice = Redirects { web: list(&["https://a.example"]), ..Redirects::default() };
        let twice = Redirects { spa: twice.web.clone(), ..twice };
        assert!(matches!(judge(&twice), Err(BadRedirect::Repeated(_))));
        let many = (0..257).map(|n| format!("https://a.example/{n}")).collect();
        let many = Redirects { web: many, ..Redirects::default() };
        assert_eq!(judge(&many), Err(BadRedirect::TooMany));
        assert!(judge_logout("https://a.example/out").is_ok() && judge_logout("x").is_err());
    }
}
