//! Tenants, and who is in them.

use model::directory::GroupKind;

use crate::{
    declared::{App, Group, Guest, Tenant, User, Word},
    fault::{Faults, quoted},
    read::{access, fields::Fields, tree},
    sections,
    yaml::Node,
};

pub(super) fn tenant(node: &Node, faults: &mut Faults) -> Tenant {
    let mut fields = Fields::of(node, &sections::TENANT, faults);
    Tenant {
        name: name(&mut fields),
        display_name: fields.text("displayName"),
        domain: domain(&mut fields),
        id: fields.parsed("id"),
        country: country(&mut fields),
        users: fields.each("users", user),
        guests: fields.each("guests", guest),
        groups: fields.each("groups", group),
        apps: fields.each("apps", app),
        management_groups: fields.each("managementGroups", tree::management_group),
        subscriptions: fields.each("subscriptions", tree::subscription),
        role_definitions: fields.each("roleDefinitions", access::role_definition),
        role_assignments: fields.each("roleAssignments", access::role_assignment),
        deny_assignments: fields.each("denyAssignments", access::deny_assignment),
        locks: fields.each("locks", access::lock),
    }
}

fn user(node: &Node, faults: &mut Faults) -> User {
    let mut fields = Fields::of(node, &sections::USER, faults);
    User {
        name: name(&mut fields),
        display_name: fields.text("displayName"),
        password: fields.text("password"),
        id: fields.parsed("id"),
        enabled: fields.flag("enabled").unwrap_or(true),
    }
}

fn guest(node: &Node, faults: &mut Faults) -> Guest {
    let mut fields = Fields::of(node, &sections::GUEST, faults);
    Guest { user: fields.required("user"), id: fields.parsed("id") }
}

fn group(node: &Node, faults: &mut Faults) -> Group {
    const KINDS: [(&str, GroupKind); 2] =
        [("security", GroupKind::Security), ("microsoft365", GroupKind::Microsoft365)];
    let mut fields = Fields::of(node, &sections::GROUP, faults);
    Group {
        name: name(&mut fields),
        display_name: fields.text("displayName"),
        id: fields.parsed("id"),
        kind: fields.one_of("kind", &KINDS).unwrap_or(GroupKind::Security),
        members: fields.words("members"),
    }
}

fn app(node: &Node, faults: &mut Faults) -> App {
    let mut fields = Fields::of(node, &sections::APP, faults);
    App {
        name: name(&mut fields),
        display_name: fields.text("displayName"),
        secret: fields.text("secret"),
        id: fields.parsed::<ids::guid::ObjectId>("id").map(ids::guid::ObjectId::raw),
        client: fields.parsed("appId"),
        object: fields.parsed("objectId"),
    }
}

/// A name that references can use, and that can stand before the `@` of a sign-in name.
fn name(fields: &mut Fields<'_, '_>) -> Word {
    let word = fields.required("name");
    let legal = |c: char| c.is_alphanumeric() || "._- '+".contains(c);
    if !word.it.chars().all(legal) || word.it.trim() != word.it {
        let message = format!("{} has letters that a name cannot have", quoted(&word.it));
        fields.faults.add(word.at, message);
    }
    word
}

fn domain(fields: &mut Fields<'_, '_>) -> Word {
    let mut word = fields.required("domain");
    word.it.make_ascii_lowercase();
    let label = |label: &str| {
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(legal)
    };
    if !word.it.is_empty() && (word.it.len() > 253 || !word.it.split('.').all(label)) {
        fields.faults.add(word.at, format!("{} is not a domain", quoted(&word.it)));
    }
    word
}

fn country(fields: &mut Fields<'_, '_>) -> String {
    let Some(word) = fields.word("country") else { return "SE".to_owned() };
    if word.it.len() != 2 || !word.it.chars().all(|c| c.is_ascii_alphabetic()) {
        let message = format!("{} is not a country's two letters", quoted(&word.it));
        fields.faults.add(word.at, message);
    }
    word.it.to_ascii_uppercase()
}
