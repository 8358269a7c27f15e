//! The tags of something, by themselves (`Microsoft.Resources/tags`; ARM contract, §1.10).

use ids::scope::Scope;
use model::tree::Tags;
use serde::{Deserialize, Serialize};

/// `PUT …/tags/default`, the request.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct TagsPut {
    pub properties: TagsProperties,
}

/// `PATCH …/tags/default`, the request.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct TagsPatch {
    pub operation: TagsOperation,
    pub properties: TagsProperties,
}

/// What a `PATCH` does with the tags that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TagsOperation {
    #[serde(alias = "replace")]
    Replace,
    #[serde(alias = "merge")]
    Merge,
    #[serde(alias = "delete")]
    Delete,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(expecting = "an object")]
pub struct TagsProperties {
    pub tags: Tags,
}

/// The tags of a scope as ARM shows them.
#[derive(Debug, Serialize)]
pub struct TagsBody {
    pub id: String,
    pub name: &'static str,
    pub r#type: &'static str,
    pub properties: TagsProperties,
}

impl TagsBody {
    pub fn new(scope: &Scope, tags: Tags) -> Self {
        Self {
            id: format!("{scope}/providers/Microsoft.Resources/tags/default"),
            name: "default",
            r#type: "Microsoft.Resources/tags",
            properties: TagsProperties { tags },
        }
    }
}
