//! A difference as people read it, and as programs do.

use std::{collections::BTreeMap, fmt::Write as _};

use ids::guid::{ObjectId, Principal, RoleId};
use market::{
    difference::{Change, Difference, Overall},
    rights::{Activation, Rights},
    secrets,
};
use model::{
    delegation::{Hurdle, MultiFactor},
    market::manifest::Manifest,
};
use serde_json::{Value, json};

/// So many operations of one provider are named one by one.
const NAMED_MAX: usize = 4;

/// What the things of a difference are called.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub before: &'a Manifest,
    pub after: &'a Manifest,
    /// What a role is called.
    pub role: &'a dyn Fn(RoleId) -> Option<String>,
}

impl Named<'_> {
    fn principal(&self, who: Principal) -> String {
        let (object, tenant) = (who.object, who.tenant);
        let of = |it: &Manifest| {
            (it.tenant == tenant).then(|| it.name_of(object)).flatten().map(str::to_owned)
        };
        let is_mixed = self.before.tenant != self.after.tenant;
        let of_tenant = if is_mixed { format!(" of tenant {tenant}") } else { String::new() };
        let name = of(self.after).or_else(|| of(self.before));
        name.map_or_else(|| object.to_string(), |name| format!("{name} ({object})")) + &of_tenant
    }

    fn approver(&self, who: ObjectId) -> String {
        let eligible = self.after.eligible.iter().chain(&self.before.eligible);
        let mut approvers =
            eligible.filter_map(|it| it.policy.as_ref()).flat_map(|it| &it.approvers);
        let name = approvers.find(|it| it.principal == who).and_then(|it| it.display_name.clone());
        name.unwrap_or_else(|| who.to_string())
    }

    fn role(&self, role: RoleId) -> String {
        (self.role)(role).unwrap_or_else(|| role.to_string())
    }
}

/// A paragraph for everybody for whom something changes.
pub fn text(difference: &Difference<'_>, named: &Named<'_>) -> String {
    let mut text = format!("{}\n", heading(difference.overall()));
    for (who, change) in &difference.changes {
        let _ = writeln!(text, "\n{}", named.principal(*who));
        always(&change.gained, "+", "may now always", named, &mut text);
        always(&change.lost, "-", "may no longer always", named, &mut text);
        activated(&change.easier, "+", "may now, or more easily,", named, &mut text);
        activated(&change.harder, "-", "may no longer, or less easily,", named, &mut text);
    }
    text
}

fn heading(overall: Overall) -> &'static str {
    match overall {
        Overall::Same => "Nothing changes: everybody may do what they could do before.",
        Overall::Narrower => "Narrower: some may do less, and nobody more.",
        Overall::Wider => "Wider: some may do more, and nobody less.",
        Overall::Both => "Wider and narrower: some may do more, and some less.",
    }
}

fn always(rights: &Rights<'_>, sign: &str, says: &str, named: &Named<'_>, text: &mut String) {
    if !rights.is_empty() {
        let _ = writeln!(text, "  {says}");
        one(rights, sign, named, text);
    }
}

fn activated(
    all: &BTreeMap<RoleId, Activation<'_>>,
    sign: &str,
    says: &str,
    named: &Named<'_>,
    text: &mut String,
) {
    for (role, it) in all {
        let (role, hurdle) = (named.role(*role), hurdle(&it.hurdle, named));
        let _ = writeln!(text, "  {says} by activating {role} ({hurdle})");
        one(&it.rights, sign, named, text);
    }
}

fn hurdle(hurdle: &Hurdle, named: &Named<'_>) -> String {
    let factor = match hurdle.multi_factor {
        MultiFactor::Azure => "with a second factor",
        MultiFactor::None => "without a second factor",
    };
    let approvers: Vec<String> = hurdle.approvers.iter().map(|it| named.approver(*it)).collect();
    let approval = if approvers.is_empty() {
        "without approval".to_owned()
    } else {
        format!("approved by {}", approvers.join(" or "))
    };
    format!("at most {} minutes, {factor}, {approval}", hurdle.minutes_max)
}

/// What reveals secrets first and one by one, then the rest by provider.
fn one(rights: &Rights<'_>, sign: &str, named: &Named<'_>, text: &mut String) {
    for role in &rights.gives {
        let role = named.role(*role);
        let _ = writeln!(text, "    {sign} give {role} to managed identities, and take it");
    }
    if rights.leaves {
        let _ = writeln!(text, "    {sign} end the delegation");
    }
    let (secret, plain): (Vec<&str>, Vec<&str>) =
        rights.operations.iter().partition(|it| secrets::reveals(it));
    for operation in secret {
        let _ = writeln!(text, "    {sign} {operation}  reveals secrets");
    }
    let mut providers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in plain {
        let (namespace, name) = operation.split_once('/').unwrap_or((operation, ""));
        providers.entry(namespace).or_default().push(name);
    }
    for (namespace, names) in providers {
        if names.len() > NAMED_MAX {
            let _ = writeln!(text, "    {sign} {namespace}: {} operations", names.len());
        } else {
            for name in names {
                let _ = writeln!(text, "    {sign} {namespace}/{name}");
            }
        }
    }
}

/// The word for it.
pub fn overall(overall: Overall) -> &'static str {
    match overall {
        Overall::Same => "same",
        Overall::Narrower => "narrower",
        Overall::Wider => "wider",
        Overall::Both => "both",
    }
}

/// Every operation by its name.
pub fn json(difference: &Difference<'_>, named: &Named<'_>) -> Value {
    let change = |(who, change): (&Principal, &Change<'_>)| {
        json!({
            "principalId": who.object,
            "tenantId": who.tenant,
            "displayName": named.after.name_of(who.object).or_else(|| named.before.name_of(who.object)),
            "gained": rights(&change.gained, named),
            "lost": rights(&change.lost, named),
            "easier": activations(&change.easier, named),
            "harder": activations(&change.harder, named),
        })
    };
    let overall = overall(difference.overall());
    json!({ "overall": overall, "changes": difference.changes.iter().map(change).collect::<Vec<_>>() })
}

fn rights(rights: &Rights<'_>, named: &Named<'_>) -> Value {
    let role = |id: &RoleId| json!({ "roleDefinitionId": id, "roleName": named.role(*id) });
    let secret = rights.operations.iter().filter(|it| secrets::reveals(it));
    json!({
        "operations": rights.operations,
        "revealsSecrets": secret.collect::<Vec<_>>(),
        "givesRoles": rights.gives.iter().map(role).collect::<Vec<_>>(),
        "endsDelegation": rights.leaves,
    })
}

fn activations(all: &BTreeMap<RoleId, Activation<'_>>, named: &Named<'_>) -> Value {
    let one = |(role, it): (&RoleId, &Activation<'_>)| {
        json!({
            "roleDefinitionId": role,
            "roleName": named.role(*role),
            "maximumMinutes": it.hurdle.minutes_max,
            "secondFactor": it.hurdle.multi_factor == MultiFactor::Azure,
            "approvers": it.hurdle.approvers,
            "rights": rights(&it.rights, named),
        })
    };
    all.iter().map(one).collect()
}
