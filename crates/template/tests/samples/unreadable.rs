//! The documentation's excerpts, which are not whole templates.

use std::{fs, panic};

use serde_json::Value;

use crate::{
    corpus::{files, root},
    expanded,
};

#[test]
fn what_is_no_strict_json_is_refused_or_read_and_never_a_panic() {
    let root = root("functions");
    let mut excerpts = Vec::new();
    for file in files(&root) {
        let text = fs::read_to_string(root.join(&file)).unwrap();
        if serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')).is_err() {
            let path = root.join(&file);
            let outcome = panic::catch_unwind(|| expanded(&path).map(|it| it.is_ok()));
            assert!(outcome.is_ok(), "{file}");
            excerpts.push(file);
        }
    }
    assert_eq!(excerpts.len(), 22, "{excerpts:?}");
}
