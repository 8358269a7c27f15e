//! Management groups, subscriptions, and what lies in them.

use document::{
    fault::{Faults, quoted},
    fields::Fields,
    tree::Node,
};
use ids::{name::Name, resource::ResourceType};
use model::tree::SubscriptionState;
use serde_json::{Map, Value as Json};

use crate::{
    declared::{Identity, ManagementGroup, Resource, ResourceGroup, Subscription},
    sections,
};

pub(super) fn management_group(node: &Node, faults: &mut Faults) -> ManagementGroup {
    let mut fields = Fields::of(node, &sections::MANAGEMENT_GROUP, faults);
    ManagementGroup {
        at: fields.at,
        name: fields.required_parsed("name"),
        display_name: fields.text("displayName"),
        parent: fields.word("parent"),
    }
}

pub(super) fn subscription(node: &Node, faults: &mut Faults) -> Subscription {
    const STATES: [(&str, SubscriptionState); 5] = [
        ("Enabled", SubscriptionState::Enabled),
        ("Warned", SubscriptionState::Warned),
        ("PastDue", SubscriptionState::PastDue),
        ("Disabled", SubscriptionState::Disabled),
        ("Deleted", SubscriptionState::Deleted),
    ];
    let mut fields = Fields::of(node, &sections::SUBSCRIPTION, faults);
    let listed = fields.node("registeredProviders").is_some();
    Subscription {
        name: fields.required("name"),
        display_name: fields.text("displayName"),
        id: fields.parsed("id"),
        management_group: fields.word("managementGroup"),
        state: fields.one_of("state", &STATES).unwrap_or(SubscriptionState::Enabled),
        tags: fields.pairs("tags"),
        registered_by_default: fields.flag("registeredByDefault").unwrap_or(!listed),
        registered_providers: fields.all_parsed("registeredProviders"),
        unregistered_providers: fields.all_parsed("unregisteredProviders"),
        resource_groups: fields.each("resourceGroups", resource_group),
        resources: fields.each("resources", resource),
    }
}

fn resource_group(node: &Node, faults: &mut Faults) -> ResourceGroup {
    let mut fields = Fields::of(node, &sections::RESOURCE_GROUP, faults);
    ResourceGroup {
        at: fields.at,
        name: fields.required_parsed("name"),
        location: location(&fields.required("location").it),
        tags: fields.pairs("tags"),
        managed_by: fields.text("managedBy"),
        resources: fields.each("resources", resource),
    }
}

pub(super) fn resource(node: &Node, faults: &mut Faults) -> Resource {
    let mut fields = Fields::of(node, &sections::RESOURCE, faults);
    let kind = kind(&mut fields);
    Resource {
        at: fields.at,
        kind_at: fields.node("type").map_or(fields.at, |node| node.at),
        names: names(&mut fields, kind.as_ref()),
        kind,
        scope: fields.word("scope"),
        location: fields.text("location").map(|text| location(&text)),
        tags: fields.pairs("tags"),
        identity: fields.one("identity", identity),
        envelope: envelope(&fields),
        properties: fields.object("properties"),
    }
}

fn kind(fields: &mut Fields<'_, '_>) -> Option<ResourceType> {
    let word = fields.required("type");
    let parsed = ResourceType::parse(&word.it);
    if parsed.is_err() && !word.it.is_empty() {
        let advice = Some("a type reads `Namespace/type`".to_owned());
        fields.faults.advise(word.at, format!("{} is not a type", quoted(&word.it)), advice);
    }
    parsed.ok()
}

/// A child's name holds its parents' names, one for each word of its type.
fn names(fields: &mut Fields<'_, '_>, kind: Option<&ResourceType>) -> Vec<Name> {
    let word = fields.required("name");
    let mut names = Vec::new();
    for part in word.it.split('/').filter(|_| !word.it.is_empty()) {
        match part.parse() {
            Ok(name) => names.push(name),
            Err(error) => fields.faults.add(word.at, format!("{error}")),
        }
    }
    if let Some(kind) = kind
        && kind.path.len() != names.len()
        && !names.is_empty()
    {
        let message = format!("the type `{kind}` takes {} names", kind.path.len());
        let advice = Some("a child is named `parent/child`".to_owned());
        fields.faults.advise(word.at, message, advice);
    }
    names
}

fn envelope(fields: &Fields<'_, '_>) -> Map<String, Json> {
    let kept = ["kind", "sku", "plan", "managedBy", "zones", "extendedLocation", "placement"];
    kept.into_iter().filter_map(|key| Some((key.to_owned(), fields.node(key)?.json()))).collect()
}

fn identity(node: &Node, faults: &mut Faults) -> Identity {
    const KINDS: [(&str, (bool, bool)); 4] = [
        ("None", (false, false)),
        ("SystemAssigned", (true, false)),
        ("UserAssigned", (false, true)),
        ("SystemAssigned, UserAssigned", (true, true)),
    ];
    let mut fields = Fields::of(node, &sections::IDENTITY, faults);
    let (system_assigned, user) = fields.one_of("type", &KINDS).unwrap_or_default();
    let user_assigned = fields.words("userAssignedIdentities");
    if user == user_assigned.is_empty() && fields.node("type").is_some() {
        let message = "`userAssignedIdentities` and a `type` with `UserAssigned` go together";
        fields.faults.add(fields.at, message);
    }
    let (principal, client) = (fields.parsed("principalId"), fields.parsed("clientId"));
    if !system_assigned && (principal.is_some() || client.is_some()) {
        let message = "`principalId` and `clientId` go with a `type` of `SystemAssigned`";
        fields.faults.add(fields.at, message);
    }
    Identity { system_assigned, user_assigned, principal, client }
}

/// Azure takes `West Europe` and keeps `westeurope`.
fn location(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}
