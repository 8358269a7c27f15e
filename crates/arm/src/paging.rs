//! Lists, page by page: `$top`, `$skipToken` and `nextLink`.

use serde::Serialize;
use store::key::Cursor;
use wire::arm::scopes::ListBody;

use crate::{failure::Failure, request::ArmResponse, route::Ask};

impl Ask<'_> {
    /// How many items the client wants at most.
    pub(crate) fn top(&self) -> Result<Option<usize>, Failure> {
        let Some(text) = self.query.get("$top") else { return Ok(None) };
        let bad = || Failure::Query { name: "$top", reason: "it is no positive number".to_owned() };
        text.parse().ok().filter(|top| *top > 0).map(Some).ok_or_else(bad)
    }

    /// What a link of ours to the next page said, unsealed.
    pub(crate) fn continuation(&self) -> Result<Option<String>, Failure> {
        let Some(sealed) = self.query.get("$skipToken") else { return Ok(None) };
        let opened = self.plane.seal.open(&self.bound(), sealed);
        opened
            .map(Some)
            .map_err(|bad| Failure::Query { name: "$skipToken", reason: bad.to_string() })
    }

    /// The row that a link of ours says the page begins after.
    pub(crate) fn cursor(&self) -> Result<Option<Cursor>, Failure> {
        let bad = |_| Failure::Query { name: "$skipToken", reason: "it leads nowhere".to_owned() };
        self.continuation()?.map(|text| text.parse().map_err(bad)).transpose()
    }

    /// What a continuation is good for: this caller, this path, this filter.
    fn bound(&self) -> String {
        let filter = self.query.get("$filter").unwrap_or_default();
        let (who, scope) = (self.context.caller.principal, &self.context.question.scope);
        format!("{who}|{}|{}|{filter}", scope.key(), self.context.question.action)
    }

    /// The link to the page that begins there.
    pub(crate) fn next_link(&self, place: &str) -> String {
        let sealed = self.plane.seal.close(&*self.plane.random, &self.bound(), place);
        let kept = self.query.0.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skipToken"));
        let pairs = kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let query: Vec<String> = pairs.chain([format!("$skipToken={sealed}")]).collect();
        format!("{}{}?{}", self.plane.origins.arm, self.raw_path, query.join("&"))
    }

    /// A page of a list.
    pub(crate) fn list<T: Serialize>(&self, value: Vec<T>, next: Option<&Cursor>) -> ArmResponse {
        let next_link = next.map(|cursor| self.next_link(&cursor.to_string()));
        ArmResponse::json(200, ListBody { value, next_link })
    }
}

/// Percent-encodes all but what a query may hold as it is.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~$,()'".contains(&byte);
    let one = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}
