//! Whoever asks without having signed in: what is answered to them is bounded as a whole and by the
//! network they ask from, so that no stranger keeps others from being answered.

use std::net::IpAddr;

use store::error::StoreError;
use tokio::time::{Duration, Instant, timeout_at};

use crate::turns::{Turn, Turns};

/// So many are answered at a time, and one of each network. An answer takes milliseconds.
const TOGETHER: usize = 4;
/// Whoever has not had a turn by then is told to come back: a page's pictures come one by one.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// The strangers of one surface.
pub struct Strangers(Turns<Option<IpAddr>>);

/// Why a stranger has no turn.
#[derive(Debug, thiserror::Error)]
pub enum NoTurn {
    #[error("too many ask at once")]
    Busy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Default for Strangers {
    fn default() -> Self {
        Self::new()
    }
}

impl Strangers {
    /// Nobody so far.
    pub const fn new() -> Self {
        Self(Turns::new(TOGETHER))
    }

    /// A turn of that network's, once there is one.
    pub async fn turn(&self, network: Option<IpAddr>) -> Result<Turn<'_, Option<IpAddr>>, NoTurn> {
        self.turn_before(network, Instant::now() + WAIT_MAX).await
    }

    async fn turn_before(
        &self,
        network: Option<IpAddr>,
        last: Instant,
    ) -> Result<Turn<'_, Option<IpAddr>>, NoTurn> {
        let taken = timeout_at(last, self.0.take(network)).await.map_err(|_| NoTurn::Busy)?;
        Ok(taken?)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn neither_one_network_nor_all_strangers_together_take_every_turn() {
        let strangers = Strangers::new();
        let of = |last| Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)));
        let late = async |network| {
            let turn = strangers.turn_before(network, Instant::now()).await;
            matches!(turn, Err(NoTurn::Busy))
        };
        let first = strangers.turn(of(1)).await.unwrap();
        assert!(late(of(1)).await, "one at a time of one network");
        let others = [of(2), of(3), None].map(|it| strangers.turn(it));
        let [second, third, unknown] = others;
        let held = (second.await.unwrap(), third.await.unwrap(), unknown.await.unwrap());
        assert!(late(of(4)).await, "so many of all strangers");
        drop(first);
        assert!(!late(of(1)).await);
        drop(held);
    }
}
