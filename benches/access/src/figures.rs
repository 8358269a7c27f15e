//! How long something takes, over and over.

use std::{fmt, hint::black_box, thread, time::Instant};

/// Whoever is slow is asked fewer times: about so long for each figure.
const SECONDS: f64 = 1.0;

/// What one answer takes, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Of many in a row.
    pub(crate) mean: f64,
    /// Of each alone, without what looking at the clock takes.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Of many in a row, by two threads at a time: what each of them waits for one.
    pub(crate) two_threads: f64,
}

impl Figures {
    /// Asks all of them, as often as there is time.
    pub(crate) fn of<T: Sync>(all: &[T], ask: impl Fn(&T) -> bool + Sync) -> Self {
        let begun = Instant::now();
        let mut answered = 0;
        for it in all.iter().cycle().take(all.len() * 4) {
            black_box(ask(it));
            answered += 1;
            if answered % 64 == 0 && begun.elapsed().as_secs_f64() > SECONDS {
                break;
            }
        }
        let mean = begun.elapsed().as_nanos() as f64 / f64::from(answered);
        let some = &all[..all.len().min(answered as usize)];
        let clock = times(some, |_| true)[some.len() / 2];
        let times = times(some, &ask);
        let at = |share: usize| times[some.len() * share / 100].saturating_sub(clock) as f64;
        Self { mean, p50: at(50), p99: at(99), two_threads: two_threads(some, &ask) }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mean, p50, p99, two_threads } = self;
        write!(f, "mean {mean:>10.0} ns, p50 {p50:>10.0} ns, p99 {p99:>10.0} ns")?;
        write!(f, ", two threads {two_threads:>10.0} ns")
    }
}

fn times<T>(all: &[T], ask: impl Fn(&T) -> bool) -> Vec<u64> {
    let time = |it| {
        let begun = Instant::now();
        black_box(ask(it));
        begun.elapsed().as_nanos() as u64
    };
    let mut times: Vec<u64> = all.iter().map(time).collect();
    times.sort_unstable();
    times
}

fn two_threads<T: Sync>(all: &[T], ask: &(impl Fn(&T) -> bool + Sync)) -> f64 {
    let begun = Instant::now();
    thread::scope(|scope| {
        for half in [0, all.len() / 2] {
            scope.spawn(move || {
                for it in all[half..].iter().chain(&all[..half]) {
                    black_box(ask(it));
                }
            });
        }
    });
    begun.elapsed().as_nanos() as f64 / all.len() as f64
}
