//! *My requests*: what the visitor asked for, whatever has become of it.

use askama::Template;
use operations::activation::{Shown, called::About, read::Whose};

use super::{
    Link, REQUESTS, VERSION, below,
    told::{Facts, Names},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    words::quoted,
};

/// As many as a page shows.
const ROWS_MAX: usize = 50;

struct Row {
    facts: Facts,
    link: String,
}

#[derive(Template)]
#[template(path = "just-in-time/requests.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let whole = ask.whole()?;
        let mut found = ask.asked_for(&whole, Whose::Mine).await?;
        found.sort_by_key(|it| std::cmp::Reverse(it.it.asked.on));
        let (found, next) = ask.part(found, ROWS_MAX)?;
        let about: Vec<About> = found.iter().map(About::shown).collect();
        let names = Names::of(&ask, &about, []).await?;
        let now = ask.plane().store.now();
        let row = |it: &Shown| Row {
            facts: Facts::of(&names, it, now),
            link: Link::Request(&it.it.id).to_string(),
        };
        let rows = found.iter().map(row).collect();
        let path = below(&whole, REQUESTS);
        let frame = ask.frame("My requests").await?.command(
            "List what you asked for",
            format!(
                "az rest --method get --url {}",
                quoted(&format!("{path}?api-version={VERSION}&$filter=asRequestor()"))
            ),
        );
        Answer::page(&View { frame, rows, next })
    })
}
