//! What a listing says and shows.

use super::*;

pub(super) const LISTING: &[Row] = &[
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
            it.form.leads = Destination::HttpsEndpoint {
                url: "ftp://a".to_owned(),
                sealed: None,
                emails: vec![],
            }
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

pub(super) const MEDIA: &[Row] = &[
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
