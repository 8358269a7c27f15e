//! Whoever asks without having signed in waits for a turn.

use std::net::IpAddr;

use operations::{
    error::Error,
    strangers::{NoTurn, Strangers},
    turns::Turn,
};

use crate::failure::Failure;

static VISITING: Strangers = Strangers::new();

/// A turn of that network's.
pub(crate) async fn turn(
    network: Option<IpAddr>,
) -> Result<Turn<'static, Option<IpAddr>>, Failure> {
    Ok(VISITING.turn(network).await?)
}

impl From<NoTurn> for Failure {
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
        assert_eq!(Failure::from(NoTurn::Busy).verdict(), (429, "tooManyRequests"));
    }
}
