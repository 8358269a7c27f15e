//! What goes back: JSON, and errors as Entra words them.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use identity::refusal::{Answer, Refused};
use ids::guid::CorrelationId;
use jiff::Timestamp;
use operations::{plane::Plane, sign_in::Error};
use serde_json::{Value, json};

/// An answer in JSON that nobody may keep.
pub(crate) fn json(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// What went wrong, for whoever asked.
pub(crate) enum Failure {
    SignIn(Error),
    /// The body is longer than any client's.
    TooLarge,
    /// The body is compressed, or no form.
    UnsupportedBody,
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::SignIn(error.into())
    }
}

/// An error as it is told, in whichever form.
pub(crate) struct Told {
    pub(crate) answer: Answer,
    /// More than the name, for clients that look for it.
    pub(crate) detail: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) description: String,
    pub(crate) trace: String,
    pub(crate) time: String,
}

/// What a failure is called when it is not the client's: Entra's words for *try again*.
const TRANSIENT: &str = "A transient error has occurred. Please try again.";

impl Failure {
    fn verdict(&self) -> (Answer, String) {
        let invalid = |status| Answer { status, error: "invalid_request", code: 90_013 };
        let ours = |status| Answer { status, error: "temporarily_unavailable", code: 90_033 };
        match self {
            Self::SignIn(Error::Refused(refused)) => (refused.answer(), refused.to_string()),
            Self::SignIn(Error::Store(_)) => (ours(503), TRANSIENT.to_owned()),
            Self::SignIn(Error::Key(_) | Error::Thread) => (ours(500), TRANSIENT.to_owned()),
            Self::TooLarge => (invalid(413), "The request body is too large.".to_owned()),
            Self::UnsupportedBody => {
                let words = "The request body must be a form, and not compressed.";
                (invalid(415), words.to_owned())
            }
        }
    }

    fn refused(&self) -> Option<&Refused> {
        if let Self::SignIn(Error::Refused(refused)) = self { Some(refused) } else { None }
    }

    /// The error in Entra's words, with what ties it to the log.
    pub(crate) fn told(&self, plane: &Plane, correlation: CorrelationId) -> Told {
        let (answer, message) = self.verdict();
        if let Self::SignIn(error @ (Error::Store(_) | Error::Key(_) | Error::Thread)) = self {
            tracing::error!(%correlation, ?error, "signing in failed");
        }
        let (trace, time) = (plane.random.uuid().to_string(), written(plane.store.now()));
        let number = answer.code;
        let description = format!(
            "AADSTS{number}: {message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}"
        );
        Told {
            answer,
            detail: self.refused().and_then(Refused::detail),
            message,
            description,
            trace,
            time,
        }
    }

    /// The error's JSON.
    pub(crate) fn render(&self, plane: &Plane, correlation: CorrelationId) -> Response {
        let Told { answer, detail, description, trace, time, .. } = self.told(plane, correlation);
        let number = answer.code;
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut body = json!({
            "error": answer.error,
            "error_description": description,
            "error_codes": [number],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={number}", plane.origins.login),
        });
        if let (Some(detail), Some(fields)) = (detail, body.as_object_mut()) {
            fields.insert("suberror".to_owned(), detail.into());
        }
        let mut response = json(status, &body);
        let refused = self.refused();
        if let Some(Refused::SlowedDown(wait) | Refused::TooManyCodes(wait)) = refused {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
        }
        response
    }
}

/// `2026-01-01 00:00:00Z`, as Entra writes times in errors.
fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
