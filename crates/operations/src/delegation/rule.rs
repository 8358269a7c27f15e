//! Whether somebody may delegate a subscription.

use ids::{guid::SubscriptionId, scope::Scope};
use model::{action::Action, change::delegation_rule, question::Question};

use crate::{context::Context, plane::Plane};

/// Whether the context's caller would pass the delegation rule there, and may write what it is
/// about; so that pages say who can instead of offering what would be refused. What is then done
/// is judged when it is done.
pub fn may(plane: &Plane, context: &Context, subscription: SubscriptionId) -> bool {
    let (index, scope) = (plane.index(), Scope::Subscription(subscription));
    let writes = [Action::DEFINITIONS_WRITE, Action::ASSIGNMENTS_WRITE];
    let mut asked = delegation_rule(&scope);
    asked.extend(writes.map(|action| Question::any(action, scope.clone())));
    asked.iter().all(|question| plane.allowed(&index, context, question))
}
