//! How many templates are laid out in a second: all published samples, from their text to the plan
//! and what is nested in it.
//!
//! `cargo bench -p template`. The reference is `serde_json` reading the same texts; at the end both
//! are measured in turns, and their ratio is printed.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark measures the real time and prints what it measured"
)]

#[path = "../tests/samples/corpus.rs"]
mod corpus;
#[path = "../tests/samples/place.rs"]
mod place;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;
use template::{lenient, preview::Asked};

/// Turns of the comparison at the end.
const TURNS: usize = 21;

struct Sample {
    text: String,
    asked: Asked,
}

/// Every sample that is laid out; its text as strict JSON, so that both readers take it.
fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for root in ["lighthouse", "functions"].map(corpus::root) {
        for file in corpus::files(&root) {
            if let Some(Ok(asked)) = place::asked(&root.join(file)) {
                samples.push(Sample { text: asked.document.to_string(), asked });
            }
        }
    }
    assert!(samples.len() >= 140, "{} samples", samples.len());
    samples
}

fn expand(sample: &Sample) {
    let document = lenient::read(&sample.text).unwrap();
    let asked = Asked { document, ..sample.asked.clone() };
    black_box(place::laid_out(&asked)).unwrap();
}

fn parse(sample: &Sample) {
    black_box(serde_json::from_str::<Value>(&sample.text)).unwrap();
}

fn time(samples: &[Sample], work: fn(&Sample)) -> Duration {
    let begin = Instant::now();
    samples.iter().for_each(work);
    begin.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64()
}

fn all_samples(c: &mut Criterion) {
    let samples = samples();
    let mut group = c.benchmark_group("samples");
    group.throughput(Throughput::Elements(samples.len() as u64));
    group.bench_function("expand", |b| b.iter(|| samples.iter().for_each(expand)));
    group.bench_function("reference: serde_json", |b| b.iter(|| samples.iter().for_each(parse)));
    group.finish();
    let turns = (0..TURNS).map(|_| (time(&samples, expand), time(&samples, parse)));
    let (ours, reference): (Vec<_>, Vec<_>) = turns.unzip();
    let (ours, reference, count) = (median(ours), median(reference), samples.len());
    #[expect(clippy::cast_precision_loss, reason = "there are some hundred samples")]
    let second = count as f64 / ours;
    let ratio = ours / reference;
    println!("{second:.0} templates a second; {ratio:.1} times what serde_json takes to read them");
}

criterion_group!(all, all_samples);
criterion_main!(all);
