//! What a provider may do in a customer's subscriptions, and what came of it: for whoever reviews
//! it.
//!
//! Told to whoever owns the data folder. As a rule it holds what the customer may see, so that it
//! can be handed over: who is in the provider's groups is the provider's to know, and so is by
//! which of them somebody acted. Who held an eligible right, when and by whose word the customer sees.

use access::graph::Wanted;
use ids::{guid::TenantId, scope::Scope};
use jiff::{SignedDuration, Timestamp};
use model::{delegation::Assignment, directory::OPERATORS, period::OpenPeriod};
use store::records::ranges;

use crate::{around, error::Error, market::Operations, plane::Plane, turns::Turns};

pub mod activations;
pub mod changes;
pub mod rights;
pub mod uses;
mod ways;

use activations::Activations;
use changes::{Change, Journal};
use rights::Right;
use uses::Use;

/// How far back uses are looked for: as far as the activity log is kept.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(90 * 24);
/// So many delegations of one provider to one customer are told of, and so many grants and
/// memberships behind them.
const DELEGATIONS_MAX: usize = 2_000;

/// In how many turns the journal and the log are looked through.
static LOOKING_THROUGH: Turns = Turns::new(1);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub provider: TenantId,
    pub customer: TenantId,
    pub insight: Insight,
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insight {
    /// What the customer may see.
    Customers,
    /// Who is in the provider's groups, and by which of them somebody acted, too.
    Everything,
}

/// The report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub now: Timestamp,
    /// In the order of their scopes.
    pub rights: Vec<Right>,
    pub activations: Activations,
    /// Those who acted; who did so last comes first.
    pub uses: Vec<Use>,
    /// What came, changed and went; the oldest first.
    pub changes: Vec<Change>,
    /// Whether there is more than is told.
    pub is_cut: bool,
}

/// What stands between the two, what was done by it, and what became of it.
pub async fn report(plane: &Plane, asked: Asked, operations: &Operations) -> Result<Report, Error> {
    let _turn = LOOKING_THROUGH.take(OPERATORS).await?;
    let (index, now) = (plane.index(), plane.store.now());
    let whole = Scope::Tenant(asked.customer);
    let wanted = Wanted {
        grantees_of: Some(asked.provider),
        members_of: Some(asked.provider),
        limit: DELEGATIONS_MAX,
    };
    let graph = index.graph_of(&whole, wanted, |_| true, now);
    let snapshot = plane.store.snapshot().await?;
    let mut assignments: Vec<Assignment> = Vec::new();
    let managed = ranges::assignments_of_managing_tenant(asked.provider);
    around::each(&snapshot, &managed, |it: Assignment| {
        if index.home(it.id.scope()) == Some(asked.customer) {
            assignments.push(it);
        }
    })
    .await?;
    let mut is_cut = graph.is_cut || assignments.len() > DELEGATIONS_MAX;
    assignments.truncate(DELEGATIONS_MAX);
    let mut rights = rights::all(&snapshot, asked, &assignments, (&graph, operations)).await?;
    let activations = Activations::of(&snapshot, &index, asked, (&assignments, now)).await?;
    let Journal { changes, mut turns, since, is_cut: is_older } =
        changes::all(plane, &index, asked, &rights).await?;
    // What changed before the first that is told of is not known: an epoch begins there.
    turns.extend(activations.edges().chain(assignments.iter().flat_map(edges)).chain(since));
    turns.sort_unstable();
    turns.dedup();
    let seen = uses::seen(plane, asked, (&assignments, &turns), now).await?;
    let uses = seen.people();
    let known_from = since.map_or(0, |since| turns.partition_point(|turn| *turn <= since));
    let ways =
        ways::of(plane, asked, (seen.deeds, known_from), (&assignments, &activations)).await?;
    for right in &mut rights {
        right.taken = activations.taken(right, now);
        right.used = ways.used(right);
    }
    is_cut |= seen.is_cut || is_older || activations.is_cut || ways.is_cut;
    let report = Report { now, rights, activations, uses, changes, is_cut };
    snapshot.seal(report).open(&plane.store, |_, report| Ok(report)).await
}

/// The moments at which a delegation began to count, and no longer did.
fn edges(it: &Assignment) -> impl Iterator<Item = Timestamp> + use<> {
    let period = it.period;
    period.map(OpenPeriod::from).into_iter().chain(period.and_then(OpenPeriod::until))
}
