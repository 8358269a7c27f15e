//! What of a form is published apart from it: whom a preview and private plans are for.

use ids::offer::{OfferId, PlanId};
use model::market::{
    form::{Form, Visibility},
    offer::{Audience, Audienced, Offer, Stage},
};

/// A form without its audiences, and they for themselves.
pub fn apart(offer: &Offer, stage: Stage) -> (Form, Vec<Audience>) {
    let (mut form, tenant) = (offer.form.clone(), offer.tenant);
    let of = Audienced::Preview(offer.id.clone(), stage);
    let entries = std::mem::take(&mut form.preview_audience);
    let mut audiences = vec![Audience { of, tenant, entries }];
    for plan in &mut form.plans {
        let entries = std::mem::take(&mut plan.audience);
        match plan.visibility {
            Visibility::Public => {}
            Visibility::Private => {
                let id = PlanId { offer: offer.id.clone(), name: plan.name.clone() };
                let of = Audienced::Plan(id, stage);
                audiences.push(Audience { of, tenant, entries });
            }
        }
    }
    (form, audiences)
}

/// The form with its audiences put back in.
pub fn together(offer: &OfferId, mut form: Form, audiences: &[Audience]) -> Form {
    for it in audiences {
        match &it.of {
            Audienced::Preview(..) => form.preview_audience.clone_from(&it.entries),
            Audienced::Plan(id, _) if id.offer == *offer => {
                for plan in form.plans.iter_mut().filter(|plan| plan.name == id.name) {
                    plan.audience.clone_from(&it.entries);
                }
            }
            Audienced::Plan(..) => {}
        }
    }
    form
}

/// The same audiences at another stage.
pub fn moved(audiences: Vec<Audience>, to: Stage) -> Vec<Audience> {
    let moved = |it: Audience| {
        let of = match it.of {
            Audienced::Preview(offer, _) => Audienced::Preview(offer, to),
            Audienced::Plan(plan, _) => Audienced::Plan(plan, to),
        };
        Audience { of, ..it }
    };
    audiences.into_iter().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use ids::offer::Slot;
    use model::samples::market;

    use super::*;

    #[test]
    fn a_form_apart_holds_no_subscription_and_together_all_of_them() {
        let offer = market::offer();
        let (form, audiences) = apart(&offer, Stage::Submitted);
        assert!(
            form.preview_audience.is_empty() && form.plans.iter().all(|it| it.audience.is_empty())
        );
        assert_eq!(audiences.len(), 2, "the preview's, and the private plan's");
        assert_eq!(together(&offer.id, form, &audiences), offer.form);
        let live = moved(audiences, Stage::Published(Slot::Live));
        assert!(live.contains(&market::audience(Stage::Published(Slot::Live))));
    }
}
