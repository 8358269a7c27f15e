//! A page of an offer's form: opened, judged as it is typed, saved. Each page says by [`Sheet`] what
//! is typed on it, and how that is part of the draft.

use askama::Template;
use axum::http::StatusCode;
use ids::{
    offer::{OfferId, PlanName},
    scope::Scope,
    version::Version,
};
use market::lint::Finding;
use model::{
    action::Action,
    directory::{Group, GroupKind},
    market::form::Form,
    question::Via,
};
use operations::{
    directory::groups,
    market::{
        IfMatch, Refused,
        offers::save,
        submissions::lint::{self, Draft, Judged},
    },
};
use store::snapshot::Page;

use super::{
    sheet::{Block, Said, tell},
    to::Tab,
    top::{Top, is_of_form},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    fields::Fields,
    frame::Frame,
    trouble::Trouble,
};

/// Which part of an offer a page is about.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) id: OfferId,
    pub(crate) plan: Option<PlanName>,
    pub(crate) version: Option<Version>,
}

impl Place {
    fn of(ask: &Ask) -> Result<Self, Trouble> {
        let key = |nth: usize| ask.keys.get(nth);
        Ok(Self {
            id: ask.offer()?,
            plan: key(2).map(|_| ask.parsed(2)).transpose()?,
            version: key(3).map(|_| ask.parsed(3)).transpose()?,
        })
    }

    /// Where the plan stands in the form.
    pub(crate) fn plan_in(&self, form: &Form) -> Option<usize> {
        let name = self.plan.as_ref()?;
        form.plans.iter().position(|it| it.name == *name)
    }
}

/// A fact that is shown and cannot be changed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// Why it cannot be changed.
    pub(crate) why: &'static str,
}

/// A way on from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) name: String,
    pub(crate) path: String,
}

impl Way {
    pub(crate) fn new(name: impl Into<String>, path: impl ToString) -> Self {
        Self { name: name.into(), path: path.to_string() }
    }
}

/// What a field makes suggestions from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) id: &'static str,
    /// What is put into the field, and what is said of it.
    pub(crate) all: Vec<(String, String)>,
}

/// So many groups are suggested: a directory may have many thousands.
const GROUPS_MAX: usize = 200;

/// The security groups of the directory, as far as whoever asks may read them.
async fn groups(ask: &Ask, id: &'static str) -> Result<List, Trouble> {
    let scope = Scope::Tenant(ask.visitor()?.principal().tenant);
    let asked = (Action::named("Fyr.Directory/groups/read"), Via::Directory);
    let (plane, page) = (ask.plane(), Page { after: None, limit: GROUPS_MAX });
    let is_wanted = |it: &Group| it.kind == GroupKind::Security;
    let work = |context| async move { groups::list(plane, &context, None, page, is_wanted).await };
    let found = ask.asked("GET", asked, scope, work).await.map(|it| it.items);
    let all = found.unwrap_or_default().into_iter();
    Ok(List { id, all: all.map(|it| (it.principal.object.to_string(), it.display_name)).collect() })
}

/// What is typed on one page of the form.
pub(crate) trait Sheet: Sized + Send + Sync {
    const TITLE: &'static str;
    const TAB: Tab;
    /// What the page is for, in a sentence.
    const SAYS: &'static str;
    /// The list of the directory's security groups, where a field makes suggestions from them.
    const GROUPS: Option<&'static str> = None;

    /// The page as the draft has it; none where there is no such page.
    fn of(judged: &Judged, place: &Place) -> Option<Self>;
    /// Takes what was typed.
    fn take(&mut self, sent: &Fields);
    /// Puts what was typed into the draft, as far as it can be read, and says what cannot.
    fn put(&self, form: &mut Form, place: &Place) -> Vec<Finding>;
    /// The fields, in the order in which they are filled in.
    fn blocks(&mut self, form: &Form, place: &Place) -> Vec<Block>;
    /// Whether what a rule says of that field belongs here.
    fn is_here(field: &str, form: &Form, place: &Place) -> bool;

    /// What cannot be changed.
    fn fixed(&self, _judged: &Judged, _place: &Place) -> Vec<Fixed> {
        Vec::new()
    }

    /// Ways on.
    fn ways(&self, _judged: &Judged, _place: &Place) -> Vec<Way> {
        Vec::new()
    }

    /// What a field makes suggestions from.
    fn suggestions(_form: &Form) -> Vec<List> {
        Vec::new()
    }

    /// Says of what was judged, and was not objected to, that it holds.
    fn hold(&self, _blocks: &mut [Block]) {}

    /// The page's own title, where it is about something with a name.
    fn title(place: &Place) -> String {
        match &place.plan {
            Some(plan) => format!("{} of {plan}", Self::TITLE),
            None => Self::TITLE.to_owned(),
        }
    }

    /// Where the page is once it was saved.
    fn after(&self, _place: &Place) -> Option<String> {
        None
    }
}

#[derive(Template)]
#[template(path = "partner/draft.html")]
struct View {
    frame: Frame,
    top: Top,
    says: &'static str,
    note: Option<(&'static str, String)>,
    /// What the rules say of the page as a whole.
    rest: Vec<Said>,
    fixed: Vec<Fixed>,
    blocks: Vec<Block>,
    ways: Vec<Way>,
    suggestions: Vec<List>,
    revision: u64,
}

/// What came of what was sent.
struct Outcome {
    status: StatusCode,
    note: Option<(&'static str, String)>,
    /// What cannot be read, and what a refusal objects to.
    wrong: Vec<Finding>,
    /// Whether all of it can be read: before that, the rules are not asked.
    is_read: bool,
}

/// The page.
pub(crate) fn open<S: Sheet>(ask: Ask) -> Answered {
    Box::pin(async move {
        let place = Place::of(&ask)?;
        let judged = judged(&ask, &place.id).await?;
        let sheet = S::of(&judged, &place).ok_or(Trouble::Nothing)?;
        let opened =
            Outcome { status: StatusCode::OK, note: None, wrong: Vec::new(), is_read: true };
        draw(&ask, &place, &judged, sheet, opened).await
    })
}

/// Saves the page, or tells what the rules would say of it.
pub(crate) fn send<S: Sheet>(ask: Ask) -> Answered {
    Box::pin(async move {
        let place = Place::of(&ask)?;
        let saved = judged(&ask, &place.id).await?;
        let mut sheet = S::of(&saved, &place).ok_or(Trouble::Nothing)?;
        // Also where nothing is saved yet: the page comes back for the draft that it was opened with.
        ask.revision()?;
        sheet.take(&ask.form);
        let mut form = saved.offer.form.clone();
        let wrong = sheet.put(&mut form, &place);
        let is_read = wrong.is_empty();
        let outcome = if ask.form.get("do") == Some("check") {
            let words = "Checked, and not saved.".to_owned();
            Outcome { status: StatusCode::OK, note: Some(("", words)), wrong, is_read }
        } else if is_read {
            match save(&ask, &place.id, &form).await {
                Ok(()) => {
                    let here = sheet.after(&place).unwrap_or_else(|| ask.path.clone());
                    return Ok(ask.done(format!("{} was saved.", S::title(&place)), here));
                }
                Err(trouble) => refused(trouble)?,
            }
        } else {
            let words = "Nothing was saved: some of it cannot be read.".to_owned();
            Outcome { status: StatusCode::BAD_REQUEST, note: Some(("bad", words)), wrong, is_read }
        };
        let judged = judge(&ask, &place.id, Draft::Typed(&form)).await?;
        draw(&ask, &place, &judged, sheet, outcome).await
    })
}

/// The saved draft with what the rules say of it.
pub(crate) async fn judged(ask: &Ask, id: &OfferId) -> Result<Judged, Trouble> {
    judge(ask, id, Draft::Saved).await
}

async fn judge(ask: &Ask, id: &OfferId, draft: Draft<'_>) -> Result<Judged, Trouble> {
    let (plane, operations) = (ask.plane(), &ask.surface.operations);
    let work = |context| async move { lint::judge(plane, &context, operations, id, draft).await };
    ask.market("GET", "offers/read", work).await
}

/// Saves what was typed over the draft that the page was opened with, and no other.
async fn save(ask: &Ask, id: &OfferId, form: &Form) -> Result<(), Trouble> {
    let wanted = ask.revision()?;
    let plane = ask.plane();
    let work = |context| async move { save::save(plane, &context, id, form, wanted).await };
    ask.market("POST", "offers/write", work).await.map(|_| ())
}

impl Ask {
    /// The draft that a form was opened with.
    pub(crate) fn revision(&self) -> Result<IfMatch, Trouble> {
        self.draft_sent()
            .map(IfMatch::Revision)
            .ok_or(Trouble::Garbled("it does not say of which draft it is"))
    }

    /// Which draft a form is for that is shown with this status: the one that it was opened with, or
    /// what somebody saved since would be lost unseen. Only who was told that there is a newer one
    /// goes on with that.
    pub(crate) fn draft_shown(&self, status: StatusCode, newest: u64) -> u64 {
        let sent = self.draft_sent().filter(|_| status != StatusCode::PRECONDITION_FAILED);
        sent.unwrap_or(newest)
    }

    fn draft_sent(&self) -> Option<u64> {
        self.form.get("revision").and_then(|it| it.parse().ok())
    }
}

/// What refused, where it is the marketplace that did.
pub(crate) fn market_refusal(trouble: &Trouble) -> Option<&Refused> {
    let Trouble::Refused(arm::failure::Failure::Operation(operations::error::Error::Market(it))) =
        trouble
    else {
        return None;
    };
    Some(it)
}

/// A refusal that is told on the page. What is not about what was typed has a page of its own.
fn refused(trouble: Trouble) -> Result<Outcome, Trouble> {
    let Some(refusal) = market_refusal(&trouble) else { return Err(trouble) };
    let status = trouble.told().status;
    if let Refused::NotFound(_) | Refused::NoAccount = refusal {
        return Err(trouble);
    }
    let words = if let Refused::Stale { .. } = refusal {
        "Somebody saved the draft since you opened this page. What you typed stands below; saving it \
         once more puts this page in the place of theirs."
            .to_owned()
    } else if let Refused::Objections(_) = refusal {
        "Nothing was saved: this would change what was published.".to_owned()
    } else {
        format!("Nothing was saved: {refusal}.")
    };
    let wrong = if let Refused::Objections(all) = refusal { all.clone() } else { Vec::new() };
    Ok(Outcome { status, note: Some(("bad", words)), wrong, is_read: true })
}

async fn draw<S: Sheet>(
    ask: &Ask,
    place: &Place,
    judged: &Judged,
    mut sheet: S,
    outcome: Outcome,
) -> Result<Answer, Trouble> {
    let form = &judged.offer.form;
    let Outcome { status, note, wrong, is_read } = outcome;
    let mut blocks = sheet.blocks(form, place);
    let is_said = |it: &&Finding| {
        is_read && is_of_form(it) && S::is_here(&it.field, form, place) && !wrong.contains(it)
    };
    let mut here: Vec<Finding> = judged.findings.iter().filter(is_said).cloned().collect();
    here.extend(wrong);
    let rest = tell(&mut blocks, &here);
    if is_read {
        sheet.hold(&mut blocks);
    }
    let mut frame = ask.offer_frame(&S::title(place), &place.id).await?;
    if let Some(plan) = &place.plan {
        use super::to::{PlanTab, To};
        frame = frame
            .below("Plan overview", To::Offer(&place.id, Tab::Plans))
            .below(plan.to_string(), To::Plan(&place.id, plan, PlanTab::Overview));
    }
    let mut suggestions = S::suggestions(form);
    if let Some(id) = S::GROUPS {
        suggestions.push(groups(ask, id).await?);
    }
    let view = View {
        frame,
        top: Top::new(&judged.offer, S::TAB, &judged.findings),
        says: S::SAYS,
        note,
        rest,
        fixed: sheet.fixed(judged, place),
        blocks,
        ways: sheet.ways(judged, place),
        suggestions,
        revision: ask.draft_shown(status, judged.offer.revision),
    };
    Answer::with(status, &view)
}
