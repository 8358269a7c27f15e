//! What built-in roles let somebody do in what was delegated, for people to read: in words first,
//! with the actions behind, and what reveals secrets named.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use access::catalogue::Catalogue;
use ids::{
    guid::{ObjectId, RoleId, TenantId},
    scope::BadId,
};
use market::{plain::sentences, secrets};
use model::{
    delegation::Authorization,
    market::manifest::Manifest,
    role::{Permission, RoleDefinition},
};
use store::error::StoreError;
use uuid::Uuid;

use super::{
    WORKING,
    roles::{delegated, reads},
};
use crate::{error::Error, market::Operations};

/// A built-in role, as a delegation gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    pub name: String,
    /// What it is for, in the words of whoever made it.
    pub words: String,
    /// What it gives, a sentence for each kind of operation.
    pub gives: Vec<String>,
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

/// What is known of built-in roles, of which there are some hundred, and which never change: by the
/// list of operations that they were asked for.
struct Known {
    operations: Operations,
    roles: BTreeMap<RoleId, Arc<Plain>>,
}

static KNOWN: Mutex<Option<Known>> = Mutex::new(None);

/// Those of the roles that are built-in ones, as no others can be delegated. What is not known yet is
/// worked out in a turn of that tenant's.
pub async fn plain(
    tenant: TenantId,
    roles: BTreeSet<RoleId>,
    operations: &Operations,
) -> Result<BTreeMap<RoleId, Arc<Plain>>, Error> {
    let (mut found, missing) = known(roles, operations);
    if missing.is_empty() {
        return Ok(found);
    }
    let asked = Arc::clone(operations);
    let work = move || missing.into_iter().map(|role| worked_out(role, &asked)).collect();
    let made: Result<Vec<_>, BadId> = WORKING.aside(tenant, work).await?;
    let made: Vec<_> = made.map_err(StoreError::corrupt)?.into_iter().flatten().collect();
    keep(&made, operations);
    found.extend(made);
    Ok(found)
}

/// What is known of them already, and which are not.
fn known(
    roles: BTreeSet<RoleId>,
    operations: &Operations,
) -> (BTreeMap<RoleId, Arc<Plain>>, Vec<RoleId>) {
    let kept = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.as_ref().filter(|it| Arc::ptr_eq(&it.operations, operations));
    let (mut found, mut missing) = (BTreeMap::new(), Vec::new());
    for role in roles {
        match kept.and_then(|it| it.roles.get(&role)) {
            Some(plain) => _ = found.insert(role, Arc::clone(plain)),
            None => missing.push(role),
        }
    }
    (found, missing)
}

fn keep(made: &[(RoleId, Arc<Plain>)], operations: &Operations) {
    let mut kept = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let other = kept.take().filter(|it| Arc::ptr_eq(&it.operations, operations));
    let new = || Known { operations: Arc::clone(operations), roles: BTreeMap::new() };
    let known = kept.insert(other.unwrap_or_else(new));
    known.roles.extend(made.iter().cloned());
}

fn worked_out(role: RoleId, operations: &[String]) -> Result<Option<(RoleId, Arc<Plain>)>, BadId> {
    let catalogue = Catalogue::builtin();
    let Some(role) = catalogue.role(role) else { return Ok(None) };
    let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
    Ok(Some((role.id, Arc::new(one(role, &operations)?))))
}

/// What the role gives to somebody, whoever that is.
fn one(role: &RoleDefinition, operations: &[&str]) -> Result<Plain, BadId> {
    let someone = Authorization {
        principal: ObjectId::new(Uuid::from_u128(1)),
        role: role.id,
        display_name: None,
        delegated_roles: None,
    };
    let manifest = Manifest {
        tenant: TenantId::new(Uuid::from_u128(1)),
        authorizations: vec![someone],
        eligible: Vec::new(),
    };
    let rights = delegated(role.id, &manifest, operations)?;
    let secret = rights.operations.iter().filter(|it| secrets::reveals(it));
    let said =
        |of: fn(&Permission) -> &[String]| role.permissions.iter().flat_map(of).cloned().collect();
    Ok(Plain {
        name: role.name.clone(),
        words: role.description.clone(),
        gives: sentences(&rights, operations),
        operations: rights.operations.len(),
        only_reads: rights.operations.iter().all(|it| reads(it)),
        reveals: secret.map(|it| (*it).to_owned()).collect(),
        actions: said(|it| &it.actions),
        not_actions: said(|it| &it.not_actions),
    })
}

#[cfg(test)]
mod tests {
    use model::samples::{CONTRIBUTOR, PROVIDER, READER, object};

    use super::*;

    #[tokio::test]
    async fn a_role_is_told_in_words_with_what_reveals_secrets_named() {
        let keys = "Microsoft.Storage/storageAccounts/listKeys/action";
        let operations = ["Microsoft.Storage/storageAccounts/read", keys].map(str::to_owned);
        let unknown = RoleId::new(object(0xBAD).raw());
        let asked = || BTreeSet::from([CONTRIBUTOR, READER, unknown]);
        let operations: Operations = Arc::new(operations.to_vec());
        let found = plain(PROVIDER, asked(), &operations).await.unwrap();
        assert_eq!(found.len(), 2, "no other than a built-in role can be delegated");
        let (contributor, reader) = (&found[&CONTRIBUTOR], &found[&READER]);
        assert_eq!((contributor.name.as_str(), contributor.operations), ("Contributor", 2));
        assert!(!contributor.words.is_empty() && !contributor.only_reads);
        assert_eq!(contributor.gives, ["See everything", "Run actions of everything"]);
        assert_eq!(contributor.reveals, [keys]);
        assert_eq!(contributor.actions, ["*"]);
        assert!(contributor.not_actions.iter().any(|it| it == "Microsoft.Authorization/*/Write"));
        assert!(reader.only_reads && reader.reveals.is_empty() && reader.operations == 1);
        assert_eq!(plain(PROVIDER, asked(), &operations).await.unwrap(), found);
        let fewer: Operations = Arc::new(operations[..1].to_vec());
        let of_fewer = plain(PROVIDER, asked(), &fewer).await.unwrap();
        assert_eq!(of_fewer[&CONTRIBUTOR].operations, 1, "asked for other operations");
    }
}
