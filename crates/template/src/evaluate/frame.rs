//! What surrounds an expression: where it stands, and which loops and lambdas it is inside of.

use serde::{Deserialize, Serialize};

use crate::budget::Held;

/// One turn of a loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Turn {
    pub name: String,
    pub index: i64,
    /// Property and variable loops answer to their name only.
    pub named_only: bool,
}

/// Which functions are legal depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The request's expression for a parameter.
    Supplied,
    ParameterDefault,
    Variable,
    UserFunction,
    /// Names, types, conditions, counts: what must be known before anything is deployed.
    Head,
    Body,
    Output,
}

impl Place {
    /// Whether the state of resources may be asked for here.
    pub(crate) fn sees_resources(self) -> bool {
        match self {
            Place::Body | Place::Output => true,
            Place::Supplied
            | Place::ParameterDefault
            | Place::Variable
            | Place::UserFunction
            | Place::Head => false,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) place: Place,
    pub(crate) loops: Vec<Turn>,
    /// A user function's parameters.
    pub(crate) arguments: Vec<(String, Held)>,
    pub(crate) lambdas: Vec<(String, Held)>,
    /// Results become part of a child's template: literals that look like expressions are escaped.
    pub(crate) escaping: bool,
}

impl Frame {
    pub(crate) fn new(place: Place) -> Self {
        Self::looping(place, Vec::new())
    }

    pub(crate) fn looping(place: Place, loops: Vec<Turn>) -> Self {
        Self { place, loops, arguments: Vec::new(), lambdas: Vec::new(), escaping: false }
    }

    pub(crate) fn with_turn(&self, turn: Turn) -> Self {
        let mut inner = self.clone();
        inner.loops.push(turn);
        inner
    }

    pub(crate) fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }
}
