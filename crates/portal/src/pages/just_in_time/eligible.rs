//! *Eligible assignments*: what the visitor may activate, what each asks for, and what has come of it.

use activation::standing::Standing;
use askama::Template;
use operations::activation::{Shown, called::About, eligibility::Eligible, read::Whose};

use super::{
    Link, Tab, VERSION, tabs,
    told::{self, Names, Place, asks, longest, standing},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    permissions::role_name,
    words::{Moment, counts, quoted},
};

/// As many as a page shows.
const ROWS_MAX: usize = 50;

/// One role at one scope.
struct Row {
    role: String,
    place: Place,
    customer: String,
    asks: Vec<String>,
    longest: String,
    /// When it counts, where that is not always.
    counts: Option<String>,
    now: Option<Now>,
    activate: Option<String>,
}

/// What has come of it at this moment.
struct Now {
    kind: &'static str,
    words: &'static str,
    /// Where, if that is only a part of where it may be activated.
    within: Option<String>,
    until: Option<Moment>,
    link: String,
}

#[derive(Template)]
#[template(path = "just-in-time/eligible.html")]
struct View {
    frame: Frame,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
    /// What the list is narrowed down to.
    at: Option<String>,
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let at = match ask.query.get("scope") {
            Some(_) => Some(ask.named_scope()?),
            None => None,
        };
        let scope = at.clone().map_or_else(|| ask.whole(), Ok)?;
        let mut found = ask.eligible(&scope).await?;
        let asked = ask.asked_for(&ask.whole()?, Whose::Mine).await?;
        let plane = ask.plane();
        found.sort_by_key(|it| (it.scope().to_string(), it.eligibility.role));
        let (found, next) = ask.part(found, ROWS_MAX)?;
        let about: Vec<About> = found.iter().map(|it| About::eligible(plane, it)).collect();
        let names = Names::of(&ask, &about, []).await?;
        let now = plane.store.now();
        let row = |(it, about): (&Eligible, &About)| row((it, about), &names, &asked, now);
        let rows = found.iter().zip(&about).map(row).collect();
        let path = super::below(&scope, super::ELIGIBLE);
        let frame = ask.frame("My roles").await?.command(
            "List what you may activate",
            format!(
                "az rest --method get --url {}",
                quoted(&format!("{path}?api-version={VERSION}&$filter=asTarget()"))
            ),
        );
        let at = at.map(|scope| names.place(&scope).name);
        Answer::page(&View { frame, tabs: tabs(&ask), rows, next, at })
    })
}

fn row(
    (it, about): (&Eligible, &About),
    names: &Names,
    asked: &[Shown],
    now: jiff::Timestamp,
) -> Row {
    let going = asked
        .iter()
        .filter(|shown| shown.it.eligibility == it.eligibility && !shown.standing.is_over());
    let of_it: Vec<&Shown> = going.collect();
    let whole = of_it.iter().find(|shown| shown.it.id.scope() == about.scope());
    let first = whole.or_else(|| of_it.first());
    Row {
        role: role_name(it.eligibility.role),
        place: names.place(about.scope()),
        customer: about.customer().map(|id| names.tenant(id)).unwrap_or_default(),
        asks: asks(names, about, &it.demands),
        longest: longest(it),
        counts: it.period.map(|it| counts(it, now)),
        now: first.map(|shown| become_of(shown, about, names, now)),
        activate: whole.is_none().then(|| Link::Activate(it).to_string()),
    }
}

fn become_of(shown: &Shown, about: &About, names: &Names, now: jiff::Timestamp) -> Now {
    let (kind, words) = standing(shown.standing);
    let at = shown.it.id.scope();
    let until = told::ends(shown).filter(|_| shown.standing == Standing::Active);
    Now {
        kind,
        words,
        within: (at != about.scope()).then(|| names.place(at).name),
        until: until.map(|at| Moment::new(at, now)),
        link: Link::Request(&shown.it.id).to_string(),
    }
}
