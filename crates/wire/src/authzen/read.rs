//! Reading requests: an object is an object and no list, and every field is there once.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::value::RawValue;

use super::{
    Action, ActionSearch, BadRequest, Batch, DEPTH_MAX, EVALUATIONS_MAX, Evaluation, Evaluations,
    Page, Resource, ResourceSearch, Semantic, Subject, SubjectSearch, Subjects,
};

/// One question.
pub fn evaluation(body: &[u8]) -> Result<Evaluation, BadRequest> {
    whole(read::<Asked>(body)?)
}

/// One question, or several with what they share.
pub fn evaluations(body: &[u8]) -> Result<Evaluations, BadRequest> {
    let several: Several<'_> = read(body)?;
    let Several { subject, action, resource, context, evaluations, options } = several;
    let shared = Asked { subject, action, resource, context };
    let items = evaluations.unwrap_or_default();
    if items.is_empty() {
        return whole(shared).map(Evaluations::One);
    }
    if items.len() > EVALUATIONS_MAX {
        return Err(BadRequest::TooMany);
    }
    let semantic = semantic(options.as_ref())?;
    let item = |text: &RawValue| whole(object::<Asked>(text.get())?.over(&shared));
    Ok(Evaluations::Many(Batch { semantic, items: items.into_iter().map(item).collect() }))
}

/// Who may do that?
pub fn subject_search(body: &[u8]) -> Result<SubjectSearch, BadRequest> {
    let Search { subject, action, resource, page, .. } = read(body)?;
    let Object(it) = subject.ok_or(BadRequest::Missing("subject"))?;
    let subjects = Subjects { kind: text(it.kind, "subject.type")?, tenant: tenant(it.properties) };
    let (action, resource) = (an_action(action)?, a_resource(resource)?);
    Ok(SubjectSearch { subjects, action, resource, page: page_of(page) })
}

/// To what may they do that?
pub fn resource_search(body: &[u8]) -> Result<ResourceSearch, BadRequest> {
    let Search { subject, action, resource, page, .. } = read(body)?;
    let (subject, action) = (a_subject(subject)?, an_action(action)?);
    let Object(it) = resource.ok_or(BadRequest::Missing("resource"))?;
    let kind = text(it.kind, "resource.type")?;
    Ok(ResourceSearch { subject, action, kind, page: page_of(page) })
}

/// What may they do there?
pub fn action_search(body: &[u8]) -> Result<ActionSearch, BadRequest> {
    let Search { subject, resource, page, .. } = read(body)?;
    let (subject, resource) = (a_subject(subject)?, a_resource(resource)?);
    Ok(ActionSearch { subject, resource, page: page_of(page) })
}

/// A subject or a resource as it is sent; `P` is what is known of its properties.
#[derive(Clone, Debug, Deserialize)]
struct Entity<P> {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    properties: Option<Object<P>>,
}

type SubjectBody = Entity<SubjectProperties>;
type ResourceBody = Entity<IgnoredAny>;

#[derive(Clone, Debug, Deserialize)]
struct SubjectProperties {
    tenant_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct ActionBody {
    name: Option<String>,
    properties: Option<Object<ActionProperties>>,
}

#[derive(Clone, Debug, Deserialize)]
struct ActionProperties {
    is_data_action: Option<bool>,
}

/// Free, but for what it may ask of us.
#[derive(Clone, Debug, Deserialize)]
struct Context {
    fyr_reasons: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    subject: Option<Object<SubjectBody>>,
    action: Option<Object<ActionBody>>,
    resource: Option<Object<ResourceBody>>,
    context: Option<Object<Context>>,
}

#[derive(Debug, Deserialize)]
struct Several<'a> {
    subject: Option<Object<SubjectBody>>,
    action: Option<Object<ActionBody>>,
    resource: Option<Object<ResourceBody>>,
    context: Option<Object<Context>>,
    #[serde(borrow)]
    evaluations: Option<Vec<&'a RawValue>>,
    options: Option<Object<Options>>,
}

#[derive(Debug, Deserialize)]
struct Options {
    evaluations_semantic: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Search {
    subject: Option<Object<SubjectBody>>,
    action: Option<Object<ActionBody>>,
    resource: Option<Object<ResourceBody>>,
    #[serde(rename = "context")]
    _context: Option<Object<IgnoredAny>>,
    page: Option<Object<PageBody>>,
}

#[derive(Debug, Deserialize)]
struct PageBody {
    token: Option<String>,
    limit: Option<usize>,
}

/// What stands in braces: a derived reader would take a list of the fields' values, too.
#[derive(Clone, Debug)]
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Braces(PhantomData))
    }
}

struct Braces<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Braces<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

impl Asked {
    /// With the shared objects where it has none of its own. What is there replaces what is shared
    /// whole (section 7.1.1): an id of one thing with the type of another would be a third.
    fn over(self, shared: &Self) -> Self {
        Self {
            subject: self.subject.or_else(|| shared.subject.clone()),
            action: self.action.or_else(|| shared.action.clone()),
            resource: self.resource.or_else(|| shared.resource.clone()),
            context: self.context.or_else(|| shared.context.clone()),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, BadRequest> {
    let body = str::from_utf8(body).map_err(|_| BadRequest::Json("it is not UTF-8".to_owned()))?;
    if body.bytes().all(|b| b.is_ascii_whitespace()) {
        return Err(BadRequest::Empty);
    }
    if depth(body.as_bytes()) > DEPTH_MAX {
        return Err(BadRequest::Depth);
    }
    object(body)
}

fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, BadRequest> {
    let read = serde_json::from_str::<Object<T>>(text);
    read.map(|Object(it)| it).map_err(|error| BadRequest::Json(error.to_string()))
}

/// How deep brackets stand in each other, those in texts aside.
fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_text, mut is_escaped) = (false, false);
    for b in body {
        match b {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth = depth.saturating_add(1);
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn whole(asked: Asked) -> Result<Evaluation, BadRequest> {
    let subject = a_subject(asked.subject)?;
    let (action, resource) = (an_action(asked.action)?, a_resource(asked.resource)?);
    let reasons = asked.context.and_then(|Object(it)| it.fyr_reasons).unwrap_or_default();
    Ok(Evaluation { subject, action, resource, reasons })
}

fn a_subject(body: Option<Object<SubjectBody>>) -> Result<Subject, BadRequest> {
    let Object(it) = body.ok_or(BadRequest::Missing("subject"))?;
    let (kind, id) = (text(it.kind, "subject.type")?, text(it.id, "subject.id")?);
    Ok(Subject { kind, id, tenant: tenant(it.properties) })
}

fn an_action(body: Option<Object<ActionBody>>) -> Result<Action, BadRequest> {
    let Object(it) = body.ok_or(BadRequest::Missing("action"))?;
    let is_data = it.properties.and_then(|Object(it)| it.is_data_action).unwrap_or_default();
    Ok(Action { name: text(it.name, "action.name")?, is_data })
}

fn a_resource(body: Option<Object<ResourceBody>>) -> Result<Resource, BadRequest> {
    let Object(it) = body.ok_or(BadRequest::Missing("resource"))?;
    Ok(Resource { kind: text(it.kind, "resource.type")?, id: text(it.id, "resource.id")? })
}

fn tenant(properties: Option<Object<SubjectProperties>>) -> Option<String> {
    properties.and_then(|Object(it)| it.tenant_id)
}

fn text(value: Option<String>, name: &'static str) -> Result<String, BadRequest> {
    let value = value.ok_or(BadRequest::Missing(name))?;
    if value.is_empty() { Err(BadRequest::Nothing(name)) } else { Ok(value) }
}

fn page_of(body: Option<Object<PageBody>>) -> Page {
    body.map(|Object(PageBody { token, limit })| Page { token, limit }).unwrap_or_default()
}

fn semantic(options: Option<&Object<Options>>) -> Result<Semantic, BadRequest> {
    let named = options.and_then(|Object(it)| it.evaluations_semantic.as_deref());
    match named {
        None | Some("execute_all") => Ok(Semantic::ExecuteAll),
        Some("deny_on_first_deny") => Ok(Semantic::DenyOnFirstDeny),
        Some("permit_on_first_permit") => Ok(Semantic::PermitOnFirstPermit),
        Some(_) => Err(BadRequest::Semantic),
    }
}
