//! *Preview audience*: who may take the preview.

use market::lint::{Finding, publish::Page, spelled};
use model::market::form::Form;
use operations::market::submissions::lint::Judged;

use super::{
    draft::{Fixed, Place, Sheet, Way},
    people::People,
    sheet::Block,
    to::{Tab, To},
};
use crate::{fields::Fields, words::counted};

/// The page as it is typed.
pub(super) struct Preview(People);

const LIST: &str = "previewAudience";

impl Sheet for Preview {
    const TITLE: &'static str = "Preview audience";
    const TAB: Tab = Tab::Preview;
    const SAYS: &'static str = "The subscriptions in which the preview can be taken. Whoever has the link sees its page; only these can take it, and they see every plan, private ones too.";

    fn of(judged: &Judged, _place: &Place) -> Option<Self> {
        Some(Self(People::of(&judged.offer.form.preview_audience)))
    }

    fn take(&mut self, sent: &Fields) {
        self.0.take(sent);
    }

    fn put(&self, form: &mut Form, _place: &Place) -> Vec<Finding> {
        self.0.put(&mut form.preview_audience, LIST, spelled::previewer)
    }

    fn blocks(&mut self, _form: &Form, _place: &Place) -> Vec<Block> {
        let rows = self.0.rows(LIST);
        vec![Block {
            heading: "Subscriptions",
            says: "Up to 10 by hand, and up to 100 as a list.",
            row: "Subscription",
            rows,
            ..Block::default()
        }]
    }

    fn is_here(field: &str, _form: &Form, _place: &Place) -> bool {
        Page::of(field) == Page::Preview
    }

    fn fixed(&self, _judged: &Judged, _place: &Place) -> Vec<Fixed> {
        listed(&self.0)
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        vec![
            Way::new("Export or import the list (CSV)", To::Offer(&place.id, Tab::PreviewList)),
            Way::new("Next: Plan overview", To::Offer(&place.id, Tab::Plans)),
        ]
    }
}

/// That an audience is too long to be typed.
pub(super) fn listed(people: &People) -> Vec<Fixed> {
    let told = |count| Fixed {
        name: "Audience",
        value: counted(count, "subscription"),
        why: "More than ten are kept as a list: export it, change it, and import it again.",
    };
    people.count().map(told).into_iter().collect()
}
