//! Signing out of the browser (`OpenID` Connect RP-Initiated Logout 1.0).

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use identity::form::{Form, encoded};
use ids::guid::{AppId, CorrelationId};

use crate::{
    Surface,
    answer::Failure,
    authorize::{BROWSER, refused, sent},
    page::{self, Page},
    request, sign_in_page,
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

/// One request to sign out.
struct Visit<'a> {
    surface: &'a Surface,
    tenant: &'a str,
    head: &'a Parts,
    form: Form,
    /// Whether a person said so, on a page of ours.
    meant: bool,
    correlation: CorrelationId,
}

async fn answered(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    form: Result<(Form, bool), Failure>,
) -> Response {
    let correlation = request::correlation(head, surface.sign_in.plane());
    let outcome = match form {
        Ok((form, meant)) => {
            Visit { surface, tenant, head, form, meant, correlation }.decided().await
        }
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| refused(surface, head, &failure, correlation))
}

impl Visit<'_> {
    /// Signs out at once where a person said so, or where a token of the client's says who it is
    /// about; else asks first: any page can send a browser here.
    async fn decided(&self) -> Result<Response, Failure> {
        let (sign_in, form) = (&self.surface.sign_in, &self.form);
        let directory = sign_in.directory(self.tenant).await?;
        let hint = form.get("id_token_hint").and_then(|token| sign_in.hint(token));
        let named: Option<AppId> = form.get("client_id").and_then(|text| text.parse().ok());
        let app = hint.map(|it| it.app).or(named);
        let app = app.filter(|it| named.is_none_or(|named| named == *it));
        let wanted = form.get("post_logout_redirect_uri").unwrap_or_default();
        let place = match app {
            Some(app) if sign_in.returns_to(app, directory, wanted).await? => Some(wanted),
            Some(_) | None => None,
        };
        if let Some(cookie) = page::cookie(&self.head.headers, BROWSER) {
            let about = match &hint {
                Some(hint) => sign_in.is_about(hint, Some(cookie)).await?,
                None => false,
            };
            if !self.meant && !about {
                return Ok(self.question(place));
            }
            let asker = request::asker(self.head, directory, self.correlation);
            sign_in.sign_out(asker, cookie).await?;
        }
        Ok(self.gone(place.map(|it| with_state(it, form))))
    }

    fn question(&self, place: Option<&str>) -> Response {
        let (tenant, query) = (encoded(self.tenant), self.form.query());
        let action = format!("/{tenant}/oauth2/v2.0/logout?{query}");
        self.shown(|token| sign_in_page::sign_out(&action, place, token))
    }

    fn gone(&self, place: Option<String>) -> Response {
        let mut response = match place {
            Some(url) => sent(&url),
            None => self.shown(|_| sign_in_page::signed_out()),
        };
        let forgotten = format!("{BROWSER}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
        if let Ok(forgotten) = HeaderValue::from_str(&forgotten) {
            response.headers_mut().append(header::SET_COOKIE, forgotten);
        }
        response
    }

    fn shown(&self, page: impl FnOnce(&str) -> Page) -> Response {
        let random = &*self.surface.sign_in.plane().random;
        let token = page::token(&self.head.headers, random);
        page::rendered(&page(&token), StatusCode::OK, &token, random)
    }
}

fn with_state(place: &str, form: &Form) -> String {
    let Some(state) = form.get("state") else { return place.to_owned() };
    let mark = if place.contains('?') { '&' } else { '?' };
    format!("{place}{mark}state={}", encoded(state))
}
