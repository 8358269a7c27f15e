//! *Pricing and availability*: who sees a plan.

use market::lint::{Finding, spelled};
use model::market::form::{Form, Visibility};
use operations::market::submissions::lint::Judged;

use super::{
    draft::{Fixed, Place, Sheet, Way},
    people::People,
    plan_listing::{at, plan, plan_mut},
    preview::listed,
    sheet::{Block, Kind, Text, fields, take},
    to::{Act, PlanTab, Tab, To},
};
use crate::fields::Fields;

/// The page as it is typed.
pub(super) struct Availability {
    visibility: String,
    /// Whether the plan was published as a public one, and so stays public.
    is_public_for_good: bool,
    people: People,
}

const SIGHT: [Text<Availability>; 1] = [Text {
    name: "visibility",
    at: "visibility",
    label: "Plan visibility",
    hint: "A private plan can be made public later; a public one never private again.",
    kind: Kind::One(&[
        ("public", "Public: anybody sees it and can take it"),
        ("private", "Private: only the subscriptions below see it"),
    ]),
    of: |it| &mut it.visibility,
}];

impl Sheet for Availability {
    const TITLE: &'static str = "Pricing and availability";
    const TAB: Tab = Tab::Plans;
    const SAYS: &'static str = "Who sees the plan. Fees are between you and your customers: the marketplace bills nothing.";

    fn of(judged: &Judged, place: &Place) -> Option<Self> {
        let plan = plan(&judged.offer.form, place)?;
        let visibility = match plan.visibility {
            Visibility::Public => "public",
            Visibility::Private => "private",
        };
        let is_public_for_good = judged.live.get(&plan.name) == Some(&Visibility::Public);
        let people = People::of(&plan.audience);
        Some(Self { visibility: visibility.to_owned(), is_public_for_good, people })
    }

    fn take(&mut self, sent: &Fields) {
        take(&SIGHT, self, "", sent);
        self.people.take(sent);
    }

    fn put(&self, form: &mut Form, place: &Place) -> Vec<Finding> {
        let list = format!("{}.privateAudience", at(form, place));
        let Some(plan) = plan_mut(form, place) else { return Vec::new() };
        plan.visibility =
            if self.visibility == "private" { Visibility::Private } else { Visibility::Public };
        self.people.put(&mut plan.audience, &list, spelled::customer)
    }

    fn blocks(&mut self, form: &Form, place: &Place) -> Vec<Block> {
        let at = at(form, place);
        if self.is_public_for_good && self.visibility == "public" {
            return Vec::new();
        }
        let rows = self.people.rows(&format!("{at}.privateAudience"));
        vec![
            Block {
                heading: "Visibility",
                fields: fields(&SIGHT, self, "", &format!("{at}.")),
                ..Block::default()
            },
            Block {
                heading: "Private audience",
                says: "Up to 10 subscriptions by hand, and up to 10,000 of all plans as lists. Add one of your own to test with. It does not work for subscriptions that a reseller set up.",
                row: "Subscription",
                rows,
                ..Block::default()
            },
        ]
    }

    fn is_here(field: &str, form: &Form, place: &Place) -> bool {
        let at = at(form, place);
        let here = [format!("{at}.visibility"), format!("{at}.privateAudience")];
        here.iter().any(|it| field.starts_with(it.as_str()))
    }

    fn fixed(&self, _judged: &Judged, _place: &Place) -> Vec<Fixed> {
        let public = Fixed {
            name: "Plan visibility",
            value: "Public".to_owned(),
            why: "It was published as a public plan, and stays one: add a private plan, and stop the distribution of this one.",
        };
        let pricing = Fixed {
            name: "Pricing model",
            value: "Bring your own license".to_owned(),
            why: "The one that managed services have.",
        };
        let public = self.is_public_for_good.then_some(public);
        std::iter::once(pricing).chain(public).chain(listed(&self.people)).collect()
    }

    fn ways(&self, judged: &Judged, place: &Place) -> Vec<Way> {
        let Some(plan) = &place.plan else { return Vec::new() };
        let list = To::Plan(&place.id, plan, PlanTab::AudienceList);
        let technical = To::Plan(&place.id, plan, PlanTab::Technical);
        let sync = || Way::new("Sync private audience", To::PlanAct(&place.id, plan, Act::Sync));
        let is_live = judged.live.contains_key(plan) && !self.is_public_for_good;
        std::iter::once(Way::new("Export or import the list (CSV)", list))
            .chain(is_live.then(sync))
            .chain([Way::new("Next: Technical configuration", technical)])
            .collect()
    }
}
