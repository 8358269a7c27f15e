//! The page where people type a device's code, and then, knowing what asks for it, sign in. Plain
//! forms: they work without script.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use identity::{form::Form, refusal::Refused, secret::Sensitive};
use operations::sign_in::{
    Asker, Error,
    device::{self, Approval},
    facts::Named,
};

use crate::{
    Surface,
    page::{self, Failed, Page, alert, escaped, named},
    request::{self, Posted},
    second_page::code_field,
};

/// What the page shows.
enum View {
    Code { error: Option<String>, user_code: String },
    SignIn { error: Option<String>, user_code: String, username: String, asks: Named },
    Second { error: Option<String>, user_code: String, halfway: Sensitive, asks: Named },
    Approved(device::Approved),
    Declined,
}

/// `GET /common/oauth2/deviceauth`.
pub(crate) async fn form(State(surface): State<Surface>, request: Request) -> Response {
    let view = View::Code { error: None, user_code: String::new() };
    page(&surface, request.headers(), StatusCode::OK, &view)
}

/// `POST /common/oauth2/deviceauth`.
pub(crate) async fn answer(State(surface): State<Surface>, request: Request) -> Response {
    let Posted { headers, asker, form } =
        match request::posted(surface.sign_in.plane(), request).await {
            Ok(posted) => posted,
            Err(answer) => return *answer,
        };
    let decided = decided(&surface, &headers, asker, &form).await;
    let (status, view) = decided.unwrap_or_else(|Failed { status, words }| {
        let user_code = form.get("user_code").unwrap_or_default().to_owned();
        (status, View::Code { error: Some(words), user_code })
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
    let field = |name| form.get(name).unwrap_or_default().to_owned();
    let (sign_in, user_code) = (&surface.sign_in, field("user_code"));
    if form.get("answer") == Some("decline") {
        sign_in.decline_device(asker, &user_code).await?;
        return Ok((StatusCode::OK, View::Declined));
    }
    let asks = sign_in.device_asks(asker, &user_code).await?;
    if form.get("halfway").is_some() {
        let typed = (Sensitive(field("halfway")), Sensitive(field("code")));
        return coded(surface, asker, user_code, typed, asks).await;
    }
    let username = field("username");
    // Only the second form has it.
    if form.get("username").is_none() {
        return Ok((StatusCode::OK, View::SignIn { error: None, user_code, username, asks }));
    }
    let password = Sensitive(field("password"));
    let typed =
        device::Answer { user_code: user_code.clone(), username: username.clone(), password };
    Ok(match sign_in.approve_device(asker, typed).await {
        Ok(Approval::Approved(approved)) => (StatusCode::OK, View::Approved(approved)),
        Ok(Approval::Code(halfway)) => {
            (StatusCode::OK, View::Second { error: None, user_code, halfway, asks })
        }
        Err(error) => {
            let Failed { status, words } = error.into();
            (status, View::SignIn { error: Some(words), user_code, username, asks })
        }
    })
}

/// Goes on with the code of whoever has shown the password.
async fn coded(
    surface: &Surface,
    asker: Asker,
    user_code: String,
    (halfway, code): (Sensitive, Sensitive),
    asks: Named,
) -> Result<(StatusCode, View), Failed> {
    let typed = (&halfway, &code);
    match surface.sign_in.approve_device_by_code(asker, &user_code, typed).await {
        Ok(approved) => Ok((StatusCode::OK, View::Approved(approved))),
        Err(error @ Error::Refused(Refused::WrongCode | Refused::SlowedDown(_))) => {
            let Failed { status, words } = error.into();
            Ok((status, View::Second { error: Some(words), user_code, halfway, asks }))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(surface: &Surface, headers: &HeaderMap, status: StatusCode, view: &View) -> Response {
    let random = &*surface.sign_in.plane().random;
    let token = page::token(headers, random);
    let (title, body) = ("Sign in on a device", body(view, &token));
    let page = Page { title, body, leads_to: None, script: None };
    page::rendered(&page, status, &token, random)
}

fn body(view: &View, token: &str) -> String {
    match view {
        View::Code { error, user_code } => code(error.as_deref(), user_code, token),
        View::SignIn { error, user_code, username, asks } => {
            sign_in(error.as_deref(), user_code, (username, asks), token)
        }
        View::Second { error, user_code, halfway, asks } => {
            second(error.as_deref(), user_code, (halfway, asks), token)
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
    }
}

fn code(error: Option<&str>, user_code: &str, token: &str) -> String {
    format!(
        r#"<h1>Sign in on a device</h1>
<p>Type the code that your device shows. If you have not started this yourself, or somebody sent you the code, close this window.</p>
{error}<form method="post" action="/common/oauth2/deviceauth">
<input type="hidden" name="csrf" value="{token}">
<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="{user_code}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="32" required autofocus>
<button name="answer" value="code">Next</button>
</form>"#,
        error = alert(error),
        user_code = escaped(user_code),
    )
}

fn sign_in(
    error: Option<&str>,
    user_code: &str,
    (username, asks): (&str, &Named),
    token: &str,
) -> String {
    format!(
        r#"<h1>Sign in on another device?</h1>
<p>{application}, on another device, has asked for this code, and may act in your name there once you sign in. If you have not started it yourself, or somebody sent you the code, turn it away.</p>
{error}<form method="post" action="/common/oauth2/deviceauth">
<input type="hidden" name="csrf" value="{token}">
<input type="hidden" name="user_code" value="{user_code}">
<label for="username">Sign-in name</label>
<input id="username" name="username" value="{username}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024">
<button name="answer" value="approve">Sign in</button>
<button name="answer" value="decline" class="quiet">This was not me</button>
</form>"#,
        application = named(asks),
        error = alert(error),
        user_code = escaped(user_code),
        username = escaped(username),
    )
}

fn second(
    error: Option<&str>,
    user_code: &str,
    (halfway, asks): (&Sensitive, &Named),
    token: &str,
) -> String {
    format!(
        r#"<h1>Type your code</h1>
<p>Your authenticator shows one. It lets {application} on another device act in your name.</p>
{error}<form method="post" action="/common/oauth2/deviceauth">
<input type="hidden" name="csrf" value="{token}">
<input type="hidden" name="user_code" value="{user_code}">
{field}
<button name="answer" value="approve">Sign in</button>
<button name="answer" value="decline" class="quiet" formnovalidate>This was not me</button>
</form>"#,
        application = named(asks),
        error = alert(error),
        user_code = escaped(user_code),
        field = code_field(halfway),
    )
}
