//! ARM's error body (`ErrorResponse` of its common types, v5).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

/// What went wrong, for the program that reads `code` and for the person who reads `message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    pub code: String,
    pub message: String,
    /// What of the request is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Its parts or causes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_info: Vec<AdditionalInfo>,
}

/// What a kind of error says beyond its text: which policy refused, for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdditionalInfo {
    pub r#type: String,
    pub info: Value,
}

impl ErrorDetail {
    /// An error with nothing to add.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            target: None,
            details: Vec::new(),
            additional_info: Vec::new(),
        }
    }

    /// An error of an answer.
    pub fn read(error: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(error)
    }

    /// The same about that part of the request.
    #[must_use]
    pub fn about(self, target: impl Into<String>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// The same with its parts.
    #[must_use]
    pub fn of(self, details: Vec<ErrorDetail>) -> Self {
        Self { details, ..self }
    }
}

impl From<ErrorDetail> for ErrorBody {
    fn from(error: ErrorDetail) -> Self {
        Self { error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_error_lacks_is_left_out() {
        let plain = ErrorBody::from(ErrorDetail::new("C", "m"));
        assert_eq!(
            serde_json::to_string(&plain).unwrap(),
            r#"{"error":{"code":"C","message":"m"}}"#
        );
        let whole = ErrorDetail::new("C", "m").about("t").of(vec![ErrorDetail::new("D", "n")]);
        let told = serde_json::to_value(&whole).unwrap();
        assert_eq!(ErrorDetail::read(&told).unwrap(), whole);
        assert_eq!(
            serde_json::to_string(&ErrorBody::from(whole)).unwrap(),
            r#"{"error":{"code":"C","message":"m","target":"t","details":[{"code":"D","message":"n"}]}}"#
        );
    }
}
