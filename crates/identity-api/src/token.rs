//! The token endpoint and the device-code endpoint.

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{StatusCode, header, request::Parts},
    response::Response,
};
use identity::{
    form::Form,
    request::{DeviceRequest, Said, TokenRequest},
};
use ids::guid::CorrelationId;
use operations::sign_in::{
    device::Started,
    token::{PersonTokens, Tokens},
};
use serde_json::{Value, json};

use crate::{
    Surface,
    answer::{self, Failure},
    cross_origin, request,
};

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(crate) async fn token(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let correlation = request::correlation(&head, surface.sign_in.plane());
    let form = request::form(&head, body).await;
    let app = form.as_ref().ok().and_then(|form| form.get("client_id")?.parse().ok());
    let issued = match form {
        Ok(form) => issue(&surface, &tenant, &head, &form, correlation).await,
        Err(failure) => Err(failure),
    };
    let response = match issued {
        Ok(tokens) => answer::json(StatusCode::OK, &rendered(tokens)),
        Err(failure) => failure.render(surface.sign_in.plane(), correlation),
    };
    cross_origin::own(&surface, (&tenant, &head.headers), app, response).await
}

async fn issue(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    form: &Form,
    correlation: CorrelationId,
) -> Result<Tokens, Failure> {
    // An origin that is no text is nobody's, and still one.
    let origin = head.headers.get(header::ORIGIN).map(|it| it.to_str().unwrap_or_default());
    let authorization = request::text(&head.headers, header::AUTHORIZATION);
    let wanted = TokenRequest::parse(form, Said { authorization, origin }, tenant)?;
    let directory = surface.sign_in.directory(tenant).await?;
    let asker = request::asker(head, directory, correlation);
    Ok(surface.sign_in.token(asker, wanted).await?)
}

fn rendered(tokens: Tokens) -> Value {
    let lifetime = tokens.lifetime_seconds;
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": tokens.access.0,
    });
    let Some(PersonTokens { scope, client_info, id, refresh, refresh_lifetime_seconds }) =
        tokens.person
    else {
        return body;
    };
    let more = [
        ("scope", Some(scope.into())),
        ("client_info", Some(client_info.into())),
        ("id_token", id.map(|it| it.0.into())),
        ("refresh_token", refresh.map(|it| it.0.into())),
        ("refresh_token_expires_in", refresh_lifetime_seconds.map(Value::from)),
    ];
    if let Some(fields) = body.as_object_mut() {
        let given = |(name, value): (&str, Option<Value>)| Some((name.to_owned(), value?));
        fields.extend(more.into_iter().filter_map(given));
    }
    body
}

/// `POST /{tenant}/oauth2/v2.0/devicecode`.
pub(crate) async fn device_code(
    State(surface): State<Surface>,
    Path(tenant): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let plane = surface.sign_in.plane();
    let correlation = request::correlation(&head, plane);
    match start(&surface, &tenant, &head, body, correlation).await {
        Ok(started) => answer::json(StatusCode::OK, &shown(&started, &plane.origins.login)),
        Err(failure) => failure.render(plane, correlation),
    }
}

async fn start(
    surface: &Surface,
    tenant: &str,
    head: &Parts,
    body: Body,
    correlation: CorrelationId,
) -> Result<Started, Failure> {
    let form = request::form(head, body).await?;
    let wanted = DeviceRequest::parse(&form, tenant)?;
    let directory = surface.sign_in.directory(tenant).await?;
    let asker = request::asker(head, directory, correlation);
    Ok(surface.sign_in.start_device(asker, wanted).await?)
}

fn shown(started: &Started, login: &str) -> Value {
    let (code, page) = (&started.user_code, format!("{login}/common/oauth2/deviceauth"));
    let message = format!(
        "To sign in, use a web browser to open the page {page} and enter the code {code} to authenticate."
    );
    json!({
        "user_code": code,
        "device_code": started.device_code.0,
        "verification_uri": page,
        "expires_in": started.lifetime.as_secs(),
        "interval": started.interval.as_secs(),
        "message": message,
    })
}
