//! `roleManagementPolicies`: what has to happen before somebody holds a role just in time.
//!
//! Azure's policies have seventeen rules. Those about activating count here; the others say what
//! is so anyway, and are shown for clients that look for them. A change of what is not kept is
//! refused rather than passed over.

use std::collections::BTreeSet;

use ids::guid::ObjectId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::time;
use crate::arm::{
    content::{BadContent, Content, Field, Fields},
    duration,
};

const EXPIRATION: &str = "Expiration_EndUser_Assignment";
const ENABLEMENT: &str = "Enablement_EndUser_Assignment";
const APPROVAL: &str = "Approval_EndUser_Assignment";
const CONTEXT: &str = "AuthenticationContext_EndUser_Assignment";

/// What has to come with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Enabled {
    MultiFactorAuthentication,
    Justification,
    Ticketing,
}

impl Enabled {
    const ALL: [(&'static str, Self); 3] = [
        ("MultiFactorAuthentication", Self::MultiFactorAuthentication),
        ("Justification", Self::Justification),
        ("Ticketing", Self::Ticketing),
    ];
}

/// Somebody who may agree, or whose members may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApproverPut {
    pub id: ObjectId,
    pub is_group: bool,
    pub description: Option<String>,
}

/// What a policy asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The longest that a role may be held; none where that is not bounded.
    pub longest: Option<SignedDuration>,
    pub enabled: BTreeSet<Enabled>,
    pub approvers: Vec<ApproverPut>,
}

/// `PATCH …/roleManagementPolicies/{name}`, the request: the rules that it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyPatch {
    /// Some rule about it: how long, or without bound.
    pub longest: Option<Option<SignedDuration>>,
    pub enabled: Option<BTreeSet<Enabled>>,
    pub approvers: Option<Vec<ApproverPut>>,
    /// Whether whoever asks for approval has to say why: then a justification is to come with each
    /// request, whatever else is said of it.
    pub is_reason_asked: bool,
}

impl PolicyPatch {
    /// The rules as they are after it.
    #[must_use]
    pub fn applied(self, before: Rules) -> Rules {
        let mut enabled = self.enabled.unwrap_or(before.enabled);
        if self.is_reason_asked {
            enabled.insert(Enabled::Justification);
        }
        let longest = self.longest.unwrap_or(before.longest);
        Rules { longest, enabled, approvers: self.approvers.unwrap_or(before.approvers) }
    }
}

/// Reads the body of a `PATCH`.
pub fn read(body: &[u8]) -> Result<PolicyPatch, BadContent> {
    let content = Content::parse(body)?;
    let rules = content.fields()?.get("properties")?.fields()?.get("rules")?;
    let mut patch = PolicyPatch::default();
    for field in rules.items()? {
        let it = field.clone().fields()?;
        let id = it.get("id")?;
        match id.text()? {
            EXPIRATION => patch.longest = Some(longest(&it)?),
            ENABLEMENT => patch.enabled = Some(enabled(&it)?),
            APPROVAL => {
                let setting = it.get("setting")?.fields()?;
                patch.approvers = Some(approvers(&setting)?);
                patch.is_reason_asked = asks_for_reason(&setting)?;
            }
            CONTEXT => {
                nothing(it.find("isEnabled").as_ref(), "an authentication context is not known")?;
            }
            other => unchanged(other, &id, &field)?,
        }
    }
    Ok(patch)
}

/// A rule that is shown and not kept may come back as it is.
fn unchanged(name: &str, id: &Field<'_>, field: &Field<'_>) -> Result<(), BadContent> {
    let shown = shown_otherwise().into_iter();
    let found = shown.clone().find(|it| it.get("id").and_then(Value::as_str) == Some(name));
    match found {
        Some(rule) if field.is_within(&rule) => Ok(()),
        Some(_) => Err(id.refused("must be a rule about activating: others stay as they are")),
        None => Err(id.refused("must be the id of a rule of a policy")),
    }
}

fn longest(rule: &Fields<'_>) -> Result<Option<SignedDuration>, BadContent> {
    let bounded = rule.find("isExpirationRequired").map(|it| it.flag()).transpose()?;
    if bounded == Some(false) {
        return Ok(None);
    }
    let field = rule.get("maximumDuration")?;
    let longest = duration::read(&field)?;
    if longest != SignedDuration::from_mins(longest.as_mins()) {
        return Err(field.refused("must be of whole minutes"));
    }
    Ok(Some(longest))
}

fn enabled(rule: &Fields<'_>) -> Result<BTreeSet<Enabled>, BadContent> {
    let one = |field: Field<'_>| {
        let text = field.text()?;
        let found = Enabled::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        let must = "must be 'MultiFactorAuthentication', 'Justification' or 'Ticketing'";
        found.map(|(_, it)| *it).ok_or_else(|| field.refused(must))
    };
    Ok(rule.get("enabledRules")?.each(one)?.into_iter().collect())
}

/// One stage, whose approvers are all alike. Nobody else is asked when time passes.
fn approvers(setting: &Fields<'_>) -> Result<Vec<ApproverPut>, BadContent> {
    let extending = setting.find("isApprovalRequiredForExtension");
    nothing(extending.as_ref(), "an activation is not extended, but asked for again")?;
    if !setting.get("isApprovalRequired")?.flag()? {
        return Ok(Vec::new());
    }
    let field = setting.get("approvalStages")?;
    match field.items()?.as_slice() {
        [only] => stage(&only.clone().fields()?),
        _ => Err(field.refused("must have exactly one stage")),
    }
}

fn stage(it: &Fields<'_>) -> Result<Vec<ApproverPut>, BadContent> {
    nothing(it.find("isEscalationEnabled").as_ref(), "nobody else is asked when time passes")?;
    let silent = "an approver may say why, and need not";
    nothing(it.find("isApproverJustificationRequired").as_ref(), silent)?;
    if let Some(days) = it.find("approvalStageTimeOutInDays")
        && days.number()? != 1
    {
        return Err(days.refused("must be 1: so long a request waits"));
    }
    let named = it.get("primaryApprovers")?;
    let approvers = named.each(approver)?;
    if approvers.is_empty() {
        return Err(named.refused("must name somebody where approval is required"));
    }
    Ok(approvers)
}

fn asks_for_reason(setting: &Fields<'_>) -> Result<bool, BadContent> {
    let flag = setting.find("isRequestorJustificationRequired");
    Ok(flag.map(|it| it.flag()).transpose()?.unwrap_or_default())
}

fn approver(field: Field<'_>) -> Result<ApproverPut, BadContent> {
    let it = field.fields()?;
    let is_group = match it.find("userType") {
        None => false,
        Some(kind) => match kind.text()? {
            text if text.eq_ignore_ascii_case("Group") => true,
            text if text.eq_ignore_ascii_case("User") => false,
            _ => return Err(kind.refused("must be 'User' or 'Group'")),
        },
    };
    let description = it.find("description").map(|it| it.text().map(str::to_owned)).transpose()?;
    Ok(ApproverPut { id: it.get("id")?.guid()?, is_group, description })
}

fn nothing(flag: Option<&Field<'_>>, why: &'static str) -> Result<(), BadContent> {
    match flag {
        Some(field) if field.flag()? => Err(field.refused(format!("must be false: {why}"))),
        Some(_) | None => Ok(()),
    }
}

/// A policy with all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: String,
    pub name: String,
    pub scope: String,
    /// Whether nobody has changed it.
    pub is_default: bool,
    pub rules: Rules,
    pub modified: Option<(Timestamp, Option<String>)>,
}

/// A policy as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PolicyBody {
    properties: Properties,
    name: String,
    id: String,
    r#type: &'static str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    scope: String,
    display_name: Option<String>,
    description: Option<String>,
    is_organization_default: bool,
    last_modified_date_time: Option<String>,
    last_modified_by: Value,
    rules: Vec<Value>,
    effective_rules: Vec<Value>,
}

impl From<Shown> for PolicyBody {
    fn from(shown: Shown) -> Self {
        let Shown { id, name, scope, is_default, rules, modified } = shown;
        let rules = all(&rules);
        let by = modified.as_ref().and_then(|(_, by)| by.clone());
        let properties = Properties {
            scope,
            display_name: None,
            description: None,
            is_organization_default: is_default,
            last_modified_date_time: modified.map(|(at, _)| time(at)),
            last_modified_by: json!({ "id": null, "displayName": by, "type": null, "email": null }),
            effective_rules: rules.clone(),
            rules,
        };
        Self { properties, name, id, r#type: "Microsoft.Authorization/roleManagementPolicies" }
    }
}

/// A policy's tie to a role, as ARM shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct PolicyAssignmentBody {
    properties: AssignmentProperties,
    name: String,
    id: String,
    r#type: &'static str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssignmentProperties {
    scope: String,
    role_definition_id: String,
    policy_id: String,
    effective_rules: Vec<Value>,
}

impl PolicyAssignmentBody {
    /// The tie of that policy to the role of that GUID and id.
    pub fn new(policy: Shown, role: ids::guid::RoleId, role_definition_id: String) -> Self {
        const KIND: &str = "Microsoft.Authorization/roleManagementPolicyAssignments";
        let Shown { id: policy_id, name, scope, rules, .. } = policy;
        let name = format!("{name}_{role}");
        let id = format!("{scope}/providers/{KIND}/{name}");
        let effective_rules = all(&rules);
        let properties =
            AssignmentProperties { scope, role_definition_id, policy_id, effective_rules };
        Self { properties, name, id, r#type: KIND }
    }
}

fn all(rules: &Rules) -> Vec<Value> {
    let mut all = vec![expiration(rules), enablement(rules), approval(rules)];
    all.push(rule(
        (CONTEXT, "RoleManagementPolicyAuthenticationContextRule"),
        ("EndUser", "Assignment"),
        json!({ "isEnabled": false, "claimValue": "" }),
    ));
    all.extend(shown_otherwise());
    all
}

fn expiration(rules: &Rules) -> Value {
    let longest = rules.longest.map(duration::write);
    rule(
        (EXPIRATION, "RoleManagementPolicyExpirationRule"),
        ("EndUser", "Assignment"),
        json!({ "isExpirationRequired": longest.is_some(), "maximumDuration": longest }),
    )
}

fn enablement(rules: &Rules) -> Value {
    rule(
        (ENABLEMENT, "RoleManagementPolicyEnablementRule"),
        ("EndUser", "Assignment"),
        json!({ "enabledRules": rules.enabled }),
    )
}

fn approval(rules: &Rules) -> Value {
    let approvers = rules.approvers.iter().map(|it| {
        json!({
            "id": it.id,
            "description": it.description,
            "isBackup": false,
            "userType": if it.is_group { "Group" } else { "User" },
        })
    });
    let approvers: Vec<Value> = approvers.collect();
    let required = !approvers.is_empty();
    let stage = json!({
        "approvalStageTimeOutInDays": 1,
        "isApproverJustificationRequired": false,
        "escalationTimeInMinutes": 0,
        "primaryApprovers": approvers,
        "isEscalationEnabled": false,
        "escalationApprovers": null,
    });
    let setting = json!({
        "isApprovalRequired": required,
        "isApprovalRequiredForExtension": false,
        "isRequestorJustificationRequired": rules.enabled.contains(&Enabled::Justification),
        "approvalMode": if required { "SingleStage" } else { "NoApproval" },
        "approvalStages": [stage],
    });
    rule(
        (APPROVAL, "RoleManagementPolicyApprovalRule"),
        ("EndUser", "Assignment"),
        json!({ "setting": setting }),
    )
}

/// The rules about what administrators give: nothing has to come with it, and nothing bounds it.
fn shown_otherwise() -> Vec<Value> {
    let of = |level: &str| {
        let expiration = rule(
            (&format!("Expiration_Admin_{level}"), "RoleManagementPolicyExpirationRule"),
            ("Admin", level),
            json!({ "isExpirationRequired": false, "maximumDuration": null }),
        );
        let enablement = rule(
            (&format!("Enablement_Admin_{level}"), "RoleManagementPolicyEnablementRule"),
            ("Admin", level),
            json!({ "enabledRules": [] }),
        );
        [expiration, enablement]
    };
    ["Eligibility", "Assignment"].into_iter().flat_map(of).collect()
}

fn rule((id, kind): (&str, &str), (caller, level): (&str, &str), says: Value) -> Value {
    let mut rule = says;
    if let Some(members) = rule.as_object_mut() {
        members.insert("id".to_owned(), id.into());
        members.insert("ruleType".to_owned(), kind.into());
        let target = json!({
            "caller": caller,
            "operations": ["All"],
            "level": level,
            "targetObjects": null,
            "inheritableSettings": null,
            "enforcedSettings": null,
        });
        members.insert("target".to_owned(), target);
    }
    rule
}
