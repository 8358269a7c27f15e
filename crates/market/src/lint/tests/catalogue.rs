use model::{
    market::{
        account::VerificationStage,
        form::{Destination, Link, Screenshot, Terms, Video},
        media::{Background, Picture},
    },
    samples::CUSTOMER,
};

use super::*;

/// In the order of the rules.
pub(super) fn rows() -> Vec<Row> {
    [
        LISTING,
        MEDIA,
        NUMBERS,
        AUTHORIZATIONS,
        WARNINGS,
        OFFER,
        PLANS,
        PROPERTIES,
        ACCOUNT,
        TEMPLATES,
    ]
    .concat()
}

fn sized(width: u32, height: u32) -> Picture {
    Picture { width, height, ..market::picture() }
}

fn shot(width: u32, height: u32) -> Screenshot {
    Screenshot { picture: sized(width, height), caption: "The board".to_owned() }
}

fn video(url: &str) -> Video {
    let thumbnail = Some(sized(1280, 720));
    Video { name: "Tour".to_owned(), url: url.to_owned(), thumbnail }
}

fn link(name: &str, url: &str) -> Vec<Link> {
    vec![Link { name: name.to_owned(), url: url.to_owned() }]
}

const LISTING: &[Row] = &[
    ("LEAD-001", "customerLeads", |it| it.form.leads = Destination::None, |_| ()),
    ("LEAD-002", "customerLeads", |it| it.test_lead = 302, |it| it.test_lead = 299),
    (
        "LST-001",
        "listing.title",
        |it| it.form.listing.title = "x".repeat(201),
        |it| it.form.listing.title = "é".repeat(200),
    ),
    ("LST-001", "listing.title", |it| it.form.listing.title = " ".to_owned(), |_| ()),
    (
        "LST-002",
        "listing.searchResultSummary",
        |it| it.form.listing.summary = "x".repeat(101),
        |it| it.form.listing.summary = "x".repeat(100),
    ),
    (
        "LST-003",
        "listing.shortDescription",
        |it| it.form.listing.short_description = "x".repeat(257),
        |it| it.form.listing.short_description = "x".repeat(256),
    ),
    (
        "LST-004",
        "listing.description",
        |it| it.form.listing.description = format!("<p>managed services{}</p>", "x".repeat(4_978)),
        |it| it.form.listing.description = format!("<p>managed services{}</p>", "x".repeat(4_977)),
    ),
    (
        "LST-004",
        "listing.description",
        |it| it.form.listing.description = "<p> <br></p>".to_owned(),
        |_| (),
    ),
    (
        "LST-005",
        "listing.searchResultSummary",
        |it| it.form.listing.summary = " fabrikam  OPS".to_owned(),
        |it| it.form.listing.summary = "Fabrikam Ops at night".to_owned(),
    ),
    (
        "LST-006",
        "listing.description",
        |it| it.form.listing.description = "<p>We manage, at your service.</p>".to_owned(),
        |it| it.form.listing.description = "<p>A Man<b>aged</b>\nService.</p>".to_owned(),
    ),
    (
        "LST-007",
        "listing.description",
        |it| it.form.listing.description = "managed services<script src=x>".to_owned(),
        |it| it.form.listing.description = "managed services<BR>".to_owned(),
    ),
    (
        "LST-008",
        "listing.title",
        |it| it.form.listing.title = "Fabrikam Ops \u{1F680}".to_owned(),
        |it| it.form.listing.title = "Fabrikam Ops™ © 24×7 → you".to_owned(),
    ),
    (
        "LST-009",
        "listing.supportContact.email",
        |it| it.form.listing.support.email = "ada at fabrikam".to_owned(),
        |it| it.form.listing.support.email = "a+b@fabrikam.example".to_owned(),
    ),
    (
        "LST-009",
        "listing.engineeringContact.phone",
        |it| it.form.listing.engineering.phone.clear(),
        |_| (),
    ),
    (
        "LST-010",
        "listing.generalLinks[0].url",
        |it| it.form.listing.links = link("Service", "http://fabrikam.example/service"),
        |it| it.form.listing.links = link("Service", "https://fabrikam.example/service?a=b#c"),
    ),
    (
        "LST-010",
        "legal.termsUrl",
        |it| it.form.terms = Terms::Url("javascript:alert(1)".to_owned()),
        |it| it.form.terms = Terms::Url("HTTPS://fabrikam.example".to_owned()),
    ),
    (
        "LST-010",
        "customerLeads.httpsEndpointUrl",
        |it| {
            it.form.leads = Destination::HttpsEndpoint { url: "ftp://a".to_owned(), emails: vec![] }
        },
        |_| (),
    ),
    ("LST-011", "listing.privacyPolicyLink", |it| it.form.listing.privacy_policy.clear(), |_| ()),
    (
        "LST-012",
        "listing.description",
        |it| it.form.listing.language = "nl-nl".to_owned(),
        |it| {
            it.form.listing.language = "nl-nl".to_owned();
            it.form.listing.description =
                "<p>Managed services, dag en nacht.</p><p>This service is available in Dutch.</p>"
                    .to_owned();
        },
    ),
    (
        "LST-013",
        "listing.generalLinks[0].name",
        |it| it.form.listing.links = link(" ", "https://fabrikam.example"),
        |it| it.form.listing.links = link("Service", "https://fabrikam.example"),
    ),
    (
        "LST-014",
        "listing.title",
        |it| it.form.listing.title = "Fabrikam \u{202E}spO".to_owned(),
        |it| it.form.listing.title = "Fabrikam Öps עם".to_owned(),
    ),
];

const MEDIA: &[Row] = &[
    (
        "LST-020",
        "listing.logos.large",
        |it| it.form.listing.logo = Some(sized(215, 215)),
        |it| it.form.listing.logo = Some(sized(216, 216)),
    ),
    (
        "LST-020",
        "listing.logos.large",
        |it| it.form.listing.logo = Some(sized(300, 301)),
        |it| it.form.listing.logo = Some(sized(350, 350)),
    ),
    ("LST-020", "listing.logos.large", |it| it.form.listing.logo = None, |_| ()),
    (
        "LST-021",
        "listing.screenshots[0]",
        |it| it.form.listing.screenshots = vec![shot(1281, 720)],
        |it| it.form.listing.screenshots = vec![shot(1280, 720); 5],
    ),
    (
        "LST-021",
        "listing.screenshots",
        |it| it.form.listing.screenshots = vec![shot(1280, 720); 6],
        |_| (),
    ),
    (
        "LST-022",
        "listing.videos[0].url",
        |it| it.form.listing.videos = vec![video("https://vimeo.com.evil.example/1")],
        |it| it.form.listing.videos = vec![video("https://vimeo.com/1"); 5],
    ),
    (
        "LST-022",
        "listing.videos[0].thumbnail",
        |it| {
            it.form.listing.videos = vec![Video { thumbnail: None, ..video("https://youtu.be/1") }];
        },
        |it| it.form.listing.videos = vec![video("https://youtu.be/1")],
    ),
    (
        "LST-023",
        "listing.logos.medium",
        |it| it.form.listing.medium_logo = Some(sized(91, 90)),
        |it| {
            it.form.listing.medium_logo = Some(sized(90, 90));
            it.form.listing.small_logo = Some(sized(48, 48));
        },
    ),
    (
        "LST-101",
        "listing.title",
        |it| it.form.listing.title = "x".repeat(51),
        |it| it.form.listing.title = "x".repeat(50),
    ),
    (
        "LST-102",
        "listing.logos.large",
        |it| {
            it.form.listing.logo =
                Some(Picture { background: Background::White, ..sized(300, 300) });
        },
        |it| {
            let background = Background::Transparent;
            it.form.listing.logo = Some(Picture { background, ..sized(300, 300) });
        },
    ),
];

/// The plan was previewed in that version, as it is here or otherwise.
fn previewed(it: &mut Case, version: &str, content: Manifest) {
    let name = it.form.plans[0].name.clone();
    it.previewed.insert((name, market::version(version)), content);
}

const NUMBERS: &[Row] = &[
    (
        "MAN-001",
        "version",
        |it| it.texts[2] = "1.0".to_owned(),
        |it| it.texts[2] = "0.0.1".to_owned(),
    ),
    (
        "MAN-001",
        "plans[0].manifests[1].version",
        |it| it.form.plans[0].manifests.push(versioned("1.0.0")),
        |it| it.form.plans[0].manifests.push(versioned("1.0.1")),
    ),
    (
        "MAN-001",
        "plans[0].manifests[0].version",
        |it| {
            previewed(it, "1.9.0", manifest());
            it.form.plans[0].manifests = vec![versioned("1.8.0"), versioned("1.9.0")];
        },
        |it| {
            previewed(it, "1.9.0", manifest());
            it.form.plans[0].manifests = vec![versioned("1.10.0")];
        },
    ),
    (
        "MAN-001",
        "plans[0].manifests",
        |it| {
            previewed(it, "1.0.0", manifest());
            previewed(it, "1.1.0", manifest());
        },
        |it| previewed(it, "1.0.0", manifest()),
    ),
    ("MAN-002", "tenantId", |it| it.texts[3] = "fabrikam".to_owned(), |_| ()),
    ("MAN-017", "plans[0].manifests", |it| it.form.plans[0].manifests.clear(), |_| ()),
    (
        "MAN-018",
        "plans[0].manifests[0]",
        |it| {
            previewed(it, "1.0.0", manifest());
            it.gives(PEOPLE, other(1));
        },
        |it| {
            previewed(it, "1.0.0", manifest());
            it.form.plans[0].manifests[0].version = market::version("1.0.1");
            it.gives(PEOPLE, other(1));
        },
    ),
    ("MAN-019", "plans[0].manifests[0].tenantId", |it| it.manifest().tenant = CUSTOMER, |_| ()),
];

const AUTHORIZATIONS: &[Row] = &[
    (
        "MAN-003",
        "plans[0].manifests[0].authorizations",
        |it| (0..19).for_each(|n| drop(it.gives(PEOPLE, other(n)).clone())),
        |it| (0..18).for_each(|n| drop(it.gives(PEOPLE, other(n)).clone())),
    ),
    (
        "MAN-004",
        "plans[0].manifests[0].authorizations",
        |it| {
            it.activates(PEOPLE);
            it.manifest().authorizations.clear();
        },
        |it| {
            it.activates(PEOPLE);
        },
    ),
    (
        "MAN-005",
        "plans[0].manifests[0].authorizations[2].roleDefinitionId",
        |it| {
            it.gives(PEOPLE, OWNER);
        },
        |it| {
            it.gives(PEOPLE, other(1));
        },
    ),
    (
        "MAN-006",
        "plans[0].manifests[0].authorizations[2].delegatedRoleDefinitionIds",
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(Vec::new()),
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(vec![CONTRIBUTOR]),
    ),
    (
        "MAN-007",
        "plans[0].manifests[0].eligibleAuthorizations[0].justInTimeAccessPolicy.maximumActivationDuration",
        |it| it.activates(PEOPLE).policy.as_mut().unwrap().minutes_max = 29,
        |it| it.activates(PEOPLE).policy.as_mut().unwrap().minutes_max = 480,
    ),
    (
        "MAN-008",
        "plans[0].manifests[0].eligibleAuthorizations[0].justInTimeAccessPolicy.managedByTenantApprovers",
        |it| {
            it.activates(PEOPLE).policy.as_mut().unwrap().approvers =
                (20..31).map(approver).collect();
        },
        |it| {
            it.activates(PEOPLE).policy.as_mut().unwrap().approvers =
                (20..30).map(approver).collect();
        },
    ),
    (
        "MAN-009",
        "plans[0].manifests[0].authorizations[2]",
        |it| {
            it.gives(PEOPLE, READER);
        },
        |it| {
            it.gives(LEADS, READER);
        },
    ),
    (
        "MAN-010",
        "plans[0].manifests[0].eligibleAuthorizations[0].principalId",
        |it| {
            it.activates(ROBOT);
        },
        |it| {
            it.activates(PEOPLE);
        },
    ),
    (
        "MAN-011",
        "plans[0].manifests[0].eligibleAuthorizations[0].principalId",
        |it| it.manifest().eligible = vec![activated(LEADS, CONTRIBUTOR)],
        |it| it.manifest().eligible = vec![activated(PEOPLE, CONTRIBUTOR)],
    ),
    (
        "MAN-012",
        "plans[0].manifests[0].eligibleAuthorizations[0].justInTimeAccessPolicy.managedByTenantApprovers",
        |it| it.activates(ADA).policy.as_mut().unwrap().approvers = vec![approver(ADA)],
        |it| it.activates(PEOPLE).policy.as_mut().unwrap().approvers = vec![approver(PEOPLE)],
    ),
    (
        "MAN-013",
        "plans[0].manifests[0].eligibleAuthorizations[1].justInTimeAccessPolicy",
        |it| {
            it.activates(PEOPLE);
            it.activates(LEADS).policy.as_mut().unwrap().multi_factor = MultiFactor::None;
        },
        |it| {
            it.activates(PEOPLE);
            it.activates(LEADS);
        },
    ),
    (
        "MAN-014",
        "plans[0].manifests[0].authorizations[2].principalId",
        |it| {
            it.gives(MAIL, READER);
        },
        |it| {
            it.gives(LEADS, READER);
        },
    ),
    (
        "MAN-015",
        "plans[0].manifests[0].eligibleAuthorizations[0].roleDefinitionId",
        |it| it.activates(PEOPLE).role = USER_ACCESS_ADMINISTRATOR,
        |it| it.activates(PEOPLE).role = CONTRIBUTOR,
    ),
    (
        "MAN-016",
        "plans[0].manifests[0].authorizations[2].principalId",
        |it| it.gives(PEOPLE, other(1)).principal = nobody(),
        |it| {
            it.gives(ROBOT, other(1));
        },
    ),
];

const WARNINGS: &[Row] = &[
    (
        "MAN-101",
        "plans[0].manifests[0].authorizations",
        |it| drop(it.manifest().authorizations.pop()),
        |_| (),
    ),
    (
        "MAN-102",
        "plans[0].manifests[0].authorizations[2].principalId",
        |it| {
            it.gives(ADA, READER);
        },
        |it| {
            it.gives(ROBOT, READER);
        },
    ),
    (
        "MAN-103",
        "plans[0].manifests[0].authorizations[2].roleDefinitionId",
        |it| {
            it.private().gives(PEOPLE, CONTRIBUTOR);
        },
        |it| {
            it.private().activates(PEOPLE);
        },
    ),
    (
        "MAN-104",
        "plans[0].manifests[0].authorizations[2].principalIdDisplayName",
        |it| it.gives(ROBOT, READER).display_name = None,
        |it| {
            it.gives(ROBOT, READER);
        },
    ),
    (
        "MAN-105",
        "plans[0].manifests[0].authorizations[2].principalIdDisplayName",
        |it| it.gives(ROBOT, READER).display_name = Some("Tier 1".to_owned()),
        |it| it.gives(ROBOT, READER).display_name = Some(" Robot ".to_owned()),
    ),
    (
        "MAN-106",
        "plans[0].manifests[0].authorizations[2].roleDefinitionId",
        |it| {
            it.gives(PEOPLE, CONTRIBUTOR);
        },
        |it| {
            it.private().gives(PEOPLE, CONTRIBUTOR);
        },
    ),
    (
        "MAN-107",
        "plans[0].manifests[0].authorizations[2].delegatedRoleDefinitionIds[0]",
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(vec![DATA]),
        |it| it.gives(ROBOT, USER_ACCESS_ADMINISTRATOR).delegated_roles = Some(vec![READER]),
    ),
];

/// So many plans, all private, all for the same few.
fn many(count: usize) -> Vec<Plan> {
    let entries = |plan: Plan| Plan { audience: subscriptions(1), ..plan };
    (0..count).map(|n| entries(private(&format!("plan-{n}"), &format!("Plan {n}")))).collect()
}

const OFFER: &[Row] = &[
    (
        "OFR-001",
        "offerId",
        |it| it.texts[0] = "Ops".to_owned(),
        |it| it.texts[0] = "0ps_-".to_owned(),
    ),
    (
        "OFR-001",
        "offerId",
        |it| it.texts[0] = "ops-preview".to_owned(),
        |it| it.texts[0] = "ops-previews".to_owned(),
    ),
    ("OFR-002", "offerId", |it| it.is_id_taken = true, |_| ()),
    (
        "OFR-003",
        "alias",
        |it| it.form.alias = "x".repeat(121),
        |it| it.form.alias = "x".repeat(120),
    ),
    ("OFR-004", "offerId", |it| it.was.name = "older".parse().unwrap(), |_| ()),
    ("OFR-004", "publisherId", |it| it.was.publisher = "contoso".parse().unwrap(), |_| ()),
];

const PLANS: &[Row] = &[
    (
        "PLN-001",
        "plans",
        |it| {
            it.live = None;
            it.form.plans.clear();
        },
        |it| {
            it.live = None;
            it.form.plans = vec![plan("core", "Core")];
        },
    ),
    ("PLN-001", "plans", |it| it.form.plans.extend(many(45)), |it| it.form.plans.extend(many(44))),
    ("PLN-002", "planId", |it| it.texts[1] = "a".to_owned(), |it| it.texts[1] = "abc".to_owned()),
    (
        "PLN-002",
        "plans[2].planId",
        |it| it.form.plans.push(plan("core", "Another")),
        |it| it.form.plans.push(plan("core2", "Another")),
    ),
    (
        "PLN-003",
        "plans[0].visibility",
        |it| {
            it.form.plans[0].visibility = Visibility::Private;
            it.form.plans[0].audience = subscriptions(1);
        },
        |it| it.form.plans[1].visibility = Visibility::Public,
    ),
    (
        "PLN-004",
        "plans[1].privateAudience",
        |it| it.form.plans[1].audience.clear(),
        |it| it.form.plans[0].audience.clear(),
    ),
    (
        "PLN-005",
        "plans",
        |it| {
            it.form.plans.push(private("two", "Two"));
            it.form.plans[1].audience = subscriptions(5_000);
            it.form.plans[2].audience = subscriptions(5_001);
        },
        |it| it.form.plans[1].audience = subscriptions(10_000),
    ),
    (
        "PLN-005",
        "plans[1].privateAudience[2].id",
        |it| it.form.plans[1].audience.extend(subscriptions(1)),
        |_| (),
    ),
    (
        "PLN-005",
        "plans[1].privateAudience[0].description",
        |it| it.form.plans[1].audience[0].description = "x".repeat(201),
        |it| it.form.plans[1].audience[0].description = "x".repeat(200),
    ),
    ("PLN-005", "id", |it| it.texts[5] = "contoso".to_owned(), |_| ()),
    (
        "PLN-006",
        "plans[0].name",
        |it| it.form.plans[0].title = "x".repeat(201),
        |it| it.form.plans[0].title = "x".repeat(200),
    ),
    (
        "PLN-006",
        "plans[1].name",
        |it| it.form.plans[1].title = "CORE ".to_owned(),
        |it| it.form.plans[1].title = "Core 2".to_owned(),
    ),
    (
        "PLN-007",
        "plans[0].summary",
        |it| it.form.plans[0].summary = "x".repeat(101),
        |it| it.form.plans[0].summary = "x".repeat(100),
    ),
    (
        "PLN-008",
        "plans[0].description",
        |it| it.form.plans[0].description = "x".repeat(3_001),
        |it| it.form.plans[0].description = "x".repeat(3_000),
    ),
    (
        "PLN-009",
        "plans",
        |it| drop(it.form.plans.pop()),
        |it| {
            it.form.plans.push(plan("new", "New"));
            it.form.plans.swap(0, 2);
        },
    ),
    (
        "PLN-101",
        "plans[0].name",
        |it| it.form.plans[0].title = "x".repeat(51),
        |it| it.form.plans[0].title = "x".repeat(50),
    ),
    (
        "PLN-102",
        "plans[0].description",
        |it| it.form.plans[0].description = "x".repeat(501),
        |it| it.form.plans[0].description = "x".repeat(500),
    ),
    (
        "PLN-103",
        "plans",
        |it| {
            it.live = None;
            it.form.plans.remove(0);
        },
        |_| (),
    ),
];

const PROPERTIES: &[Row] = &[
    ("PROP-001", "categories", |it| it.form.categories.clear(), |_| ()),
    (
        "PROP-001",
        "categories",
        |it| {
            for key in ["security", "storage"] {
                it.form.categories.insert(key.to_owned(), Vec::new());
            }
        },
        |it| {
            it.form.categories.insert("security".to_owned(), vec!["other".to_owned(); 2]);
        },
    ),
    ("PROP-002", "legal", |it| it.form.terms = Terms::None, |_| ()),
    (
        "PROP-002",
        "legal",
        |it| it.form.terms = Terms::Text("\n".to_owned()),
        |it| it.form.terms = Terms::Text("Pay within 30 days.".to_owned()),
    ),
    (
        "PROP-002",
        "legal",
        |it| it.form.terms = Terms::Text("x".repeat(100_001)),
        |it| it.form.terms = Terms::Text("x".repeat(100_000)),
    ),
    (
        "PROP-003",
        "categories.management",
        |it| it.form.categories = [("management".to_owned(), Vec::new())].into(),
        |it| it.form.categories = [("compute".to_owned(), vec!["any".to_owned()])].into(),
    ),
    (
        "PROP-003",
        "categories.security",
        |it| it.form.categories = [("security".to_owned(), vec!["alarms".to_owned()])].into(),
        |it| {
            it.form.categories =
                [("security".to_owned(), vec!["threat-protection".to_owned()])].into();
        },
    ),
    (
        "PRV-001",
        "previewAudience",
        |it| it.form.preview_audience.clear(),
        |it| it.form.preview_audience = subscriptions(100),
    ),
    ("PRV-001", "previewAudience", |it| it.form.preview_audience = subscriptions(101), |_| ()),
    (
        "PRV-001",
        "previewAudience[2].id",
        |it| it.form.preview_audience = [subscriptions(2), subscriptions(1)].concat(),
        |_| (),
    ),
    (
        "PRV-001",
        "previewAudience[0].description",
        |it| it.form.preview_audience[0].description = "own\ntest".to_owned(),
        |it| it.form.preview_audience[0].description = "own test".to_owned(),
    ),
    ("PRV-001", "id", |it| it.texts[4] = "{}".to_owned(), |_| ()),
];

const ACCOUNT: &[Row] = &[
    (
        "PUB-001",
        "account.designations",
        |it| it.verification.qualifications[0].valid_to = Some(date(2026, 11, 28)),
        |it| it.verification.qualifications[0].valid_to = Some(TODAY),
    ),
    (
        "PUB-002",
        "listing.title",
        |it| it.form.listing.title.clear(),
        |it| it.form.listing.title = "x".repeat(51),
    ),
    ("PUB-003", "submission", |it| it.is_running = true, |_| ()),
    ("PUB-004", "account.partnerId", |it| it.account.partner = None, |_| ()),
    (
        "PUB-005",
        "account.verification",
        |it| it.verification.stage = VerificationStage::Business,
        |it| it.verification.stage = VerificationStage::Authorized,
    ),
    ("PUB-005", "account.agreements", |it| it.account.agreements.truncate(1), |_| ()),
    ("PUB-005", "account", |it| it.account.is_entitled = false, |_| ()),
];

const TEMPLATES: &[Row] = &[
    (
        "TPL-001",
        "eligibleAuthorizations",
        |it| it.templates = vec![template("a", PROVIDER, Some("2019-09-01"))],
        |it| it.templates = vec![template("a", PROVIDER, None)],
    ),
    (
        "TPL-002",
        "registrationDefinitionName",
        |it| it.templates = vec![template("a", PROVIDER, None), template("a", CUSTOMER, None)],
        |it| it.templates = vec![template("a", PROVIDER, None), template("b", CUSTOMER, None)],
    ),
    ("TPL-002", "listing.title", |it| it.is_title_taken = true, |_| ()),
    ("TST-001", "tests[1]", |it| it.unmet = Some(1), |_| ()),
];

fn template(name: &str, tenant: ids::guid::TenantId, too_old: Option<&str>) -> Onboarding {
    let manifest =
        Manifest { tenant, eligible: vec![activated(PEOPLE, CONTRIBUTOR)], ..manifest() };
    Onboarding { manifest, name: Some(name.to_owned()), too_old: too_old.map(str::to_owned) }
}
