//! How long `fyr up` takes from its start to the moment it answers, on the data folder of the
//! sample world, and what it holds in memory when nobody asks anything.
//!
//! Run with `cargo bench -p fyr --bench start`. Linux only: it reads `/proc`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark measures the real time and prints what it measured"
)]

use std::{
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const STARTS: usize = 11;
/// Time for what a start leaves behind to settle.
const IDLE: Duration = Duration::from_secs(2);

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (first, server) = start(&data);
    stop(server);
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..STARTS {
        let (time, server) = start(&data);
        times.push(time);
        stop(server);
    }
    times.sort_unstable();
    let median = times.get(STARTS / 2).copied().unwrap_or_default();
    println!("first start, which makes the world   {:>6} ms", first.as_millis());
    println!("start to answering, median of {STARTS}     {:>6} ms", median.as_millis());

    let (_, server) = start(&data);
    thread::sleep(IDLE);
    println!("idle memory                          {:>6} KiB", resident(server.id()));
    stop(server);
}

/// Starts the server and waits for the summary, which comes once it answers.
fn start(data: &Path) -> (Duration, Child) {
    let begin = Instant::now();
    let mut server = Command::new(env!("CARGO_BIN_EXE_fyr"))
        .args(["up", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut told = BufReader::new(server.stdout.take().unwrap());
    told.read_line(&mut line).unwrap();
    let time = begin.elapsed();
    assert!(line.starts_with("Fyr is up"), "{line}");
    // The rest of the summary has to go somewhere.
    thread::spawn(move || io::copy(&mut told, &mut io::sink()));
    (time, server)
}

fn stop(mut server: Child) {
    let told = Command::new("kill").arg(server.id().to_string()).status().unwrap();
    assert!(told.success() && server.wait().unwrap().success());
}

/// The resident set, in KiB.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
