//! *Active assignments*, and those that are over: what the visitor activated.

use activation::standing::Standing;
use askama::Template;
use model::activation::State;
use operations::activation::{Shown, called::About, read::Whose};

use super::{
    Link, REQUESTS, Tab, VERSION, tabs,
    told::{Facts, Names},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::quoted,
};

/// As many as a page shows.
const ROWS_MAX: usize = 50;

struct Row {
    facts: Facts,
    link: String,
    /// Where it is given back, while it counts.
    deactivate: Option<String>,
}

#[derive(Template)]
#[template(path = "just-in-time/held.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    is_over: bool,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let is_meant = |it: &Shown| match it.standing {
            Standing::Active | Standing::Scheduled => true,
            Standing::Pending
            | Standing::TimedOut
            | Standing::Expired
            | Standing::Denied
            | Standing::Cancelled
            | Standing::Deactivated
            | Standing::Revoked => false,
        };
        listed(&ask, is_meant, false).await
    })
}

/// What counted and does no more.
pub(super) fn past(ask: Ask) -> Answered {
    Box::pin(async move {
        let has_counted = |it: &Shown| match &it.it.state {
            State::Granted { .. } | State::Deactivated { .. } => it.standing.is_over(),
            State::Waiting(_) | State::Denied { .. } | State::Cancelled { .. } => false,
        };
        listed(&ask, has_counted, true).await
    })
}

async fn listed(
    ask: &Ask,
    is_meant: impl Fn(&Shown) -> bool,
    is_over: bool,
) -> Result<Answer, Trouble> {
    let whole = ask.whole()?;
    let mut found = ask.asked_for(&whole, Whose::Mine).await?;
    found.retain(is_meant);
    found.sort_by_key(|it| std::cmp::Reverse(it.it.asked.on));
    let (found, next) = ask.part(found, ROWS_MAX)?;
    let about: Vec<About> = found.iter().map(About::shown).collect();
    let names = Names::of(ask, &about, []).await?;
    let now = ask.plane().store.now();
    let row = |it: &Shown| Row {
        facts: Facts::of(&names, it, now),
        link: Link::Request(&it.it.id).to_string(),
        deactivate: (it.standing == Standing::Active)
            .then(|| Link::Deactivate(it.it.id.scope(), it.it.eligibility.role).to_string()),
    };
    let rows = found.iter().map(row).collect();
    let path = super::below(&whole, REQUESTS);
    let frame = ask.frame("My roles").await?.command(
        "List what you asked for",
        format!(
            "az rest --method get --url {}",
            quoted(&format!("{path}?api-version={VERSION}&$filter=asTarget()"))
        ),
    );
    Answer::page(&View { frame, tabs: tabs(ask), rows, next, is_over })
}
