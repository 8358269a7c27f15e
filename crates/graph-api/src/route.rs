//! A row of the table: what is served where, and what leave it takes.

use std::{pin::Pin, sync::Arc};

use axum::http::Method;
use ids::guid::{AppId, ObjectId};
use model::ownership::OwnedKind;
use operations::{context::Context, plane::Plane, sign_in::SignIn};
use wire::graph::query::BadQuery;

use crate::{
    answer::Answer,
    budget::Budget,
    failure::Failure,
    path::{Key, Path},
    request::Query,
};

/// What is served where.
pub struct Route {
    pub method: Method,
    /// Names as Graph writes them; `{}` is a key.
    pub pattern: &'static str,
    pub leave: Leave,
    pub(crate) serve: fn(Ask) -> Answered,
}

/// What leave a row takes, in the caller's own directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// To look.
    Read(&'static str),
    /// To look; to oneself without further leave.
    ReadOrSelf(&'static str),
    /// To change: this at least. What is changed takes its own leave.
    Write(&'static str),
    /// The same, or to own something of that kind.
    WriteOrOwn(&'static str, OwnedKind),
}

/// An answer on its way.
pub(crate) type Answered = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send>>;

/// A request that was let in.
pub(crate) struct Ask {
    pub(crate) sign_in: Arc<SignIn>,
    pub(crate) context: Context,
    pub(crate) keys: Vec<Key>,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) eventual: bool,
    pub(crate) body: Vec<u8>,
    pub(crate) budget: Budget,
}

impl Route {
    /// The keys in a path that this row is about; none where it is about others.
    pub(crate) fn keys(&self, path: &Path) -> Option<Vec<Key>> {
        let mut pattern = self.pattern.split('/').filter(|it| !it.is_empty());
        let mut keys = Vec::new();
        for segment in &path.0 {
            let name = segment.strip_prefix("microsoft.graph.").unwrap_or(segment);
            match pattern.next()? {
                "{}" if !segment.starts_with('$') => keys.push(Key::read(segment)),
                "{}" => return None,
                expected if expected.eq_ignore_ascii_case(name) => {}
                _ => return None,
            }
        }
        pattern.next().is_none().then_some(keys)
    }
}

impl Ask {
    pub(crate) fn plane(&self) -> &Plane {
        self.sign_in.plane()
    }

    pub(crate) fn key(&self, nth: usize) -> Result<&Key, Failure> {
        self.keys.get(nth).ok_or_else(|| Failure::BadId(String::new()))
    }

    /// The object id that stands there.
    pub(crate) fn object(&self, nth: usize) -> Result<ObjectId, Failure> {
        match self.key(nth)? {
            Key::Id(text) => text.parse().map_err(|_| bad(text)),
            Key::Named(name, _) => Err(bad(name)),
        }
    }

    /// The object id or the application id that stands there.
    pub(crate) fn object_or_app(&self, nth: usize) -> Result<Result<ObjectId, AppId>, Failure> {
        match self.key(nth)? {
            Key::Id(text) => text.parse().map(Ok).map_err(|_| bad(text)),
            Key::Named(name, text) if name.eq_ignore_ascii_case("appId") => {
                text.parse().map(Err).map_err(|_| bad(text))
            }
            Key::Named(name, _) => Err(bad(name)),
        }
    }

    /// Refuses options that would change the answer and are not understood.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Failure> {
        let is_known = |name: &str| {
            known.iter().any(|it| it.eq_ignore_ascii_case(crate::request::plain(name)))
        };
        let options = self.query.0.iter().map(|(name, _)| name.as_str());
        let mut unknown = options.filter(|name| name.starts_with('$') && !is_known(name));
        match unknown.next() {
            Some(name) => Err(BadQuery::Option(name.chars().take(40).collect()).into()),
            None => Ok(()),
        }
    }

    /// `https://…/v1.0/$metadata#users`.
    pub(crate) fn metadata(&self, of: &str) -> String {
        format!("{}/v1.0/$metadata#{of}", self.plane().origins.graph)
    }

    /// Where a thing of that collection is found.
    pub(crate) fn place(&self, set: &str, id: &dyn std::fmt::Display) -> String {
        format!("{}/v1.0/{set}/{id}", self.plane().origins.graph)
    }
}

pub(crate) fn bad(text: &str) -> Failure {
    Failure::BadId(text.chars().take(80).collect())
}
