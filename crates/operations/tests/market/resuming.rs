//! Submissions that are cut off anywhere and go on in another process.

use std::sync::Arc;

use access::catalogue::Catalogue;
use ids::{
    clock::{Clock, Random, TestClock, TestRandom},
    offer::Slot,
};
use model::market::{offer::OfferState, submission::Outcome};
use operations::{
    market::{
        run::{Certification, drain},
        submissions::go_live,
    },
    plane::{Plane, Simulated},
    seal::Seal,
};
use store::{memory::Memory, store::Store};

use super::kit::{
    DAN, Inbox, accounts, by, drafted, form, means, offer, offer_id, people, published, submission,
    submitted,
};

/// What outlives a process.
#[derive(Default)]
struct Machine {
    engine: Arc<Memory>,
    clock: Arc<TestClock>,
    random: Arc<TestRandom>,
}

impl Machine {
    /// A process of the machine's, which takes up at once what the one before had begun.
    async fn start(&self) -> Plane {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as _;
        let random: Arc<dyn Random> = Arc::clone(&self.random) as _;
        let (engine, catalogue) = (Arc::clone(&self.engine), Catalogue::builtin());
        let store = Store::open(engine, catalogue, Arc::clone(&clock), Arc::clone(&random));
        let store = store.await.unwrap();
        store.jobs().end_leases().await.unwrap();
        let (origins, seal) = (testkit::origins(), Seal::new(&[7; 32]));
        let (simulated, seeds) = (Simulated::default(), testkit::seeds());
        Plane { store, clock, random, origins, simulated, seal, seeds, taken: None }
    }
}

/// Works, and is cut off after so many turns.
async fn cut_after(turns: usize, plane: &Plane) {
    let inbox: Arc<Inbox> = Arc::default();
    let means = means(&inbox, Certification::Automatic);
    let yields = async {
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        done = drain(plane, &means) => done.unwrap(),
        () = yields => {}
    }
    plane.store.shutdown().await;
}

async fn finished(plane: &Plane) {
    let inbox: Arc<Inbox> = Arc::default();
    drain(plane, &means(&inbox, Certification::Automatic)).await.unwrap();
    assert_eq!(plane.store.jobs().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn a_submission_that_is_cut_off_anywhere_is_finished_by_the_next_process() {
    for turns in (0..200).step_by(9) {
        let machine = Machine::default();
        let first = machine.start().await;
        let world = testkit::world().into_iter().chain(people()).chain(accounts());
        testkit::put(&first, world.collect()).await;
        drafted(&first, &form()).await;
        let preview = submitted(&first).await.unwrap().id;
        cut_after(turns, &first).await;

        let second = machine.start().await;
        finished(&second).await;
        assert_eq!(submission(&second, preview).await.outcome, Outcome::Succeeded, "{turns}");
        assert_eq!(offer(&second).await.state, OfferState::Preview, "{turns}");
        let live = go_live::go_live(&second, &by(DAN), &offer_id(), preview).await.unwrap().id;
        cut_after(turns, &second).await;

        let third = machine.start().await;
        finished(&third).await;
        assert_eq!(submission(&third, live).await.outcome, Outcome::Succeeded, "{turns}");
        assert_eq!(offer(&third).await.state, OfferState::Live, "{turns}");
        assert_eq!(published(&third, Slot::Live).await.unwrap().plans, form().plans);
    }
}
