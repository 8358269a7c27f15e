use model::{
    market::{
        account::Person,
        form::{
            Destination, Expectation, Expected, Link, Screenshot, Terms, VersionedManifest, Video,
        },
        offer::{Distribution, Offer, PlanFacts},
    },
    samples::{SUBSCRIPTION, TIER1, market as samples},
};
use proptest::{collection, option, prelude::*};
use serde_json::{Value, json};

use super::{super::read::read, *};
use crate::ingestion::tree::Tree;

fn resources(all: &Value) -> Vec<Resource> {
    read(json!({ "resources": all }).to_string().as_bytes()).unwrap()
}

fn schema(name: &str) -> String {
    format!("https://schema.mp.microsoft.com/schema/{name}/2022-03-01")
}

fn known() -> Known {
    let offer = samples::offer();
    let plans = offer.plans.iter().map(|(name, it)| (it.durable, name.clone())).collect();
    let picture = samples::picture();
    Known { plans, pictures: BTreeMap::from([(picture.digest.clone(), picture)]) }
}

#[test]
fn a_tree_that_was_read_configures_an_empty_draft_to_the_same_form() {
    let (offer, form) = (samples::offer(), samples::form());
    let tree = Tree { offer: &offer, target: "draft", media: "https://fyr.example/media" };
    let audience = form.plans[0].audience.clone();
    let all = Value::Array(tree.resources(&form, &form.preview_audience, |_| &audience));
    let resources = resources(&all);
    assert_eq!(product(&resources), Ok(Product::Durable(offer.durable)));
    let mut draft = Form::default();
    let beside = merge(&mut draft, &resources, &known()).unwrap();
    assert_eq!(draft, form);
    assert!(beside.changes_draft && beside.submission.is_none());
}

/// A draft with a logo, two screenshots and a video.
fn hung() -> Form {
    let shot = |caption: &str| Screenshot { picture: samples::picture(), caption: caption.into() };
    let mut form = samples::form();
    form.listing.screenshots = vec![shot("first"), shot("second")];
    let url = "https://vimeo.com/1".to_owned();
    form.listing.videos = vec![Video { name: "tour".to_owned(), url, thumbnail: None }];
    form
}

fn gone(kind: &str, nth: usize) -> Value {
    let product = samples::offer().durable;
    json!({
        "$schema": schema(kind), "id": format!("{kind}/{product}/{nth}"),
        "product": format!("product/{product}"), "lifecycleState": "deleted",
    })
}

#[test]
fn what_is_said_to_be_gone_is_taken_down_to_the_last_picture_and_the_rest_stays() {
    let told = |it: &Form| {
        let listing = &it.listing;
        let captions: Vec<String> =
            listing.screenshots.iter().map(|it| it.caption.clone()).collect();
        (listing.logo.is_some(), captions.join(","), listing.videos.len())
    };
    let after = |all: Value| {
        let mut form = hung();
        let beside = merge(&mut form, &resources(&all), &known()).unwrap();
        assert!(beside.changes_draft);
        told(&form)
    };
    let (asset, trailer) = ("listing-asset", "listing-trailer");
    assert_eq!(after(json!([gone(asset, 1)])), (true, "second".to_owned(), 1));
    assert_eq!(after(json!([gone(asset, 0)])), (false, "first,second".to_owned(), 1));
    assert_eq!(after(json!([gone(trailer, 0)])), (true, "first,second".to_owned(), 0));
    let all = [gone(asset, 2), gone(asset, 0), gone(asset, 1), gone(trailer, 0)];
    assert_eq!(after(all.into()), (false, String::new(), 0));
    for odd in [gone(asset, 3), gone(trailer, 1)] {
        let mut form = hung();
        let refused = merge(&mut form, &resources(&json!([odd])), &known()).unwrap_err();
        assert_eq!(refused.why, Why::NothingThere);
        assert_eq!(form, hung());
    }
    let mut nameless = gone(asset, 0);
    nameless.as_object_mut().unwrap().remove("id");
    assert!(read(json!({ "resources": [nameless] }).to_string().as_bytes()).is_err());
}

#[test]
fn resources_of_one_request_find_each_other_by_name() {
    let all = json!([
        { "$schema": schema("plan"), "resourceName": "pl1", "product": { "resourceName": "p1" },
          "identity": { "externalId": "core" } },
        { "$schema": schema("price-and-availability-plan"), "product": { "resourceName": "p1" },
          "plan": { "resourceName": "pl1" }, "audience": "private",
          "privateAudiences": [
            { "type": "subscription", "id": "00000000-0000-0000-0000-000000000005", "label": "pilot" }
          ] },
        { "$schema": schema("product"), "resourceName": "p1", "type": "managedService",
          "publisher": "fabrikam", "alias": "Ops", "identity": { "externalId": "ops" } },
        { "$schema": schema("submission"), "product": { "resourceName": "p1" },
          "target": { "targetType": "preview" } },
    ]);
    let resources = resources(&all);
    let id = samples::offer_id();
    assert_eq!(product(&resources), Ok(Product::Named(Some(id.publisher), id.name)));
    let mut draft = Form::default();
    let beside = merge(&mut draft, &resources, &Known::default()).unwrap();
    assert_eq!((draft.alias.as_str(), draft.plans.len()), ("Ops", 1));
    assert_eq!(draft.plans[0].visibility, Visibility::Private);
    assert_eq!(draft.plans[0].audience[0].description, "pilot");
    assert_eq!(beside.submission, Some((Slot::Preview, None)));
}

#[test]
fn the_audience_of_a_plan_changes_once_in_a_request() {
    let update = json!({
        "$schema": schema("price-and-availability-update-private-audiences"),
        "product": { "externalId": "ops" },
        "plan": { "externalId": "core" },
        "privateAudiences": {
            "add": [{ "type": "subscription", "id": "00000000-0000-0000-0000-000000000007" }]
        },
    });
    let once = merge(&mut samples::form(), &resources(&json!([update])), &known()).unwrap();
    assert_eq!((once.audiences.len(), once.changes_draft), (1, false));
    let twice = merge(&mut samples::form(), &resources(&json!([update, update])), &known());
    assert!(twice.unwrap_err().to_string().contains("resources[1]: a plan's audience"));
}

#[test]
fn what_does_not_fit_together_is_refused_with_its_place() {
    let product_of = |name: &str| json!({ "externalId": name });
    for (all, expected) in [
        (
            json!([{ "$schema": schema("property"), "product": product_of("ops") },
                   { "$schema": schema("property"), "product": product_of("other") }]),
            "resources[1]: it is of another product",
        ),
        (json!([{ "$schema": schema("property") }]), "resources[0]: it names no product"),
        (
            json!([{ "$schema": schema("property"), "product": { "resourceName": "p1" } }]),
            "no resource of the request calls itself `p1`",
        ),
        (
            json!([{ "$schema": schema("product"), "type": "managedService",
                     "resourceName": "p1", "identity": { "resourceName": "p1" } }]),
            "it names no product",
        ),
    ] {
        let refused = product(&resources(&all)).unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused} lacks {expected}");
    }
    for (resource, expected) in [
        (json!({ "$schema": schema("plan-listing"), "product": product_of("ops") }), "no plan"),
        (
            json!({ "$schema": schema("plan-listing"), "product": product_of("ops"),
                    "plan": { "externalId": "none" } }),
            "the offer has no such plan",
        ),
        (
            json!({ "$schema": schema("listing-asset"), "product": product_of("ops"),
                    "type": "azureLogoLarge", "url": format!("x/{}", "a".repeat(64)) }),
            "upload it first",
        ),
    ] {
        let refused = merge(&mut samples::form(), &resources(&json!([resource])), &known());
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(expected), "{refused} lacks {expected}");
    }
}

fn text() -> impl Strategy<Value = String> {
    "[ -~\n\u{e5}\u{20ac}]{0,12}"
}

/// What may be taken for another kind of terms among it.
fn terms() -> impl Strategy<Value = Terms> {
    let text = prop_oneof![
        text(),
        "https?://[a-z]{1,5}[.]example/[a-z ]{0,3}",
        Just("javascript:alert(1)".to_owned()),
    ];
    (text, 0..3).prop_map(|(text, kind)| match kind {
        0 => Terms::None,
        1 => Terms::Text(text),
        _ => Terms::Url(text),
    })
}

fn picture() -> impl Strategy<Value = Picture> {
    // A digest has one file's name here: what was uploaded is found by its digest.
    (0..4_u32).prop_map(|n| Picture {
        digest: n.to_string().repeat(64),
        file: format!("{n}.png"),
        ..samples::picture()
    })
}

fn audience() -> impl Strategy<Value = Vec<AudienceEntry>> {
    let entry = |description: String| AudienceEntry { subscription: SUBSCRIPTION, description };
    collection::vec(text().prop_map(entry), 0..3)
}

fn plan() -> impl Strategy<Value = Plan> {
    let words = (text(), text(), text());
    let manifests = collection::vec("[0-9]{1,2}[.][0-9][.][0-9]", 0..3);
    (words, option::of(audience()), manifests).prop_map(
        |((title, summary, description), audience, versions)| Plan {
            title,
            summary,
            description,
            visibility: match audience {
                Some(_) => Visibility::Private,
                None => Visibility::Public,
            },
            audience: audience.unwrap_or_default(),
            manifests: versions.iter().filter_map(|it| manifest(it)).collect(),
            ..samples::plan()
        },
    )
}

fn manifest(version: &str) -> Option<VersionedManifest> {
    let version = version.parse().ok()?;
    Some(VersionedManifest { version, manifest: samples::manifest() })
}

fn listing() -> impl Strategy<Value = Listing> {
    let person =
        || (text(), text(), text()).prop_map(|(name, email, phone)| Person { name, email, phone });
    let link = (text(), text()).prop_map(|(name, url)| Link { name, url });
    let screenshot =
        (picture(), text()).prop_map(|(picture, caption)| Screenshot { picture, caption });
    let video = (text(), text(), option::of(picture())).prop_map(|(name, url, thumbnail)| Video {
        name,
        url,
        thumbnail,
    });
    let lists = (
        collection::vec(link, 0..3),
        collection::vec(screenshot, 0..3),
        collection::vec(video, 0..3),
    );
    let logos = (option::of(picture()), option::of(picture()), option::of(picture()));
    let words = (text(), text(), text(), text(), text(), text());
    let support = (person(), person(), option::of(text()), option::of(text()));
    (words, support, lists, logos).prop_map(|(words, support, lists, logos)| {
        let (language, title, summary, short_description, description, privacy_policy) = words;
        let (support, engineering, support_global, support_government) = support;
        let (links, screenshots, videos) = lists;
        let (logo, medium_logo, small_logo) = logos;
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
            logo,
            medium_logo,
            small_logo,
            screenshots,
            videos,
        }
    })
}

fn form() -> impl Strategy<Value = Form> {
    // A query is a key, and is not shown.
    let leads = ("https://[a-z]{1,5}/[a-z]{0,5}", collection::vec(text(), 0..3))
        .prop_map(|(url, emails)| Destination::HttpsEndpoint { url, sealed: None, emails });
    let leads = prop_oneof![Just(Destination::None), leads];
    let categories = collection::btree_map("[a-z-]{1,9}", collection::vec(text(), 0..3), 0..3);
    let test = (text(), any::<bool>()).prop_map(|(when, is_allowed)| Expectation {
        plan: samples::plan_name(),
        given: TIER1.object,
        when,
        expect: if is_allowed { Expected::Allow } else { Expected::Deny },
    });
    let plans = collection::btree_map("[a-z0-9][a-z0-9_-]{2,5}", plan(), 0..3);
    let first = (text(), leads, categories, terms(), listing());
    (first, audience(), plans, text(), collection::vec(test, 0..3)).prop_map(
        |((alias, leads, categories, terms, listing), preview_audience, plans, notes, tests)| {
            let named = |(name, it): (String, Plan)| Plan { name: name.parse().unwrap(), ..it };
            let plans = plans.into_iter().map(named).collect();
            Form { alias, leads, categories, terms, listing, preview_audience, plans, notes, tests }
        },
    )
}

/// The offer of that form, as its resources name it.
fn offer_of(form: &Form) -> Offer {
    let facts = |(n, plan): (usize, &Plan)| {
        let durable = Uuid::from_u128(n as u128);
        (plan.name.clone(), PlanFacts { durable, distribution: Distribution::Draft })
    };
    Offer { plans: form.plans.iter().enumerate().map(facts).collect(), ..samples::offer() }
}

/// What the offer and its account have.
fn known_of(offer: &Offer, form: &Form) -> Known {
    let listing = &form.listing;
    let logos = [&listing.logo, &listing.medium_logo, &listing.small_logo].into_iter().flatten();
    let thumbnails = listing.videos.iter().filter_map(|it| it.thumbnail.as_ref());
    let pictures = listing.screenshots.iter().map(|it| &it.picture);
    let pictures = pictures.chain(logos).chain(thumbnails);
    Known {
        plans: offer.plans.iter().map(|(name, it)| (it.durable, name.clone())).collect(),
        pictures: pictures.map(|it| (it.digest.clone(), it.clone())).collect(),
    }
}

proptest! {
    #[test]
    fn every_form_comes_back_from_its_tree_as_it_was(form in form()) {
        let offer = offer_of(&form);
        let known = known_of(&offer, &form);
        let tree = Tree { offer: &offer, target: "draft", media: "https://fyr.example/media" };
        let audience = |name: &PlanName| form.plan(name).unwrap().audience.as_slice();
        let all = tree.resources(&form, &form.preview_audience, audience);
        let mut draft = Form::default();
        merge(&mut draft, &resources(&Value::Array(all)), &known).unwrap();
        prop_assert_eq!(draft, form);
    }
}
