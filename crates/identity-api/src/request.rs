//! What is read of a request before an operation hears of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, header, request::Parts},
    response::Response,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use identity::{
    account::Directory,
    form::{BadForm, Form},
    refusal::Refused,
};
use ids::guid::CorrelationId;
use operations::{plane::Plane, sign_in::Asker};

use crate::answer::Failure;

/// Far more than any client sends.
const BODY_BYTES_MAX: usize = 1 << 20;
/// The id that clients give a request, to find it in their own logs.
const CLIENT_REQUEST: HeaderName = HeaderName::from_static("client-request-id");

/// A header's text.
pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The id that ties the answer to the log: the client's, if it is a GUID.
pub(crate) fn correlation(head: &Parts, plane: &Plane) -> CorrelationId {
    let given = text(&head.headers, CLIENT_REQUEST);
    let known = given.and_then(|text| text.parse().ok());
    known.unwrap_or_else(|| CorrelationId::new(plane.random.uuid()))
}

/// Who asks. Behind no address at all (a test) everyone is the same.
pub(crate) fn asker(head: &Parts, directory: Directory, correlation: CorrelationId) -> Asker {
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    Asker { directory, address, correlation }
}

/// What a page of ours sent.
pub(crate) struct Posted {
    pub(crate) headers: HeaderMap,
    pub(crate) asker: Asker,
    pub(crate) form: Form,
}

/// What was sent to a page where people are asked for at home; the answer, where it is no form.
pub(crate) async fn posted(plane: &Plane, request: Request) -> Result<Posted, Box<Response>> {
    let (head, body) = request.into_parts();
    let correlation = correlation(&head, plane);
    let form = form(&head, body).await;
    let form = form.map_err(|failure| Box::new(failure.render(plane, correlation)))?;
    let asker = asker(&head, Directory::Home, correlation);
    Ok(Posted { headers: head.headers, asker, form })
}

/// The form in a URL.
pub(crate) fn query(head: &Parts) -> Result<Form, Refused> {
    Form::parse(head.uri.query().unwrap_or_default().as_bytes()).map_err(malformed)
}

/// The form in a body.
pub(crate) async fn form(head: &Parts, body: Body) -> Result<Form, Failure> {
    let plain = text(&head.headers, header::CONTENT_ENCODING).is_none_or(|it| it == "identity");
    let kind = text(&head.headers, header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !plain || !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Failure::UnsupportedBody);
    }
    let collected = Limited::new(body, BODY_BYTES_MAX).collect().await;
    let bytes = collected.map_err(|error| {
        let broken = || Refused::Malformed("the body did not arrive whole").into();
        if error.is::<LengthLimitError>() { Failure::TooLarge } else { broken() }
    })?;
    Ok(Form::parse(&bytes.to_bytes()).map_err(malformed)?)
}

fn malformed(bad: BadForm) -> Refused {
    Refused::Malformed(match bad {
        BadForm::NotText => "the body is not text",
        BadForm::TooMany => "the body has too many fields",
        BadForm::Repeated => "a field is given twice",
    })
}
