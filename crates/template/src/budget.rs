//! How much one expansion may still cost: steps, bytes, and depth of the stack.

use std::{cell::Cell, sync::Arc};

use serde_json::Value;

use crate::{
    evaluate::{Refused, Resource},
    limits::{
        EVALUATION_DEPTH_MAX, STEPS_MAX, TOTAL_BYTES_MAX, VALUE_BYTES_MAX, VALUE_DEPTH_MAX,
        WORK_BYTES_MAX,
    },
};

/// What a value costs beyond its text.
const NODE_BYTES: usize = 96;

/// A value that was paid for; copies share it.
#[derive(Clone, Debug)]
pub(crate) struct Held(Arc<Measured>);

#[derive(Debug)]
struct Measured {
    value: Value,
    bytes: usize,
}

impl Held {
    pub(crate) fn value(&self) -> &Value {
        &self.0.value
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes
    }
}

#[derive(Default)]
pub(crate) struct Budget {
    steps: Cell<usize>,
    bytes: Cell<usize>,
    work: Cell<usize>,
    depth: Cell<usize>,
}

/// Leaves the depth again when dropped.
pub(crate) struct Entered<'a>(&'a Cell<usize>);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Budget {
    pub(crate) fn step(&self) -> Result<(), Refused> {
        self.steps(1)
    }

    pub(crate) fn steps(&self, count: usize) -> Result<(), Refused> {
        let steps = self.steps.get().saturating_add(count);
        self.steps.set(steps);
        within(steps, STEPS_MAX, Resource::Steps)
    }

    pub(crate) fn enter(&self) -> Result<Entered<'_>, Refused> {
        self.depth.set(self.depth.get() + 1);
        let entered = Entered(&self.depth);
        within(self.depth.get(), EVALUATION_DEPTH_MAX, Resource::Depth)?;
        Ok(entered)
    }

    /// Pays for a value that an expression made.
    pub(crate) fn hold(&self, value: Value) -> Result<Held, Refused> {
        let bytes = measure(&value, 0)?;
        self.spend(bytes)?;
        Ok(Held(Arc::new(Measured { value, bytes })))
    }

    /// Pays for reading so many bytes, which nobody keeps.
    pub(crate) fn work(&self, bytes: usize) -> Result<(), Refused> {
        let work = self.work.get().saturating_add(bytes);
        self.work.set(work);
        within(work, WORK_BYTES_MAX, Resource::Work)
    }

    /// Pays for looking through a value's members, one by one.
    pub(crate) fn search(&self, members: usize) -> Result<(), Refused> {
        self.work(members.saturating_mul(NODE_BYTES))
    }

    /// Pays for a copy of so many bytes.
    pub(crate) fn spend(&self, bytes: usize) -> Result<(), Refused> {
        within(bytes, VALUE_BYTES_MAX, Resource::ValueBytes)?;
        let total = self.bytes.get().saturating_add(bytes);
        self.bytes.set(total);
        within(total, TOTAL_BYTES_MAX, Resource::TotalBytes)
    }
}

/// Refuses what is about to be made, before it takes memory.
pub(crate) fn fits(bytes: usize) -> Result<(), Refused> {
    within(bytes, VALUE_BYTES_MAX, Resource::ValueBytes)
}

pub(crate) fn measure(value: &Value, depth: usize) -> Result<usize, Refused> {
    within(depth, VALUE_DEPTH_MAX, Resource::Depth)?;
    let mut bytes = NODE_BYTES;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(text) => bytes += text.len(),
        Value::Array(elements) => {
            for element in elements {
                bytes += measure(element, depth + 1)?;
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                bytes += NODE_BYTES + key.len() + measure(member, depth + 1)?;
            }
        }
    }
    Ok(bytes)
}

fn within(actual: usize, limit: usize, resource: Resource) -> Result<(), Refused> {
    if actual > limit { Err(Refused::TooMuch(resource, limit)) } else { Ok(()) }
}
