//! *Plan listing*: how a plan differs from the others.

use market::lint::Finding;
use model::market::form::{Form, Plan};
use operations::market::submissions::lint::Judged;

use super::{
    draft::{Place, Sheet, Way},
    sheet::{Block, Kind, Text, fields, take},
    to::{PlanTab, Tab, To},
};
use crate::fields::Fields;

/// The page as it is typed.
pub(super) struct Listing {
    title: String,
    summary: String,
    description: String,
}

const TEXTS: [Text<Listing>; 3] = [
    Text {
        name: "title",
        at: "name",
        label: "Plan name",
        hint: "Up to 200 characters, and no other plan's; from 50 on, some pages cut it off.",
        kind: Kind::Line("text"),
        of: |it| &mut it.title,
    },
    Text {
        name: "summary",
        at: "summary",
        label: "Plan summary",
        hint: "Up to 100 characters.",
        kind: Kind::Line("text"),
        of: |it| &mut it.summary,
    },
    Text {
        name: "description",
        at: "description",
        label: "Plan description",
        hint: "What is done, and what is not. Up to 3,000 characters; 500 fit everywhere.",
        kind: Kind::Text,
        of: |it| &mut it.description,
    },
];

/// Where a plan's fields are.
pub(super) fn at(form: &Form, place: &Place) -> String {
    place.plan_in(form).map_or_else(|| "plans".to_owned(), |nth| format!("plans[{nth}]"))
}

/// The plan that a page is about.
pub(super) fn plan<'a>(form: &'a Form, place: &Place) -> Option<&'a Plan> {
    form.plan(place.plan.as_ref()?)
}

/// The same, to be changed.
pub(super) fn plan_mut<'a>(form: &'a mut Form, place: &Place) -> Option<&'a mut Plan> {
    let nth = place.plan_in(form)?;
    form.plans.get_mut(nth)
}

impl Sheet for Listing {
    const TITLE: &'static str = "Plan listing";
    const TAB: Tab = Tab::Plans;
    const SAYS: &'static str = "What customers read of the plan when they choose.";

    fn of(judged: &Judged, place: &Place) -> Option<Self> {
        let plan = plan(&judged.offer.form, place)?.clone();
        let Plan { title, summary, description, .. } = plan;
        Some(Self { title, summary, description })
    }

    fn take(&mut self, sent: &Fields) {
        take(&TEXTS, self, "", sent);
    }

    fn put(&self, form: &mut Form, place: &Place) -> Vec<Finding> {
        if let Some(plan) = plan_mut(form, place) {
            plan.title.clone_from(&self.title);
            plan.summary.clone_from(&self.summary);
            plan.description.clone_from(&self.description);
        }
        Vec::new()
    }

    fn blocks(&mut self, form: &Form, place: &Place) -> Vec<Block> {
        let fields = fields(&TEXTS, self, "", &format!("{}.", at(form, place)));
        vec![Block { heading: "Plan", fields, ..Block::default() }]
    }

    fn is_here(field: &str, form: &Form, place: &Place) -> bool {
        let at = at(form, place);
        ["name", "summary", "description"].iter().any(|it| field == format!("{at}.{it}"))
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        let next = |plan| To::Plan(&place.id, plan, PlanTab::Availability);
        let way = |plan| Way::new("Next: Pricing and availability", next(plan));
        place.plan.as_ref().map(way).into_iter().collect()
    }
}
