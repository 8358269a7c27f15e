//! What a run has learned of other resources. A template asks in the middle of an evaluation,
//! which cannot wait; so what it asks in vain is noted, looked up, and the evaluation repeated.

use std::{cell::RefCell, collections::HashMap};

use template::context::{Answer, Host, List, Reference};

/// A question that a template asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Reference(Reference),
    List(List),
}

impl Asked {
    fn key(&self) -> String {
        format!("{self:?}")
    }
}

/// All answers so far.
#[derive(Debug, Default)]
pub struct Answers {
    known: HashMap<String, Answer>,
    missing: RefCell<Option<Asked>>,
}

impl Answers {
    /// Notes an answer.
    pub fn learn(&mut self, asked: &Asked, answer: Answer) {
        self.known.insert(asked.key(), answer);
    }

    /// The last question that had no answer yet.
    pub fn missing(&self) -> Option<Asked> {
        self.missing.take()
    }

    fn answer(&self, asked: Asked) -> Answer {
        if let Some(known) = self.known.get(&asked.key()) {
            return known.clone();
        }
        self.missing.replace(Some(asked));
        Answer::NotYet
    }
}

impl Host for Answers {
    fn reference(&self, asked: &Reference) -> Answer {
        self.answer(Asked::Reference(asked.clone()))
    }

    fn list(&self, asked: &List) -> Answer {
        self.answer(Asked::List(asked.clone()))
    }
}
