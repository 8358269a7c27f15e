//! A form as a list of fields with their values.
//!
//! Every part is taken apart by its members' names, so that a new member cannot be forgotten here.

use std::collections::BTreeMap;

use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::{
        account::Person,
        form::{
            AudienceEntry, Destination, Expectation, Expected, Form, Link, Listing, Plan,
            Screenshot, Terms, VersionedManifest, Video, Visibility,
        },
        manifest::Manifest,
        media::Picture,
    },
};

/// Each field that has a value, with it.
pub(super) fn of(form: &Form) -> Vec<(String, String)> {
    let mut fields = Fields { found: Vec::new(), seen: BTreeMap::new() };
    let Form { alias, leads, categories, terms, listing, preview_audience, plans, notes, tests } =
        form;
    fields.add("alias", alias);
    fields.leads(leads);
    for (category, chosen) in categories {
        // A category counts without subcategories, too.
        let chosen = if chosen.is_empty() { "–".to_owned() } else { chosen.join(", ") };
        fields.add(format!("categories.{category}"), chosen);
    }
    match terms {
        Terms::None => {}
        Terms::Text(text) => fields.add("legal.terms", text),
        Terms::Url(url) => fields.add("legal.termsUrl", url),
    }
    fields.listing(listing);
    fields.audience("previewAudience", preview_audience);
    for plan in plans {
        fields.plan(plan);
    }
    fields.add("notesForCertification", notes);
    for (nth, it) in tests.iter().enumerate() {
        fields.test(nth, it);
    }
    fields.found
}

struct Fields {
    found: Vec<(String, String)>,
    /// How often a name stood before: names may come twice while a draft is being written.
    seen: BTreeMap<String, usize>,
}

impl Fields {
    fn add(&mut self, field: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.found.push((field.into(), value));
        }
    }

    /// The place of something with a name of its own.
    fn named(&mut self, list: &str, name: &str) -> String {
        let place = format!("{list}[{name}]");
        let before = self.seen.entry(place.clone()).or_default();
        *before += 1;
        if *before == 1 { place } else { format!("{place}#{before}") }
    }

    fn leads(&mut self, leads: &Destination) {
        match leads.redacted() {
            Destination::None => {}
            Destination::HttpsEndpoint { url, sealed: _, emails } => {
                self.add("customerLeads.httpsEndpointUrl", url);
                self.add("customerLeads.contactEmail", emails.join(", "));
            }
        }
    }

    fn listing(&mut self, listing: &Listing) {
        let Listing {
            language,
            title,
            summary,
            short_description,
            description,
            privacy_policy,
            links,
            support,
            engineering,
            support_global,
            support_government,
            logo,
            medium_logo,
            small_logo,
            screenshots,
            videos,
        } = listing;
        self.add("listing.languageId", language);
        self.add("listing.title", title);
        self.add("listing.searchResultSummary", summary);
        self.add("listing.shortDescription", short_description);
        self.add("listing.description", description);
        self.add("listing.privacyPolicyLink", privacy_policy);
        for (nth, Link { name, url }) in links.iter().enumerate() {
            let at = format!("listing.generalLinks[{nth}]");
            self.add(format!("{at}.name"), name);
            self.add(format!("{at}.url"), url);
        }
        self.person("listing.supportContact", support);
        self.person("listing.engineeringContact", engineering);
        self.add("listing.globalSupportWebsite", support_global.as_deref().unwrap_or_default());
        let government = support_government.as_deref().unwrap_or_default();
        self.add("listing.governmentSupportWebsite", government);
        self.picture("listing.logos.large", logo.as_ref());
        self.picture("listing.logos.medium", medium_logo.as_ref());
        self.picture("listing.logos.small", small_logo.as_ref());
        for (nth, Screenshot { picture, caption }) in screenshots.iter().enumerate() {
            let at = format!("listing.screenshots[{nth}]");
            self.picture(&at, Some(picture));
            self.add(format!("{at}.caption"), caption);
        }
        for (nth, Video { name, url, thumbnail }) in videos.iter().enumerate() {
            let at = format!("listing.videos[{nth}]");
            self.add(format!("{at}.name"), name);
            self.add(format!("{at}.url"), url);
            self.picture(&format!("{at}.thumbnail"), thumbnail.as_ref());
        }
    }

    fn person(&mut self, at: &str, Person { name, email, phone }: &Person) {
        self.add(format!("{at}.name"), name);
        self.add(format!("{at}.email"), email);
        self.add(format!("{at}.phone"), phone);
    }

    fn picture(&mut self, at: &str, picture: Option<&Picture>) {
        let Some(Picture { digest, file, width, height, background: _ }) = picture else { return };
        self.add(format!("{at}.file"), format!("{file} ({width} x {height}, {digest})"));
    }

    fn audience(&mut self, list: &str, audience: &[AudienceEntry]) {
        for AudienceEntry { subscription, description } in audience {
            let at = self.named(list, &subscription.to_string());
            // Its being there is the value; what is said of it is another.
            self.add(format!("{at}.id"), subscription.to_string());
            self.add(format!("{at}.description"), description);
        }
    }

    fn plan(&mut self, plan: &Plan) {
        let Plan { name, title, summary, description, visibility, audience, manifests } = plan;
        let at = self.named("plans", name.as_str());
        self.add(format!("{at}.name"), title);
        self.add(format!("{at}.summary"), summary);
        self.add(format!("{at}.description"), description);
        let visibility = match visibility {
            Visibility::Public => "public",
            Visibility::Private => "private",
        };
        self.add(format!("{at}.visibility"), visibility);
        self.audience(&format!("{at}.privateAudience"), audience);
        for VersionedManifest { version, manifest } in manifests {
            let at = self.named(&format!("{at}.manifests"), &version.to_string());
            self.manifest(&at, manifest);
        }
    }

    fn manifest(&mut self, at: &str, manifest: &Manifest) {
        let Manifest { tenant, authorizations, eligible } = manifest;
        self.add(format!("{at}.tenantId"), tenant.to_string());
        for Authorization { principal, role, display_name, delegated_roles } in authorizations {
            let at = self.named(&format!("{at}.authorizations"), &format!("{principal} {role}"));
            self.add(format!("{at}.principalId"), principal.to_string());
            let name = display_name.as_deref().unwrap_or_default();
            self.add(format!("{at}.principalIdDisplayName"), name);
            let roles = delegated_roles.iter().flatten().map(ToString::to_string);
            let roles = roles.collect::<Vec<_>>().join(", ");
            self.add(format!("{at}.delegatedRoleDefinitionIds"), roles);
        }
        for EligibleAuthorization { principal, role, display_name, policy } in eligible {
            let list = format!("{at}.eligibleAuthorizations");
            let at = self.named(&list, &format!("{principal} {role}"));
            self.add(format!("{at}.principalId"), principal.to_string());
            let name = display_name.as_deref().unwrap_or_default();
            self.add(format!("{at}.principalIdDisplayName"), name);
            if let Some(policy) = policy {
                self.policy(&format!("{at}.justInTimeAccessPolicy"), policy);
            }
        }
    }

    fn policy(&mut self, at: &str, policy: &JustInTimePolicy) {
        let JustInTimePolicy { multi_factor, minutes_max, approvers } = policy;
        let multi_factor = match multi_factor {
            MultiFactor::Azure => "Azure",
            MultiFactor::None => "None",
        };
        self.add(format!("{at}.multiFactorAuthProvider"), multi_factor);
        self.add(format!("{at}.maximumActivationDuration"), format!("{minutes_max} minutes"));
        for Approver { principal, display_name } in approvers {
            let list = format!("{at}.managedByTenantApprovers");
            let at = self.named(&list, &principal.to_string());
            self.add(format!("{at}.principalId"), principal.to_string());
            let name = display_name.as_deref().unwrap_or_default();
            self.add(format!("{at}.principalIdDisplayName"), name);
        }
    }

    fn test(&mut self, nth: usize, it: &Expectation) {
        let Expectation { plan, given, when, expect } = it;
        let expect = match expect {
            Expected::Allow => "allow",
            Expected::Deny => "deny",
        };
        self.add(format!("tests[{nth}]"), format!("{plan}: {given} {when}: {expect}"));
    }
}
