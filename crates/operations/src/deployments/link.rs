//! Templates that are not sent along: template specs, which are resources and read as such, by
//! whoever deploys. Nothing is fetched from elsewhere, so links by `uri` lead nowhere.

use ids::{resource::ResourceId, scope::Scope};
use model::{
    action::{Action, Verb},
    deployment::Link,
    question::Question,
    resource::Resource,
};
use serde_json::{Map, Value};

use super::Refused;
use crate::{context::Context, error::Error, plane::Plane, resources};

const SPEC: &str = "Microsoft.Resources/templateSpecs/versions";

/// The template that the link leads to, for a caller who may read its spec.
pub async fn follow(plane: &Plane, context: &Context, link: &Link) -> Result<Value, Error> {
    let lost = || Refused::Link(link.path.clone().unwrap_or_else(|| link.spec.to_string()));
    if !link.spec.is_a(SPEC) {
        return Err(lost().into());
    }
    let action = Action::of(&link.spec.kind(), Verb::Read);
    let question = Question::any(action, Scope::Resource(link.spec.clone()));
    let reading = Context { question, ..context.clone() };
    let found = resources::read::get(plane, &reading, link.spec.clone()).await?;
    template(&found.resource, link.path.as_deref()).cloned().ok_or_else(|| lost().into())
}

/// The main template of a spec, or one of those linked to it.
fn template<'a>(spec: &'a Resource, path: Option<&str>) -> Option<&'a Value> {
    let Some(path) = path else { return member(&spec.properties, "mainTemplate") };
    let linked = member(&spec.properties, "linkedTemplates")?.as_array()?;
    let wanted = joined(None, path)?;
    let meant = |it: &&Map<String, Value>| {
        let own = member(it, "path").and_then(Value::as_str).and_then(|own| joined(None, own));
        own.as_ref() == Some(&wanted)
    };
    linked.iter().filter_map(Value::as_object).find(meant).and_then(|it| member(it, "template"))
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// What a template of the spec means by a path relative to itself.
pub fn beside(own: &Link, path: &str) -> Option<Link> {
    Some(Link { spec: own.spec.clone(), path: Some(joined(own.path.as_deref(), path)?) })
}

/// The path from the spec's main template; none where it leads out of the spec.
fn joined(beside: Option<&str>, path: &str) -> Option<String> {
    let folder = beside.and_then(|it| it.rsplit_once('/')).map_or("", |(folder, _)| folder);
    let mut way: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(path.split(['/', '\\'])) {
        match segment {
            "" | "." => {}
            ".." => {
                way.pop()?;
            }
            name => way.push(name),
        }
    }
    (!way.is_empty()).then(|| way.join("/"))
}

/// The id of a spec's version, as a link spells it.
pub fn spec(id: &str, context: &Context) -> Result<ResourceId, Refused> {
    let home = context.caller.principal.tenant;
    ResourceId::parse(id, home).map_err(|_| Refused::Link(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_the_template_that_names_it_and_never_leaves_the_spec() {
        for (beside, path, expected) in [
            (None, "a.json", Some("a.json")),
            (None, "./x//a.json", Some("x/a.json")),
            (None, "x\\a.json", Some("x/a.json")),
            (Some("x/a.json"), "b.json", Some("x/b.json")),
            (Some("x/a.json"), "../b.json", Some("b.json")),
            (Some("x/a.json"), "../../b.json", None),
            (None, "../b.json", None),
            (None, ".", None),
        ] {
            assert_eq!(joined(beside, path).as_deref(), expected, "{beside:?} {path}");
        }
    }
}
