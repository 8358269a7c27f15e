//! A row of the table: what is served where, and what leave it takes.

use std::pin::Pin;

use axum::http::Method;
use ids::{guid::SubscriptionId, offer::OfferId};
use model::question::Via;
use operations::{context::Context, market::IfMatch, page, plane::Plane};
use store::{key::Cursor, snapshot::Page};

use crate::{
    Surface,
    answer::Answer,
    failure::{Failure, NoCaller},
    request::{Query, plain},
};

/// What is served where.
pub struct Route {
    pub method: Method,
    /// `{}` is a key.
    pub pattern: &'static str,
    pub leave: Leave,
    /// So many bytes of a body are read.
    pub bytes_max: usize,
    pub(crate) serve: fn(Ask) -> Answered,
}

/// What leave a row takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// None: what is live is everybody's to read.
    Anyone,
    /// To have signed in; what is shown is judged by itself.
    Caller,
    /// In the publisher account of the caller's tenant.
    Account(&'static str),
    /// The operators'.
    Platform(&'static str),
}

impl Leave {
    /// What is asked of the one decision, with how it is asked.
    pub(crate) fn action(self) -> Option<(String, Via)> {
        match self {
            Self::Anyone | Self::Caller => None,
            Self::Account(name) => Some((format!("Fyr.Market/{name}"), Via::Market)),
            Self::Platform(name) => Some((format!("Fyr.Platform/{name}"), Via::Platform)),
        }
    }
}

/// An answer on its way.
pub(crate) type Answered = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send>>;

/// A request that was let in.
pub(crate) struct Ask {
    pub(crate) surface: Surface,
    /// Of whoever signed in; none where anyone may ask.
    pub(crate) context: Option<Context>,
    pub(crate) keys: Vec<String>,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) if_match: Option<String>,
    pub(crate) if_none_match: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Route {
    /// The keys in a path that this row is about; none where it is about others.
    pub(crate) fn keys(&self, path: &[String]) -> Option<Vec<String>> {
        let mut pattern = self.pattern.split('/').filter(|it| !it.is_empty());
        let mut keys = Vec::new();
        for segment in path {
            match pattern.next()? {
                "{}" => keys.push(segment.clone()),
                expected if expected.eq_ignore_ascii_case(segment) => {}
                _ => return None,
            }
        }
        pattern.next().is_none().then_some(keys)
    }
}

impl Ask {
    pub(crate) fn plane(&self) -> &Plane {
        self.surface.sign_in.plane()
    }

    /// Whoever signed in.
    pub(crate) fn context(&self) -> Result<&Context, Failure> {
        self.context.as_ref().ok_or(Failure::NoCaller(NoCaller::Missing))
    }

    pub(crate) fn key(&self, nth: usize) -> &str {
        self.keys.get(nth).map_or("", String::as_str)
    }

    /// The offer that stands there as `publisher.offer`.
    pub(crate) fn offer(&self, nth: usize) -> Result<OfferId, Failure> {
        let (publisher, name) = self.key(nth).split_once('.').ok_or(Failure::Nothing)?;
        let publisher = publisher.parse().map_err(|_| Failure::Nothing)?;
        Ok(OfferId { publisher, name: name.parse().map_err(|_| Failure::Nothing)? })
    }

    /// A key that has to be of some form; nothing stands under others.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, nth: usize) -> Result<T, Failure> {
        self.key(nth).parse().map_err(|_| Failure::Nothing)
    }

    /// The subscription that the query names.
    pub(crate) fn subscription(&self) -> Result<Option<SubscriptionId>, Failure> {
        let bad = |_| Failure::Query("subscriptionId", "it is no GUID".to_owned());
        self.query.get("subscriptionId").map(|text| text.parse().map_err(bad)).transpose()
    }

    /// Whether what is written is to be new (`If-None-Match: *`).
    pub(crate) fn is_for_new(&self) -> bool {
        self.if_none_match.as_deref().is_some_and(|text| text.trim() == "*")
    }

    /// The form that a change is of. A change has to say it, if only that any will do: else two
    /// who work on one thing undo each other's work.
    pub(crate) fn if_match(&self) -> Result<IfMatch, Failure> {
        let text = self.if_match.as_deref().ok_or(Failure::Unconditional)?;
        let text = text.trim().trim_start_matches("W/").trim_matches('"');
        if text == "*" {
            return Ok(IfMatch::Any);
        }
        let bad = |_| Failure::Header("If-Match", "it is not an ETag that was answered here");
        text.parse().map(IfMatch::Revision).map_err(bad)
    }

    /// The page that is asked for.
    pub(crate) fn page(&self) -> Result<Page, Failure> {
        let after = self.place()?.map(|text| text.parse::<Cursor>());
        let after = after.transpose().map_err(|_| Failure::Continuation)?;
        Ok(page::page(after, self.top()?))
    }

    /// How many items a page is to have.
    pub(crate) fn top(&self) -> Result<Option<usize>, Failure> {
        let bad = |_| Failure::Query("$top", "it is no whole number".to_owned());
        let top = self.query.get("top").or_else(|| self.query.get("maxpagesize"));
        top.map(|text| text.parse().map_err(bad)).transpose()
    }

    /// Where the page before ended, as this very list told this very caller.
    pub(crate) fn place(&self) -> Result<Option<String>, Failure> {
        let Some(sealed) = self.query.get("continuationToken") else { return Ok(None) };
        let opened = self.plane().seal.open(&self.bound(), sealed);
        opened.map(Some).map_err(|_| Failure::Continuation)
    }

    fn bound(&self) -> String {
        let who = self.context.as_ref().map(|it| it.caller.principal.to_string());
        let path = self.path.to_ascii_lowercase();
        let mut kept: Vec<String> =
            self.kept().map(|(name, value)| format!("{name}={value}")).collect();
        kept.sort();
        format!("market|{}|{path}|{}", who.unwrap_or_default(), kept.join("&"))
    }

    /// What of the query says which list it is.
    fn kept(&self) -> impl Iterator<Item = &(String, String)> {
        const PAGING: [&str; 3] = ["continuationToken", "top", "maxpagesize"];
        let is_paging = |name: &str| PAGING.iter().any(|it| it.eq_ignore_ascii_case(plain(name)));
        self.query.0.iter().filter(move |(name, _)| !is_paging(name))
    }

    /// The address of the page that begins there.
    pub(crate) fn next_link(&self, place: &Cursor) -> String {
        self.link(&place.to_string())
    }

    /// The same of a list that has places of its own.
    pub(crate) fn link(&self, place: &str) -> String {
        let plane = self.plane();
        let sealed = plane.seal.close(&*plane.random, &self.bound(), place);
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.query.0 {
            if !plain(name).eq_ignore_ascii_case("continuationToken") {
                query.append_pair(name, value);
            }
        }
        query.append_pair("continuationToken", &sealed);
        format!("{}{}?{}", plane.origins.graph, self.path, query.finish())
    }
}
