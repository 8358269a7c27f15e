//! What people see of signing in and out by browser. Plain forms: they work without script.

use identity::{authorize::Carried, browser::Candidate, secret::Sensitive};
use operations::sign_in::facts::Named;

use crate::{
    answer::Told,
    page::{Page, alert, escaped, named},
    second_page::{self, code_field},
};

/// Sends a form on as soon as it is there; without script, a person does.
const SEND_ON: &str = "document.forms[0].submit()";

/// A page of a request to sign in.
pub(crate) struct Asking<'a> {
    pub(crate) named: &'a Named,
    /// Where the form goes, with the request in it.
    pub(crate) action: &'a str,
    /// Where the answer goes.
    pub(crate) redirect: &'a str,
    pub(crate) token: &'a str,
    pub(crate) error: Option<&'a str>,
}

/// Name and password.
pub(crate) fn ask(asking: &Asking<'_>, username: &str) -> Page {
    let focus = |wanted: bool| if wanted { " autofocus" } else { "" };
    let (name, password) = (focus(username.is_empty()), focus(!username.is_empty()));
    let body = format!(
        r#"<h1>Sign in</h1>
<p>to go on to {application}</p>
{error}<form method="post" action="{action}">
<input type="hidden" name="csrf" value="{token}">
<label for="username">Sign-in name</label>
<input id="username" name="username" value="{username}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256"{name}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024"{password}>
<button name="answer" value="sign-in">Sign in</button>
<button name="answer" value="cancel" class="quiet">Cancel</button>
</form>
<p><a href="{security}">Your authenticator</a></p>"#,
        application = named(asking.named),
        error = alert(asking.error),
        action = escaped(asking.action),
        token = escaped(asking.token),
        username = escaped(username),
        security = second_page::PATH,
    );
    framed("Sign in", body, Some(asking.redirect))
}

/// The code of the authenticator of whoever has shown the password.
pub(crate) fn ask_code(asking: &Asking<'_>, halfway: &Sensitive) -> Page {
    let body = format!(
        r#"<h1>Type your code</h1>
<p>Your authenticator shows one, to go on to {application}</p>
{error}<form method="post" action="{action}">
<input type="hidden" name="csrf" value="{token}">
{field}
<button name="answer" value="sign-in">Sign in</button>
<button name="answer" value="cancel" class="quiet" formnovalidate>Cancel</button>
</form>"#,
        application = named(asking.named),
        error = alert(asking.error),
        action = escaped(asking.action),
        token = escaped(asking.token),
        field = code_field(halfway),
    );
    framed("Type your code", body, Some(asking.redirect))
}

/// Which account; `other` leads to name and password.
pub(crate) fn choose(asking: &Asking<'_>, candidates: &[Candidate], other: &str) -> Page {
    let accounts = candidates.iter().map(|it| {
        format!(
            "<button name=\"account\" value=\"{}\" class=\"account\">{}<span>{}</span></button>\n",
            it.signed_in.session,
            escaped(&it.account.local.display_name),
            escaped(it.name()),
        )
    });
    let body = format!(
        r#"<h1>Pick an account</h1>
<p>to go on to {application}</p>
{error}<form method="post" action="{action}">
<input type="hidden" name="csrf" value="{token}">
{accounts}<button name="answer" value="cancel" class="quiet">Cancel</button>
</form>
<p><a href="{other}">Use another account</a></p>"#,
        application = named(asking.named),
        error = alert(asking.error),
        action = escaped(asking.action),
        token = escaped(asking.token),
        accounts = accounts.collect::<String>(),
        other = escaped(other),
    );
    framed("Pick an account", body, Some(asking.redirect))
}

/// A form that carries an answer to its client.
pub(crate) fn posting(url: &str, fields: &[(&'static str, String)]) -> Page {
    let fields = fields.iter().map(|(name, value)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value))
    });
    let body = format!(
        "<h1>One moment</h1>\n<form method=\"post\" action=\"{}\">\n{}<button>Go on</button>\n</form>",
        escaped(url),
        fields.collect::<String>(),
    );
    Page { script: Some(SEND_ON), ..framed("One moment", body, Some(url)) }
}

/// Why a request to sign in cannot be answered to whom it names.
pub(crate) fn failed(told: &Told, correlation: &str) -> Page {
    let body = format!(
        "<h1>This does not work</h1>\n<p role=\"alert\">AADSTS{number}: {message}</p>\n<p>Whoever runs the application can mend this. You may close this window.</p>\n<small>{correlation}<br>{time}</small>",
        number = told.answer.code,
        message = escaped(&told.message),
        correlation = escaped(correlation),
        time = escaped(&told.time),
    );
    framed("This does not work", body, None)
}

/// Whether to sign out, where no client's token says that somebody meant it.
pub(crate) fn sign_out(action: &str, redirect: Option<&str>, token: &str) -> Page {
    let body = format!(
        r#"<h1>Sign out?</h1>
<p>Every account is signed out of this browser.</p>
<form method="post" action="{action}">
<input type="hidden" name="csrf" value="{token}">
<button name="answer" value="sign-out">Sign out</button>
</form>"#,
        action = escaped(action),
        token = escaped(token),
    );
    framed("Sign out?", body, redirect)
}

/// Nobody is signed in any more.
pub(crate) fn signed_out() -> Page {
    let body = "<h1>You are signed out</h1>\n<p>You may close this window.</p>".to_owned();
    framed("You are signed out", body, None)
}

fn framed(title: &'static str, body: String, leads_to: Option<&str>) -> Page {
    Page { title, body, leads_to: leads_to.map(str::to_owned), script: None }
}

/// What a browser is told to carry, if that takes a page.
pub(crate) fn carrying(carried: &Carried) -> Option<Page> {
    match carried {
        Carried::To(_) => None,
        Carried::Posting { url, fields } => Some(posting(url, fields)),
    }
}
