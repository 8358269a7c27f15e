//! Whether the visitor may act, and who can where they may not.

use access::delegators::Standing;
use arm::request::Method::Get;
use ids::guid::SubscriptionId;
use operations::{
    context::Context,
    delegation::{
        delegators::{self, Named, Stretch},
        rule,
    },
};

use super::{OWN, everywhere};
use crate::{ask::Ask, trouble::Trouble};

/// So many of those who can act are named.
const NAMED_MAX: usize = 20;

/// What a page says of who may act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Acting {
    /// The visitor may.
    pub(super) may: bool,
    /// Otherwise those who may, as far as the visitor may know of them.
    pub(super) who: Vec<Delegator>,
}

/// Somebody who may delegate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delegator {
    pub(super) name: String,
    /// By which grants.
    pub(super) by: String,
}

pub(super) async fn acting(ask: &Ask, subscription: SubscriptionId) -> Result<Acting, Trouble> {
    let plane = ask.plane();
    if rule::may(plane, &everywhere(ask)?, subscription) {
        return Ok(Acting { may: true, who: Vec::new() });
    }
    let path = format!("/subscriptions/{subscription}/providers/Fyr.Access/whoCanDelegate");
    let work = |context: Context| async move {
        let wanted = Stretch { subscription, after: None, limit: NAMED_MAX };
        delegators::list(plane, &context, wanted).await
    };
    match ask.arm((Get, path, OWN), work).await {
        Ok(page) => {
            let may = page.found.into_iter().filter(|it| it.standing == Standing::May);
            Ok(Acting { may: false, who: may.map(told).collect() })
        }
        // Whoever may not read it is told nothing of who they are.
        Err(Trouble::Refused(_)) => Ok(Acting::default()),
        Err(other) => Err(other),
    }
}

fn told(it: Named) -> Delegator {
    let name = match (it.name, it.sign_in_name) {
        (Some(name), Some(sign_in)) => format!("{name} ({sign_in})"),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => it.who.object.to_string(),
    };
    let by = it.ways.into_iter().map(|way| {
        let role = way.role.unwrap_or_else(|| way.path.role.to_string());
        let through = way.groups.into_iter().filter_map(|(_, name)| name).collect::<Vec<_>>();
        if through.is_empty() { role } else { format!("{role} through {}", through.join(", ")) }
    });
    Delegator { name, by: by.collect::<Vec<_>>().join("; ") }
}
