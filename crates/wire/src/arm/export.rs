//! A resource group as a template that would make it again (`POST …/exportTemplate`).

use std::collections::{BTreeMap, HashSet};

use ids::{resource::ResourceId, scope::Scope};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use template::expression;

use super::what_if::snapshot;

/// What is to be exported, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct ExportPut {
    /// Ids, or `*` for all.
    pub resources: Option<Vec<String>>,
    /// Words, parted by commas.
    pub options: Option<String>,
    pub output_format: Option<String>,
}

impl ExportPut {
    /// The ids that are asked for; none where all are.
    pub fn named(&self) -> Option<&[String]> {
        let named = self.resources.as_deref()?;
        (!named.is_empty() && named.iter().all(|it| it != "*")).then_some(named)
    }

    /// What the words of the options ask for.
    pub fn style(&self) -> Style {
        let asked = self.options.as_deref().unwrap_or_default();
        let has = |word: &str| asked.split(',').any(|it| it.trim().eq_ignore_ascii_case(word));
        let literal = has("SkipAllParameterization") || has("SkipResourceNameParameterization");
        match (literal, has("IncludeParameterDefaultValue")) {
            (true, _) => Style::Literal,
            (false, true) => Style::WithDefaults,
            (false, false) => Style::Parameters,
        }
    }
}

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As parameters that whoever deploys must supply.
    Parameters,
    /// As parameters that stand for what the names are.
    WithDefaults,
    /// As they are.
    Literal,
}

/// One resource, as answers show it, in that version.
#[derive(Clone, Debug)]
pub struct Exported {
    pub id: ResourceId,
    pub api_version: String,
    pub body: Map<String, Value>,
}

/// The template. What lies in another resource of it comes after that one.
pub fn template(resources: &[Exported], style: Style) -> Value {
    let all: HashSet<&ResourceId> = resources.iter().map(|it| &it.id).collect();
    let mut parameters = BTreeMap::new();
    let written: Vec<Value> = resources
        .iter()
        .map(|it| {
            if style != Style::Literal {
                let outermost = it.id.outermost();
                parameters.insert(parameter(&outermost), declared(&outermost, style));
            }
            resource(it, &all, style)
        })
        .collect();
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": parameters,
        "variables": {},
        "resources": written,
    })
}

fn resource(exported: &Exported, all: &HashSet<&ResourceId>, style: Style) -> Value {
    let Exported { id, api_version, body } = exported;
    let mut shown = snapshot(body, api_version);
    shown.remove("id");
    let mut written = Map::new();
    written.insert("type".to_owned(), id.kind().to_string().into());
    written.insert("apiVersion".to_owned(), api_version.as_str().into());
    written.insert("name".to_owned(), name(id, style).into());
    if let Scope::Resource(parent) = id.parent()
        && all.contains(&parent)
    {
        written.insert("dependsOn".to_owned(), json!([reference(&parent, style)]));
    }
    for (key, value) in shown {
        if !written.contains_key(&key) {
            written.insert(key, literal(value));
        }
    }
    Value::Object(written)
}

/// `storageAccounts_contosodata_name`.
fn parameter(outermost: &ResourceId) -> String {
    let kind = outermost.kind().path.last().map(ToString::to_string).unwrap_or_default();
    let name = outermost.name().to_string();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("{kind}_{}_name", name.chars().map(plain).collect::<String>())
}

fn declared(outermost: &ResourceId, style: Style) -> Value {
    match style {
        Style::WithDefaults => {
            let name = expression::escape(outermost.name().as_str());
            json!({ "type": "String", "defaultValue": name })
        }
        Style::Parameters | Style::Literal => json!({ "type": "String" }),
    }
}

fn name(id: &ResourceId, style: Style) -> String {
    let names: Vec<String> = id.names().map(ToString::to_string).collect();
    if style == Style::Literal {
        return expression::escape(&names.join("/"));
    }
    let outermost = format!("parameters('{}')", parameter(&id.outermost()));
    match names.get(1..) {
        None | Some([]) => format!("[{outermost}]"),
        Some(below) => {
            format!("[concat({outermost}, {})]", quoted(&format!("/{}", below.join("/"))))
        }
    }
}

/// `[resourceId('N.S/things', …)]`, one argument for each name.
fn reference(id: &ResourceId, style: Style) -> String {
    let first = match style {
        Style::Literal => quoted(id.outermost().name().as_str()),
        Style::Parameters | Style::WithDefaults => {
            format!("parameters('{}')", parameter(&id.outermost()))
        }
    };
    let below = id.names().skip(1).map(|name| quoted(name.as_str()));
    let names: Vec<String> = [first].into_iter().chain(below).collect();
    format!("[resourceId({}, {})]", quoted(&id.kind().to_string()), names.join(", "))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A value that no reader of templates takes for anything but itself.
fn literal(value: Value) -> Value {
    match value {
        Value::String(text) => expression::escape(&text).into(),
        Value::Array(elements) => elements.into_iter().map(literal).collect(),
        Value::Object(members) => {
            let member =
                |(key, value): (String, Value)| (literal_key(&key, &value), literal(value));
            Value::Object(members.into_iter().map(member).collect())
        }
        same @ (Value::Null | Value::Bool(_) | Value::Number(_)) => same,
    }
}

/// A list under the name `copy` would be read as a loop.
fn literal_key(key: &str, value: &Value) -> String {
    if key.eq_ignore_ascii_case("copy") && value.is_array() {
        return format!("[string('{key}')]");
    }
    expression::escape(key)
}

#[cfg(test)]
mod tests {
    use model::samples;

    use super::*;

    fn exported(below: &str, body: &Value) -> Exported {
        let id = format!("{}/providers/{below}", samples::resource_group("app"));
        Exported {
            id: ResourceId::parse(&id, samples::CUSTOMER).unwrap(),
            api_version: "2022-01-01".to_owned(),
            body: body.as_object().cloned().unwrap(),
        }
    }

    #[test]
    fn names_become_parameters_and_values_stay_what_they_are() {
        let all = [
            exported("N.S/things/a-b", &json!({ "id": "x", "tags": { "[t]": "[v]" } })),
            exported(
                "N.S/things/a-b/parts/c",
                &json!({ "systemData": {}, "properties": { "copy": [1], "plain": "[x" } }),
            ),
        ];
        let told = template(&all, Style::WithDefaults);
        assert_eq!(
            told["parameters"],
            json!({ "things_a_b_name": { "type": "String", "defaultValue": "a-b" } })
        );
        assert_eq!(
            told["resources"],
            json!([
                { "type": "N.S/things", "apiVersion": "2022-01-01",
                  "name": "[parameters('things_a_b_name')]", "tags": { "[[t]": "[[v]" } },
                { "type": "N.S/things/parts", "apiVersion": "2022-01-01",
                  "name": "[concat(parameters('things_a_b_name'), '/c')]",
                  "dependsOn": ["[resourceId('N.S/things', parameters('things_a_b_name'))]"],
                  "properties": { "[string('copy')]": [1], "plain": "[x" } },
            ])
        );
        let told = template(&all, Style::Literal);
        assert_eq!(told["parameters"], json!({}));
        assert_eq!(told["resources"][1]["name"], "a-b/c");
        assert_eq!(told["resources"][1]["dependsOn"], json!(["[resourceId('N.S/things', 'a-b')]"]));
    }

    #[test]
    fn the_options_are_read_word_by_word() {
        let style = |options: Option<&str>| {
            ExportPut { options: options.map(str::to_owned), ..ExportPut::default() }.style()
        };
        assert_eq!(style(None), Style::Parameters);
        assert_eq!(
            style(Some("IncludeComments, includeParameterDefaultValue")),
            Style::WithDefaults
        );
        assert_eq!(style(Some("SkipResourceNameParameterization")), Style::Literal);
        assert_eq!(
            style(Some("IncludeParameterDefaultValue,SkipAllParameterization")),
            Style::Literal
        );
        let named = |all: &[&str]| {
            let resources = Some(all.iter().map(ToString::to_string).collect());
            ExportPut { resources, ..ExportPut::default() }.named().map(<[String]>::len)
        };
        assert_eq!((named(&["*"]), named(&[]), named(&["/a", "/b"])), (None, None, Some(2)));
    }
}
