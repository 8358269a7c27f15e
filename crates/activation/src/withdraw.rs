//! Taking back what one asked for, and giving back what one holds.

use jiff::Timestamp;
use model::activation::{Activation, State};

use crate::{refused::Refused, standing::Standing};

/// The activation without what was asked for, as long as it does not count yet.
pub fn cancel(activation: Activation, now: Timestamp) -> Result<Activation, Refused> {
    match Standing::at(&activation, now) {
        Standing::Pending | Standing::Scheduled => {
            let approvals = activation.approvals().clone();
            Ok(Activation { state: State::Cancelled { on: now, approvals }, ..activation })
        }
        Standing::TimedOut
        | Standing::Active
        | Standing::Expired
        | Standing::Denied
        | Standing::Cancelled
        | Standing::Deactivated
        | Standing::Revoked => Err(Refused::NotPending),
    }
}

/// The activation given back before its end.
pub fn deactivate(activation: Activation, now: Timestamp) -> Result<Activation, Refused> {
    let active = Standing::at(&activation, now) == Standing::Active;
    match activation.state {
        State::Granted { period, approvals } if active => {
            let state = State::Deactivated { on: now, period, approvals };
            Ok(Activation { state, ..activation })
        }
        State::Waiting(_)
        | State::Granted { .. }
        | State::Denied { .. }
        | State::Cancelled { .. }
        | State::Deactivated { .. } => Err(Refused::NotActive),
    }
}
