//! The offer, its plans, its account, and templates.

use super::*;

/// So many plans, all private, all for the same few.
fn many(count: usize) -> Vec<Plan> {
    let entries = |plan: Plan| Plan { audience: subscriptions(1), ..plan };
    (0..count).map(|n| entries(private(&format!("plan-{n}"), &format!("Plan {n}")))).collect()
}

pub(super) const OFFER: &[Row] = &[
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

pub(super) const PLANS: &[Row] = &[
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

pub(super) const PROPERTIES: &[Row] = &[
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

pub(super) const ACCOUNT: &[Row] = &[
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

pub(super) const TEMPLATES: &[Row] = &[
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
