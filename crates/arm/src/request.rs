//! What comes in by the front door, and what goes out.

use ids::guid::CorrelationId;
use jiff::Timestamp;
use model::event::Caller;
use serde::Serialize;
use serde_json::Value;

/// The verbs that ARM knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Get,
    Head,
    Put,
    Patch,
    Delete,
    Post,
}

impl Method {
    pub const ALL: [Self; 6] =
        [Self::Get, Self::Head, Self::Put, Self::Patch, Self::Delete, Self::Post];

    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Post => "POST",
        }
    }

    /// Reads HTTP's form; another verb is none of ARM's.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    /// Whether it leaves state as it is.
    pub fn reads(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

/// A request, translated from HTTP and decided on in nothing.
#[derive(Debug)]
pub struct ArmRequest {
    pub method: Method,
    /// The path as it stood in the request line, still encoded.
    pub path: String,
    pub query: Query,
    /// Who asks, or why nobody can tell.
    pub caller: Result<Caller, NoCaller>,
    /// Whose leave counts, too, for what the body names beside what is asked for.
    pub auxiliary: Vec<Caller>,
    pub correlation: CorrelationId,
    pub client_request: Option<String>,
    pub client_address: Option<String>,
    pub preconditions: Preconditions,
    /// When it arrived.
    pub arrived: Timestamp,
}

/// Why a request has no caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCaller {
    #[error("Authentication failed. The 'Authorization' header is missing.")]
    Missing,
    #[error("{0}")]
    Invalid(String),
    #[error(
        "The access token expiry UTC time '{expired}' is earlier than current UTC time '{now}'."
    )]
    Expired { expired: String, now: String },
    #[error("{0}")]
    Audience(String),
    /// One of the tokens that come beside the caller's own is not good.
    #[error("The token {at} of the header 'x-ms-authorization-auxiliary' is not valid: {why}")]
    Auxiliary { at: usize, why: Box<Self> },
    /// The token names one tenant and was issued by another.
    #[error("{0}")]
    Issuer(String),
}

/// Decoded pairs of the query, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// The value of a parameter, its name compared without regard to case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// `If-Match` and `If-None-Match`, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
}

/// What a request is answered with.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmResponse {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Value>,
}

impl ArmResponse {
    /// A status alone.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// A status with a body.
    ///
    /// # Panics
    ///
    /// Never: our own bodies hold nothing that JSON lacks.
    #[expect(clippy::expect_used, reason = "our own bodies hold nothing that JSON lacks")]
    pub fn json(status: u16, body: impl Serialize) -> Self {
        let body = serde_json::to_value(body).expect("a body of ours is JSON");
        Self { status, headers: Vec::new(), body: Some(body) }
    }

    /// What `HEAD` answers where `GET` would answer this: that it is there, and no more.
    #[must_use]
    pub(crate) fn bare(self) -> Self {
        let status = if self.status == 200 { 204 } else { self.status };
        Self { status, body: None, ..self }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
