//! Whoever looks around without having signed in waits for a turn.

use std::net::IpAddr;

use identity::throttle::network;
use operations::{
    error::Error,
    strangers::{NoTurn, Strangers},
    turns::Turn,
};

use crate::{ask::Ask, trouble::Trouble};

static VISITING: Strangers = Strangers::new();

/// A stranger's turn; whoever has signed in needs none.
pub(crate) async fn turn(ask: &Ask) -> Result<Option<Turn<'static, Option<IpAddr>>>, Trouble> {
    if ask.visitor.is_some() {
        return Ok(None);
    }
    let address = ask.address.as_deref().and_then(|it| it.parse().ok()).map(network);
    Ok(Some(VISITING.turn(address).await?))
}

impl From<NoTurn> for Trouble {
    fn from(why: NoTurn) -> Self {
        match why {
            NoTurn::Busy => Self::Busy,
            NoTurn::Store(error) => Error::from(error).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_without_a_turn_is_told_to_come_back() {
        assert_eq!(Trouble::from(NoTurn::Busy).told().status.as_u16(), 429);
    }
}
