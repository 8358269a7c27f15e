//! The activity log as a table for a spreadsheet. Whoever acts chooses some of its text: no cell is
//! computed.

use std::borrow::Cow;

use market::sheet;
use model::activity::Activity;

use super::activity::{Wanted, outcome};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    log::Bound,
};

/// So many records at most.
const BOUND: Bound = Bound { count: 5_000, stretches: 40 };
const HEADING: [&str; 9] = [
    "time",
    "operation",
    "status",
    "caller",
    "callerTenantId",
    "scope",
    "statusCode",
    "correlationId",
    "message",
];

pub(super) fn save(ask: Ask) -> Answered {
    Box::pin(async move {
        let wanted = Wanted::of(&ask)?;
        let found = wanted.read(&ask, None, BOUND).await?;
        let heading = HEADING.iter().map(|it| Cow::Borrowed(*it)).collect();
        let rows = std::iter::once(heading).chain(found.items.iter().map(row));
        Ok(Answer::Save {
            name: "activity.csv".to_owned(),
            kind: "text/csv; charset=utf-8",
            bytes: sheet::write(rows).into_bytes(),
        })
    })
}

fn row(it: &Activity) -> Vec<Cow<'_, str>> {
    let caller = it.caller.as_ref();
    vec![
        Cow::Owned(it.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        Cow::Borrowed(it.action.as_str()),
        Cow::Borrowed(outcome(it.outcome)),
        Cow::Borrowed(caller.map_or("", |it| it.name.as_str())),
        Cow::Owned(caller.map(|it| it.principal.tenant.to_string()).unwrap_or_default()),
        Cow::Owned(it.scope.to_string()),
        Cow::Owned(it.status_code.to_string()),
        Cow::Owned(it.correlation.to_string()),
        Cow::Borrowed(it.message.as_deref().unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use ids::guid::EventId;
    use model::{
        action::Action,
        activity::{Log, Outcome},
        samples::{self, OLOF, SUBSCRIPTION, now, whole},
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_cell_of_the_log_is_a_formula() {
        let mut caller = samples::caller(OLOF);
        caller.name = "=HYPERLINK(\"https://evil.example\")".to_owned();
        let it = Activity {
            id: EventId::new(Uuid::nil()),
            at: now(),
            began: None,
            log: Log::Subscription(SUBSCRIPTION),
            caller: Some(caller),
            action: Action::named("@SUM(A1)/read"),
            scope: whole(),
            outcome: Outcome::Failed,
            status_code: 403,
            correlation: samples::correlation(),
            operation: EventId::new(Uuid::nil()),
            method: "GET".to_owned(),
            client_request: None,
            client_address: None,
            description: String::new(),
            message: Some("+1, said \"-2\"".to_owned()),
            defects: Vec::new(),
        };
        let text = sheet::write([row(&it)]);
        for defused in ["'@SUM(A1)/read", "'=HYPERLINK", "'+1, said"] {
            assert!(text.contains(defused), "{defused}: {text}");
        }
    }
}
