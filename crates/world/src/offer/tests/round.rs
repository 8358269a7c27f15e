//! What is written reads back as it was.

use ids::{
    guid::{ObjectId, SubscriptionId},
    offer::{OfferName, PlanName},
    version::Version,
};
use model::{
    delegation::{Approver, Authorization, EligibleAuthorization, JustInTimePolicy},
    market::{
        account::Person,
        form::{
            AudienceEntry, Expectation, Link, Listing, Plan, Screenshot, VersionedManifest, Video,
        },
    },
};
use proptest::{collection::vec, option, prelude::*};
use uuid::Uuid;

use super::{schema::fits, write::write, *};

const PICTURES: [&str; 3] = ["logo.png", "a b/#1: 2.png", "- {ö}.png"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zA-Z<>/ ]{1,20}",
        "\\PC{0,12}",
        "[-: #'\"{}\\[\\]\n\t]{0,8}"
    ]
}

fn object() -> impl Strategy<Value = ObjectId> {
    (1..6_u128).prop_map(|nth| ObjectId::new(Uuid::from_u128(nth)))
}

fn role() -> impl Strategy<Value = RoleId> {
    prop_oneof![
        Just(READER),
        Just(CONTRIBUTOR),
        Just(USER_ACCESS_ADMINISTRATOR),
        Just(RoleId::new(Uuid::from_u128(7))),
    ]
}

fn audience() -> impl Strategy<Value = Vec<AudienceEntry>> {
    let entry = (any::<u128>(), text()).prop_map(|(id, description)| AudienceEntry {
        subscription: SubscriptionId::new(Uuid::from_u128(id)),
        description,
    });
    vec(entry, 0..3)
}

fn authorization() -> impl Strategy<Value = Authorization> {
    (object(), role(), option::of(text()), option::of(vec(role(), 0..3))).prop_map(
        |(principal, role, display_name, delegated_roles)| Authorization {
            principal,
            role,
            display_name,
            delegated_roles,
        },
    )
}

fn eligible() -> impl Strategy<Value = EligibleAuthorization> {
    let approver = (object(), option::of(text()))
        .prop_map(|(principal, display_name)| Approver { principal, display_name });
    let factor = prop_oneof![Just(MultiFactor::Azure), Just(MultiFactor::None)];
    let policy = (factor, any::<u32>(), vec(approver, 0..3)).prop_map(
        |(multi_factor, minutes_max, approvers)| JustInTimePolicy {
            multi_factor,
            minutes_max,
            approvers,
        },
    );
    (object(), role(), option::of(text()), option::of(policy)).prop_map(
        |(principal, role, display_name, policy)| EligibleAuthorization {
            principal,
            role,
            display_name,
            policy,
        },
    )
}

fn manifest() -> impl Strategy<Value = VersionedManifest> {
    let version = any::<[u32; 3]>().prop_map(|[major, minor, patch]| -> Version {
        format!("{major}.{minor}.{patch}").parse().unwrap()
    });
    (version, vec(authorization(), 0..3), vec(eligible(), 0..3)).prop_map(
        |(version, authorizations, eligible)| VersionedManifest {
            version,
            manifest: Manifest { tenant: PROVIDER, authorizations, eligible },
        },
    )
}

fn plan() -> impl Strategy<Value = Plan> {
    let name = "[a-z0-9][a-z0-9_-]{2,6}".prop_map(|it| -> PlanName { it.parse().unwrap() });
    let visibility = prop_oneof![Just(Visibility::Public), Just(Visibility::Private)];
    let texts = (text(), text(), text());
    (name, texts, visibility, audience(), vec(manifest(), 0..3)).prop_map(
        |(name, (title, summary, description), visibility, audience, manifests)| Plan {
            name,
            title,
            summary,
            description,
            visibility,
            audience,
            manifests,
        },
    )
}

fn picture() -> impl Strategy<Value = Picture> {
    let files = Beside::pictures(&PICTURES);
    let all: Vec<Picture> = PICTURES.iter().map(|name| shown(name, &files)).collect();
    (0..all.len()).prop_map(move |nth| all[nth].clone())
}

/// The picture as a form has it.
fn shown(name: &str, files: &Beside) -> Picture {
    let name = serde_json::to_string(name).unwrap();
    let text =
        format!("{{publisherId: fabrikam, offerId: ops, listing: {{logos: {{large: {name}}}}}}}");
    read(&text, files).unwrap().form.listing.logo.unwrap()
}

fn person() -> impl Strategy<Value = Person> {
    (text(), text(), text()).prop_map(|(name, email, phone)| Person { name, email, phone })
}

/// What the reader asks for, an empty text does not give.
fn word() -> impl Strategy<Value = String> {
    text().prop_map(|it| format!("{it}."))
}

fn media() -> impl Strategy<Value = Listing> {
    let screenshot =
        (picture(), text()).prop_map(|(picture, caption)| Screenshot { picture, caption });
    let video = (word(), word(), option::of(picture())).prop_map(|(name, url, thumbnail)| Video {
        name,
        url,
        thumbnail,
    });
    let logos = (option::of(picture()), option::of(picture()), option::of(picture()));
    (logos, vec(screenshot, 0..3), vec(video, 0..3)).prop_map(
        |((logo, medium_logo, small_logo), screenshots, videos)| Listing {
            logo,
            medium_logo,
            small_logo,
            screenshots,
            videos,
            ..Listing::default()
        },
    )
}

fn listing() -> impl Strategy<Value = Listing> {
    let link = (word(), word()).prop_map(|(name, url)| Link { name, url });
    let texts = (text(), text(), text(), text(), text(), text());
    let support = (option::of(text()), option::of(text()));
    (texts, vec(link, 0..3), person(), person(), support, media()).prop_map(
        |(texts, links, support, engineering, (support_global, support_government), media)| {
            let (language, title, summary, short_description, description, privacy_policy) = texts;
            Listing {
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
                ..media
            }
        },
    )
}

fn tests() -> impl Strategy<Value = Vec<Expectation>> {
    let expect = prop_oneof![Just(Expected::Allow), Just(Expected::Deny)];
    let test = (object(), word(), expect).prop_map(|(given, when, expect)| Expectation {
        plan: "core".parse().unwrap(),
        given,
        when,
        expect,
    });
    vec(test, 0..3)
}

fn form() -> impl Strategy<Value = Form> {
    let leads = prop_oneof![
        Just(Destination::None),
        (text(), vec(text(), 0..3)).prop_map(|(url, emails)| Destination::HttpsEndpoint {
            url,
            sealed: None,
            emails
        }),
    ];
    let terms =
        prop_oneof![Just(Terms::None), text().prop_map(Terms::Text), text().prop_map(Terms::Url)];
    let categories = proptest::collection::btree_map(text(), vec(text(), 0..3), 0..3);
    let first = (text(), leads, categories, terms, listing());
    (first, audience(), vec(plan(), 0..3), text(), tests()).prop_map(
        |((alias, leads, categories, terms, listing), preview_audience, plans, notes, tests)| {
            Form { alias, leads, categories, terms, listing, preview_audience, plans, notes, tests }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_form_that_is_written_reads_back_as_it_was_and_fits_the_schema(form in form()) {
        let name: OfferName = "ops".parse().unwrap();
        let id = OfferId { publisher: "fabrikam".parse().unwrap(), name };
        let text = write(&id, &form, &ThreeRoles);
        let back = read(&text, &Beside::pictures(&PICTURES));
        let back = back.unwrap_or_else(|faults| panic!("{faults} in\n{text}"));
        prop_assert_eq!(&back.id, &id);
        prop_assert_eq!(&back.form, &form, "{}", text);
        prop_assert_eq!(fits(&text), Vec::<String>::new(), "{}", text);
    }
}
