//! Microsoft Graph's JSON (v1.0), as far as Fyr keeps what it is about
//! (<https://learn.microsoft.com/graph/api/overview>).
//!
//! Each noun has a *view*: all its properties, the ones that are not kept as null. What of it is
//! shown is for [`query`] to say; what a body may hold, [`body`] reads.

use serde_json::{Map, Value, json};

pub mod applications;
pub mod authentication;
pub mod body;
pub mod groups;
pub mod objects;
pub mod organization;
pub mod query;
pub mod roles;
pub mod service_principals;
pub mod users;

/// All properties of one thing.
pub type View = Map<String, Value>;

/// A type of Graph's.
#[derive(Debug)]
pub struct Kind {
    /// As errors and `@odata.type` name it, after `#microsoft.graph.`.
    pub name: &'static str,
    /// The collection that a context names.
    pub set: &'static str,
    /// What is shown unless a client selects.
    pub by_default: &'static [&'static str],
    /// What is shown if a client selects it.
    pub on_request: &'static [&'static str],
}

impl Kind {
    /// The property of that name, letters without regard to case.
    pub fn property(&self, name: &str) -> Option<&'static str> {
        let mut all = self.by_default.iter().chain(self.on_request);
        all.find(|it| it.eq_ignore_ascii_case(name)).copied()
    }

    /// `#microsoft.graph.user`.
    pub fn odata_type(&self) -> String {
        format!("#microsoft.graph.{}", self.name)
    }
}

/// A view of pairs.
fn view<const N: usize>(pairs: [(&str, Value); N]) -> View {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Graph's error.
pub fn error(code: &str, message: &str, date: &str, request: &str, client: &str) -> Value {
    json!({
        "error": {
            "code": code,
            "message": message,
            "innerError": { "date": date, "request-id": request, "client-request-id": client },
        }
    })
}
