//! Offer files against their published JSON Schema, as an editor would check them.

use document::{fault::Faults, tree};
use ids::{offer::PlanName, version::Version};
use serde_json::Value as Json;

use super::*;

/// What the schema objects to in a file.
pub(super) fn fits(text: &str) -> Vec<String> {
    let schema = include_str!("../../../../../docs/offer.schema.json");
    let schema: Json = serde_json::from_str(schema).unwrap();
    let mut faults = Faults::default();
    let file = tree::parse(text, &FILE, &mut faults).unwrap().json();
    let mut judge = Judge { root: &schema, objections: Vec::new() };
    judge.check("", &file, &schema);
    judge.objections
}

/// So much of JSON Schema as the file uses; what it does not know fails the test.
struct Judge<'a> {
    root: &'a Json,
    objections: Vec<String>,
}

impl Judge<'_> {
    fn check(&mut self, at: &str, it: &Json, schema: &Json) {
        for (keyword, wanted) in schema.as_object().unwrap() {
            let is_met = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "additionalProperties" => true,
                "type" => is_of(wanted, it),
                "enum" => wanted.as_array().unwrap().contains(it),
                "pattern" => {
                    it.as_str().is_some_and(|text| matches(wanted.as_str().unwrap(), text))
                }
                "required" => {
                    let names = wanted.as_array().unwrap().iter();
                    names.map(|name| name.as_str().unwrap()).all(|name| it.get(name).is_some())
                }
                "$ref" => {
                    let name = wanted.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                    self.check(at, it, &self.root["$defs"][name]);
                    true
                }
                "items" => {
                    for (nth, item) in it.as_array().into_iter().flatten().enumerate() {
                        self.check(&format!("{at}[{nth}]"), item, wanted);
                    }
                    true
                }
                "properties" => {
                    self.members(at, it, schema);
                    true
                }
                "oneOf" => wanted.as_array().unwrap().iter().any(|one| {
                    let mut judge = Judge { root: self.root, objections: Vec::new() };
                    judge.check(at, it, one);
                    judge.objections.is_empty()
                }),
                other => panic!("the schema says `{other}`, which this test does not know"),
            };
            if !is_met {
                self.objections.push(format!("{at}: {keyword} of {it}"));
            }
        }
    }

    fn members(&mut self, at: &str, it: &Json, schema: &Json) {
        for (name, member) in it.as_object().into_iter().flatten() {
            match schema["properties"].get(name) {
                Some(inner) => self.check(&format!("{at}.{name}"), member, inner),
                None => self.objections.push(format!("{at}.{name} is not known")),
            }
        }
    }
}

fn is_of(wanted: &Json, it: &Json) -> bool {
    let is = |name: &str| match name {
        "string" => it.is_string(),
        "number" => it.is_number(),
        "boolean" => it.is_boolean(),
        "object" => it.is_object(),
        "array" => it.is_array(),
        "null" => it.is_null(),
        other => panic!("the schema says `{other}`"),
    };
    match wanted.as_array() {
        Some(any) => any.iter().any(|one| is(one.as_str().unwrap())),
        None => is(wanted.as_str().unwrap()),
    }
}

/// The few patterns that there are, each read by what reads it in a file.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "^[a-z0-9][a-z0-9_-]{2,49}$" => text.parse::<PlanName>().is_ok(),
        "^[0-9]+\\.[0-9]+\\.[0-9]+$" => text.parse::<Version>().is_ok(),
        it if it.starts_with("^[0-9a-fA-F]{8}") => text.parse::<RoleId>().is_ok(),
        other => panic!("the schema says `{other}`"),
    }
}

#[test]
fn the_samples_fit_the_schema_and_a_wrong_word_does_not() {
    assert_eq!(fits(WHOLE), [""; 0]);
    let to_begin_with = include_str!("../../../../fyr/offers/offer.yaml");
    assert_eq!(fits(to_begin_with), [""; 0]);
    let wrong = WHOLE.replacen("visibility: public", "visibility: hidden", 1);
    assert_eq!(fits(&wrong), [".plans[0].visibility: enum of \"hidden\""]);
    let unknown = WHOLE.replacen("alias:", "nickname:", 1);
    assert_eq!(fits(&unknown), [".nickname is not known"]);
}
