//! The nouns of the marketplace as records.

use ids::{
    guid::{Principal, TenantId},
    offer::{OfferId, PlanId, PublisherId, Slot},
    version::Version,
};
use model::{
    delegation::{Accepted, Definition},
    market::{
        acceptance::Acceptance,
        account::{Account, AccountMember, Publisher, Verification},
        lead::Lead,
        media::Media,
        offer::{Audience, Audienced, Edition, HistoryEntry, Offer, PlanManifest, Stage},
        partner::PartnerLink,
        submission::{Review, Submission, SubmissionId},
    },
};
use uuid::Uuid;

use super::{entry, index};
use crate::{
    key::{Entry, Key, Tuple},
    record::Record,
};

record!(Account, "account", TenantId, |it| it.tenant, |id| id.to_string(), |it| vec![entry(
    index::ACCOUNTS,
    Tuple::new().text(it.tenant)
)]);

record!(Verification, "verification", TenantId, |it| it.tenant, |id| id.to_string(), |_| Vec::new(
),);

record!(
    AccountMember,
    "accountMember",
    Principal,
    |it| it.principal,
    |id| id.to_string(),
    |it| vec![entry(
        index::ACCOUNT_MEMBERS,
        Tuple::new().text(it.principal.tenant).text(it.principal.object)
    )],
);

record!(Publisher, "publisher", PublisherId, |it| it.id.clone(), |id| id.to_string(), |it| vec![
    entry(index::PUBLISHERS, Tuple::new().text(it.tenant).text(&it.id))
]);

record!(Offer, "offer", OfferId, |it| it.id.clone(), |id| id.to_string(), |it| vec![
    entry(index::OFFERS, Tuple::new().text(it.tenant).text(&it.id.publisher).text(&it.id.name)),
    entry(index::OFFERS_DURABLE, Tuple::new().text(it.durable)),
]);

record!(
    Edition,
    "edition",
    (OfferId, Stage),
    |it| (it.offer.clone(), it.stage),
    |id| format!("{}/{}", id.0, id.1.as_str()),
    |it| {
        let OfferId { publisher, name } = &it.offer;
        let title = it.form.listing.title.trim();
        vec![
            entry(index::EDITIONS, Tuple::new().text(it.stage.as_str()).text(publisher).text(name)),
            entry(
                index::EDITION_TITLES,
                Tuple::new().text(it.stage.as_str()).text(title).text(publisher).text(name),
            ),
        ]
    },
);

record!(
    PlanManifest,
    "planManifest",
    (PlanId, Version),
    |it| (it.plan.clone(), it.version),
    |id| format!("{}/{}", id.0, id.1),
    |it| {
        // As numbers, not as letters.
        let version = it.version.numbers().map(|number| format!("{number:010}")).join(".");
        vec![entry(index::PLAN_MANIFESTS, Tuple::new().text(&it.plan).text(version))]
    },
);

/// An audience's name.
pub(super) fn audienced(it: &Audienced) -> String {
    match it {
        Audienced::Preview(offer, stage) => format!("preview/{offer}/{}", stage.as_str()),
        Audienced::Plan(plan, stage) => format!("plan/{plan}/{}", stage.as_str()),
    }
}

record!(Audience, "audience", Audienced, |it| it.of.clone(), |id| audienced(id), |it| {
    let (Audienced::Preview(offer, stage) | Audienced::Plan(PlanId { offer, .. }, stage)) = &it.of;
    let of = audienced(&it.of);
    let own = Tuple::new().text(offer).text(stage.as_str()).text(&of);
    let tuple = |subscription| Tuple::new().text(subscription).text(&of);
    let each = it.entries.iter().map(|it| entry(index::AUDIENCES_FOR, tuple(it.subscription)));
    std::iter::once(entry(index::AUDIENCES, own)).chain(each).collect()
},);

record!(HistoryEntry, "historyEntry", Uuid, |it| it.id, |id| id.to_string(), |it| vec![entry(
    index::HISTORY,
    Tuple::new().text(&it.offer).latest_first(it.at).text(it.id)
)]);

record!(Submission, "submission", SubmissionId, |it| it.id, |id| id.to_string(), |it| {
    // Of those of one moment, that of the latest draft; of one draft, what followed its preview.
    let later = !it.revision;
    let target = match it.target {
        Slot::Live => 0,
        Slot::Preview => 1,
    };
    let of_offer = Tuple::new().text(&it.offer).latest_first(it.created);
    let of_offer = of_offer.text(format_args!("{later:020}")).text(target).text(it.id);
    let waiting = Tuple::new().time(it.created).text(it.id);
    let waiting = it.awaits_review().then(|| entry(index::SUBMISSIONS_WAITING, waiting));
    std::iter::once(entry(index::SUBMISSIONS, of_offer)).chain(waiting).collect()
});

record!(Review, "review", SubmissionId, |it| it.submission, |id| id.to_string(), |_| Vec::new());

record!(
    Media,
    "media",
    (TenantId, String),
    |it| (it.tenant, it.picture.digest.clone()),
    |id| format!("{}/{}", id.0, id.1),
    |it| vec![entry(index::MEDIA, Tuple::new().text(it.tenant).text(&it.picture.digest))],
);

record!(
    Acceptance,
    "acceptance",
    (TenantId, PlanId, Slot),
    |it| (it.customer, it.plan.clone(), it.slot),
    |id| format!("{}/{}/{}", id.0, id.1, id.2.as_str()),
    |it| vec![
        entry(
            index::ACCEPTANCES,
            Tuple::new().text(it.customer).text(&it.plan).text(it.slot.as_str())
        ),
        entry(
            index::ACCEPTANCES_OF_PLAN,
            Tuple::new().text(&it.plan).text(it.slot.as_str()).text(it.customer)
        ),
    ],
);

/// Where a definition stands among those of one acceptance.
pub(super) fn standing_for(accepted: &Accepted, it: &Definition) -> Entry {
    let Accepted { customer, plan } = accepted;
    let acceptance = Tuple::new().text(customer).text(&plan.plan).text(plan.slot.as_str());
    entry(index::DEFINITIONS_OF_ACCEPTANCE, acceptance.path(&it.id.stored()))
}

record!(Lead, "lead", Uuid, |it| it.id, |id| id.to_string(), |it| vec![entry(
    index::LEADS,
    Tuple::new().text(it.tenant).latest_first(it.at).text(it.id)
)]);

record!(PartnerLink, "partnerLink", Principal, |it| it.principal, |id| id.to_string(), |it| vec![
    entry(index::PARTNER_LINKS, Tuple::new().text(it.principal.tenant).text(it.principal.object))
]);
