//! Loops: what a `copy` says, and how often it turns.

use serde_json::Value;

use crate::{
    document::Template,
    evaluate::{Evaluator, Frame, Place, Refused, Stopped},
    json::{Object, echo, kind, present},
    limits::COPY_COUNT_MAX,
};

/// A loop over a value: of a property, a variable or an output. An output's loop has no name.
#[derive(Clone, Copy)]
pub(crate) struct Copy<'a> {
    pub(crate) name: &'a str,
    pub(crate) count: &'a Value,
    pub(crate) input: &'a Value,
}

impl<'a> Copy<'a> {
    /// The loops of a `copy` array, if it is one.
    pub(crate) fn all(raw: &'a Value) -> Option<Vec<Self>> {
        raw.as_array()?.iter().map(|element| Self::named(element.as_object()?)).collect()
    }

    pub(crate) fn named(raw: &'a Object) -> Option<Self> {
        let name = present(raw, "name")?.as_str()?;
        Some(Self { name, ..Self::unnamed(raw)? })
    }

    pub(crate) fn unnamed(raw: &'a Object) -> Option<Self> {
        Some(Self { name: "", count: present(raw, "count")?, input: present(raw, "input")? })
    }
}

/// A loop over a whole resource.
#[derive(Clone, Copy)]
pub(crate) struct ResourceCopy<'a> {
    pub(crate) name: &'a str,
    pub(crate) count: &'a Value,
    /// Instances that may run together; `None` for all of them.
    pub(crate) batch: Option<usize>,
}

impl<'a> ResourceCopy<'a> {
    pub(crate) fn of(resource: &'a Object) -> Result<Option<Self>, Refused> {
        let Some(raw) = present(resource, "copy") else {
            return Ok(None);
        };
        let raw = raw.as_object().ok_or(Refused::Copy("it must be an object"))?;
        let name = present(raw, "name").and_then(Value::as_str);
        let name = name.ok_or(Refused::Copy("it must have a name"))?;
        let count = present(raw, "count").ok_or(Refused::Copy("it must have a count"))?;
        let mode = present(raw, "mode").and_then(Value::as_str).unwrap_or("parallel");
        let size = present(raw, "batchSize").and_then(Value::as_u64).unwrap_or(1);
        let size = usize::try_from(size).unwrap_or(COPY_COUNT_MAX).max(1);
        let batch = mode.eq_ignore_ascii_case("serial").then_some(size);
        Ok(Some(Self { name, count, batch }))
    }
}

impl Template {
    /// Whether it has a loop, or a symbol, of that name.
    pub(crate) fn has_group(&self, name: &str) -> bool {
        self.resources.iter().any(|declared| {
            let copy = ResourceCopy::of(&declared.raw).ok().flatten();
            let names = copy.map(|copy| copy.name).into_iter().chain(declared.symbol.as_deref());
            names.into_iter().any(|known| known.eq_ignore_ascii_case(name))
        })
    }
}

impl Evaluator<'_> {
    /// How often a loop turns.
    pub(crate) fn count(&self, raw: &Value, frame: &Frame) -> Result<i64, Stopped> {
        let count = self.value(raw, &frame.at(count_place(frame.place)))?;
        let few = |turns: &i64| usize::try_from(*turns).is_ok_and(|turns| turns <= COPY_COUNT_MAX);
        let turns = count.as_i64().filter(few);
        let given = || if count.is_number() { count.to_string() } else { kind(&count).to_owned() };
        let refused = || Refused::CopyCount { given: echo(&given()), limit: COPY_COUNT_MAX };
        Ok(turns.ok_or_else(refused)?)
    }
}

/// A count must be known before anything is deployed, wherever the loop stands.
fn count_place(place: Place) -> Place {
    if place.sees_resources() { Place::Head } else { place }
}
