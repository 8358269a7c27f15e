//! What is measured of each engine.

use crate::figures::Figures;

/// What it costs besides answering.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    pub(crate) build_seconds: f64,
    /// What a delegation of five authorizations takes of memory, its definition among it.
    pub(crate) bytes_each: usize,
    /// One delegation ends.
    pub(crate) change_micros: Option<f64>,
}

/// An engine with a world of some size.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) engine: &'static str,
    pub(crate) delegations: usize,
    pub(crate) costs: Costs,
    /// By what was asked, and how.
    pub(crate) answers: Vec<(Kind, Figures)>,
}

/// Which questions, and what was looked up beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) is_allowed: bool,
    /// What the engine itself calls things; else their names as text.
    pub(crate) ids_in: bool,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [
        Self { is_allowed: true, ids_in: true },
        Self { is_allowed: true, ids_in: false },
        Self { is_allowed: false, ids_in: true },
        Self { is_allowed: false, ids_in: false },
    ];

    pub(crate) fn name(self) -> String {
        let answer = if self.is_allowed { "allowed" } else { "refused" };
        format!("{answer}, {} in", if self.ids_in { "ids" } else { "names" })
    }
}
