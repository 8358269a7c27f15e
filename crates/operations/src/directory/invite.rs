//! Inviting somebody as a guest.

use ids::guid::{ObjectId, Principal, TenantId};
use model::{
    change::Noun,
    directory::{Profile, Tenant, User, UserKind},
};
use store::{records::ranges, unit::Unit};
use uuid::Uuid;

use super::{Refused, decide, not_found, own, put, tenant};
use crate::{
    context::Context,
    error::Error,
    plane::{Plane, retry},
};

/// Whom to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The sign-in name at home.
    pub address: String,
    pub display_name: Option<String>,
}

/// Makes a guest of whoever signs in by that address at home, or answers the one there is.
///
/// An address that nobody has yields the same, so that nobody learns who exists elsewhere: a
/// guest as whom nobody can sign in.
pub async fn invite(
    plane: &Plane,
    context: &Context,
    invitation: Invitation,
) -> Result<User, Error> {
    let alias = decide::guest_alias(&invitation.address)?;
    let display_name = invitation
        .display_name
        .clone()
        .unwrap_or_else(|| invitation.address.split('@').next().unwrap_or_default().to_owned());
    decide::display_name(&display_name)?;
    retry(async || {
        let mut unit = plane.begin(context);
        let tenant = tenant(context);
        let here = unit.find::<Tenant>(&tenant).await?.ok_or_else(|| not_found(tenant))?;
        let home = home(&mut unit, &invitation.address).await?;
        if home.tenant == tenant {
            return Err(Refused::OwnAccount(home.object).into());
        }
        let user_principal_name = format!("{alias}@{}", here.domain);
        let named = ranges::users_by_name(tenant, &user_principal_name);
        let guests = unit.list::<User>(&ranges::guests_of(home)).await?;
        let named = unit.list::<User>(&named).await?;
        let known = guests.into_iter().find(|it| it.principal.tenant == tenant);
        if let Some(known) = known.or_else(|| named.into_iter().next()) {
            return Ok(known);
        }
        let user = User {
            principal: own(context, ObjectId::new(plane.random.uuid())),
            user_principal_name,
            display_name: display_name.clone(),
            enabled: true,
            kind: UserKind::Guest { home },
            profile: Profile { mail: Some(invitation.address.clone()), ..Profile::default() },
        };
        unit.find::<User>(&user.principal).await?;
        put(plane, context, &mut unit, Noun::User(user.clone()))?;
        plane.commit(context, unit, 201).await?;
        Ok(user)
    })
    .await
}

/// The account of that sign-in name. Nobody's is one in no tenant, the same for the same address.
async fn home(unit: &mut Unit, address: &str) -> Result<Principal, Error> {
    let domain = address.rsplit('@').next().unwrap_or_default();
    let tenants = unit.list::<Tenant>(&ranges::tenant_by_domain(domain)).await?;
    // Looked for even where there is no such tenant: it takes as long.
    let at = tenants.first().map_or_else(|| TenantId::new(Uuid::nil()), |it| it.id);
    let found = unit.list::<User>(&ranges::users_by_name(at, address)).await?;
    let member = found.into_iter().find(|it| it.kind == UserKind::Member);
    Ok(member.map_or_else(|| nobody(address), |it| it.principal))
}

fn nobody(address: &str) -> Principal {
    let object = Uuid::new_v5(&Uuid::NAMESPACE_URL, address.to_ascii_lowercase().as_bytes());
    Principal { tenant: TenantId::new(Uuid::nil()), object: ObjectId::new(object) }
}
