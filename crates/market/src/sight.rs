//! Who sees what is published: a live public plan everybody, the rest those for whom it is.

use ids::offer::Slot;
use model::market::form::Visibility;

/// A published plan, as far as it matters for who sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelf {
    pub slot: Slot,
    pub visibility: Visibility,
    /// Nobody new may take it.
    pub is_stopped: bool,
}

/// For whom it is asked: a subscription, or whoever reads one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Named by the private plan's own audience.
    pub is_listed: bool,
    /// Named by the offer's preview audience.
    pub is_previewer: bool,
}

impl Shelf {
    /// Whether it is there for them. Whoever may take a preview sees all of its plans, the private
    /// ones included (<https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-preview>);
    /// what is stopped is there for nobody.
    pub fn is_for(self, standing: Standing) -> bool {
        let is_meant = match (self.slot, self.visibility) {
            (Slot::Preview, Visibility::Public | Visibility::Private) => standing.is_previewer,
            (Slot::Live, Visibility::Public) => true,
            (Slot::Live, Visibility::Private) => standing.is_listed,
        };
        is_meant && !self.is_stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination, and the few that are seen.
    #[test]
    fn a_private_plan_is_for_its_audience_and_a_preview_for_that_of_the_preview() {
        let both = [false, true];
        for slot in Slot::ALL {
            for visibility in [Visibility::Public, Visibility::Private] {
                for (is_listed, is_previewer, is_stopped) in both
                    .iter()
                    .flat_map(|&a| both.iter().flat_map(move |&b| both.map(|c| (a, b, c))))
                {
                    let shelf = Shelf { slot, visibility, is_stopped };
                    let standing = Standing { is_listed, is_previewer };
                    let expected = !is_stopped
                        && match slot {
                            Slot::Preview => is_previewer,
                            Slot::Live => visibility == Visibility::Public || is_listed,
                        };
                    assert_eq!(shelf.is_for(standing), expected, "{shelf:?} {standing:?}");
                }
            }
        }
    }
}
