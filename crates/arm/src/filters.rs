//! `$filter` of lists of resources and groups.

use model::{resource::Resource, tree::Tags};

use crate::{failure::Failure, route::Ask};

/// A tag that things must carry.
pub(crate) struct TagFilter {
    name: String,
    value: Option<String>,
}

impl TagFilter {
    pub(crate) fn meets(&self, tags: &Tags) -> bool {
        tags.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case(&self.name)
                && self.value.as_ref().is_none_or(|wanted| wanted == value)
        })
    }
}

/// What resources must be.
pub(crate) struct ResourceFilter(TagFilter);

impl ResourceFilter {
    pub(crate) fn meets(&self, resource: &Resource) -> bool {
        self.0.meets(&resource.tags)
    }
}

impl Ask<'_> {
    pub(crate) fn tag_filter(&self) -> Result<Option<TagFilter>, Failure> {
        Ok(None)
    }

    pub(crate) fn resource_filter(&self) -> Result<Option<ResourceFilter>, Failure> {
        Ok(None)
    }
}
