//! Removes what world files made before and this one no longer declares.
//!
//! The journal tells who made what. A file speaks for the tenants that it declares: what was made
//! by files in others stays, as do tenants themselves, and whatever people made. A thing that
//! holds something of theirs stays with it. Publisher accounts and what is offered stay, too:
//! customers rely on it. What a customer accepted goes once nothing is delegated by it any more.

use std::collections::{BTreeSet, HashMap};

use ids::{
    clock::Revision,
    guid::{CorrelationId, Principal, TenantId},
    scope::Scope,
};
use model::{
    change::{Change, Noun},
    directory::{Credential, Holder, Membership, ServicePrincipal, second_factor_key},
    directory_role::DirectoryRoleAssignment,
    event::{Actor, SystemReason},
    market::{MarketNoun, acceptance::Acceptance, account::AccountMember, partner::PartnerLink},
    ownership::{Owned, Ownership},
    role::RoleAssignment,
    tree::Registration,
};
use store::{
    error::StoreError,
    key::Key,
    record::Record,
    records::{key, ranges},
    store::Entry,
    unit::{Cause, Unit},
};
use world::world::{Seeded, World};

use self::holding::holds_others;
use super::{ATTEMPTS_MAX, Error, Summary, identity};
use crate::{cascade, plane::Plane, resources::identity as identities};

mod holding;

/// So many events are read at a time; more than one commit ever has.
const EVENTS_MAX: usize = 10_000;

/// Removes it, the latest made first. Asked again, it finds nothing more to remove.
pub async fn prune(plane: &Plane, world: &World) -> Result<Summary, Error> {
    let nouns = identity::as_held(plane, &world.nouns).await?;
    let secrets = world.secrets.iter().map(|it| Credential::key(&(it.holder, it.key)));
    let seeds = world.seeds.iter().map(|Seeded { whose, .. }| {
        Credential::key(&(Holder::User(*whose), second_factor_key(*whose)))
    });
    let declared: BTreeSet<Key> = nouns.iter().map(key).chain(secrets).chain(seeds).collect();
    let tenants: BTreeSet<TenantId> = nouns.iter().filter_map(tenant_itself).collect();
    let correlation = CorrelationId::new(plane.random.uuid());
    let mut summary = Summary::default();
    for noun in made(plane).await?.into_iter().rev() {
        let is_ours = home(plane, &noun).is_some_and(|tenant| tenants.contains(&tenant));
        if !is_ours || declared.contains(&key(&noun)) {
            continue;
        }
        match remove(plane, correlation, &noun).await? {
            Outcome::Removed => summary.removed += 1,
            Outcome::Kept => summary.kept += 1,
            Outcome::Gone => {}
        }
    }
    Ok(summary)
}

fn tenant_itself(noun: &Noun) -> Option<TenantId> {
    if let Noun::Tenant(tenant) = noun { Some(tenant.id) } else { None }
}

/// All that is there because a world file made it, in the order of its making.
async fn made(plane: &Plane) -> Result<Vec<Noun>, Error> {
    let mut live: HashMap<Key, Option<(usize, Noun)>> = HashMap::new();
    let (mut after, mut order) = (Revision::default(), 0);
    loop {
        let mut entries = plane.store.journal(after, EVENTS_MAX).await?;
        let more = entries.len() == EVENTS_MAX;
        if more {
            whole(&mut entries);
        }
        let Some(last) = entries.last().map(|it| it.revision) else { break };
        for Entry { event, .. } in entries {
            order += 1;
            let by_file = event.actor == Actor::System(SystemReason::WorldApply);
            match event.change {
                Change::Put(noun) => {
                    let first = || by_file.then(|| (order, noun.clone()));
                    live.entry(key(&noun)).or_insert_with(first);
                }
                Change::Remove(noun) => _ = live.remove(&key(&noun)),
                Change::Leave(it) => _ = live.remove(&key(&Noun::Assignment(it))),
                Change::Alter(_) => (), // whoever made it made it
            }
        }
        after = last;
        if !more {
            break;
        }
    }
    let mut made: Vec<(usize, Noun)> = live.into_values().flatten().collect();
    made.sort_by_key(|(order, _)| *order);
    Ok(made.into_iter().map(|(_, noun)| noun).collect())
}

/// Drops the last revision of a full page: it may go on in the next.
fn whole(entries: &mut Vec<Entry>) {
    let last = entries.last().map(|it| it.revision);
    let cut = entries.iter().position(|it| Some(it.revision) == last).filter(|cut| *cut > 0);
    entries.truncate(cut.unwrap_or(entries.len()));
}

/// What became of one thing.
enum Outcome {
    Removed,
    /// Something that people made hangs on it.
    Kept,
    /// It went with another.
    Gone,
}

async fn remove(plane: &Plane, correlation: CorrelationId, noun: &Noun) -> Result<Outcome, Error> {
    let mut attempt = 1;
    loop {
        let mut unit = plane.store.begin(Cause { correlation });
        let Some(noun) = current(&mut unit, noun).await? else { return Ok(Outcome::Gone) };
        if holds_others(plane, &mut unit, &noun).await? {
            return Ok(Outcome::Kept);
        }
        with_it(plane, &mut unit, &noun).await?;
        if let Some(noun) = current(&mut unit, &noun).await? {
            apply(&mut unit, noun)?;
        }
        match unit.commit().await {
            Err(StoreError::Conflict) if attempt < ATTEMPTS_MAX => attempt += 1,
            ended => {
                ended?;
                return Ok(Outcome::Removed);
            }
        }
    }
}

fn apply(unit: &mut Unit, noun: Noun) -> Result<(), Error> {
    let removed = cascade::apply(unit, SystemReason::WorldApply, Change::Remove(noun));
    removed.map_err(|error| Error::Follow(Box::new(error)))
}

/// What means nothing without it: of a principal what it was given and signs in with, whoever gave
/// it, since its id may come back with its name.
async fn with_it(plane: &Plane, unit: &mut Unit, noun: &Noun) -> Result<(), Error> {
    match noun {
        Noun::User(it) => {
            strip(unit, it.principal).await?;
            disarm(unit, Holder::User(it.principal)).await
        }
        Noun::Application(it) => {
            let own = ranges::service_principals_by_app(it.tenant, it.app);
            for principal in unit.list::<ServicePrincipal>(&own).await? {
                disown(unit, Owned::ServicePrincipal(principal.principal)).await?;
                strip(unit, principal.principal).await?;
                apply(unit, Noun::ServicePrincipal(principal))?;
            }
            disown(unit, Owned::Application(it.tenant, it.app)).await?;
            disarm(unit, Holder::Application(it.tenant, it.app)).await
        }
        Noun::ServicePrincipal(it) => {
            disown(unit, Owned::ServicePrincipal(it.principal)).await?;
            strip(unit, it.principal).await
        }
        Noun::Group(it) => {
            let mut rest = Some(ranges::memberships_of_group(it.principal));
            while let Some(range) = rest {
                let (members, more) = unit.list_part::<Membership>(&range).await?;
                members.into_iter().try_for_each(|it| apply(unit, Noun::Membership(it)))?;
                rest = more;
            }
            disown(unit, Owned::Group(it.principal)).await?;
            strip(unit, it.principal).await
        }
        Noun::Subscription(it) => {
            for it in unit.list::<Registration>(&ranges::registrations_of(it.id)).await? {
                apply(unit, Noun::Registration(it))?;
            }
            Ok(())
        }
        Noun::Resource(it) => {
            let held = ranges::identity_of_resource(&it.id);
            for principal in unit.list::<ServicePrincipal>(&held).await? {
                strip(unit, principal.principal).await?;
            }
            let followed = identities::follow(plane, unit, Some(it), None).await;
            followed.map_err(|error| Error::Follow(Box::new(error)))
        }
        Noun::Settings(_)
        | Noun::SigningKey(_)
        | Noun::Tenant(_)
        | Noun::Membership(_)
        | Noun::Credential(_)
        | Noun::DirectoryRoleAssignment(_)
        | Noun::Ownership(_)
        | Noun::ManagementGroup(_)
        | Noun::Registration(_)
        | Noun::ResourceGroup(_)
        | Noun::RoleDefinition(_)
        | Noun::RoleAssignment(_)
        | Noun::DenyAssignment(_)
        | Noun::Lock(_)
        | Noun::Definition(_)
        | Noun::Assignment(_)
        | Noun::Activation(_)
        | Noun::ActivationPolicy(_)
        | Noun::EligibleAssignment(_)
        | Noun::Deployment(_)
        | Noun::Market(_) => Ok(()),
    }
}

/// Leaves something without owners.
async fn disown(unit: &mut Unit, thing: Owned) -> Result<(), Error> {
    let gone = cascade::disown(unit, thing).await;
    gone.map_err(|error| Error::Follow(Box::new(error)))
}

/// Takes from a holder all that it signs in with.
async fn disarm(unit: &mut Unit, holder: Holder) -> Result<(), Error> {
    for it in unit.list::<Credential>(&ranges::credentials_of(holder)).await? {
        apply(unit, Noun::Credential(it))?;
    }
    Ok(())
}

async fn strip(unit: &mut Unit, who: Principal) -> Result<(), Error> {
    for it in unit.list::<Membership>(&ranges::memberships_of_member(who)).await? {
        apply(unit, Noun::Membership(it))?;
    }
    for it in unit.list::<DirectoryRoleAssignment>(&ranges::directory_roles_of(who)).await? {
        apply(unit, Noun::DirectoryRoleAssignment(it))?;
    }
    for it in unit.list::<Ownership>(&ranges::owned_by(who)).await? {
        apply(unit, Noun::Ownership(it))?;
    }
    if let Some(it) = unit.find::<AccountMember>(&who).await? {
        apply(unit, Noun::Market(MarketNoun::AccountMember(it)))?;
    }
    if let Some(it) = unit.find::<PartnerLink>(&who).await? {
        apply(unit, Noun::Market(MarketNoun::PartnerLink(it)))?;
    }
    for it in unit.list::<RoleAssignment>(&ranges::role_assignments_of(who)).await? {
        apply(unit, Noun::RoleAssignment(it))?;
    }
    Ok(())
}

/// The tenant that it belongs to; none for what files do not make, or for tenants themselves.
fn home(plane: &Plane, noun: &Noun) -> Option<TenantId> {
    let at = |scope: &Scope| plane.index().home(scope);
    match noun {
        Noun::User(it) => Some(it.principal.tenant),
        Noun::Group(it) => Some(it.principal.tenant),
        Noun::Membership(it) => Some(it.group.tenant),
        Noun::Application(it) => Some(it.tenant),
        Noun::ServicePrincipal(it) => Some(it.principal.tenant),
        Noun::Credential(it) => Some(it.holder.tenant()),
        Noun::DirectoryRoleAssignment(it) => Some(it.principal.tenant),
        Noun::Ownership(it) => Some(it.owned.tenant()),
        Noun::ManagementGroup(it) => Some(it.tenant),
        Noun::Subscription(it) => Some(it.tenant),
        Noun::Registration(it) => at(&Scope::Subscription(it.subscription)),
        Noun::ResourceGroup(it) => at(&it.scope()),
        Noun::Resource(it) => at(&Scope::Resource(it.id.clone())),
        Noun::RoleDefinition(it) => it.tenant,
        Noun::RoleAssignment(it) => at(it.id.scope()),
        Noun::DenyAssignment(it) => at(it.id.scope()),
        Noun::Lock(it) => at(it.id.scope()),
        Noun::Definition(it) => at(it.id.scope()),
        Noun::Assignment(it) => at(it.id.scope()),
        Noun::ActivationPolicy(it) => at(it.id.scope()),
        Noun::Market(MarketNoun::Acceptance(it)) => Some(it.customer),
        Noun::Settings(_)
        | Noun::SigningKey(_)
        | Noun::Tenant(_)
        | Noun::Activation(_)
        | Noun::EligibleAssignment(_)
        | Noun::Deployment(_)
        | Noun::Market(_) => None,
    }
}

/// The thing as it stands now; none where it is gone.
async fn current(unit: &mut Unit, noun: &Noun) -> Result<Option<Noun>, StoreError> {
    async fn now<R: Record>(
        unit: &mut Unit,
        it: &R,
        wrap: fn(R) -> Noun,
    ) -> Result<Option<Noun>, StoreError> {
        Ok(unit.find::<R>(&it.id()).await?.map(wrap))
    }
    match noun {
        Noun::User(it) => now(unit, it, Noun::User).await,
        Noun::Group(it) => now(unit, it, Noun::Group).await,
        Noun::Membership(it) => now(unit, it, Noun::Membership).await,
        Noun::Application(it) => now(unit, it, Noun::Application).await,
        Noun::ServicePrincipal(it) => now(unit, it, Noun::ServicePrincipal).await,
        Noun::Credential(it) => now(unit, it, Noun::Credential).await,
        Noun::DirectoryRoleAssignment(it) => now(unit, it, Noun::DirectoryRoleAssignment).await,
        Noun::Ownership(it) => now(unit, it, Noun::Ownership).await,
        Noun::ManagementGroup(it) => now(unit, it, Noun::ManagementGroup).await,
        Noun::Subscription(it) => now(unit, it, Noun::Subscription).await,
        Noun::Registration(it) => now(unit, it, Noun::Registration).await,
        Noun::ResourceGroup(it) => now(unit, it, Noun::ResourceGroup).await,
        Noun::Resource(it) => now(unit, it, Noun::Resource).await,
        Noun::RoleDefinition(it) => now(unit, it, Noun::RoleDefinition).await,
        Noun::RoleAssignment(it) => now(unit, it, Noun::RoleAssignment).await,
        Noun::DenyAssignment(it) => now(unit, it, Noun::DenyAssignment).await,
        Noun::Lock(it) => now(unit, it, Noun::Lock).await,
        Noun::Definition(it) => now(unit, it, Noun::Definition).await,
        Noun::Assignment(it) => now(unit, it, Noun::Assignment).await,
        Noun::ActivationPolicy(it) => now(unit, it, Noun::ActivationPolicy).await,
        Noun::Market(MarketNoun::Acceptance(it)) => {
            now::<Acceptance>(unit, it, |it| Noun::Market(MarketNoun::Acceptance(it))).await
        }
        Noun::Settings(_)
        | Noun::SigningKey(_)
        | Noun::Tenant(_)
        | Noun::Activation(_)
        | Noun::EligibleAssignment(_)
        | Noun::Deployment(_)
        | Noun::Market(_) => Ok(None),
    }
}
