//! Prints `docs/certification-rules.md`, which a test compares with the rules.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    io::stdout().write_all(market::lint::page::markdown().as_bytes())
}
