//! The page where people type a device's code. A plain form: it works without script.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use identity::{account::Directory, form::Form, secret::Sensitive};
use operations::sign_in::{Asker, device};

use crate::{
    Surface,
    page::{self, Failed, Page, alert, escaped},
    request,
};

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

async fn decided(
    surface: &Surface,
    headers: &HeaderMap,
    asker: Asker,
    form: &Form,
) -> Result<View, Failed> {
    if !page::opened_here(headers, form) {
        return Err(Failed::not_opened_here());
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

fn page(surface: &Surface, headers: &HeaderMap, status: StatusCode, view: &View) -> Response {
    let random = &*surface.sign_in.plane().random;
    let token = page::token(headers, random);
    let (title, body) = ("Sign in on a device", body(view, &token));
    let page = Page { title, body, leads_to: None, script: None };
    page::rendered(&page, status, &token, random)
}

fn body(view: &View, token: &str) -> String {
    match view {
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
    }
}

fn fields(error: Option<&str>, user_code: &str, username: &str, token: &str) -> String {
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
        error = alert(error),
        user_code = escaped(user_code),
        username = escaped(username),
    )
}
