//! Rows that expire: sessions, codes, refresh tokens. They have no events, and `access` never
//! reads them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    engine::{ROWS_MAX, Row, View},
    error::StoreError,
    key::{Cursor, Entry, Key, Range, Tuple},
    record::{Record, decode},
};

/// What finds an ephemeral row: its kind, and text that counts to the letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EphemeralKey {
    kind: String,
    text: String,
}

impl EphemeralKey {
    /// The key of that kind and text. Hash what is secret before it becomes one.
    pub fn new(kind: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind: kind.into(), text: text.into() }
    }

    /// What tells it from others of its kind.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn key(&self) -> Key {
        Key::exact("ephemeral", &format!("{}/{}", self.kind, self.text))
    }
}

/// A value that is gone once its time is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ephemeral {
    pub key: EphemeralKey,
    pub value: Value,
    /// From this moment on it is not there.
    pub expires: Timestamp,
}

impl Ephemeral {
    /// The value in a row, unless its time is over.
    pub(crate) fn alive(row: Option<&Row>, now: Timestamp) -> Result<Option<Value>, StoreError> {
        let kept: Option<Kept> = row.map(decode).transpose()?;
        Ok(kept.filter(|Kept(it)| it.expires > now).map(|Kept(it)| it.value))
    }
}

/// How an ephemeral row is kept. Not public as a record, since a record does not expire.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Kept(pub(crate) Ephemeral);

impl Record for Kept {
    const KIND: &'static str = "ephemeral";
    type Id = EphemeralKey;

    fn id(&self) -> EphemeralKey {
        self.0.key.clone()
    }

    fn key(id: &EphemeralKey) -> Key {
        id.key()
    }

    fn entries(&self) -> Vec<Entry> {
        vec![Entry::new(EXPIRES, Tuple::new().time(self.0.expires))]
    }
}

pub(crate) const EXPIRES: &str = "ephemeral.expires";

/// All of that kind that are alive now and expire by then.
pub(crate) async fn expiring(
    view: &dyn View,
    kind: &str,
    now: Timestamp,
    by: Timestamp,
) -> Result<Vec<Ephemeral>, StoreError> {
    let range = Range { from: expired(now).to.unwrap_or_default(), ..expired(by) };
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let page = view.scan(&range, last.as_ref(), ROWS_MAX).await?;
        let Some(end) = page.last() else { return Ok(found) };
        last = Some(Cursor { tuple: end.tuple.clone(), key: end.key.clone() });
        for it in &page {
            let Kept(ephemeral) = decode(&it.row)?;
            found.extend(Some(ephemeral).filter(|it| it.key.kind == kind));
        }
    }
}

/// What has expired by then.
pub(crate) fn expired(now: Timestamp) -> Range {
    let just_before = Tuple::new().time(now + jiff::SignedDuration::from_micros(1));
    Range::between(EXPIRES, Tuple::new(), just_before)
}
