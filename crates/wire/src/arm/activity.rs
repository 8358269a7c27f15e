//! Records of the activity log as Azure Monitor shows them (`EventData`, api-version 2015-04-01;
//! ARM contract, §5, and Lighthouse contract, §4).

use std::collections::BTreeMap;

use ids::{
    guid::{CorrelationId, EventId, SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activity::{Activity, Level, Log, Outcome},
    defect::Defect,
    event::{Caller, CallerKind},
};
use serde::Serialize;
use serde_json::{Value, json};

/// One record.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    pub authorization: Authorization,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    pub channels: &'static str,
    pub claims: BTreeMap<&'static str, String>,
    pub correlation_id: CorrelationId,
    pub description: String,
    pub event_data_id: EventId,
    pub event_name: Localized,
    pub category: Localized,
    pub http_request: HttpRequest,
    pub id: String,
    pub level: &'static str,
    pub resource_group_name: String,
    pub resource_provider_name: Localized,
    pub resource_id: String,
    pub resource_type: Localized,
    pub operation_id: EventId,
    pub operation_name: Localized,
    pub properties: BTreeMap<&'static str, String>,
    pub status: Localized,
    pub sub_status: Localized,
    pub event_timestamp: String,
    pub submission_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    pub tenant_id: TenantId,
    pub related_events: [(); 0],
}

/// What was asked for, and where.
#[derive(Debug, Serialize)]
pub struct Authorization {
    pub action: String,
    pub scope: String,
}

/// A word and its form for people.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Localized {
    pub value: String,
    pub localized_value: String,
}

impl Localized {
    fn same(word: impl Into<String>) -> Self {
        let value = word.into();
        Self { localized_value: value.clone(), value }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip_address: Option<String>,
    pub method: String,
}

impl EventData {
    /// The record, of a log that belongs to the tenant `home`.
    pub fn new(activity: Activity, home: TenantId) -> Self {
        let (kind, namespace) = (kind_of(&activity), namespace_of(&activity));
        let (resource_id, at) = (activity.scope.to_string(), time(activity.at));
        let (hierarchy, level) = (hierarchy(&activity, home), level(activity.level()));
        let category = if activity.is_of_policy() { POLICY } else { "Administrative" };
        let Activity {
            id,
            at: moment,
            began: _,
            log,
            caller,
            action,
            scope,
            outcome,
            status_code,
            correlation,
            operation,
            method,
            client_request,
            client_address,
            description,
            message,
            defects,
        } = activity;
        Self {
            authorization: Authorization {
                action: action.as_str().to_owned(),
                scope: resource_id.clone(),
            },
            claims: caller.as_ref().map(claims).unwrap_or_default(),
            caller: caller.map(|it| it.name),
            channels: "Operation",
            correlation_id: correlation,
            description: if category == POLICY { String::new() } else { description.clone() },
            event_data_id: id,
            event_name: event_name(outcome),
            category: Localized::same(category),
            http_request: HttpRequest {
                client_request_id: client_request,
                client_ip_address: client_address,
                method,
            },
            id: format!("{}/events/{id}/ticks/{}", trimmed(&resource_id), ticks(moment)),
            level,
            resource_group_name: scope
                .resource_group()
                .map(ToString::to_string)
                .unwrap_or_default(),
            resource_provider_name: Localized::same(namespace),
            properties: properties(outcome, status_code, &resource_id, hierarchy, message, id)
                .into_iter()
                .chain(copied(&defects))
                .chain(of_policy(category, &description))
                .collect(),
            resource_id,
            resource_type: Localized::same(kind),
            operation_id: operation,
            operation_name: operation_name(action.as_str()),
            status: Localized::same(word(outcome)),
            sub_status: sub_status(outcome, status_code),
            event_timestamp: at.clone(),
            submission_timestamp: at,
            subscription_id: subscription_of(log, &scope),
            tenant_id: home,
            related_events: [],
        }
    }
}

/// The members of a record that a client selected, by name without regard to case; all, where
/// none are.
pub fn selected(event: &EventData, select: &[String]) -> Value {
    let mut value = json!(event);
    let wanted = |name: &str| select.iter().any(|it| it.eq_ignore_ascii_case(name));
    if let Some(members) = value.as_object_mut().filter(|_| !select.is_empty()) {
        members.retain(|name, _| wanted(name));
    }
    value
}

/// How bad a record is, in Azure's words.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Informational => "Informational",
        Level::Warning => "Warning",
        Level::Error => "Error",
    }
}

/// How far the operation had come, in Azure's words.
pub fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Started => "Started",
        Outcome::Accepted => "Accepted",
        Outcome::Succeeded => "Succeeded",
        Outcome::Failed => "Failed",
    }
}

fn event_name(outcome: Outcome) -> Localized {
    let (value, shown) = match outcome {
        Outcome::Started => ("BeginRequest", "Begin request"),
        Outcome::Accepted | Outcome::Succeeded | Outcome::Failed => ("EndRequest", "End request"),
    };
    Localized { value: value.to_owned(), localized_value: shown.to_owned() }
}

/// What the token said of the caller. The tenant is what finds a provider's activity in a
/// customer's log.
fn claims(caller: &Caller) -> BTreeMap<&'static str, String> {
    const OBJECT: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    const TENANT: &str = "http://schemas.microsoft.com/identity/claims/tenantid";
    const UPN: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
    const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
    const METHODS: &str = "http://schemas.microsoft.com/claims/authnmethodsreferences";
    let mut claims = BTreeMap::from([
        (OBJECT, caller.principal.object.to_string()),
        (TENANT, caller.principal.tenant.to_string()),
        ("appid", caller.app.to_string()),
    ]);
    match caller.kind {
        CallerKind::User => {
            claims.insert(UPN, caller.name.clone());
            claims.insert(NAME, caller.name.clone());
        }
        CallerKind::Application => drop(claims.insert("idtyp", "app".to_owned())),
        CallerKind::ManagedIdentity => {
            claims.insert("idtyp", "app".to_owned());
            claims.insert(
                "http://schemas.microsoft.com/identity/claims/identityprovider",
                "MSI".to_owned(),
            );
        }
    }
    if !caller.methods.is_empty() {
        claims.insert(METHODS, caller.methods.join(","));
    }
    claims
}

/// Azure's name for an operation, where it is known to differ from the action's.
fn operation_name(action: &str) -> Localized {
    const SHOWN: [(&str, &str); 6] = [
        (
            "Microsoft.ManagedServices/registrationAssignments/write",
            "Add Managed Services Registration Assignment",
        ),
        (
            "Microsoft.ManagedServices/registrationAssignments/delete",
            "Delete Managed Services Registration Assignment",
        ),
        (
            "Microsoft.ManagedServices/registrationDefinitions/write",
            "Add Managed Services Registration Definition",
        ),
        (
            "Microsoft.ManagedServices/registrationDefinitions/delete",
            "Delete Managed Services Registration Definition",
        ),
        ("Microsoft.Authorization/roleAssignments/write", "Create role assignment"),
        ("Microsoft.Authorization/roleAssignments/delete", "Delete role assignment"),
    ];
    let found = SHOWN.iter().find(|(name, _)| name.eq_ignore_ascii_case(action));
    let localized_value = found.map_or(action, |(_, shown)| shown).to_owned();
    Localized { value: action.to_owned(), localized_value }
}

fn sub_status(outcome: Outcome, code: u16) -> Localized {
    if outcome == Outcome::Started {
        return Localized::same("");
    }
    let reason = reason(code);
    let value = reason.replace(' ', "");
    Localized { value, localized_value: format!("{reason} (HTTP Status Code: {code})") }
}

/// HTTP's words for the codes that ARM answers with.
fn reason(code: u16) -> &'static str {
    match code {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

fn properties(
    outcome: Outcome,
    code: u16,
    entity: &str,
    hierarchy: String,
    message: Option<String>,
    id: EventId,
) -> BTreeMap<&'static str, String> {
    let mut properties = BTreeMap::from([
        ("eventCategory", "Administrative".to_owned()),
        ("entity", entity.to_owned()),
        ("hierarchy", hierarchy),
        ("serviceRequestId", id.to_string()),
    ]);
    if outcome != Outcome::Started {
        properties.insert("statusCode", reason(code).replace(' ', ""));
    }
    if let Some(message) = message {
        let (code, text) = message.split_once(": ").unwrap_or(("Failed", &message));
        let body = json!({ "error": { "code": code, "message": text } });
        properties.insert("statusMessage", body.to_string());
        properties.insert("message", message);
    }
    properties
}

/// The category of what policies say.
const POLICY: &str = "Policy";

/// Of a record of policies: which they are, as Azure's records name them.
fn of_policy(category: &'static str, policies: &str) -> BTreeMap<&'static str, String> {
    if category != POLICY {
        return BTreeMap::new();
    }
    BTreeMap::from([
        ("eventCategory", POLICY.to_owned()),
        ("isComplianceCheck", "False".to_owned()),
        ("policies", policies.to_owned()),
    ])
}

/// What the azure profile did as Azure does it though it is wrong: Fyr's own properties.
fn copied(defects: &[Defect]) -> BTreeMap<&'static str, String> {
    let joined = |text: fn(Defect) -> &'static str, by: &str| {
        defects.iter().map(|it| text(*it)).collect::<Vec<_>>().join(by)
    };
    if defects.is_empty() {
        return BTreeMap::new();
    }
    BTreeMap::from([
        ("copiedDefect", joined(Defect::id, ",")),
        ("copiedDefectMessage", joined(Defect::sentence, " ")),
        ("copiedDefectSource", joined(Defect::documented, " ")),
    ])
}

fn hierarchy(activity: &Activity, home: TenantId) -> String {
    match activity.log {
        Log::Subscription(id) => format!("{home}/{id}"),
        Log::Tenant(id) => id.to_string(),
    }
}

fn subscription_of(log: Log, scope: &Scope) -> Option<SubscriptionId> {
    match log {
        Log::Subscription(id) => Some(id),
        Log::Tenant(_) => scope.subscription(),
    }
}

/// The type that an action is on: what stands before the verb, and before an action's name.
fn kind_of(activity: &Activity) -> String {
    let name = activity.action.as_str();
    let before = name.rsplit_once('/').map_or(name, |(before, _)| before);
    if !activity.action.verb().eq_ignore_ascii_case("action") {
        return before.to_owned();
    }
    before.rsplit_once('/').map_or(before, |(kind, _)| kind).to_owned()
}

fn namespace_of(activity: &Activity) -> String {
    activity.action.as_str().split('/').next().unwrap_or_default().to_owned()
}

fn trimmed(scope: &str) -> &str {
    scope.trim_end_matches('/')
}

fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f0Z").to_string()
}

/// .NET's count: tenths of microseconds since the year 1.
fn ticks(at: Timestamp) -> i64 {
    const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
    UNIX_EPOCH.saturating_add(at.as_microsecond().saturating_mul(10))
}

#[cfg(test)]
mod tests;
