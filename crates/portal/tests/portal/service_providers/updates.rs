//! Newer versions of what was accepted: reviewed, declined, accepted, and by whom.

use model::{
    action::Action,
    change::Noun,
    samples::{self, SUBSCRIPTION, market, resource_group, whole},
};

use super::{FORM, OLOF, RITA, ada_may, end, offer, shop, shown, stored};

#[tokio::test]
async fn an_update_is_reviewed_declined_reconsidered_and_accepted() {
    let kit = shop(vec![Noun::Assignment(samples::assignment(whole()))]).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&offer("/update")).await;
    shown(
        &page,
        200,
        &["Narrower", "and would have Reader", "No longer reveals secrets", "Agreed"],
    );
    assert_eq!(page.heading(), "Update to version 1.1.0");
    let declined = olof.submit(&page, FORM, &[("answer", "decline")]).await;
    shown(&declined, 200, &["Declined version 1.1.0", "You declined version 1.1.0."]);
    let page = olof.open(&offer("/update")).await;
    let again = olof.submit(&page, FORM, &[("answer", "reconsider")]).await;
    shown(&again, 200, &["Took back the no", "waits for your word"]);
    let page = olof.open(&offer("/update")).await;
    let unsaid = olof.submit(&page, FORM, &[("answer", "accept")]).await;
    shown(&unsaid, 400, &["Tick this to accept the update."]);
    assert!(ada_may(&kit, &Action::GROUPS_WRITE), "nothing changed so far");
    let fields = [("answer", "accept"), ("consent", "yes")];
    let stale = [("version", "1.2.0"), fields[0], fields[1]];
    shown(&olof.submit(&page, FORM, &stale).await, 409, &["Nothing was changed."]);
    shown(&olof.submit(&page, FORM, &fields).await, 200, &["Accepted version 1.1.0"]);
    assert!(!ada_may(&kit, &Action::GROUPS_WRITE) && ada_may(&kit, &Action::GROUPS_READ));
    shown(&olof.open(&offer("/update")).await, 409, &["No newer version"]);
}

#[tokio::test]
async fn nobody_agrees_to_terms_that_came_after_they_read() {
    let kit = shop(vec![]).await;
    let stale = Noun::Market(model::market::MarketNoun::Acceptance({
        let before = market::acceptance("1.0.0");
        let terms = model::market::form::Terms::Text("Before <script>".to_owned());
        let terms = model::market::acceptance::TermsAccepted { terms, ..before.terms };
        model::market::acceptance::Acceptance { terms, ..before }
    }));
    testkit::put(kit.sign_in.plane(), vec![stale]).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open(&offer("/update")).await;
    shown(&page, 200, &["New terms"]);
    let fields = [("answer", "accept"), ("consent", "yes")];
    let other = [("signature", "00"), fields[0], fields[1]];
    shown(&olof.submit(&page, FORM, &other).await, 400, &["are not the ones that were read"]);
    let id = samples::definition(SUBSCRIPTION).id;
    let version = async |kit| stored(kit, &id).await.unwrap().accepted.unwrap().plan.version;
    assert_eq!(version(&kit).await, market::version("1.0.0"));
    shown(&olof.submit(&page, FORM, &fields).await, 200, &["Accepted version 1.1.0"]);
    assert_eq!(version(&kit).await, market::version("1.1.0"));
}

#[tokio::test]
async fn who_only_reads_sees_the_update_and_who_can_act_and_can_do_nothing() {
    let kit = shop(vec![Noun::Assignment(samples::assignment(resource_group("app")))]).await;
    let rita = kit.signed_in(RITA).await;
    shown(&rita.open("/service-providers").await, 200, &["1.1.0 waits"]);
    let end = end("?group=app");
    for path in [offer(""), offer("/delegate"), offer("/update"), offer("/remove"), end.clone()] {
        let page = rita.open(&path).await;
        shown(&page, 200, &["You may look at this", "These can:", "Owner"]);
        assert!(page.texts(FORM).is_empty(), "{path} offers what would be refused");
    }
    // A form that Rita writes herself does as little.
    let csrf = {
        let html = rita.open("/").await.html();
        let wanted = scraper::Selector::parse("input[name=csrf]").unwrap();
        html.select(&wanted).next().unwrap().value().attr("value").unwrap().to_owned()
    };
    let scope = identity::form::encoded(&whole().to_string());
    let print = {
        let olof = kit.signed_in(OLOF).await;
        let html = olof.open(&offer("/delegate")).await.html();
        let wanted = scraper::Selector::parse("input[name=print]").unwrap();
        html.select(&wanted).next().unwrap().value().attr("value").unwrap().to_owned()
    };
    let forged = [
        (offer("/delegate"), format!("scope={scope}&consent=yes&print={print}")),
        (offer("/update"), "version=1.1.0&answer=accept&consent=yes".to_owned()),
        (offer("/update"), "version=1.1.0&answer=decline".to_owned()),
        (offer("/remove"), String::new()),
        (end, String::new()),
    ];
    let before = testkit::events(kit.sign_in.plane()).await.len();
    for (path, body) in forged {
        let refused = rita.post(&path, &format!("csrf={csrf}&{body}")).await;
        assert_eq!(refused.status, 403, "{path} {body}: {}", refused.text);
        refused.well_made();
        let bare = rita.post(&path, &body).await;
        assert_eq!(bare.status, 403, "without what the form carries back");
    }
    assert_eq!(testkit::events(kit.sign_in.plane()).await.len(), before, "nothing changed");
    assert!(ada_may(&kit, &Action::GROUPS_WRITE));
}
