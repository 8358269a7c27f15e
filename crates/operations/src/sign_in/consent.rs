//! What a client gets of what it asked for on somebody's behalf.

use identity::{
    account::Account,
    client,
    consent::{self, Managing, given},
    resource::Requested,
};
use ids::guid::{AppId, Principal, RoleId};
use model::directory_role::DirectoryRoleAssignment;
use store::{error::StoreError, records::ranges, snapshot::Page};

use super::{Error, SignIn};

/// Whose tokens a client gets, and for what. Only [`SignIn::consented`] makes one, and no
/// person's token is signed without.
pub(super) struct Consented {
    account: Account,
    requested: Requested,
    roles: Vec<RoleId>,
}

impl Consented {
    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    pub(super) fn requested(&self) -> &Requested {
        &self.requested
    }

    /// The directory roles that the account's owner holds: what the client was judged by.
    pub(super) fn roles(&self) -> &[RoleId] {
        &self.roles
    }
}

impl SignIn {
    /// Whether the client may have what it asked for of that account's owner.
    pub(super) async fn consented(
        &self,
        app: AppId,
        account: Account,
        requested: Requested,
    ) -> Result<Consented, Error> {
        let local = account.local.principal;
        let roles = self.roles(local).await?;
        if client::is_first_party(app) || !roles.iter().any(|it| consent::manages(*it)) {
            return Ok(Consented { account, requested, roles });
        }
        let principal = self.client(app, local.tenant).await?.principal;
        let name = principal.as_ref().map(|it| it.display_name.clone()).unwrap_or_default();
        let client = match principal {
            Some(it) => self.roles(it.principal).await?,
            None => Vec::new(),
        };
        let managing = Managing { person: &roles, client: &client };
        let requested = given((app, &name), requested, managing)?;
        Ok(Consented { account, requested, roles })
    }

    /// The directory roles that somebody holds.
    async fn roles(&self, who: Principal) -> Result<Vec<RoleId>, StoreError> {
        let snapshot = self.plane.store.snapshot().await?;
        let range = ranges::directory_roles_of(who);
        let held = snapshot.list::<DirectoryRoleAssignment>(&range, Page::first()).await?.items;
        Ok(held.into_iter().map(|it| it.role).collect())
    }
}
