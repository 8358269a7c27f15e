//! *Activity log*: what was done in a subscription or of the directory, and by whom.

use askama::Template;
use axum::http::StatusCode;
use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use model::activity::{Activity, Log, Outcome};
use operations::{
    activity::{self, Asked, Whose},
    page::Paged,
};
use store::key::Cursor;

use super::{Link, names::Names, places};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    log::{self, Bound, VERSION},
    trouble::Trouble,
    words::{Id, Moment},
};

/// As many records as a page shows.
const SHOWN_MAX: usize = 50;
/// What one page takes.
const BOUND: Bound = Bound { count: SHOWN_MAX, stretches: 8 };
/// How far back the page looks, in days.
const SPANS: [(u32, &str); 4] =
    [(1, "Last day"), (7, "Last week"), (30, "Last 30 days"), (90, "Last 90 days")];
const SPAN: u32 = 7;

const OUTCOMES: [(Outcome, &str); 4] = [
    (Outcome::Started, "Started"),
    (Outcome::Accepted, "Accepted"),
    (Outcome::Succeeded, "Succeeded"),
    (Outcome::Failed, "Failed"),
];

/// What of a log is asked for.
pub(super) struct Wanted {
    pub(super) log: Log,
    /// Whose log it is.
    home: Option<TenantId>,
    days: u32,
    caller: Option<String>,
    operation: Option<String>,
    outcome: Option<Outcome>,
    only_managing: bool,
}

impl Wanted {
    pub(super) fn of(ask: &Ask) -> Result<Self, Trouble> {
        let own = ask.visitor()?.principal().tenant;
        let place = ask.query.get("for").map(str::parse::<SubscriptionId>).transpose();
        let place = place.map_err(|_| Trouble::Garbled("it names no subscription"))?;
        let log = place.map_or(Log::Tenant(own), Log::Subscription);
        let text = |name| ask.query.get(name).map(|it| it.trim().to_owned());
        let named = |name: &str| OUTCOMES.iter().find(|(_, word)| *word == name).map(|it| it.0);
        let days = ask.query.get("days").and_then(|it| it.parse().ok());
        Ok(Self {
            log,
            home: activity::keeper(&ask.plane().index(), log),
            days: days.filter(|it| SPANS.iter().any(|(days, _)| days == it)).unwrap_or(SPAN),
            caller: text("caller"),
            operation: text("operation").map(|it| it.to_lowercase()),
            outcome: ask.query.get("status").and_then(named),
            only_managing: ask.query.get("managing").is_some(),
        })
    }

    /// The subscription whose log it is.
    fn subscription(&self) -> Option<Scope> {
        match self.log {
            Log::Subscription(id) => Some(Scope::Subscription(id)),
            Log::Tenant(_) => None,
        }
    }

    fn asked(&self, now: Timestamp) -> Asked {
        let span = SignedDuration::from_hours(i64::from(self.days).saturating_mul(24));
        Asked {
            from: Some(now.saturating_sub(span).unwrap_or(now)),
            caller: self.caller.clone(),
            outcomes: self.outcome.map(|it| vec![it]),
            whose: if self.only_managing { Whose::Foreigners } else { Whose::Everybodys },
            ..Asked::default()
        }
    }

    fn fits(&self, it: &Activity) -> bool {
        let named = |wanted: &String| it.action.as_str().to_lowercase().contains(wanted);
        self.operation.as_ref().is_none_or(named)
    }

    /// The next records that are meant, the latest first.
    pub(super) async fn read(
        &self,
        ask: &Ask,
        after: Option<Cursor>,
        bound: Bound,
    ) -> Result<Paged<Activity>, Trouble> {
        let asked = self.asked(ask.plane().store.now());
        log::records(ask, (self.log, &asked), after, bound, |it| self.fits(it)).await
    }
}

/// What an outcome is called.
pub(super) fn outcome(it: Outcome) -> &'static str {
    match it {
        Outcome::Started => "Started",
        Outcome::Accepted => "Accepted",
        Outcome::Succeeded => "Succeeded",
        Outcome::Failed => "Failed",
    }
}

struct Record {
    at: Moment,
    operation: String,
    outcome: &'static str,
    state: &'static str,
    who: String,
    /// The tenant of whoever came from another.
    managing: Option<Id>,
    scope: String,
    place: String,
    message: Option<String>,
    correlation: Id,
}

struct Choice {
    value: String,
    name: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "oversight/activity.html")]
struct View {
    frame: Frame,
    places: Vec<Choice>,
    spans: Vec<Choice>,
    outcomes: Vec<Choice>,
    caller: String,
    operation: String,
    only_managing: bool,
    records: Vec<Record>,
    /// Why there are none.
    refused: Option<String>,
    /// Where there is anything to save.
    export: Option<String>,
    next: Option<String>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        if ask.query.get("for").is_none() && ask.query.get("log").is_none() {
            // The directory's own log takes much; most people look for a subscription's.
            let (found, _) = places::subscriptions(&ask).await?;
            if let Some((id, _, _)) = found.first() {
                return Ok(Answer::To(Link::ActivityOf(*id).to_string()));
            }
        }
        let wanted = Wanted::of(&ask)?;
        let after = ask.page(SHOWN_MAX)?.after;
        let (found, refused) = match wanted.read(&ask, after, BOUND).await {
            Ok(found) => (found, None),
            Err(why @ Trouble::Refused(_)) => {
                (Paged { items: Vec::new(), next: None }, Some(why.told()))
            }
            Err(other) => return Err(other),
        };
        let now = ask.plane().store.now();
        let own = wanted.subscription();
        let places = own.into_iter().chain(found.items.iter().map(|it| it.scope.clone()));
        let places: Vec<Scope> = places.collect();
        let names = Names::of(&ask, &places).await?;
        // Whoever has not chosen a log is refused none.
        let is_chosen = ask.query.get("for").is_some() || ask.query.get("log").is_some();
        let export = refused.is_none().then(|| export(&ask));
        let refused = refused.filter(|_| is_chosen);
        let status = refused.as_ref().map_or(StatusCode::OK, |it| it.status);
        let view = View {
            frame: frame(&ask, &wanted, &names).await?,
            places: chosen(&ask, &wanted).await?,
            spans: spans(&wanted),
            outcomes: outcomes(&wanted),
            caller: ask.query.get("caller").unwrap_or_default().to_owned(),
            operation: ask.query.get("operation").unwrap_or_default().to_owned(),
            only_managing: wanted.only_managing,
            records: found.items.into_iter().map(|it| record(it, &wanted, &names, now)).collect(),
            export,
            refused: refused.map(|it| it.words),
            next: found.next.map(|it| ask.next(&it)),
        };
        Answer::with(status, &view)
    })
}

async fn frame(ask: &Ask, wanted: &Wanted, names: &Names) -> Result<Frame, Trouble> {
    let line = match wanted.log {
        Log::Subscription(id) => format!(
            "az monitor activity-log list --subscription {id} --offset {}d --output table",
            wanted.days
        ),
        Log::Tenant(_) => {
            let from = wanted.asked(ask.plane().store.now()).from.unwrap_or(Timestamp::MIN);
            let from = from.strftime("%Y-%m-%dT%H:%M:%SZ");
            format!(
                "az rest --method get --url \"{}?api-version={VERSION}&\\$filter=eventTimestamp ge '{from}'\"",
                log::path(wanted.log)
            )
        }
    };
    let frame = ask.frame("Activity log").await?.command("List what was done", line);
    Ok(match wanted.subscription() {
        Some(scope) => frame.about(&names.name(&scope)),
        None => frame,
    })
}

async fn chosen(ask: &Ask, wanted: &Wanted) -> Result<Vec<Choice>, Trouble> {
    let (found, _) = places::subscriptions(ask).await?;
    let chosen = |id| wanted.log == Log::Subscription(id);
    let mut choices: Vec<Choice> = found
        .into_iter()
        .map(|(id, name, is_own)| Choice {
            value: id.to_string(),
            name: if is_own { name } else { format!("{name} (delegated)") },
            is_chosen: chosen(id),
        })
        .collect();
    choices.push(Choice {
        value: String::new(),
        name: "Directory activity".to_owned(),
        is_chosen: matches!(wanted.log, Log::Tenant(_)),
    });
    Ok(choices)
}

fn spans(wanted: &Wanted) -> Vec<Choice> {
    let choice = |(days, name): (u32, &str)| Choice {
        value: days.to_string(),
        name: name.to_owned(),
        is_chosen: days == wanted.days,
    };
    SPANS.into_iter().map(choice).collect()
}

fn outcomes(wanted: &Wanted) -> Vec<Choice> {
    let choice = |(outcome, name): (Outcome, &str)| Choice {
        value: name.to_owned(),
        name: name.to_owned(),
        is_chosen: wanted.outcome == Some(outcome),
    };
    OUTCOMES.into_iter().map(choice).collect()
}

fn record(it: Activity, wanted: &Wanted, names: &Names, now: Timestamp) -> Record {
    let managing = it.caller.as_ref().map(|it| it.principal.tenant);
    let who = it.caller.map_or_else(|| "The system".to_owned(), |it| it.name);
    Record {
        at: Moment::new(it.at, now),
        operation: it.action.to_string(),
        outcome: outcome(it.outcome),
        state: match it.outcome {
            Outcome::Succeeded => "good",
            Outcome::Failed => "bad",
            Outcome::Started | Outcome::Accepted => "wait",
        },
        who,
        managing: managing.filter(|it| Some(*it) != wanted.home).map(Id::from),
        scope: names.said(&it.scope),
        place: it.scope.to_string(),
        message: it.message,
        correlation: Id::new(it.correlation),
    }
}

/// The same records as a table.
fn export(ask: &Ask) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(ask.query.pairs().filter(|(name, _)| *name != "after"));
    format!("/activity/export?{}", query.finish())
}
