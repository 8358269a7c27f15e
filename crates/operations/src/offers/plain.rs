//! What the roles of a manifest let somebody do, for people to read: in words first, with the
//! actions behind, and what reveals secrets named.

use std::collections::BTreeMap;

use access::catalogue::Catalogue;
use ids::{
    guid::{RoleId, TenantId},
    scope::BadId,
};
use market::secrets;
use model::{market::manifest::Manifest, role::RoleDefinition};
use store::error::StoreError;

use super::{
    WORKING,
    roles::{delegated, named, reads},
};
use crate::{error::Error, market::Operations};

/// A built-in role, as a delegation gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    pub name: String,
    /// What it is for, in the words of whoever made it.
    pub words: String,
    /// How many of the known operations it lets somebody do.
    pub operations: usize,
    /// None of them changes anything.
    pub only_reads: bool,
    /// Those of them that reveal what opens something else.
    pub reveals: Vec<String>,
    /// As the role says it.
    pub actions: Vec<String>,
    pub not_actions: Vec<String>,
}

/// Every built-in role that the manifest names; worked out in a turn of that tenant's.
pub async fn plain(
    tenant: TenantId,
    manifest: Manifest,
    operations: Operations,
) -> Result<BTreeMap<RoleId, Plain>, Error> {
    let work = move || all(&manifest, &operations);
    Ok(WORKING.aside(tenant, work).await?.map_err(StoreError::corrupt)?)
}

fn all(manifest: &Manifest, operations: &[String]) -> Result<BTreeMap<RoleId, Plain>, BadId> {
    let catalogue = Catalogue::builtin();
    let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
    let known = named(manifest).into_iter().filter_map(|id| Some((id, catalogue.role(id)?)));
    known.map(|(id, role)| Ok((id, one(role, manifest, &operations)?))).collect()
}

fn one(role: &RoleDefinition, manifest: &Manifest, operations: &[&str]) -> Result<Plain, BadId> {
    let rights = delegated(role.id, manifest, operations)?;
    let secret = rights.operations.iter().filter(|it| secrets::reveals(it));
    let said = |of: fn(&model::role::Permission) -> &[String]| {
        role.permissions.iter().flat_map(of).cloned().collect()
    };
    Ok(Plain {
        name: role.name.clone(),
        words: role.description.clone(),
        operations: rights.operations.len(),
        only_reads: rights.operations.iter().all(|it| reads(it)),
        reveals: secret.map(|it| (*it).to_owned()).collect(),
        actions: said(|it| &it.actions),
        not_actions: said(|it| &it.not_actions),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::samples::{CONTRIBUTOR, PROVIDER, READER, TIER1, authorization};

    use super::*;

    #[tokio::test]
    async fn a_role_is_told_in_words_with_what_reveals_secrets_named() {
        let keys = "Microsoft.Storage/storageAccounts/listKeys/action";
        let operations = ["Microsoft.Storage/storageAccounts/read", keys].map(str::to_owned);
        let manifest = Manifest {
            tenant: PROVIDER,
            authorizations: vec![authorization(TIER1, CONTRIBUTOR), authorization(TIER1, READER)],
            eligible: Vec::new(),
        };
        let found = plain(PROVIDER, manifest, Arc::new(operations.to_vec())).await.unwrap();
        let (contributor, reader) = (&found[&CONTRIBUTOR], &found[&READER]);
        assert_eq!((contributor.name.as_str(), contributor.operations), ("Contributor", 2));
        assert!(!contributor.words.is_empty() && !contributor.only_reads);
        assert_eq!(contributor.reveals, [keys]);
        assert_eq!(contributor.actions, ["*"]);
        assert!(contributor.not_actions.iter().any(|it| it == "Microsoft.Authorization/*/Write"));
        assert!(reader.only_reads && reader.reveals.is_empty() && reader.operations == 1);
    }
}
