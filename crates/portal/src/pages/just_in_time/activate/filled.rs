//! The form as somebody fills it in: every field as it was typed, and what is wrong with it.

use activation::{
    demands::{Demands, MINUTES_MIN, START_AHEAD},
    refused::{Refused as Decision, Rule},
    request::Request,
};
use ids::{guid::ObjectId, resource::ActivationId, scope::Scope};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use model::activation::Ticket;
use operations::activation::{Refused, ask::Ask as Wish, eligibility::Eligible};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{fields::Fields, words::lasting};

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filled {
    /// A resource group, where not the whole of the delegation is meant.
    pub(super) group: String,
    pub(super) minutes: String,
    /// As a browser writes a time without a zone; it is meant as UTC.
    pub(super) start: String,
    pub(super) justification: String,
    pub(super) number: String,
    pub(super) system: String,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    pub(super) words: String,
}

fn wrong(field: &'static str, words: impl Into<String>) -> Wrong {
    Wrong { field, words: words.into() }
}

impl Filled {
    /// Nothing typed yet: at once, and for as long as is allowed.
    pub(super) fn blank(minutes_max: u32) -> Self {
        Self { minutes: minutes_max.to_string(), ..Self::default() }
    }

    pub(super) fn of(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
        Self {
            group: text("group"),
            minutes: text("minutes"),
            start: text("start"),
            // Browsers send lines of a form in a way of their own.
            justification: text("justification").replace("\r\n", "\n"),
            number: text("ticket-number"),
            system: text("ticket-system"),
        }
    }

    /// What is asked for, under a name of its own; or what cannot be read.
    pub(super) fn wish(
        &self,
        found: &Eligible,
        (principal, name): (ObjectId, Uuid),
    ) -> Result<Wish, Vec<Wrong>> {
        let mut wrongs = Vec::new();
        let scope = self.scope(found.scope()).map_err(|it| wrongs.push(it));
        let length = self.minutes.parse::<u32>();
        let length = length.map_err(|_| wrongs.push(wrong("minutes", "Choose how long.")));
        let start = self.begins().map_err(|it| wrongs.push(it));
        let (Ok(scope), Ok(length), Ok(start)) = (scope, length, start) else {
            return Err(wrongs);
        };
        let id = name.to_string().parse().ok();
        let id = id.and_then(|name| ActivationId::at(scope, name).ok());
        let id = id.ok_or_else(|| vec![wrong("group", "Nothing can be activated there.")])?;
        let said = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
        let ticket = Ticket { number: said(&self.number), system: said(&self.system) };
        let request = Request {
            id,
            start,
            length: Some(SignedDuration::from_mins(length.into())),
            justification: said(&self.justification),
            ticket: Some(ticket).filter(|it| *it != Ticket::default()),
        };
        let linked = Some(found.eligibility.name());
        Ok(Wish { request, role: found.eligibility.role, principal, linked })
    }

    fn scope(&self, whole: &Scope) -> Result<Scope, Wrong> {
        match whole {
            Scope::Subscription(id) if !self.group.is_empty() => {
                let name = self.group.parse();
                let name = name.map_err(|_| wrong("group", "No resource group is called so."))?;
                Ok(Scope::ResourceGroup(*id, name))
            }
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..)
            | Scope::Resource(_) => Ok(whole.clone()),
        }
    }

    fn begins(&self) -> Result<Option<Timestamp>, Wrong> {
        if self.start.is_empty() {
            return Ok(None);
        }
        let start = self.start.parse::<DateTime>().ok();
        let start = start.and_then(|it| TimeZone::UTC.to_timestamp(it).ok());
        let bad = || wrong("start", "Write it like 2026-01-31T18:00, or leave it empty.");
        start.map(Some).ok_or_else(bad)
    }

    /// The same as the body of a request.
    pub(super) fn body(&self, found: &Eligible, principal: ObjectId) -> Value {
        let (scope, role) = (found.scope(), found.eligibility.role);
        let or = |text: &str, other: &str| {
            if text.is_empty() { other.to_owned() } else { text.to_owned() }
        };
        let mut schedule = json!({
            "expiration": { "type": "AfterDuration", "duration": format!("PT{}M", or(&self.minutes, "30")) }
        });
        if let (Ok(Some(start)), Some(into)) = (self.begins(), schedule.as_object_mut()) {
            into.insert("startDateTime".to_owned(), json!(start.to_string()));
        }
        json!({ "properties": {
            "principalId": principal,
            "roleDefinitionId": format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"),
            "requestType": "SelfActivate",
            "justification": or(&self.justification, "WHY"),
            "ticketInfo": { "ticketNumber": self.number, "ticketSystem": self.system },
            "scheduleInfo": schedule,
        } })
    }
}

/// What the API refuses, beside the fields that it is about; nothing where it is about none.
pub(super) fn wrongs(
    refused: &Refused,
    filled: &Filled,
    (demands, now): (&Demands, Timestamp),
) -> Vec<Wrong> {
    let Refused::Decision(decision) = refused else { return Vec::new() };
    match decision {
        Decision::Rules(rules) => {
            rules.all().iter().filter_map(|it| rule(*it, filled, (demands, now))).collect()
        }
        Decision::TooLong { what, most } => {
            let words = format!("This is too long: {most} characters at most.");
            vec![wrong(field(what), words)]
        }
        Decision::Exists
        | Decision::Requested
        | Decision::NotAGuid(_)
        | Decision::OwnRequest
        | Decision::SamePerson
        | Decision::NotWaiting
        | Decision::NotPending
        | Decision::NotActive
        | Decision::TooMany(_)
        | Decision::TooManyOpen(_)
        | Decision::NotAPerson
        | Decision::BadPeriod
        | Decision::PolicyScope(_)
        | Decision::PolicyLength { .. }
        | Decision::PolicyApprovers(_) => Vec::new(),
    }
}

/// The field of what is too long.
fn field(what: &str) -> &'static str {
    match what {
        "ticket number" => "ticket-number",
        "ticket system" => "ticket-system",
        _ => "justification",
    }
}

fn rule(it: Rule, filled: &Filled, (demands, now): (&Demands, Timestamp)) -> Option<Wrong> {
    match it {
        Rule::Justification => Some(wrong("justification", "Say why you need it.")),
        Rule::Ticketing => Some(wrong("ticket-number", "Name the ticket that it is for.")),
        Rule::Mfa => Some(wrong("factor", "A second factor is asked for.")),
        Rule::Expiration => Some(out_of_bounds(filled, (demands, now))),
        Rule::Eligibility => None,
    }
}

/// Whichever of the length and the start it is.
fn out_of_bounds(filled: &Filled, (demands, now): (&Demands, Timestamp)) -> Wrong {
    let ahead = filled.begins().ok().flatten().map(|start| start.duration_since(now));
    if ahead.is_some_and(|ahead| ahead > START_AHEAD) {
        return wrong("start", "It begins within 30 days, or is asked for later.");
    }
    let minutes = filled.minutes.parse::<u32>().unwrap_or_default();
    if (MINUTES_MIN..=demands.minutes_max).contains(&minutes) {
        // What is asked for deeper inside is the customer's to make stricter.
        return wrong("minutes", "There it may be active for less: choose a shorter time.");
    }
    let least = lasting(SignedDuration::from_mins(MINUTES_MIN.into()));
    wrong("minutes", format!("It is active for {least} to {}.", lasting(demands.longest())))
}

#[cfg(test)]
mod tests {
    use activation::refused::Rules;
    use model::{
        activation::{Basis, Eligibility, policy::Proof},
        samples::{ADA, CONTRIBUTOR, PROVIDER, TIER1, assignment, now, resource_group, whole},
    };

    use super::*;

    fn found(scope: Scope) -> Eligible {
        let basis = Basis::Delegation(assignment(scope).id);
        let eligibility = Eligibility { basis, principal: TIER1.object, role: CONTRIBUTOR };
        let proofs = [Proof::Justification].into();
        let demands = Demands { minutes_max: 120, proofs, sides: [].into() };
        Eligible {
            eligibility,
            managed_by: PROVIDER,
            period: None,
            since: now(),
            request: None,
            demands,
        }
    }

    fn parsed(text: &str) -> Filled {
        Filled::of(&Fields::parse(text.as_bytes()).unwrap())
    }

    fn wish(text: &str) -> Result<Wish, Vec<&'static str>> {
        let made = parsed(text).wish(&found(whole()), (ADA.object, Uuid::from_u128(1)));
        made.map_err(|all| all.into_iter().map(|it| it.field).collect())
    }

    #[test]
    fn a_form_that_is_filled_in_is_a_request() {
        let text =
            "minutes=90&start=2026-01-31T18%3A00&justification=patch&ticket-number=4711&group=app";
        let made = wish(text).unwrap();
        assert_eq!(*made.request.id.scope(), resource_group("app"));
        assert_eq!(made.request.length, Some(SignedDuration::from_mins(90)));
        assert_eq!(made.request.start.unwrap().to_string(), "2026-01-31T18:00:00Z");
        assert_eq!(made.request.justification.as_deref(), Some("patch"));
        let ticket = Ticket { number: Some("4711".to_owned()), system: None };
        assert_eq!((made.request.ticket, made.role), (Some(ticket), CONTRIBUTOR));
        let bare = wish("minutes=30&justification=+").unwrap().request;
        assert_eq!((bare.justification, bare.ticket, bare.start), (None, None, None));
        assert_eq!(*bare.id.scope(), whole());
    }

    #[test]
    fn what_cannot_be_read_is_said_beside_each_field_at_once() {
        assert_eq!(
            wish("minutes=&start=soon&group=a%2Fb").unwrap_err(),
            ["group", "minutes", "start"]
        );
        assert_eq!(wish("minutes=-5").unwrap_err(), ["minutes"]);
        let inside = parsed("minutes=30&group=other");
        let made = inside.wish(&found(resource_group("app")), (ADA.object, Uuid::from_u128(1)));
        assert_eq!(*made.unwrap().request.id.scope(), resource_group("app"), "nothing is wider");
    }

    #[test]
    fn each_rule_that_failed_stands_beside_its_field() {
        let fields = |text: &str, decision: Decision| {
            let refused = Refused::Decision(decision);
            let all = wrongs(&refused, &parsed(text), (&found(whole()).demands, now()));
            all.into_iter().map(|it| it.field).collect::<Vec<_>>()
        };
        let all = Rules::of([Rule::Expiration, Rule::Justification, Rule::Ticketing, Rule::Mfa]);
        let all = Decision::from(all.unwrap());
        let beside = ["minutes", "justification", "ticket-number", "factor"];
        assert_eq!(fields("minutes=500", all), beside);
        let late = Decision::from(Rules::only(Rule::Expiration));
        assert_eq!(fields("minutes=30&start=2999-01-01T00%3A00", late), ["start"]);
        let long = |what| Decision::TooLong { what, most: 1 };
        assert_eq!(fields("", long("ticket system")), ["ticket-system"]);
        assert_eq!(fields("", long("justification")), ["justification"]);
        assert!(fields("", Decision::Exists).is_empty());
    }

    #[test]
    fn the_command_says_what_the_form_says() {
        let text = "minutes=90&start=2026-01-31T18%3A00&justification=patch&ticket-number=1";
        let body = parsed(text).body(&found(whole()), ADA.object);
        let schedule = &body["properties"]["scheduleInfo"];
        assert_eq!(schedule["expiration"]["duration"], "PT90M");
        assert_eq!(schedule["startDateTime"], "2026-01-31T18:00:00Z");
        assert_eq!(body["properties"]["justification"], "patch");
    }
}
