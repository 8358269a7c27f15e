//! Writing a draft.

use base64::{Engine, prelude::BASE64_STANDARD};
use ids::offer::{OfferId, Slot};
use market::{audience::Fault, image};
use model::{
    change::Noun,
    market::{
        MarketNoun,
        form::{Destination, Visibility},
        media::Background,
        offer::{Offer, OfferState},
    },
    samples::{NEIGHBOUR, SUBSCRIPTION, market as market_samples},
};
use operations::{
    market::{
        IfMatch, Refused, Thing,
        offers::{audience, create, delete, history, media, read, save, sync},
    },
    page::page,
    put::Put,
};
use uuid::Uuid;

use super::kit::{
    ADA_KEY, BO, DAN, GUEST, NED, by, denied, drafted, events, form, live, offer, offer_id, plane,
    previewed, published, refused, rules, saved,
};

/// Two by two red pixels.
const RED: &str = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAEUlEQVR42mM4ISf3H4QZYAwARzQIDRsnkbcAAAAASUVORK5CYII=";

#[tokio::test]
async fn a_draft_is_saved_in_the_form_that_was_seen_and_in_no_other() {
    let plane = plane(Vec::new()).await;
    let first = drafted(&plane, &form()).await;
    assert_eq!((first.revision, first.state), (2, OfferState::Draft));
    let mut next = form();
    next.notes = "more".to_owned();
    let stale = save::save(&plane, &by(DAN), &offer_id(), &next, IfMatch::Revision(1)).await;
    assert_eq!(refused(stale), Refused::Stale { is: 2 });
    let put = save::save(&plane, &by(DAN), &offer_id(), &next, IfMatch::Revision(2)).await.unwrap();
    assert_eq!(put.into_inner().revision, 3);
    let before = events(&plane).await.len();
    let again = save::save(&plane, &by(DAN), &offer_id(), &next, IfMatch::Any).await.unwrap();
    assert!(matches!(again, Put::Unchanged(_)));
    assert_eq!(events(&plane).await.len(), before);
}

#[tokio::test]
async fn an_offer_is_its_accounts_alone_and_elsewhere_like_one_that_does_not_exist() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let nowhere = OfferId { name: "nowhere".parse().unwrap(), ..offer_id() };
    for id in [offer_id(), nowhere] {
        assert_eq!(
            refused(read::read(&plane, &by(BO), &id).await),
            Refused::NotFound(Thing::Offer)
        );
        let save = save::save(&plane, &by(BO), &id, &form(), IfMatch::Any).await;
        assert_eq!(refused(save), Refused::NotFound(Thing::Offer));
        let delete = delete::delete(&plane, &by(BO), &id, IfMatch::Any).await;
        assert_eq!(refused(delete), Refused::NotFound(Thing::Offer));
        denied(read::read(&plane, &by(NED), &id).await);
        denied(read::read(&plane, &by(GUEST), &id).await);
        denied(save::save(&plane, &by(GUEST), &id, &form(), IfMatch::Any).await);
    }
    let create = create::create(&plane, &by(BO), &offer_id(), "x").await;
    assert_eq!(refused(create), Refused::NotFound(Thing::Publisher));
    assert_eq!(read::list(&plane, &by(BO), page(None, None)).await.unwrap().items, []);
}

#[tokio::test]
async fn an_offers_id_is_one_in_its_publisher_and_never_a_previews() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let again = create::create(&plane, &by(DAN), &offer_id(), "x").await;
    assert_eq!(refused(again), Refused::OfferTaken(offer_id()));
    let preview = OfferId { name: "ops-preview".parse().unwrap(), ..offer_id() };
    let found = rules(create::create(&plane, &by(DAN), &preview, "x").await);
    assert_eq!(found, [("OFR-001", "offerId".to_owned())]);
}

#[tokio::test]
async fn what_may_be_a_key_is_never_shown_and_stays_where_the_rest_is_sent_back() {
    let plane = plane(Vec::new()).await;
    let mut form = form();
    let url = format!("https://fabrikam.example/leads?{ADA_KEY}");
    form.leads = Destination::HttpsEndpoint { url, sealed: None, emails: Vec::new() };
    drafted(&plane, &form).await;
    let mut shown = offer(&plane).await.form;
    assert_ne!(shown.leads, form.leads);
    shown.notes = "changed".to_owned();
    let saved = saved(&plane, &shown).await.unwrap();
    assert!(!serde_json::to_string(&saved).unwrap().contains(ADA_KEY));
    // Nor does the same address, said again, count as a change.
    let mut same = form.clone();
    same.notes = "changed".to_owned();
    let again = save::save(&plane, &by(DAN), &offer_id(), &same, IfMatch::Any).await.unwrap();
    assert!(matches!(again, Put::Unchanged(_)));
    live(&plane).await;
    for slot in Slot::ALL {
        let shown = serde_json::to_string(&published(&plane, slot).await.unwrap()).unwrap();
        assert!(!shown.contains(ADA_KEY));
    }
    let journal = serde_json::to_string(&events(&plane).await).unwrap();
    assert!(!journal.contains(ADA_KEY));
}

#[tokio::test]
async fn what_was_published_does_not_change_its_meaning_and_the_refusal_names_the_field() {
    let plane = plane(Vec::new()).await;
    let mut public = form();
    public.plans[0].visibility = Visibility::Public;
    public.plans[0].audience.clear();
    drafted(&plane, &public).await;
    live(&plane).await;
    let before = offer(&plane).await;
    let check = async |form| rules(saved(&plane, &form).await);
    let mut private = form();
    private.plans[0].manifests.clone_from(&public.plans[0].manifests);
    assert_eq!(check(private).await, [("PLN-003", "plans[0].visibility".to_owned())]);
    let mut gone = public.clone();
    gone.plans.clear();
    assert_eq!(check(gone).await, [("PLN-009", "plans".to_owned())]);
    let mut other = public.clone();
    other.plans[0].manifests[0].manifest.authorizations.clear();
    assert_eq!(check(other).await, [("MAN-018", "plans[0].manifests[0]".to_owned())]);
    let mut lower = public.clone();
    lower.plans[0].manifests[0].version = "0.9.0".parse().unwrap();
    let found = check(lower).await;
    assert!(found.iter().all(|(rule, _)| *rule == "MAN-001") && !found.is_empty(), "{found:?}");
    assert_eq!(offer(&plane).await, before, "a refusal leaves no trace");
}

#[tokio::test]
async fn a_picture_is_decoded_kept_once_and_known_by_what_it_is() {
    let plane = plane(Vec::new()).await;
    let bytes = BASE64_STANDARD.decode(RED).unwrap();
    let upload = async |bytes: &[u8]| {
        let logo = media::For::Logo;
        media::upload(&plane, &by(DAN), logo, "red.png", bytes.to_vec()).await
    };
    let put = upload(&bytes).await.unwrap();
    let Put::Created(picture) = put else { panic!("{put:?}") };
    assert_eq!((picture.width, picture.height), (2, 2));
    let again = upload(&bytes).await.unwrap();
    assert_eq!(again, Put::Unchanged(picture.clone()));
    let kept = read::media(&plane, &by(DAN), &picture.digest).await.unwrap();
    assert_eq!(kept.bytes, RED);
    let foreign = read::media(&plane, &by(BO), &picture.digest).await;
    assert_eq!(refused(foreign), Refused::NotFound(Thing::Picture));
    let jpeg = refused(upload(b"\xFF\xD8\xFF\xE0 and so on").await);
    assert!(matches!(jpeg, Refused::Picture(image::Problem::Other(_))), "{jpeg:?}");
    let cut = refused(upload(&bytes[..40]).await);
    assert!(matches!(cut, Refused::Picture(_)), "{cut:?}");
    denied(media::upload(&plane, &by(NED), media::For::Logo, "x", bytes.clone()).await);
    let journal = serde_json::to_string(&events(&plane).await).unwrap();
    assert!(!journal.contains(RED), "the journal keeps no pictures");

    let mut lies = form();
    let logo = lies.listing.logo.as_mut().unwrap();
    *logo = model::market::media::Picture { width: 300, height: 300, ..picture };
    logo.background = Background::Other;
    drafted(&plane, &lies).await;
    assert_eq!(offer(&plane).await.form.listing.logo.unwrap().width, 2);
    lies.listing.logo.as_mut().unwrap().digest = "f".repeat(64);
    let unknown = refused(saved(&plane, &lies).await);
    assert_eq!(unknown, Refused::NoPicture { field: "listing.logos.large".to_owned() });
}

#[tokio::test]
async fn a_list_replaces_an_audience_or_says_in_which_line_it_is_wrong() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let whose = audience::Whose::Plan("core".parse().unwrap());
    let import = async |list: String| {
        audience::import(&plane, &by(DAN), &offer_id(), &whose, list.as_bytes(), IfMatch::Any).await
    };
    let good = format!("Id,Description,Type\n{NEIGHBOUR},Northwind,SubscriptionId\n");
    import(good.clone()).await.unwrap();
    let after = offer(&plane).await.form;
    assert_eq!(after.plans[0].audience.len(), 1);
    assert_eq!(after.plans[0].audience[0].subscription, NEIGHBOUR);
    let wrong = refused(import(format!("{good}nobody,x,SubscriptionId\n")).await);
    let Refused::Audience(faults) = &wrong else { panic!("{wrong:?}") };
    assert!(matches!(faults[..], [Fault { line: 3, .. }]), "{faults:?}");
    assert_eq!(offer(&plane).await.form, after);
    let told = audience::export(&plane, &by(DAN), &offer_id(), &whose).await.unwrap();
    assert!(told.contains(&NEIGHBOUR.to_string()), "{told}");
}

#[tokio::test]
async fn an_audience_is_synced_in_draft_preview_and_storefront_at_once() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    live(&plane).await;
    let name = "core".parse().unwrap();
    let entry = model::market::form::AudienceEntry {
        subscription: NEIGHBOUR,
        description: "pilot".to_owned(),
    };
    let change = sync::Change { add: vec![entry.clone()], remove: vec![SUBSCRIPTION] };
    let before = events(&plane).await.len();
    sync::sync(&plane, &by(DAN), &offer_id(), &name, &change).await.unwrap();
    let new = events(&plane).await.split_off(before);
    assert!(new.iter().all(|it| it.correlation == new[0].correlation));
    assert_eq!(offer(&plane).await.form.plans[0].audience, std::slice::from_ref(&entry));
    for slot in Slot::ALL {
        let form = published(&plane, slot).await.unwrap();
        assert_eq!(form.plans[0].audience, std::slice::from_ref(&entry), "{slot:?}");
    }
    let mut public = form();
    public.plans[0].visibility = Visibility::Public;
    saved(&plane, &public).await.unwrap();
    sync::sync(&plane, &by(DAN), &offer_id(), &name, &change).await.unwrap();
    previewed(&plane).await;
    live(&plane).await;
    let nowhere = sync::sync(&plane, &by(DAN), &offer_id(), &name, &change).await;
    assert_eq!(refused(nowhere), Refused::NotPrivate(name));
}

#[tokio::test]
async fn an_offer_that_was_never_published_goes_with_all_that_is_told_of_it() {
    let plane = plane(Vec::new()).await;
    drafted(&plane, &form()).await;
    let stale = delete::delete(&plane, &by(DAN), &offer_id(), IfMatch::Revision(1)).await;
    assert_eq!(refused(stale), Refused::Stale { is: 2 });
    delete::delete(&plane, &by(DAN), &offer_id(), IfMatch::Revision(2)).await.unwrap();
    create::create(&plane, &by(DAN), &offer_id(), "again").await.unwrap();
    let told = history::list(&plane, &by(DAN), &offer_id(), page(None, None)).await.unwrap().items;
    assert_eq!(told.len(), 1, "{told:?}");
    saved(&plane, &form()).await.unwrap();
    previewed(&plane).await;
    let late = delete::delete(&plane, &by(DAN), &offer_id(), IfMatch::Any).await;
    let published = Refused::State(market::lifecycle::Refusal::Published);
    assert_eq!(refused(late), published);
}

#[tokio::test]
async fn an_account_has_two_hundred_offers_and_a_page_shows_twenty_of_them() {
    let named = |n: usize| OfferId { name: format!("ops-{n:03}").parse().unwrap(), ..offer_id() };
    let offers = (0..create::OFFERS_MAX).map(|n| {
        let durable = Uuid::from_u128(0xF000 + n as u128);
        let (state, running) = (OfferState::Draft, None);
        let it = Offer { id: named(n), durable, state, running, ..market_samples::offer() };
        Noun::Market(MarketNoun::Offer(it))
    });
    let plane = plane(offers.collect()).await;
    let more = refused(create::create(&plane, &by(DAN), &named(999), "x").await);
    assert_eq!(more, Refused::TooMany { what: "offers", max: 200 });
    for (asked, shown) in [(None, 20), (Some(1_000), 20), (Some(3), 3)] {
        let found = read::list(&plane, &by(DAN), page(None, asked)).await.unwrap();
        assert_eq!((found.items.len(), found.next.is_some()), (shown, true));
    }
    let last = named(create::OFFERS_MAX - 1);
    let found = read::named(&plane, &by(DAN), &last.name).await.unwrap();
    assert_eq!(found.iter().map(|it| &it.id).collect::<Vec<_>>(), [&last]);
    assert_eq!(read::named(&plane, &by(BO), &last.name).await.unwrap(), []);
    denied(read::named(&plane, &by(NED), &last.name).await);
    delete::delete(&plane, &by(DAN), &last, IfMatch::Any).await.unwrap();
    // Of two that are made at once, one is the last that there may be.
    let (dan, first, second) = (by(DAN), named(997), named(998));
    let both = tokio::join!(
        create::create(&plane, &dan, &first, "x"),
        create::create(&plane, &dan, &second, "x")
    );
    let (made, late) = match both {
        (Ok(made), late) | (late, Ok(made)) => (made, late),
        neither => panic!("{neither:?}"),
    };
    assert_eq!(refused(late), Refused::TooMany { what: "offers", max: 200 });
    delete::delete(&plane, &by(DAN), &made.id, IfMatch::Any).await.unwrap();
    create::create(&plane, &by(DAN), &named(999), "x").await.unwrap();
}
