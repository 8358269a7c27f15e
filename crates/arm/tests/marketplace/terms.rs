//! Legal terms, as `az term` and Terraform speak of them.

use model::{
    market::{
        acceptance::Acceptance,
        form::{Terms, Visibility},
    },
    samples::{self, ADA, CUSTOMER, NEIGHBOUR, OLOF, market},
};
use operations::plane::Plane;
use serde_json::{Value, json};
use testkit::shop::{Shop, shop};

use super::kit::{GUEST, INGA, NORA, RITA, SUBSCRIPTION, THEIRS, ask, body, code, plane};

const CURRENT: &str = "providers/Microsoft.MarketplaceOrdering/offerTypes/virtualmachine/publishers/fabrikam/offers/ops/plans/core/agreements/current?2021-01-01";
const AGREEMENT: &str =
    "providers/Microsoft.MarketplaceOrdering/agreements/fabrikam/offers/ops/plans/core";

async fn recorded(plane: &Plane) -> Option<Acceptance> {
    let shop = shop();
    let id = (CUSTOMER, shop.plan, shop.slot);
    plane.store.snapshot().await.unwrap().find::<Acceptance>(&id).await.unwrap()
}

#[tokio::test]
async fn terms_are_read_and_sent_back_accepted_and_kept_word_for_word() {
    let plane = plane(&[shop()]).await;
    let read = ask(&plane, OLOF, &format!("GET {SUBSCRIPTION}/{CURRENT}"), &Value::Null).await;
    assert_eq!(read.status, 200, "{read:?}");
    let mut terms = body(&read);
    assert_eq!(terms["properties"]["accepted"], false);
    assert_eq!(terms["properties"]["licenseTextLink"], "https://fabrikam.example/terms");
    assert_eq!(terms["properties"]["product"], "ops");

    terms["properties"]["accepted"] = json!(true);
    let put = format!("PUT {SUBSCRIPTION}/{CURRENT}");
    let done = ask(&plane, OLOF, &put, &terms).await;
    assert_eq!((done.status, &body(&done)["properties"]["accepted"]), (200, &json!(true)));
    let kept = recorded(&plane).await.unwrap();
    assert_eq!((kept.terms.by, kept.terms.at), (OLOF, samples::now()));
    assert_eq!((kept.terms.terms, kept.version), (market::form().terms, None));

    let before = testkit::events(&plane).await.len();
    assert_eq!(ask(&plane, OLOF, &put, &terms).await.status, 200);
    assert_eq!(testkit::events(&plane).await.len(), before, "it was agreed to already");

    let list =
        format!("GET {SUBSCRIPTION}/providers/Microsoft.MarketplaceOrdering/agreements?2021-01-01");
    let listed = body(&ask(&plane, OLOF, &list, &Value::Null).await);
    assert_eq!(listed["value"].as_array().unwrap().len(), 1);
    let cancel = format!("POST {SUBSCRIPTION}/{AGREEMENT}/cancel?2021-01-01");
    let gone = ask(&plane, OLOF, &cancel, &Value::Null).await;
    assert_eq!(body(&gone)["properties"]["accepted"], false);
    assert!(!recorded(&plane).await.unwrap().terms.is_standing);
    let sign = format!("POST {SUBSCRIPTION}/{AGREEMENT}/sign?2015-06-01");
    assert_eq!(body(&ask(&plane, OLOF, &sign, &Value::Null).await)["properties"]["accepted"], true);
}

#[tokio::test]
async fn nobody_agrees_to_words_that_have_changed_since_they_were_read() {
    let shop = shop();
    let plane = plane(std::slice::from_ref(&shop)).await;
    let line = format!("GET {SUBSCRIPTION}/{CURRENT}");
    let mut terms = body(&ask(&plane, OLOF, &line, &Value::Null).await);
    terms["properties"]["accepted"] = json!(true);
    let mut nouns = shop.nouns();
    for noun in &mut nouns {
        if let model::change::Noun::Market(model::market::MarketNoun::Edition(it)) = noun {
            it.form.terms = Terms::Text("Other words".to_owned());
        }
    }
    testkit::put(&plane, nouns).await;
    let refused = ask(&plane, OLOF, &format!("PUT {SUBSCRIPTION}/{CURRENT}"), &terms).await;
    assert_eq!((refused.status, code(&refused).as_str()), (400, "InvalidSignature"));
    assert_eq!(recorded(&plane).await, None);
    let text = body(&ask(&plane, OLOF, &line, &Value::Null).await);
    assert_eq!(text["properties"]["licenseText"], "Other words");
}

#[tokio::test]
async fn agreeing_takes_the_delegation_rule_and_reading_a_reader() {
    let plane = plane(&[shop()]).await;
    let sign = format!("POST {SUBSCRIPTION}/{AGREEMENT}/sign?2021-01-01");
    for (who, status) in [(INGA, 403), (GUEST, 403), (RITA, 403), (ADA, 401), (NORA, 401)] {
        let refused = ask(&plane, who, &sign, &Value::Null).await;
        assert_eq!(refused.status, status, "{who:?}: {refused:?}");
    }
    assert_eq!(recorded(&plane).await, None);
    let read = format!("GET {SUBSCRIPTION}/{AGREEMENT}?2021-01-01");
    assert_eq!(ask(&plane, RITA, &read, &Value::Null).await.status, 200);
}

#[tokio::test]
async fn the_terms_of_a_plan_for_others_are_those_of_no_plan() {
    let hidden = Shop { visibility: Visibility::Private, audience: vec![NEIGHBOUR], ..shop() };
    let (with, without) = (plane(&[hidden]).await, plane(&[]).await);
    for line in [
        format!("GET {SUBSCRIPTION}/{CURRENT}"),
        format!("GET {SUBSCRIPTION}/{AGREEMENT}?2021-01-01"),
        format!("POST {SUBSCRIPTION}/{AGREEMENT}/sign?2021-01-01"),
        format!("POST {SUBSCRIPTION}/{AGREEMENT}/cancel?2021-01-01"),
    ] {
        let told = ask(&with, OLOF, &line, &Value::Null).await;
        assert_eq!((told.status, code(&told).as_str()), (404, "ResourceNotFound"), "{line}");
        assert_eq!(told, ask(&without, OLOF, &line, &Value::Null).await, "{line}");
    }
    let theirs = ask(&with, NORA, &format!("GET {THEIRS}/{CURRENT}"), &Value::Null).await;
    assert_eq!(theirs.status, 200);
}
