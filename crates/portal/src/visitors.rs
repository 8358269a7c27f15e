//! Whoever looks around without having signed in: what is found for them is bounded as a whole and
//! by the network they ask from, so that no stranger keeps others from being answered.

use std::net::IpAddr;

use identity::throttle::network;
use operations::{
    error::Error,
    turns::{Turn, Turns},
};
use tokio::time::{Duration, Instant, timeout_at};

use crate::{ask::Ask, trouble::Trouble};

/// So many are answered at a time, and one of each network. An answer takes milliseconds.
static VISITING: Turns<Option<IpAddr>> = Turns::new(4);
/// Whoever has not had a turn by then is told to come back: a page's pictures come one by one.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// A stranger's turn; whoever has signed in needs none.
pub(crate) async fn turn(ask: &Ask) -> Result<Option<Turn<'static, Option<IpAddr>>>, Trouble> {
    if ask.visitor.is_some() {
        return Ok(None);
    }
    let address = ask.address.as_deref().and_then(|it| it.parse().ok()).map(network);
    turn_before(address, Instant::now() + WAIT_MAX).await.map(Some)
}

async fn turn_before(
    network: Option<IpAddr>,
    last: Instant,
) -> Result<Turn<'static, Option<IpAddr>>, Trouble> {
    let taken = timeout_at(last, VISITING.take(network)).await.map_err(|_| Trouble::Busy)?;
    taken.map_err(|error| Error::from(error).into())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn a_stranger_waits_behind_others_of_the_same_network() {
        let address = |last| Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)));
        let now = Instant::now;
        let first = turn_before(address(1), now() + WAIT_MAX).await;
        assert!(first.is_ok());
        let behind = turn_before(address(1), now()).await.map(drop);
        assert!(matches!(behind, Err(Trouble::Busy)), "{behind:?}");
        assert!(turn_before(address(2), now() + WAIT_MAX).await.is_ok(), "another network");
        drop(first);
        assert!(turn_before(address(1), now() + WAIT_MAX).await.is_ok());
    }
}
