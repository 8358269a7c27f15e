//! Whoever asks without having signed in: what is answered to them is bounded as a whole and by
//! the network they ask from, so that no stranger keeps others from being answered.

use std::net::IpAddr;

use operations::{
    error::Error,
    turns::{Turn, Turns},
};
use tokio::time::{Duration, Instant, timeout_at};

use crate::failure::Failure;

/// So many are answered at a time, and one of each network. An answer takes milliseconds.
static VISITING: Turns<Option<IpAddr>> = Turns::new(4);
/// Whoever has not had a turn by then is told to come back: a page's pictures come one by one.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// A turn of that network's.
pub(crate) async fn turn(
    network: Option<IpAddr>,
) -> Result<Turn<'static, Option<IpAddr>>, Failure> {
    turn_before(network, Instant::now() + WAIT_MAX).await
}

async fn turn_before(
    network: Option<IpAddr>,
    last: Instant,
) -> Result<Turn<'static, Option<IpAddr>>, Failure> {
    let taken = timeout_at(last, VISITING.take(network)).await.map_err(|_| Failure::Busy)?;
    taken.map_err(|error| Error::from(error).into())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(203, 0, 113, last))
    }

    #[tokio::test]
    async fn neither_one_network_nor_all_strangers_together_take_every_turn() {
        let soon = || Instant::now() + WAIT_MAX;
        let of = |last| Some(address(last));
        let late = async |network| match turn_before(network, Instant::now()).await {
            Err(failure) => failure.verdict(),
            Ok(_) => (200, ""),
        };
        let busy = (429, "tooManyRequests");
        let first = turn_before(of(1), soon()).await.ok();
        assert!(first.is_some());
        assert_eq!(late(of(1)).await, busy, "one at a time of one network");
        let others = [of(2), of(3), None].map(|it| turn_before(it, soon()));
        let [second, third, unknown] = others;
        let held = (second.await.ok(), third.await.ok(), unknown.await.ok());
        assert!(held.0.is_some() && held.1.is_some() && held.2.is_some());
        assert_eq!(late(of(4)).await, busy, "so many of all strangers");
        drop(first);
        assert_eq!(late(of(1)).await.0, 200);
    }
}
