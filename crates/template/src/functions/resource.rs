//! Ids of resources, and questions about them.

use uuid::Uuid;

use crate::{
    budget::Held,
    context::{Answer, List, Reference, Scope},
    evaluate::{Evaluated, Evaluator, Refused, Stopped},
    functions::{Body, Calling, Function, MANY, scoped},
    identity::{group_id, resource_id, type_segments},
    json::echo,
};

pub(super) const FUNCTIONS: &[Function] = &[
    scoped("extensionResourceId", 3, MANY, extension_resource_id),
    scoped("managementGroupResourceId", 2, MANY, management_group_resource_id),
    scoped("reference", 1, 3, reference),
    scoped("references", 1, 2, references),
    scoped("resourceInfo", 1, 1, resource_info),
    scoped("resourceId", 2, MANY, resource_id_here),
    scoped("subscriptionResourceId", 2, MANY, subscription_resource_id),
    scoped("tenantResourceId", 2, MANY, tenant_resource_id),
];

/// Every function whose name begins with `list`.
pub(super) static LIST: Function =
    Function { name: "list", arguments_min: 2, arguments_max: 3, body: Body::Scoped(list) };

/// The arguments before the type (the first with a slash), the type, and the names after it.
struct Asked {
    before: Vec<String>,
    kind: String,
    names: Vec<String>,
}

impl Asked {
    fn read(calling: &Calling<'_, '_>, before_max: usize) -> Result<Self, Stopped> {
        let mut before = Vec::new();
        for held in calling.values()? {
            let text = held.value().as_str().map(str::to_owned);
            before.push(text.ok_or_else(|| calling.wrong("String", held.value()))?);
        }
        let at = before.iter().take(before_max + 1).position(|text| text.contains('/'));
        let no_type = "a fully qualified resource type is expected, with a namespace and a type";
        let at = at.ok_or_else(|| Refused::argument(calling.name, no_type))?;
        let mut rest = before.split_off(at).into_iter();
        let kind = rest.next().unwrap_or_default().trim_end_matches('/').to_owned();
        let asked = Self { before, kind, names: rest.collect() };
        asked.check(calling)?;
        Ok(asked)
    }

    fn check(&self, calling: &Calling<'_, '_>) -> Result<(), Refused> {
        let expected = type_segments(&self.kind);
        if expected == self.names.len() && expected > 0 {
            return Ok(());
        }
        let problem = format!(
            "the type '{}' requires '{expected}' resource name argument(s)",
            echo(&self.kind)
        );
        Err(Refused::argument(calling.name, problem))
    }

    fn id(&self, calling: &Calling<'_, '_>, scope: &str) -> Evaluated {
        calling.hold(resource_id(scope, &self.kind, &self.names.join("/")).into())
    }
}

/// The place of the deployment, or the subscription and group that stand before the type.
fn resource_id_here(calling: &Calling<'_, '_>) -> Evaluated {
    let asked = Asked::read(calling, 2)?;
    let own = &calling.evaluator.context.scope;
    let nowhere = || Refused::argument(calling.name, "the deployment has no subscription");
    let scope = match asked.before.as_slice() {
        [] => own.base(),
        [only] if Uuid::try_parse(only).is_ok() => match own {
            Scope::ResourceGroup { name, .. } => group_id(only, name),
            Scope::Tenant | Scope::ManagementGroup { .. } | Scope::Subscription { .. } => {
                format!("/subscriptions/{only}")
            }
        },
        [group] => group_id(own.subscription().ok_or_else(nowhere)?, group),
        [subscription, group, ..] => group_id(subscription, group),
    };
    if asked.before.is_empty() && is_group(&asked.kind) {
        return in_subscription(calling, &asked, own.subscription().ok_or_else(nowhere)?);
    }
    asked.id(calling, &scope)
}

fn is_group(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups")
}

fn in_subscription(calling: &Calling<'_, '_>, asked: &Asked, subscription: &str) -> Evaluated {
    match asked.names.as_slice() {
        // A resource group's id has no `providers` in it.
        [group] if is_group(&asked.kind) => calling.hold(group_id(subscription, group).into()),
        _ => asked.id(calling, &format!("/subscriptions/{subscription}")),
    }
}

fn subscription_resource_id(calling: &Calling<'_, '_>) -> Evaluated {
    let asked = Asked::read(calling, 1)?;
    let own = calling.evaluator.context.scope.subscription();
    let subscription = asked.before.first().map(String::as_str).or(own);
    let nowhere = || Refused::argument(calling.name, "the deployment has no subscription");
    in_subscription(calling, &asked, subscription.ok_or_else(nowhere)?)
}

fn tenant_resource_id(calling: &Calling<'_, '_>) -> Evaluated {
    Asked::read(calling, 0)?.id(calling, "")
}

fn management_group_resource_id(calling: &Calling<'_, '_>) -> Evaluated {
    let asked = Asked::read(calling, 1)?;
    let own = match &calling.evaluator.context.scope {
        Scope::ManagementGroup { name } => Some(name),
        Scope::Tenant | Scope::Subscription { .. } | Scope::ResourceGroup { .. } => None,
    };
    let name = asked.before.first().or(own);
    let nowhere = || Refused::argument(calling.name, "the deployment has no management group");
    let scope = Scope::ManagementGroup { name: name.ok_or_else(nowhere)?.clone() };
    asked.id(calling, &scope.id())
}

/// The first argument is the resource that is extended.
fn extension_resource_id(calling: &Calling<'_, '_>) -> Evaluated {
    let base = calling.name_at(0)?;
    let base = base.trim_end_matches('/');
    let rest = calling.arguments.get(1..).unwrap_or_default();
    let rest = Calling { arguments: rest, ..*calling };
    Asked::read(&rest, 0)?.id(&rest, base)
}

fn reference(calling: &Calling<'_, '_>) -> Evaluated {
    if !calling.frame.place.sees_resources() {
        return Err(calling.not_here().into());
    }
    let values = calling.values()?;
    let found = find(calling.evaluator, named(calling, &values)?)?;
    let api_version = calling.text_of(&values, 1)?.map(str::to_owned);
    if api_version.is_none() && !found.own {
        let needed = "the API version is required for a resource that the template does not deploy";
        return Err(Refused::argument(calling.name, needed).into());
    }
    let full = calling.text_of(&values, 2)?;
    let full = full.is_some_and(|word| word.eq_ignore_ascii_case("Full"));
    let api_version = api_version.or(found.api_version);
    let reference = Reference { id: found.id, api_version, full, own: found.own };
    answer(calling, calling.evaluator.host.reference(&reference), reference.id)
}

/// What is known of an own resource before it is there.
fn resource_info(calling: &Calling<'_, '_>) -> Evaluated {
    if !calling.frame.place.sees_resources() {
        return Err(calling.not_here().into());
    }
    let asked = calling.name_at(0)?;
    let known = calling.evaluator.known.borrow();
    let own = known.by_symbol(&asked).ok_or_else(|| Refused::NoResource(echo(&asked)))?;
    let last = own.name.rsplit('/').next();
    calling.hold(serde_json::json!({
        "id": own.id,
        "name": last,
        "fullName": own.name,
        "type": own.kind,
        "apiVersion": own.api_version,
    }))
}

/// The states of a loop's resources, or of a symbol's, in their order; what is not deployed is
/// left out.
fn references(calling: &Calling<'_, '_>) -> Evaluated {
    if !calling.frame.place.sees_resources() {
        return Err(calling.not_here().into());
    }
    let values = calling.values()?;
    let asked = named(calling, &values)?;
    let full = calling.text_of(&values, 1)?;
    let full = full.is_some_and(|word| word.eq_ignore_ascii_case("Full"));
    let mut states = Vec::new();
    for reference in grouped(calling.evaluator, asked, full)? {
        let state = answer(calling, calling.evaluator.host.reference(&reference), reference.id)?;
        states.push(state.value().clone());
    }
    calling.hold(states.into())
}

/// What is asked of the resources under a name of several.
fn grouped(evaluator: &Evaluator<'_>, asked: &str, full: bool) -> Result<Vec<Reference>, Refused> {
    let known = evaluator.known.borrow();
    let unknown = || Refused::NoResource(echo(asked));
    let group = match known.group(asked) {
        Some(group) => group,
        None if evaluator.template.has_group(asked) => Vec::new(),
        None => return Err(unknown()),
    };
    let references = group.into_iter().map(|own| {
        evaluator.referred.borrow_mut().insert(own.id.clone());
        let (id, api_version) = (own.id.clone(), own.api_version.clone());
        Reference { id, api_version, full, own: true }
    });
    Ok(references.collect())
}

fn list(calling: &Calling<'_, '_>) -> Evaluated {
    if !calling.frame.place.sees_resources() {
        return Err(calling.not_here().into());
    }
    let values = calling.values()?;
    let found = find(calling.evaluator, named(calling, &values)?)?;
    let list = List {
        action: calling.name.to_owned(),
        id: found.id,
        api_version: calling.text_of(&values, 1)?.map(str::to_owned),
        body: values.get(2).map(|held| held.value().clone()),
    };
    answer(calling, calling.evaluator.host.list(&list), list.id)
}

/// The resource that a call is about.
fn named<'h>(calling: &Calling<'_, '_>, values: &'h [Held]) -> Result<&'h str, Refused> {
    let asked = calling.text_of(values, 0)?;
    asked.ok_or_else(|| Refused::argument(calling.name, "the resource must be named by a string"))
}

fn answer(calling: &Calling<'_, '_>, answer: Answer, id: String) -> Evaluated {
    match answer {
        Answer::Known(value) => calling.hold(value),
        Answer::NotYet => Err(Stopped::NotYet(id)),
        Answer::Refused { code, message } => Err(Refused::Host { code, message }.into()),
    }
}

struct Found {
    id: String,
    api_version: Option<String>,
    own: bool,
}

/// By full id, wherever it lies; or one of the template's own, by its name or symbol. Only a name
/// makes the reference a dependency.
fn find(evaluator: &Evaluator<'_>, asked: &str) -> Result<Found, Refused> {
    let known = evaluator.known.borrow();
    if asked.starts_with('/') {
        // Templates leave out the subscription of what they deploy there.
        let whole = format!("{}{asked}", evaluator.context.scope.base());
        let relative = known.by_id(&whole).filter(|_| asked.starts_with("/providers/"));
        let own = known.by_id(asked).or(relative);
        let id = relative.map_or(asked, |own| own.id.as_str()).to_owned();
        let api_version = own.and_then(|own| own.api_version.clone());
        return Ok(Found { id, api_version, own: own.is_some() });
    }
    let own = known.by_name(asked).ok_or_else(|| Refused::NoResource(echo(asked)))?;
    evaluator.referred.borrow_mut().insert(own.id.clone());
    Ok(Found { id: own.id.clone(), api_version: own.api_version.clone(), own: true })
}
