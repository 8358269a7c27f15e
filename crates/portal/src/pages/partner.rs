//! *Partner Center*: where a company enrols as a publisher, writes its offers and publishes them, and
//! where operators look at both.

use crate::table::{Row, form, page, upload};

mod account;
mod acts;
mod audience;
mod availability;
mod compare;
mod draft;
mod expectations;
mod leads;
mod listing;
mod manifest;
mod media;
mod members;
mod offers;
mod overview;
mod people;
mod plan_listing;
mod plans;
mod preview;
mod properties;
mod publish;
mod review;
mod setup;
mod sheet;
mod shut;
mod test_lead;
pub(super) mod to;
mod top;

/// What the navigation says of the area.
pub(super) const NAVIGATION: super::Area = (
    "Partner Center",
    &[
        (
            "Account",
            "/partner-center/account",
            "Your company as a publisher: enrolment, verification, publishers and members.",
        ),
        ("Offers", "/partner-center/offers", "What you publish, and where each offer stands."),
        ("Leads", "/partner-center/leads", "Who took your offers, and whether you were told."),
    ],
);

/// What only operators are led to.
pub(crate) const OPERATORS: &str = "Operators";

/// What it says to operators besides.
pub(super) const OPERATING: super::Area = (
    OPERATORS,
    &[
        (
            "Verifications",
            "/partner-center/verifications",
            "Companies that want to publish, and how far each was looked at.",
        ),
        (
            "Certifications",
            "/partner-center/certifications",
            "Submissions that wait for a reviewer's word.",
        ),
    ],
);

pub(super) const ROWS: &[Row] = &[
    page("/partner-center", account::open),
    page("/partner-center/account", account::open),
    form("/partner-center/account", account::enrol),
    form("/partner-center", account::enrol),
    page("/partner-center/account/details", account::details),
    form("/partner-center/account/details", account::change),
    page("/partner-center/publishers", members::publishers),
    form("/partner-center/publishers", members::publish_as),
    page("/partner-center/members", members::list),
    form("/partner-center/members", members::put),
    page("/partner-center/members/{}/remove", members::ask_remove),
    form("/partner-center/members/{}/remove", members::remove),
    page("/partner-center/verifications", review::verifications::list),
    page("/partner-center/verifications/{}", review::verifications::open),
    form("/partner-center/verifications/{}", review::verifications::verify),
    page("/partner-center/certifications", review::certifications::list),
    page("/partner-center/certifications/{}/{}", review::certifications::open),
    form("/partner-center/certifications/{}/{}", review::certifications::review),
    page("/partner-center/offers", offers::list),
    page("/partner-center/new-offer", offers::new),
    form("/partner-center/new-offer", offers::create),
    page("/partner-center/leads", leads::list),
    page("/partner-center/media/{}", media::picture),
    page("/partner-center/offers/{}/{}", overview::open),
    page("/partner-center/offers/{}/{}/setup", draft::open::<setup::Setup>),
    form("/partner-center/offers/{}/{}/setup", draft::send::<setup::Setup>),
    page("/partner-center/offers/{}/{}/test-lead", test_lead::open),
    form("/partner-center/offers/{}/{}/test-lead", test_lead::send),
    page("/partner-center/offers/{}/{}/properties", draft::open::<properties::Properties>),
    form("/partner-center/offers/{}/{}/properties", draft::send::<properties::Properties>),
    page("/partner-center/offers/{}/{}/listing", draft::open::<listing::Sheeted>),
    form("/partner-center/offers/{}/{}/listing", draft::send::<listing::Sheeted>),
    page("/partner-center/offers/{}/{}/media", media::open),
    upload("/partner-center/offers/{}/{}/media", media::UPLOAD, media::send),
    page("/partner-center/offers/{}/{}/preview", draft::open::<preview::Preview>),
    form("/partner-center/offers/{}/{}/preview", draft::send::<preview::Preview>),
    page("/partner-center/offers/{}/{}/preview/list", audience::open),
    page("/partner-center/offers/{}/{}/preview/list.csv", audience::export),
    upload("/partner-center/offers/{}/{}/preview/list", audience::LIST, audience::import),
    page("/partner-center/offers/{}/{}/plans", plans::list),
    form("/partner-center/offers/{}/{}/plans", plans::create),
    page("/partner-center/offers/{}/{}/tests", draft::open::<expectations::Expectations>),
    form("/partner-center/offers/{}/{}/tests", draft::send::<expectations::Expectations>),
    page("/partner-center/offers/{}/{}/publish", publish::open),
    form("/partner-center/offers/{}/{}/publish", publish::send),
    page("/partner-center/offers/{}/{}/compare", compare::open),
    page("/partner-center/offers/{}/{}/history", compare::history),
    page("/partner-center/offers/{}/{}/stop", acts::ask_stop),
    form("/partner-center/offers/{}/{}/stop", acts::stop),
    page("/partner-center/offers/{}/{}/resume", acts::ask_resume),
    form("/partner-center/offers/{}/{}/resume", acts::resume),
    page("/partner-center/offers/{}/{}/cancel", acts::ask_cancel),
    form("/partner-center/offers/{}/{}/cancel", acts::cancel),
    page("/partner-center/offers/{}/{}/go-live", acts::ask_go_live),
    form("/partner-center/offers/{}/{}/go-live", acts::go_live),
    page("/partner-center/offers/{}/{}/delete", acts::ask_delete),
    form("/partner-center/offers/{}/{}/delete", acts::delete),
    page("/partner-center/offers/{}/{}/plans/{}", plans::show),
    page("/partner-center/offers/{}/{}/plans/{}/listing", draft::open::<plan_listing::Listing>),
    form("/partner-center/offers/{}/{}/plans/{}/listing", draft::send::<plan_listing::Listing>),
    page(
        "/partner-center/offers/{}/{}/plans/{}/availability",
        draft::open::<availability::Availability>,
    ),
    form(
        "/partner-center/offers/{}/{}/plans/{}/availability",
        draft::send::<availability::Availability>,
    ),
    page("/partner-center/offers/{}/{}/plans/{}/availability/list", audience::open),
    page("/partner-center/offers/{}/{}/plans/{}/availability/list.csv", audience::export),
    upload(
        "/partner-center/offers/{}/{}/plans/{}/availability/list",
        audience::LIST,
        audience::import,
    ),
    page("/partner-center/offers/{}/{}/plans/{}/technical", plans::show),
    form("/partner-center/offers/{}/{}/plans/{}/technical", plans::add_manifest),
    page("/partner-center/offers/{}/{}/plans/{}/technical/{}", draft::open::<manifest::Sheeted>),
    form("/partner-center/offers/{}/{}/plans/{}/technical/{}", draft::send::<manifest::Sheeted>),
    page("/partner-center/offers/{}/{}/plans/{}/technical/{}/remove", acts::ask_remove_manifest),
    form("/partner-center/offers/{}/{}/plans/{}/technical/{}/remove", acts::remove_manifest),
    page("/partner-center/offers/{}/{}/plans/{}/stop", acts::ask_stop_plan),
    form("/partner-center/offers/{}/{}/plans/{}/stop", acts::stop_plan),
    page("/partner-center/offers/{}/{}/plans/{}/resume", acts::ask_resume_plan),
    form("/partner-center/offers/{}/{}/plans/{}/resume", acts::resume_plan),
    page("/partner-center/offers/{}/{}/plans/{}/delete", acts::ask_delete_plan),
    form("/partner-center/offers/{}/{}/plans/{}/delete", acts::delete_plan),
    page("/partner-center/offers/{}/{}/plans/{}/sync", acts::ask_sync),
    form("/partner-center/offers/{}/{}/plans/{}/sync", acts::sync),
];
