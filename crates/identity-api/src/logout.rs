//! Signing out of the browser (`OpenID` Connect RP-Initiated Logout 1.0).

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use identity::form::{Form, encoded};
use ids::guid::AppId;

use crate::{
    Surface,
    answer::Failure,
    authorize::{BROWSER, refused, sent},
    page, request, sign_in_page,
};

/// `GET /{tenant}/oauth2/v2.0/logout`.
pub(crate) async fn asked(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, _) = request.into_parts();
    let form = request::query(&head).map_err(Failure::from);
    answered(&surface, &tenant, &head, form.map(|form| (form, false))).await
}

/// `POST /{tenant}/oauth2/v2.0/logout`: the same in a body, or the answer to our own question.
pub(crate) async fn posted(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let form = match request::form(&head, body).await {
        Ok(typed) if typed.get("answer") == Some("sign-out") => {
            let meant = page::opened_here(&head.headers, &typed);
            request::query(&head).map(|form| (form, meant)).map_err(Failure::from)
        }
        Ok(form) => Ok((form, false)),
        Err(failure) => Err(failure),
    };
    answered(&surface, &tenant, &head, form).await
}

async fn answered(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    form: Result<(Form, bool), Failure>,
) -> Response {
    let outcome = match form {
        Ok((form, meant)) => decided(surface, tenant, head, &form, meant).await,
        Err(failure) => Err(failure),
    };
    let correlation = request::correlation(head, surface.sign_in.plane());
    outcome.unwrap_or_else(|failure| refused(surface, head, &failure, correlation))
}

/// Signs out at once where a person said so, or where a token of the client's says who it is
/// about; else asks first: any page can send a browser here.
async fn decided(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    form: &Form,
    meant: bool,
) -> Result<Response, Failure> {
    let sign_in = &surface.sign_in;
    let directory = sign_in.directory(tenant).await?;
    let cookie = page::cookie(&head.headers, BROWSER);
    let hint = form.get("id_token_hint").and_then(|token| sign_in.hint(token));
    let named: Option<AppId> = form.get("client_id").and_then(|text| text.parse().ok());
    let app = hint.map(|it| it.app).or(named).filter(|it| named.is_none_or(|named| named == *it));
    let wanted = form.get("post_logout_redirect_uri").unwrap_or_default();
    let place = match app {
        Some(app) if sign_in.returns_to(app, directory, wanted).await? => Some(wanted),
        Some(_) | None => None,
    };
    if let Some(cookie) = cookie {
        let about = match &hint {
            Some(hint) => sign_in.is_about(hint, Some(cookie)).await?,
            None => false,
        };
        if !meant && !about {
            return Ok(question(surface, tenant, head, form, place));
        }
        let correlation = request::correlation(head, sign_in.plane());
        sign_in.sign_out(request::asker(head, directory, correlation), cookie).await?;
    }
    Ok(gone(surface, head, place.map(|it| with_state(it, form))))
}

fn with_state(place: &str, form: &Form) -> String {
    let Some(state) = form.get("state") else { return place.to_owned() };
    let mark = if place.contains('?') { '&' } else { '?' };
    format!("{place}{mark}state={}", encoded(state))
}

fn question(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    form: &Form,
    place: Option<&str>,
) -> Response {
    let random = &*surface.sign_in.plane().random;
    let token = page::token(&head.headers, random);
    let action = format!("/{}/oauth2/v2.0/logout?{}", encoded(tenant), form.query());
    let page = sign_in_page::sign_out(&action, place, &token);
    page::rendered(&page, StatusCode::OK, &token, random)
}

fn gone(surface: &Surface, head: &Parts, place: Option<String>) -> Response {
    let random = &*surface.sign_in.plane().random;
    let mut response = if let Some(url) = place {
        sent(&url)
    } else {
        let token = page::token(&head.headers, random);
        page::rendered(&sign_in_page::signed_out(), StatusCode::OK, &token, random)
    };
    let forgotten = format!("{BROWSER}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(forgotten) = HeaderValue::from_str(&forgotten) {
        response.headers_mut().append(header::SET_COOKIE, forgotten);
    }
    response
}
