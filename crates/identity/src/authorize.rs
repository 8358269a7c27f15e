//! A request to sign somebody in by browser (RFC 6749, section 4.1; `OpenID` Connect Core,
//! section 3.1), and the answer that the browser carries back.
//!
//! Read in two steps: where the answer goes, and then what is wanted. Before the place is known
//! to be the client's, nothing is sent there, not even an error.

use ids::guid::AppId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    account::Passed,
    form::{Form, encoded},
    redirect::Waiting,
    refusal::{Refused, quoted},
    request::{app, scope},
    step_up,
};

/// The longest `state` or `nonce` that is repeated; MSAL's stay below 1 KiB.
const REPEATED_BYTES_MAX: usize = 4096;
/// A SHA-256 in base64url.
const CHALLENGE_BYTES: usize = 43;

/// How the answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Query,
    Fragment,
    FormPost,
}

/// Where the answer goes, unless it turns out not to be the client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub app: AppId,
    pub redirect: String,
    pub mode: Mode,
    pub state: Option<String>,
}

/// What the person is to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// No more than is needed.
    AsNeeded,
    /// Nothing: the answer is an error where something would have to be asked.
    None,
    /// The password, whoever is signed in.
    Login,
    /// Which account.
    SelectAccount,
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub scope: String,
    pub nonce: Option<String>,
    /// What the code's redeemer proves to know, hashed (RFC 7636, `S256`).
    pub challenge: Option<String>,
    pub prompt: Prompt,
    pub login_hint: Option<String>,
    /// How long ago the password may have been shown, at most.
    pub max_age: Option<SignedDuration>,
    /// Whether more than a password is asked for.
    pub multiple_factors: bool,
}

impl Address {
    /// Reads where the answer goes; `directory` is where the request was sent.
    pub fn parse(form: &Form, directory: &str) -> Result<Self, Refused> {
        let app = app(form.get("client_id").ok_or(Refused::Missing("client_id"))?, directory)?;
        let redirect = form.get("redirect_uri").ok_or(Refused::Missing("redirect_uri"))?.to_owned();
        let mode = match form.get("response_mode") {
            None | Some("query") => Mode::Query,
            Some("fragment") => Mode::Fragment,
            Some("form_post") => Mode::FormPost,
            Some(other) => return Err(Refused::UnsupportedMode(quoted(other))),
        };
        let state = bounded(form, "state")?;
        Ok(Self { app, redirect, mode, state })
    }
}

impl Wanted {
    /// Reads what is wanted of somebody for whom that waits.
    pub fn parse(form: &Form, waiting: Waiting) -> Result<Self, Refused> {
        match form.get("response_type").ok_or(Refused::Missing("response_type"))? {
            "code" => {}
            other => return Err(Refused::UnsupportedResponse(quoted(other))),
        }
        if form.get("request").is_some() || form.get("request_uri").is_some() {
            return Err(Refused::Malformed("request objects are not supported"));
        }
        Ok(Self {
            scope: scope(form)?.ok_or(Refused::Missing("scope"))?,
            nonce: bounded(form, "nonce")?,
            challenge: challenge(form, waiting)?,
            prompt: prompt(form)?,
            login_hint: form.get("login_hint").map(quoted),
            max_age: max_age(form)?,
            multiple_factors: step_up::wanted(form)?,
        })
    }

    /// Whether a password that was shown then, for whatever it was, is recent enough. Zero asks
    /// for it each time.
    pub fn takes(&self, signed_in: Timestamp, now: Timestamp) -> bool {
        self.max_age.is_none_or(|it| now.duration_since(signed_in) < it)
    }

    /// Whether it is for somebody who has just shown a code as well: for them, where the password
    /// was wanted anew, it is enough that it was shown for this sign-in.
    pub fn takes_passed(&self, passed: &Passed, now: Timestamp) -> bool {
        let is_recent = self.prompt != Prompt::Login && self.takes(passed.signed_in, now);
        is_recent || passed.is_fresh(now)
    }
}

/// Whoever has no secret must prove in another way to be who asked (RFC 7636). `plain` proves
/// nothing to whoever reads along.
fn challenge(form: &Form, waiting: Waiting) -> Result<Option<String>, Refused> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    match (form.get("code_challenge"), form.get("code_challenge_method"), waiting) {
        (Some(text), Some("S256"), _)
            if text.len() == CHALLENGE_BYTES && text.chars().all(legal) =>
        {
            Ok(Some(text.to_owned()))
        }
        (Some(_), Some("S256"), _) => Err(Refused::Malformed("the code_challenge is no SHA-256")),
        (Some(_), _, _) => Err(Refused::Malformed("the code_challenge_method must be S256")),
        (None, _, Waiting::Server) => Ok(None),
        (None, _, Waiting::Page | Waiting::Program) => Err(Refused::ChallengeNeeded),
    }
}

/// `consent` asks for the click that people go on with: what they may, an application may then.
fn prompt(form: &Form) -> Result<Prompt, Refused> {
    let words = form.get("prompt").unwrap_or_default();
    let mut prompt = Prompt::AsNeeded;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        prompt = match (word, prompt) {
            ("none", _) if words.trim() == "none" => Prompt::None,
            ("login", _) | ("create" | "select_account" | "consent", Prompt::Login) => {
                Prompt::Login
            }
            ("select_account" | "consent", _) => Prompt::SelectAccount,
            _ => return Err(Refused::Malformed("the prompt is not understood")),
        };
    }
    Ok(prompt)
}

/// In seconds (`OpenID` Connect Core, section 3.1.2.1).
fn max_age(form: &Form) -> Result<Option<SignedDuration>, Refused> {
    let Some(text) = form.get("max_age").filter(|it| !it.is_empty()) else { return Ok(None) };
    let seconds: u32 =
        text.parse().map_err(|_| Refused::Malformed("the max_age is no number of seconds"))?;
    Ok(Some(SignedDuration::from_secs(seconds.into())))
}

fn bounded(form: &Form, name: &'static str) -> Result<Option<String>, Refused> {
    let Some(text) = form.get(name) else { return Ok(None) };
    if text.len() > REPEATED_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(Refused::Malformed("the state or the nonce is too long, or not plain text"));
    }
    Ok(Some(text.to_owned()))
}

/// What the browser carries back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It is sent to this URL.
    To(String),
    /// It posts these fields to this URL.
    Posting { url: String, fields: Vec<(&'static str, String)> },
}

/// The answer for a place that is the client's, with the request's `state`.
pub fn carried(address: &Address, mut fields: Vec<(&'static str, String)>) -> Carried {
    fields.extend(address.state.clone().map(|state| ("state", state)));
    let url = &address.redirect;
    let joined = |mark: char| {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        format!("{url}{mark}{}", pairs.collect::<Vec<_>>().join("&"))
    };
    match address.mode {
        Mode::Query => Carried::To(joined(if url.contains('?') { '&' } else { '?' })),
        Mode::Fragment => Carried::To(joined('#')),
        Mode::FormPost => Carried::Posting { url: url.clone(), fields },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::AZURE_CLI;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes()).unwrap()
    }

    fn wanted(text: &str, waiting: Waiting) -> Result<Wanted, Refused> {
        Wanted::parse(&form(text), waiting)
    }

    #[test]
    fn where_the_answer_goes_is_read_first_and_alone() {
        let base = format!("client_id={AZURE_CLI}&redirect_uri=http%3A%2F%2Flocalhost%3A1");
        let read = |more: &str| Address::parse(&form(&format!("{base}{more}")), "contoso.example");
        let plain = read("&response_type=nonsense&scope=").unwrap();
        assert_eq!((plain.redirect.as_str(), plain.mode), ("http://localhost:1", Mode::Query));
        assert_eq!(read("&response_mode=form_post").unwrap().mode, Mode::FormPost);
        assert_eq!(read("&response_mode=fragment&state=x").unwrap().state.as_deref(), Some("x"));
        let unknown = Err(Refused::UnsupportedMode("web_message".to_owned()));
        assert_eq!(read("&response_mode=web_message"), unknown);
        for bad in ["&state=a%0Ab".to_owned(), format!("&state={}", "x".repeat(5000))] {
            assert!(matches!(read(&bad), Err(Refused::Malformed(_))), "{bad}");
        }
        let missing = Address::parse(&form("client_id=x"), "contoso.example");
        assert!(matches!(missing, Err(Refused::ClientNotFound { .. })));
        let missing = Address::parse(&form(&format!("client_id={AZURE_CLI}")), "x");
        assert_eq!(missing, Err(Refused::Missing("redirect_uri")));
    }

    #[test]
    fn whoever_has_no_secret_proves_by_s256_to_be_who_asked() {
        let base = "response_type=code&scope=openid";
        let with = |more: &str| format!("{base}&{more}");
        let s256 = with(&format!("code_challenge={CHALLENGE}&code_challenge_method=S256"));
        let plain = with(&format!("code_challenge={CHALLENGE}&code_challenge_method=plain"));
        let bare = with(&format!("code_challenge={CHALLENGE}"));
        let short = with("code_challenge=x&code_challenge_method=S256");
        for waiting in [Waiting::Page, Waiting::Program, Waiting::Server] {
            let challenge = wanted(&s256, waiting).unwrap().challenge;
            assert_eq!(challenge.as_deref(), Some(CHALLENGE));
            for bad in [&plain, &bare, &short] {
                assert!(matches!(wanted(bad, waiting), Err(Refused::Malformed(_))), "{bad}");
            }
        }
        assert_eq!(wanted(base, Waiting::Page), Err(Refused::ChallengeNeeded));
        assert_eq!(wanted(base, Waiting::Program), Err(Refused::ChallengeNeeded));
        assert_eq!(wanted(base, Waiting::Server).unwrap().challenge, None);
    }

    #[test]
    fn only_codes_are_given_and_prompts_are_understood() {
        let read = |more: &str| wanted(more, Waiting::Server);
        for kind in ["token", "id_token", "code+id_token"] {
            let refused = read(&format!("response_type={kind}&scope=openid"));
            assert!(matches!(refused, Err(Refused::UnsupportedResponse(_))), "{kind}");
        }
        assert_eq!(read("scope=openid"), Err(Refused::Missing("response_type")));
        assert_eq!(read("response_type=code"), Err(Refused::Missing("scope")));
        let long = format!("response_type=code&scope={}", "s".repeat(4097));
        assert_eq!(read(&long), Err(Refused::Malformed("the scope is too long")));
        let cases = [
            ("", Some(Prompt::AsNeeded)),
            ("none", Some(Prompt::None)),
            ("login", Some(Prompt::Login)),
            ("select_account", Some(Prompt::SelectAccount)),
            ("consent", Some(Prompt::SelectAccount)),
            ("login+consent", Some(Prompt::Login)),
            ("none+login", None),
            ("nonsense", None),
        ];
        for (prompt, expected) in cases {
            let read = read(&format!("response_type=code&scope=openid&prompt={prompt}"));
            assert_eq!(read.map(|it| it.prompt).ok(), expected, "{prompt}");
        }
    }

    #[test]
    fn how_old_a_sign_in_may_be_is_read_and_kept_to() {
        let read =
            |more: &str| wanted(&format!("response_type=code&scope=openid{more}"), Waiting::Server);
        for bad in ["-1", "1.5", "soon", "4294967296"] {
            let refused = read(&format!("&max_age={bad}"));
            assert_eq!(refused, Err(Refused::Malformed("the max_age is no number of seconds")));
        }
        let then = model::samples::now();
        let later = |seconds| then + SignedDuration::from_secs(seconds);
        // Seconds since the password; whether it goes on, and whether it does with a code now.
        let cases = [
            ("", 80_000, true, true),
            ("&max_age=", 80_000, true, true),
            ("&max_age=3600", 3_599, true, true),
            ("&max_age=3600", 3_600, false, false),
            ("&max_age=60", 60, false, true),
            ("&max_age=60", 600, false, false),
            ("&max_age=0", 0, false, true),
            ("&prompt=login", 0, true, true),
            ("&prompt=login", 600, true, false),
            ("&prompt=login&max_age=3600", 600, true, false),
        ];
        for (more, seconds, goes, goes_with_code) in cases {
            let wanted = read(more).unwrap();
            let home = model::samples::ADA;
            let shown = crate::account::Shown { home, password: String::new(), second: None };
            let passed = Passed { shown, signed_in: then };
            let told =
                (wanted.takes(then, later(seconds)), wanted.takes_passed(&passed, later(seconds)));
            assert_eq!(told, (goes, goes_with_code), "{more} after {seconds}");
        }
    }

    #[test]
    fn an_answer_is_carried_as_it_was_asked_for_and_never_breaks_out() {
        let state = Some("a&b=c\"<>\u{e9} d".to_owned());
        let address = |mode, redirect: &str| {
            let (state, redirect) = (state.clone(), redirect.to_owned());
            Address { app: AZURE_CLI, redirect, mode, state }
        };
        let fields = || vec![("code", "x+y".to_owned())];
        let said = "code=x%2By&state=a%26b%3Dc%22%3C%3E%C3%A9%20d";
        let cases = [
            (Mode::Query, "https://a.example/in", format!("https://a.example/in?{said}")),
            (Mode::Query, "https://a.example/in?k=v", format!("https://a.example/in?k=v&{said}")),
            (Mode::Fragment, "https://a.example/in", format!("https://a.example/in#{said}")),
        ];
        for (mode, redirect, expected) in cases {
            assert_eq!(carried(&address(mode, redirect), fields()), Carried::To(expected));
        }
        let posted = carried(&address(Mode::FormPost, "https://a.example/in"), fields());
        let Carried::Posting { url, fields } = posted else { panic!("a form is posted") };
        assert_eq!((url.as_str(), fields.len()), ("https://a.example/in", 2));
    }
}
