//! An offer file that says what a form says.

mod plan;

use ids::offer::OfferId;
use model::market::{
    account::Person,
    form::{AudienceEntry, Destination, Form, Listing, Screenshot, Terms, Video},
    media::Picture,
};
use serde_json::{Map, Value as Json};

use crate::{
    export::{Entry, text},
    world::Roles,
};

/// The file: pictures stand in files of their names, everything else is in it.
pub fn write(id: &OfferId, form: &Form, roles: &dyn Roles) -> String {
    text::document(&offer(id, form, roles).0)
}

pub(crate) fn offer(id: &OfferId, form: &Form, roles: &dyn Roles) -> Entry {
    let categories: Map<String, Json> =
        form.categories.iter().map(|(key, inner)| (key.clone(), inner.clone().into())).collect();
    Entry::default()
        .set("publisherId", id.publisher.as_str())
        .set("offerId", id.name.as_str())
        .unless("alias", &form.alias, "")
        .section("customerLeads", leads(&form.leads))
        .map("categories", categories)
        .section("legal", legal(&form.terms))
        .section("listing", listing(&form.listing))
        .list("previewAudience", form.preview_audience.iter().map(audience_entry))
        .list("plans", form.plans.iter().map(|it| plan::plan(it, roles)))
        .unless("notesForCertification", &form.notes, "")
        .list("tests", form.tests.iter().map(plan::test))
}

impl Entry {
    /// A mapping, unless it says nothing.
    fn section(self, key: &str, section: Self) -> Self {
        self.map(key, section.0)
    }
}

fn leads(leads: &Destination) -> Entry {
    match leads {
        Destination::None => Entry::default(),
        Destination::HttpsEndpoint { url, sealed: _, emails } => Entry::default()
            .set("destination", "httpsEndpoint")
            .set("httpsEndpointUrl", url.as_str())
            .list("contactEmail", emails.iter().map(String::as_str)),
    }
}

fn legal(terms: &Terms) -> Entry {
    match terms {
        Terms::None => Entry::default(),
        Terms::Text(text) => Entry::default().set("terms", text.as_str()),
        Terms::Url(url) => Entry::default().set("termsUrl", url.as_str()),
    }
}

fn listing(it: &Listing) -> Entry {
    let links = it
        .links
        .iter()
        .map(|link| Entry::default().set("name", link.name.as_str()).set("url", link.url.as_str()));
    let logos = Entry::default()
        .some("large", it.logo.as_ref().map(file))
        .some("medium", it.medium_logo.as_ref().map(file))
        .some("small", it.small_logo.as_ref().map(file));
    Entry::default()
        .set("languageId", it.language.as_str())
        .unless("title", &it.title, "")
        .unless("searchResultSummary", &it.summary, "")
        .unless("shortDescription", &it.short_description, "")
        .unless("description", &it.description, "")
        .unless("privacyPolicyLink", &it.privacy_policy, "")
        .list("generalLinks", links)
        .section("supportContact", contact(&it.support))
        .section("engineeringContact", contact(&it.engineering))
        .some("globalSupportWebsite", it.support_global.clone())
        .some("governmentSupportWebsite", it.support_government.clone())
        .section("logos", logos)
        .list("screenshots", it.screenshots.iter().map(screenshot))
        .list("videos", it.videos.iter().map(video))
}

fn contact(it: &Person) -> Entry {
    Entry::default()
        .unless("name", &it.name, "")
        .unless("email", &it.email, "")
        .unless("phone", &it.phone, "")
}

fn file(it: &Picture) -> String {
    it.file.clone()
}

fn screenshot(it: &Screenshot) -> Entry {
    Entry::default().set("file", file(&it.picture)).unless("caption", &it.caption, "")
}

fn video(it: &Video) -> Entry {
    Entry::default()
        .set("name", it.name.as_str())
        .set("url", it.url.as_str())
        .some("thumbnail", it.thumbnail.as_ref().map(file))
}

fn audience_entry(it: &AudienceEntry) -> Entry {
    Entry::default().set("id", it.subscription.to_string()).unless(
        "description",
        &it.description,
        "",
    )
}
