//! What a policy is told by whoever assigns it: parameters declared, given, and bound.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Far above any real policy; Azure's own bound for sets is 400.
const PARAMETERS_MAX: usize = 400;

/// The parameters that a definition or a set declares, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations(Vec<Declared>);

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    pub name: String,
    pub kind: Type,
    /// What holds where nothing is given.
    pub default: Option<Value>,
    /// What may be given; anything, where it is empty.
    pub allowed: Vec<Value>,
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    String,
    Array,
    Object,
    Boolean,
    Integer,
    Float,
    DateTime,
}

/// What each parameter stands for, defaults included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Vec<(String, Value)>);

/// Why values do not fit what is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    Undefined(Vec<String>),
    Missing(Vec<String>),
    Value { parameter: String, reason: String },
}

/// Why declarations are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDeclaration {
    pub parameter: String,
    pub reason: String,
}

impl Declarations {
    /// Reads the member `parameters` of a definition or a set.
    pub fn read(parameters: Option<&Value>) -> Result<Self, BadDeclaration> {
        let bad = |parameter: &str, reason: &str| BadDeclaration {
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
        };
        let all = match parameters {
            None | Some(Value::Null) => return Ok(Self::default()),
            Some(Value::Object(all)) => all,
            Some(_) => return Err(bad("", "the parameters are no object")),
        };
        if all.len() > PARAMETERS_MAX {
            return Err(bad("", "there are more than 400"));
        }
        let mut declared: Vec<Declared> = Vec::with_capacity(all.len());
        for (name, said) in all {
            if declared.iter().any(|it| it.name.eq_ignore_ascii_case(name)) {
                return Err(bad(name, "it is declared twice"));
            }
            declared.push(one(name, said).map_err(|reason| bad(name, &reason))?);
        }
        Ok(Self(declared))
    }

    /// The parameter of that name, letters without regard to case.
    pub fn get(&self, name: &str) -> Option<&Declared> {
        self.0.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Declared> {
        self.0.iter()
    }

    /// What each stands for by what was once accepted: one that is neither given nor has a default
    /// stands for nothing.
    pub fn take(&self, given: &Map<String, Value>) -> Values {
        let value = |it: &Declared| {
            let said = given.iter().find(|(name, _)| it.name.eq_ignore_ascii_case(name));
            let value = said.and_then(|(_, said)| said.get("value")).filter(|it| !it.is_null());
            Some((it.name.clone(), value.or(it.default.as_ref())?.clone()))
        };
        Values(self.0.iter().filter_map(value).collect())
    }

    /// What each stands for, where `given` holds `{name: {value}}`.
    pub fn bind(&self, given: &Map<String, Value>) -> Result<Values, Mismatch> {
        self.bind_with(given, |_| false)
    }

    /// The same, where a value may stand for another one that is not known yet: it then fits any
    /// type.
    pub fn bind_with(
        &self,
        given: &Map<String, Value>,
        is_open: impl Fn(&Value) -> bool,
    ) -> Result<Values, Mismatch> {
        let undefined: Vec<String> =
            given.keys().filter(|name| self.get(name).is_none()).cloned().collect();
        if !undefined.is_empty() {
            return Err(Mismatch::Undefined(undefined));
        }
        let (mut values, mut missing) = (Vec::new(), Vec::new());
        for it in &self.0 {
            let said = given.iter().find(|(name, _)| it.name.eq_ignore_ascii_case(name));
            let value = said.and_then(|(_, said)| said.get("value"));
            if said.is_some() && value.is_none() {
                let reason = "it has no member `value`".to_owned();
                return Err(Mismatch::Value { parameter: it.name.clone(), reason });
            }
            match value.filter(|value| !value.is_null()).or(it.default.as_ref()) {
                None => missing.push(it.name.clone()),
                Some(value) => {
                    let fits = if is_open(value) { Ok(()) } else { it.fits(value) };
                    fits.map_err(|reason| Mismatch::Value { parameter: it.name.clone(), reason })?;
                    values.push((it.name.clone(), value.clone()));
                }
            }
        }
        if missing.is_empty() { Ok(Values(values)) } else { Err(Mismatch::Missing(missing)) }
    }
}

impl Values {
    /// What the parameter stands for; null for one that there is not.
    pub fn get(&self, name: &str) -> &Value {
        let found = self.0.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map_or(&Value::Null, |(_, value)| value)
    }

    /// All of them by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl Type {
    fn read(text: &str) -> Option<Self> {
        const ALL: [(&str, Type); 7] = [
            ("String", Type::String),
            ("Array", Type::Array),
            ("Object", Type::Object),
            ("Boolean", Type::Boolean),
            ("Integer", Type::Integer),
            ("Float", Type::Float),
            ("DateTime", Type::DateTime),
        ];
        ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, it)| *it)
    }

    fn holds(self, value: &Value) -> bool {
        match self {
            Self::String | Self::DateTime => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Float => value.is_number(),
        }
    }
}

impl Declared {
    fn fits(&self, value: &Value) -> Result<(), String> {
        if !self.kind.holds(value) {
            return Err(format!("it is no {:?}", self.kind));
        }
        // Both may be long.
        let known: HashSet<&Value> = self.allowed.iter().collect();
        let allowed = |it: &Value| known.is_empty() || known.contains(it);
        let each = value.as_array().is_some_and(|all| all.iter().all(allowed));
        if allowed(value) || each {
            Ok(())
        } else {
            Err("it is not among those allowed".to_owned())
        }
    }
}

fn one(name: &str, said: &Value) -> Result<Declared, String> {
    let kind = said.get("type").and_then(Value::as_str).ok_or("it has no type")?;
    let kind = Type::read(kind).ok_or("its type is none of Azure's")?;
    let allowed = match said.get("allowedValues") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(all)) => all.clone(),
        Some(_) => return Err("its allowed values are no list".to_owned()),
    };
    let default = said.get("defaultValue").filter(|it| !it.is_null()).cloned();
    let declared = Declared { name: name.to_owned(), kind, default, allowed };
    if let Some(value) = &declared.default {
        declared.fits(value).map_err(|why| format!("of its default value, {why}"))?;
    }
    Ok(declared)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn declared() -> Declarations {
        let all = json!({
            "tenants": { "type": "array" },
            "effect": { "type": "String", "defaultValue": "Audit", "allowedValues": ["Audit", "Disabled"] },
        });
        Declarations::read(Some(&all)).unwrap()
    }

    fn bind(given: Value) -> Result<Values, Mismatch> {
        let Value::Object(given) = given else { panic!("{given}") };
        declared().bind(&given)
    }

    #[test]
    fn what_is_given_and_what_is_not_stand_side_by_side() {
        let values = bind(json!({ "TENANTS": { "value": ["a"] } })).unwrap();
        assert_eq!(values.get("tenants"), &json!(["a"]));
        assert_eq!(values.get("Effect"), "Audit");
        assert_eq!(values.get("other"), &Value::Null);
    }

    #[test]
    fn what_does_not_fit_is_told_by_name() {
        let value = |parameter: &str, reason: &str| Mismatch::Value {
            parameter: parameter.to_owned(),
            reason: reason.to_owned(),
        };
        let (a, b) = (json!({ "value": ["a"] }), json!({ "value": "b" }));
        for (given, expected) in [
            (json!({}), Mismatch::Missing(vec!["tenants".to_owned()])),
            (
                json!({ "tenants": { "value": null } }),
                Mismatch::Missing(vec!["tenants".to_owned()]),
            ),
            (json!({ "tenants": a, "x": b }), Mismatch::Undefined(vec!["x".to_owned()])),
            (json!({ "tenants": ["a"] }), value("tenants", "it has no member `value`")),
            (json!({ "tenants": b }), value("tenants", "it is no Array")),
            (
                json!({ "tenants": a, "effect": { "value": "audit" } }),
                value("effect", "it is not among those allowed"),
            ),
        ] {
            assert_eq!(bind(given), Err(expected));
        }
    }

    #[test]
    fn a_declaration_has_a_type_and_a_default_that_fits() {
        for bad in [
            json!([]),
            json!({ "p": {} }),
            json!({ "p": { "type": "secret" } }),
            json!({ "p": { "type": "Array", "defaultValue": "x" } }),
            json!({ "p": { "type": "String", "allowedValues": "x" } }),
            json!({ "p": { "type": "String" }, "P": { "type": "String" } }),
        ] {
            assert!(Declarations::read(Some(&bad)).is_err(), "{bad}");
        }
    }
}
