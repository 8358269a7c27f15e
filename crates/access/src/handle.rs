//! Who, what and where with their numbers looked up: for an enforcement point that asks often.
//!
//! Numbers are of one edition of the index. A handle of another edition is as good as the name
//! that it keeps: the answer is always the one of the index that is asked, only slower.

use std::sync::Arc;

use ids::{guid::Principal, scope::Scope};
use jiff::Timestamp;
use model::{action::Action, question::Question};

use crate::{catalogue::Catalogue, index::Index, operation::Class, pages::NOTHING, quick::Found};

/// Someone who asks.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    name: Principal,
    asker: u32,
    edition: u64,
}

/// Where something is to be done.
#[derive(Clone, Debug)]
pub struct Place {
    name: Scope,
    line: u32,
    edition: u64,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Operation {
    name: Action,
    class: Option<Class>,
    catalogue: Arc<Catalogue>,
}

impl Who {
    /// The principal.
    pub fn name(&self) -> Principal {
        self.name
    }
}

impl Index {
    /// The principal, with its number.
    pub fn who(&self, name: Principal) -> Who {
        let asker = self.numbers.asker(name);
        let asker = asker.filter(|(_, it)| it.is_let_in || self.can_act(name));
        let asker = asker.map_or(NOTHING, |(number, _)| number);
        Who { name, asker, edition: self.numbers.edition() }
    }

    /// The scope, with the number of what is nearest to it and may carry something.
    pub fn place(&self, name: Scope) -> Place {
        let line = self.numbers.nearest(&name).unwrap_or(NOTHING);
        Place { name, line, edition: self.numbers.edition() }
    }

    /// The action, with the roles that name it.
    pub fn operation(&self, name: Action) -> Operation {
        let class = self.catalogue.class(&name).cloned();
        Operation { name, class, catalogue: Arc::clone(&self.catalogue) }
    }

    /// Whether any grant allows it: the same as [`Index::check`] says to [`Question::any`].
    pub fn may(&self, who: &Who, operation: &Operation, place: &Place, now: Timestamp) -> bool {
        let edition = self.numbers.edition();
        let is_current = who.edition == edition
            && place.edition == edition
            && Arc::ptr_eq(&operation.catalogue, &self.catalogue)
            && self.late.is_none();
        if let (true, Some(class)) = (is_current, &operation.class) {
            let Some(asker) = self.numbers.asker_at(who.asker) else { return false };
            match self.probe(asker, class, place.line) {
                Found::Nothing => return false,
                Found::Grant(_) => return true,
                Found::Unsure => {}
            }
        }
        let question = Question::any(operation.name.clone(), place.name.clone());
        self.allows(who.name, &question, now)
    }
}
