//! One broken rule, at one place, with what to do about it.

use std::fmt;

/// What a check has to say about a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Relative to the project's folder.
    pub(crate) file: String,
    /// Counted from 1; 0 where the whole file is meant.
    pub(crate) line: usize,
    pub(crate) weight: Weight,
    /// What is wrong, then what to do.
    pub(crate) advice: String,
}

/// Whether a finding stops the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Warning,
    Error,
}

impl Finding {
    pub(crate) fn error(file: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, weight: Weight::Error, advice: advice.into() }
    }

    pub(crate) fn warning(file: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, ..Self::error(file, line, advice) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, weight, advice } = self;
        let weight = match weight {
            Weight::Warning => "warning",
            Weight::Error => "error",
        };
        match line {
            0 => write!(f, "{weight}: {file}: {advice}"),
            line => write!(f, "{weight}: {file}:{line}: {advice}"),
        }
    }
}
