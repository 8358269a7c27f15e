//! What the store can keep.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    engine::Row,
    error::StoreError,
    key::{Entry, Key},
};

/// A type the store can keep. It is found by its own kind of id, kept under its whole name, and
/// listed through the entries it declares.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What the kind is called in keys.
    const KIND: &'static str;

    /// What finds one.
    type Id: Send + Sync;

    /// What finds this one.
    fn id(&self) -> Self::Id;

    /// Where the one of that id is kept.
    fn key(id: &Self::Id) -> Key;

    /// The index entries that lead to this one.
    fn entries(&self) -> Vec<Entry>;
}

/// The record that a row holds.
pub(crate) fn decode<R: Record>(row: &Row) -> Result<R, StoreError> {
    decode_bytes(&row.bytes)
}

/// The record that these bytes are.
pub(crate) fn decode_bytes<R: Record>(bytes: &[u8]) -> Result<R, StoreError> {
    serde_json::from_slice(bytes).map_err(StoreError::corrupt)
}

/// The bytes that a value is kept as.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(StoreError::corrupt)
}
