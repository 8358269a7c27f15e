//! What a manifest asks for, as people read it: in plain words first, the actions behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use access::catalogue::Catalogue;
use ids::guid::{ObjectId, RoleId, TenantId};
use market::{rights::Rights, secrets};
use model::{
    delegation::{Authorization, EligibleAuthorization, Hurdle, MultiFactor},
    market::manifest::Manifest,
    role::{Permission, RoleDefinition},
};
use operations::{offers::effective::effective, turns::Turns};
use uuid::Uuid;

use crate::{
    ask::Ask,
    trouble::Trouble,
    words::{Id, counted},
};

/// How many roles are worked out at a time: each asks for every operation there is.
static WORKING: Turns = Turns::new(1);
/// What is known of built-in roles, of which there are some hundred, and which never change.
static KNOWN: Mutex<BTreeMap<RoleId, Arc<Role>>> = Mutex::new(BTreeMap::new());

/// So many services are named one by one.
const NAMED_MAX: usize = 4;

/// Everything that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permissions {
    pub(crate) people: Vec<Granted>,
    pub(crate) roles: Vec<Arc<Role>>,
}

/// One role for one principal of the provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Granted {
    /// As the provider calls it.
    pub(crate) who: String,
    pub(crate) id: Id,
    pub(crate) role: String,
    /// *Always*, or what has to happen first.
    pub(crate) when: String,
    /// Which roles it may give to managed identities.
    pub(crate) gives: Vec<String>,
}

/// What a role lets somebody do in what was delegated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) words: Vec<String>,
    /// Operations that reveal keys, passwords or tokens.
    pub(crate) secrets: Vec<String>,
    pub(crate) actions: Vec<String>,
    pub(crate) not_actions: Vec<String>,
}

impl Permissions {
    /// What the manifest asks for, worked out in the turn of its publisher.
    pub(crate) async fn of(ask: &Ask, manifest: &Manifest) -> Result<Self, Trouble> {
        let always = manifest.authorizations.iter().map(|it| it.role);
        let all: BTreeSet<RoleId> =
            always.chain(manifest.eligible.iter().map(|it| it.role)).collect();
        let mut roles = Vec::with_capacity(all.len());
        for role in all {
            roles.extend(role_of(ask, manifest.tenant, role).await?);
        }
        roles.sort_by(|a, b| a.name.cmp(&b.name));
        let always = manifest.authorizations.iter().map(granted);
        let people = always.chain(manifest.eligible.iter().map(|it| eligible(manifest, it)));
        Ok(Self { people: people.collect(), roles })
    }

    /// Whether any of the roles reveals secrets.
    pub(crate) fn reveals(&self) -> bool {
        self.roles.iter().any(|it| !it.secrets.is_empty())
    }
}

fn granted(it: &Authorization) -> Granted {
    let given = it.delegated_roles.iter().flatten();
    Granted {
        who: called(it.principal, it.display_name.as_deref()),
        id: Id::new(it.principal),
        role: role_name(it.role),
        when: "Always".to_owned(),
        gives: given.map(|role| role_name(*role)).collect(),
    }
}

fn eligible(manifest: &Manifest, it: &EligibleAuthorization) -> Granted {
    let hurdle = Hurdle::of(it);
    let factor = match hurdle.multi_factor {
        MultiFactor::Azure => "with a second factor",
        MultiFactor::None => "without a second factor",
    };
    let named = |who: &ObjectId| called(*who, manifest.name_of(*who));
    let approvers: Vec<String> = hurdle.approvers.iter().map(named).collect();
    let approval = if approvers.is_empty() {
        "without approval".to_owned()
    } else {
        format!("approved by {}", approvers.join(" or "))
    };
    let length = counted(usize::try_from(hurdle.minutes_max).unwrap_or(usize::MAX), "minute");
    Granted {
        who: called(it.principal, it.display_name.as_deref()),
        id: Id::new(it.principal),
        role: role_name(it.role),
        when: format!("When activated: at most {length}, {factor}, {approval}"),
        gives: Vec::new(),
    }
}

fn called(who: ObjectId, name: Option<&str>) -> String {
    name.filter(|it| !it.trim().is_empty()).map_or_else(|| who.to_string(), str::to_owned)
}

/// What a built-in role is called; no other can be delegated.
pub(crate) fn role_name(role: RoleId) -> String {
    let catalogue = Catalogue::builtin();
    catalogue.role(role).map_or_else(|| format!("Role {role}"), |it| it.name.clone())
}

/// What a role gives; none where it is no built-in one, which gives nothing.
async fn role_of(ask: &Ask, tenant: TenantId, role: RoleId) -> Result<Option<Arc<Role>>, Trouble> {
    let known = |role| KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(&role).cloned();
    if let Some(known) = known(role) {
        return Ok(Some(known));
    }
    let Some(definition) = Catalogue::builtin().role(role).cloned() else { return Ok(None) };
    let operations = Arc::clone(&ask.surface.operations);
    let work = move || worked_out(tenant, &definition, &operations);
    let told = WORKING.aside(tenant, work).await.map_err(operations::error::Error::from)?;
    let told = Arc::new(told);
    let mut all = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    all.insert(role, Arc::clone(&told));
    Ok(Some(told))
}

fn worked_out(tenant: TenantId, role: &RoleDefinition, operations: &[String]) -> Role {
    let someone = ObjectId::new(Uuid::from_u128(1));
    let grant = Authorization {
        principal: someone,
        role: role.id,
        display_name: None,
        delegated_roles: None,
    };
    let manifest = Manifest { tenant, authorizations: vec![grant], eligible: Vec::new() };
    let names: Vec<&str> = operations.iter().map(String::as_str).collect();
    let gives = effective(&manifest, &names).ok();
    let nothing = Rights::default();
    let held = gives.as_ref().and_then(|it| it.held.get(&someone));
    let rights = held.map_or(&nothing, |it| &it.always);
    let said = |of: fn(&Permission) -> &[String]| {
        role.permissions.iter().flat_map(of).cloned().collect::<Vec<_>>()
    };
    let secret = rights.operations.iter().filter(|it| secrets::reveals(it));
    Role {
        name: role.name.clone(),
        words: words(rights, &names),
        secrets: secret.map(|it| (*it).to_owned()).collect(),
        actions: said(|it| &it.actions),
        not_actions: said(|it| &it.not_actions),
    }
}

/// How an operation's name ends, and what it is in plain words.
const KINDS: [(&str, &str); 4] = [
    ("/read", "See"),
    ("/write", "Create and change"),
    ("/delete", "Delete"),
    ("/action", "Run actions of"),
];

/// What rights come to, of all operations that are known: a sentence for each kind of operation.
fn words(rights: &Rights<'_>, known: &[&str]) -> Vec<String> {
    let mut words = Vec::new();
    for (end, verb) in KINDS {
        let is = |it: &&&str| it.to_ascii_lowercase().ends_with(end);
        let given: Vec<&str> = rights.operations.iter().filter(is).copied().collect();
        let all = known.iter().filter(is).count();
        if !given.is_empty() {
            words.push(format!("{verb} {}", extent(&given, all)));
        }
    }
    if rights.leaves {
        words.push("End the delegation".to_owned());
    }
    words
}

/// How much of all there is these operations are.
fn extent(given: &[&str], all: usize) -> String {
    if given.len() >= all {
        return "everything".to_owned();
    }
    if given.len().saturating_mul(10) >= all.saturating_mul(9) {
        return "nearly everything".to_owned();
    }
    let service = |it: &&str| {
        let namespace = it.split('/').next().unwrap_or_default();
        namespace.rsplit('.').next().unwrap_or_default().to_owned()
    };
    let services: BTreeSet<String> = given.iter().map(service).collect();
    let more = services.len().saturating_sub(NAMED_MAX);
    let named: Vec<String> = services.into_iter().take(NAMED_MAX).collect();
    match (named.split_last(), more) {
        (Some((last, [])), 0) => format!("things in {last}"),
        (Some((last, rest)), 0) => format!("things in {} and {last}", rest.join(", ")),
        (_, more) => {
            format!("things in {} and {}", named.join(", "), counted(more, "more service"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = [
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Compute/virtualMachines/read",
        "Microsoft.Network/networks/read",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Compute/virtualMachines/write",
        "Microsoft.Storage/storageAccounts/listKeys/action",
    ];

    fn said(operations: &[&'static str], leaves: bool) -> Vec<String> {
        let operations = operations.iter().copied().collect();
        words(&Rights { operations, leaves, ..Rights::default() }, &KNOWN)
    }

    #[test]
    fn rights_are_said_in_plain_words() {
        assert_eq!(said(&KNOWN[..3], false), ["See everything"]);
        assert_eq!(said(&KNOWN[..1], false), ["See things in Storage"]);
        assert_eq!(
            said(&KNOWN[..2], true),
            ["See things in Compute and Storage", "End the delegation"]
        );
        assert_eq!(
            said(&KNOWN[3..], false),
            ["Create and change everything", "Run actions of everything"]
        );
        assert!(said(&[], false).is_empty());
    }

    #[test]
    fn many_services_are_counted() {
        let given =
            ["A.One/x/read", "A.Two/x/read", "A.Three/x/read", "A.Four/x/read", "A.Six/x/read"];
        assert_eq!(extent(&given, 100), "things in Four, One, Six, Three and 1 more service");
        assert_eq!(extent(&given, 5), "everything");
        let most: Vec<&str> = given.iter().copied().cycle().take(95).collect();
        assert_eq!(extent(&most, 100), "nearly everything");
    }
}
