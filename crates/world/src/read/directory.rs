//! Tenants, and who is in them.

use document::{
    fault::{Faults, quoted},
    fields::Fields,
    place::Word,
    tree::Node,
};
use model::directory::{Audience, GroupKind};

use crate::{
    declared::{App, Group, Guest, Secret, Tenant, User},
    read::{access, delegation, market, registration, tree},
    sections,
};

/// What Azure allows.
const SIGN_IN_NAME_BYTES_MAX: usize = 1024;

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
        directory_roles: fields.each("directoryRoles", access::directory_role),
        resources: fields.each("resources", tree::resource),
        role_definitions: fields.each("roleDefinitions", access::role_definition),
        role_assignments: fields.each("roleAssignments", access::role_assignment),
        deny_assignments: fields.each("denyAssignments", access::deny_assignment),
        locks: fields.each("locks", access::lock),
        delegations: fields.each("delegations", delegation::delegation),
        activation_policies: fields.each("activationPolicies", delegation::activation_policy),
        account: fields.one("account", market::account),
        acceptances: fields.each("acceptances", market::acceptance),
    }
}

fn user(node: &Node, faults: &mut Faults) -> User {
    let mut fields = Fields::of(node, &sections::USER, faults);
    User {
        name: name(&mut fields),
        sign_in_name: sign_in_name(&mut fields),
        display_name: fields.text("displayName"),
        password: fields.text("password"),
        totp: fields.parsed("totp"),
        id: fields.parsed("id"),
        enabled: fields.flag("enabled").unwrap_or(true),
    }
}

fn guest(node: &Node, faults: &mut Faults) -> Guest {
    let mut fields = Fields::of(node, &sections::GUEST, faults);
    Guest {
        user: fields.required("user"),
        sign_in_name: sign_in_name(&mut fields),
        display_name: fields.text("displayName"),
        id: fields.parsed("id"),
        enabled: fields.flag("enabled").unwrap_or(true),
    }
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
        owners: fields.words("owners"),
    }
}

fn app(node: &Node, faults: &mut Faults) -> App {
    const AUDIENCES: [(&str, Audience); 2] =
        [("AzureADMyOrg", Audience::Home), ("AzureADMultipleOrgs", Audience::Organizations)];
    let mut fields = Fields::of(node, &sections::APP, faults);
    let of = fields.word("app");
    let name = match &of {
        Some(of) => foreign(&mut fields, of),
        None => name(&mut fields),
    };
    App {
        name,
        of,
        display_name: fields.text("displayName"),
        secret: fields.text("secret"),
        secrets: fields.each("secrets", secret),
        certificate: registration::certificate(&mut fields),
        federated: fields.each("federatedCredentials", registration::federated),
        redirects: fields.one("redirectUris", registration::redirects),
        audience: fields.one_of("signInAudience", &AUDIENCES),
        enabled: fields.flag("enabled").unwrap_or(true),
        id: fields.parsed::<ids::guid::ObjectId>("id").map(ids::guid::ObjectId::raw),
        client: fields.parsed("appId"),
        object: fields.parsed("objectId"),
        application_object: fields.parsed("applicationObjectId"),
        has_service_principal: fields.flag("servicePrincipal").unwrap_or(true),
        owners: fields.words("owners"),
        principal_owners: fields.words("servicePrincipalOwners"),
    }
}

fn secret(node: &Node, faults: &mut Faults) -> Secret {
    let mut fields = Fields::of(node, &sections::SECRET, faults);
    Secret {
        name: fields.required("name"),
        value: fields.required("value").it,
        expires: fields.parsed("expires"),
    }
}

/// The name of another tenant's application here: what it is called there. What belongs to its
/// registration is said there, too.
fn foreign(fields: &mut Fields<'_, '_>, of: &Word) -> Word {
    const REGISTERED: [&str; 12] = [
        "name",
        "secret",
        "secrets",
        "certificate",
        "federatedCredentials",
        "redirectUris",
        "signInAudience",
        "id",
        "appId",
        "applicationObjectId",
        "servicePrincipal",
        "owners",
    ];
    for key in REGISTERED {
        if let Some(node) = fields.node(key) {
            let message = format!("`{key}` is said where {} is registered", quoted(&of.it));
            fields.faults.add(node.at, message);
        }
    }
    let name = of.it.rsplit('/').next().unwrap_or_default().to_owned();
    Word { at: of.at, it: name }
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

/// A sign-in name in full, where it does not follow from the name.
fn sign_in_name(fields: &mut Fields<'_, '_>) -> Option<Word> {
    let word = fields.word("signInName")?;
    let legal = |c: char| !c.is_whitespace() && !c.is_control();
    let parts = word.it.split_once('@').is_some_and(|(before, after)| {
        !before.is_empty() && !after.is_empty() && !after.contains('@')
    });
    if !parts || !word.it.chars().all(legal) || word.it.len() > SIGN_IN_NAME_BYTES_MAX {
        fields.faults.add(word.at, format!("{} is no sign-in name", quoted(&word.it)));
    }
    Some(word)
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
