//! Roles just in time: seen by whoever may activate them, asked for, decided about, held and given
//! back; and what a customer asks for before.

use identity::one_time::Seed;
use jiff::SignedDuration;
use model::{
    activation::policy::{ActivationPolicy, Proof},
    change::Noun,
    delegation::{Definition, EligibleAuthorization},
    period::OpenPeriod,
    samples::{
        self, ADA, CONTRIBUTOR, OLOF, OWNER, PROVIDER, READER, SUBSCRIPTION, TIER1, authorization,
        eligible, guarded, resource_group, role_assignment, whole,
    },
};

use crate::kit::{Answered, Browser, Kit, LOGIN, kit, person};

const ADA_NAME: &str = "ada@fabrikam.example";
const OLOF_NAME: &str = "olof@contoso.example";
const MIA_NAME: &str = "mia@fabrikam.example";
const MIA: ids::guid::Principal = samples::principal(PROVIDER, 0x31A);
const WHOLE: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";

fn given(eligible: EligibleAuthorization, more: Vec<Noun>) -> Vec<Noun> {
    let definition = Definition {
        authorizations: vec![authorization(TIER1, READER)],
        eligible: vec![eligible],
        ..samples::definition(SUBSCRIPTION)
    };
    let own = [
        Noun::Definition(definition),
        Noun::Assignment(samples::assignment(whole())),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::RoleAssignment(role_assignment(whole(), OLOF, OWNER)),
    ];
    own.into_iter().chain(person(MIA, "mia", "fabrikam")).chain(more).collect()
}

/// Contoso delegated its subscription; Fabrikam's engineers may activate Contributor there.
async fn world(eligible: EligibleAuthorization) -> Kit {
    kit(given(eligible, Vec::new())).await
}

/// The same where somebody has to approve: Mia, and without a second factor.
fn approved() -> EligibleAuthorization {
    let mut it = guarded(TIER1, CONTRIBUTOR, MIA);
    if let Some(policy) = &mut it.policy {
        policy.multi_factor = model::delegation::MultiFactor::None;
    }
    it
}

/// The page that the first link of that name leads to.
async fn click(browser: &Browser<'_>, page: &Answered, wanted: &str) -> Answered {
    let link = page.links(wanted).into_iter().next();
    browser.open(&link.unwrap_or_else(|| panic!("no {wanted}: {}", page.main()))).await
}

async fn activation(browser: &Browser<'_>) -> Answered {
    let page = browser.open("/roles").await;
    click(browser, &page, "main a[href^='/roles/activate']").await
}

/// Whether Ada may write in the subscription at this moment.
fn writes(kit: &Kit) -> bool {
    use model::question::{Question, Via};
    let action = model::action::Action::named("Microsoft.Storage/storageAccounts/write");
    let asked = Question { action, scope: whole(), via: Via::Any };
    let plane = kit.sign_in.plane();
    plane.index().check(ADA, &asked, plane.store.now()).is_allowed()
}

#[tokio::test]
async fn a_role_is_activated_held_and_given_back() {
    let kit = world(eligible(TIER1, CONTRIBUTOR)).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let page = ada.open("/roles").await;
    page.well_made();
    assert_eq!(page.heading(), "My roles");
    assert!(
        page.main().contains("Contributor") && page.main().contains("8 hours"),
        "{}",
        page.main()
    );
    assert!(page.main().contains("contoso"), "whose it is: {}", page.main());
    let form = activation(&ada).await;
    form.well_made();
    assert!(form.main().contains("Nothing more: it is active at once"), "{}", form.main());
    let fields = [("do", "activate"), ("minutes", "60"), ("justification", "patch night")];
    let done = ada.submit(&form, "#activate", &fields).await;
    assert_eq!(done.heading(), "My roles");
    assert_eq!(done.texts("main tbody .state"), ["Active"]);
    assert!(done.texts(".note.good")[0].contains("Contributor is active until"), "{}", done.text);
    assert!(writes(&kit));
    let eligible = ada.open("/roles").await;
    assert!(eligible.links("main a[href^='/roles/activate']").is_empty(), "{}", eligible.main());
    let ask = click(&ada, &done, "main a[href^='/roles/deactivate']").await;
    ask.well_made();
    assert!(ask.main().contains("patch night"), "{}", ask.main());
    let gone = ada.submit(&ask, "main form[method=post]", &[]).await;
    assert!(gone.main().contains("No role of yours is active"), "{}", gone.main());
    assert!(!writes(&kit));
    assert_eq!(ada.open("/roles/past").await.texts("main tbody .state"), ["Deactivated"]);
}

#[tokio::test]
async fn an_activation_ends_by_itself_and_its_page_says_so() {
    let kit = world(eligible(TIER1, CONTRIBUTOR)).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let form = activation(&ada).await;
    let fields = [("do", "activate"), ("minutes", "30"), ("group", "app")];
    let done = ada.submit(&form, "#activate", &fields).await;
    assert!(done.main().contains("app in "), "only there: {}", done.main());
    let eligible = ada.open("/roles").await;
    assert_eq!(eligible.texts("main tbody .state"), ["Active"]);
    assert_eq!(eligible.links("main a[href^='/roles/activate']").len(), 1, "elsewhere it is not");
    kit.wait(SignedDuration::from_mins(30));
    let past = ada.open("/roles/past").await;
    past.well_made();
    assert_eq!(past.texts("main tbody .state"), ["Expired"]);
    assert_eq!(ada.open("/roles").await.texts("main tbody .state"), ["Eligible"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_stands_beside_its_field_and_nothing_typed_is_lost() {
    let policy = ActivationPolicy {
        asks: [Proof::Justification, Proof::Ticket].into(),
        minutes_max: Some(45),
        approvers: Vec::new(),
        ..samples::activation_policy(whole())
    };
    let more = vec![Noun::ActivationPolicy(policy)];
    let kit = kit(given(eligible(TIER1, CONTRIBUTOR), more)).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let form = activation(&ada).await;
    assert!(form.main().contains("A justification") && form.main().contains("45 minutes"));
    let fields = [("do", "activate"), ("minutes", "480"), ("ticket-system", "helpdesk")];
    let back = ada.submit(&form, "#activate", &fields).await;
    back.well_made();
    assert_eq!(back.status, 400);
    let words = [
        "It is active for 5 minutes to 45 minutes.",
        "Say why you need it.",
        "Name the ticket that it is for.",
    ];
    assert_eq!(back.texts(".wrong"), words);
    let kept = back.fields("#activate", &[]).unwrap();
    assert!(kept.contains(&("ticket-system".to_owned(), "helpdesk".to_owned())), "{kept:?}");
    let far = [
        ("do", "activate"),
        ("start", "2999-01-01T00:00"),
        ("justification", "x"),
        ("ticket-number", "1"),
        ("minutes", "30"),
    ];
    let back = ada.submit(&back, "#activate", &far).await;
    assert_eq!(back.texts(".wrong"), ["It begins within 30 days, or is asked for later."]);
    let nowhere = [("do", "activate"), ("start", ""), ("group", "nowhere")];
    let back = ada.submit(&back, "#activate", &nowhere).await;
    assert_eq!(back.status, 404, "{}", back.main());
    assert!(back.texts("[role=alert]")[0].contains("Nothing was asked for."), "{}", back.main());
    assert!(!writes(&kit));
}

#[tokio::test]
async fn who_approves_is_told_decides_once_and_the_asker_sees_it() {
    let kit = world(approved()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let form = activation(&ada).await;
    assert!(form.main().contains("Approval by fabrikam"), "{}", form.main());
    let fields = [("do", "activate"), ("minutes", "60"), ("justification", "patch night")];
    let asked = ada.submit(&form, "#activate", &fields).await;
    assert_eq!(
        (asked.heading().as_str(), asked.texts("main tbody .state")),
        ("My requests", vec!["Waits for approval".to_owned()])
    );
    assert!(!writes(&kit));
    let mia = kit.signed_in(MIA_NAME).await;
    let home = mia.open("/").await;
    assert_eq!(home.texts("header .count"), ["1"]);
    assert!(home.main().contains("request for a role To decide"), "{}", home.main());
    let list = mia.open("/roles/approvals").await;
    list.well_made();
    assert!(list.main().contains("ada") && list.main().contains("patch night"), "{}", list.main());
    let page = click(&mia, &list, "main a[href^='/roles/approvals/']").await;
    page.well_made();
    let fields = [("answer", "approve"), ("justification", "agreed")];
    let done = mia.submit(&page, "main form[method=post]", &fields).await;
    assert!(done.main().contains("Nothing waits for your word."), "{}", done.main());
    assert!(writes(&kit));
    let again = mia.submit(&page, "main form[method=post]", &fields).await;
    assert_eq!(again.status, 400, "{}", again.main());
    let list = ada.open("/roles/requests").await;
    let page = click(&ada, &list, "main tbody a").await;
    page.well_made();
    assert!(page.main().contains("agreed") && page.main().contains("mia"), "{}", page.main());
}

#[tokio::test]
async fn a_request_is_denied_or_taken_back_and_nothing_comes_of_it() {
    let kit = world(approved()).await;
    let (ada, mia) = (kit.signed_in(ADA_NAME).await, kit.signed_in(MIA_NAME).await);
    let ask = async || {
        let form = activation(&ada).await;
        ada.submit(&form, "#activate", &[("do", "activate")]).await
    };
    let asked = ask().await;
    let page = click(&ada, &asked, "main tbody a").await;
    page.well_made();
    let gone = ada.submit(&page, "main form[method=post]", &[]).await;
    assert_eq!(gone.texts("main tbody .state"), ["Cancelled"]);
    kit.wait(SignedDuration::from_mins(1));
    ask().await;
    let list = mia.open("/roles/approvals").await;
    let page = click(&mia, &list, "main a[href^='/roles/approvals/']").await;
    mia.submit(&page, "main form[method=post]", &[("answer", "deny")]).await;
    assert_eq!(ada.open("/roles/requests").await.texts("main tbody .state")[0], "Denied");
    assert!(!writes(&kit));
}

#[tokio::test]
async fn nobody_decides_about_their_own_and_others_find_nothing() {
    let kit = world(approved()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let form = activation(&ada).await;
    let asked = ada.submit(&form, "#activate", &[("do", "activate")]).await;
    let mia = kit.signed_in(MIA_NAME).await;
    let list = mia.open("/roles/approvals").await;
    let approval = list.links("main a[href^='/roles/approvals/']").pop().unwrap();
    let own = ada.open(&approval).await;
    assert!(own.main().contains("There is nothing for you to decide here."), "{}", own.main());
    let olof = kit.signed_in(OLOF_NAME).await;
    let seen = olof.open(&approval).await;
    assert_eq!(seen.status, 200, "who reads role assignments there: {}", seen.main());
    assert!(!seen.text.contains("Ada"), "and hears no names: {}", seen.main());
    assert!(seen.main().contains("Somebody of fabrikam"), "{}", seen.main());
    let request = asked.links("main tbody a").pop().unwrap();
    assert!(olof.open(&request).await.texts("main form[method=post]").is_empty());
}

#[tokio::test]
async fn a_customer_says_what_it_asks_for_and_both_sides_agree() {
    let kit = world(approved()).await;
    let olof = kit.signed_in(OLOF_NAME).await;
    let access = olof.open(&format!("/access?scope={WHOLE}")).await;
    let settings = click(&olof, &access, "main .tabs a[href^='/access/settings']").await;
    let places = olof.open("/access/settings").await;
    let chosen = click(&olof, &places, "#places a[href^='/access/settings']").await;
    assert_eq!(
        (places.heading(), chosen.heading()),
        ("Role settings".to_owned(), settings.heading())
    );
    settings.well_made();
    assert!(settings.main().contains("Nothing more than the offer"), "{}", settings.main());
    let page = click(&olof, &settings, "main tbody a").await;
    page.well_made();
    let found = olof
        .submit(&page, "#setting", &[("do", "find"), ("find", "olof"), ("minutes", "60")])
        .await;
    assert!(found.texts("main .choice")[0].contains("olof"), "{}", found.main());
    let pick = format!("pick.{}", OLOF.object);
    let picked = olof.submit(&found, "#setting", &[("do", &pick)]).await;
    let saved = olof.submit(&picked, "#setting", &[("do", "save")]).await;
    assert!(
        saved.main().contains("At most 1 hour, Approval by one of 1 approver"),
        "{}",
        saved.main()
    );
    let ada = kit.signed_in(ADA_NAME).await;
    let form = activation(&ada).await;
    assert!(form.main().contains("Approval by fabrikam Approval by contoso"), "{}", form.main());
    ada.submit(&form, "#activate", &[("do", "activate"), ("justification", "x")]).await;
    for name in [MIA_NAME, OLOF_NAME] {
        assert!(!writes(&kit));
        let browser = kit.signed_in(name).await;
        let list = browser.open("/roles/approvals").await;
        let page = click(&browser, &list, "main a[href^='/roles/approvals/']").await;
        browser.submit(&page, "main form[method=post]", &[("answer", "approve")]).await;
    }
    assert!(writes(&kit));
    let access = olof.open(&format!("/access?scope={WHOLE}")).await;
    access.well_made();
    assert!(access.texts("#active").len() == 1 && access.main().contains("Somebody of fabrikam"));
    assert!(
        access.main().contains("eligible When activated: at most 120 minutes"),
        "{}",
        access.main()
    );
}

#[tokio::test]
async fn settings_that_cannot_stand_are_refused_beside_their_field_and_readers_only_look() {
    let rita = samples::principal(samples::CUSTOMER, 0x21);
    let more = person(rita, "rita", "contoso").into_iter();
    let more = more.chain([Noun::RoleAssignment(role_assignment(whole(), rita, READER))]);
    let kit = kit(given(approved(), more.collect())).await;
    let path = format!("/access/settings/role?scope={WHOLE}&role={CONTRIBUTOR}");
    let olof = kit.signed_in(OLOF_NAME).await;
    let page = olof.open(&path).await;
    let send = async |fields: &[(&str, &str)]| olof.submit(&page, "#setting", fields).await;
    let short = send(&[("do", "save"), ("minutes", "2"), ("approvers", "")]).await;
    assert_eq!((short.status, short.texts(".wrong").len()), (400, 1), "{}", short.main());
    let bad = send(&[("do", "save"), ("approvers", "olof"), ("ticket", "yes")]).await;
    assert_eq!(bad.texts(".wrong"), ["`olof` is no object id."]);
    assert_eq!(bad.texts("input[name=ticket][checked]").len(), 1, "nothing typed is lost");
    let rita = kit.signed_in("rita@contoso.example").await;
    let looked = rita.open(&path).await;
    assert_eq!((looked.status, looked.texts("button.primary").len()), (200, 0));
    let refused = rita.submit(&looked, "#setting", &[("do", "save")]).await;
    assert_eq!(refused.status, 403, "{}", refused.main());
    assert_eq!(olof.open(&format!("/access/settings/role?scope={WHOLE}&role=x")).await.status, 404);
}

/// An app that shows codes, set up for Ada on the sign-in's own page.
async fn set_up(kit: &Kit) -> Seed {
    let browser = kit.browser();
    let page = browser.open(&format!("{LOGIN}/common/security-info")).await;
    let who = [("username", ADA_NAME), ("password", crate::kit::PASSWORD)];
    let offer = browser.submit(&page, "form", &who).await;
    let seed: Seed = offer.texts("code")[0].parse().unwrap();
    let code = code(kit, &seed);
    let done = browser.submit(&offer, "form", &[("code", &code), ("answer", "enrol")]).await;
    assert!(done.text.contains("is set up"), "{}", done.text);
    kit.wait(SignedDuration::from_mins(2));
    seed
}

fn code(kit: &Kit, seed: &Seed) -> String {
    use ids::clock::Clock;
    seed.code_at(kit.clock.now()).0
}

#[tokio::test]
async fn a_second_factor_is_shown_on_the_way_and_the_form_is_as_it_was_left() {
    let mut guarded = guarded(TIER1, CONTRIBUTOR, MIA);
    if let Some(policy) = &mut guarded.policy {
        policy.approvers.clear();
    }
    let kit = world(guarded).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let seed = set_up(&kit).await;
    let form = activation(&ada).await;
    form.well_made();
    assert!(form.main().contains("A second factor is asked for."), "{}", form.main());
    let refused = ada.submit(&form, "#activate", &[("do", "activate")]).await;
    assert_eq!(refused.status, 400, "{}", refused.main());
    let typed = [("do", "factor"), ("minutes", "30"), ("justification", "Ünder way & back")];
    let away = ada.submit(&form, "#activate", &typed).await;
    assert!(away.url.starts_with(LOGIN), "{}", away.url);
    let account = away.fields("form", &[]).unwrap();
    assert!(!account.is_empty());
    let choose = away.texts("button[name=account]");
    assert_eq!(choose.len(), 1, "{}", away.text);
    let session = away.attribute("button[name=account]", "value");
    let asks = ada.submit(&away, "form", &[("account", &session)]).await;
    let code = code(&kit, &seed);
    let back = ada.submit(&asks, "form", &[("code", &code), ("answer", "sign-in")]).await;
    assert!(back.url.contains("/roles/activate"), "{} {}", back.url, back.text);
    let kept = back.fields("#activate", &[]).unwrap();
    for wanted in [("minutes", "30"), ("justification", "Ünder way & back")] {
        let wanted = (wanted.0.to_owned(), wanted.1.to_owned());
        assert!(kept.contains(&wanted), "{kept:?}");
    }
    let done = ada.submit(&back, "#activate", &[("do", "activate")]).await;
    assert_eq!(done.texts("main tbody .state"), ["Active"], "{}", done.main());
    let later = ada.open(&back.url).await;
    assert!(!later.text.contains("Ünder way"), "what was left is taken up once");
}

#[tokio::test]
async fn whoever_does_not_show_a_second_factor_comes_back_to_the_form() {
    let kit = world(guarded(TIER1, CONTRIBUTOR, MIA)).await;
    let ada = kit.signed_in(ADA_NAME).await;
    set_up(&kit).await;
    let form = activation(&ada).await;
    let away =
        ada.submit(&form, "#activate", &[("do", "factor"), ("justification", "patch")]).await;
    let back = ada.submit(&away, "form", &[("answer", "cancel")]).await;
    assert!(back.url.contains("/roles/activate"), "{}", back.url);
    assert!(back.text.contains(">patch</textarea>"), "{}", back.main());
    assert_eq!(back.texts(".person .who").len(), 1, "still signed in");
}

#[tokio::test]
async fn a_delegation_with_an_end_says_so_wherever_it_is_shown() {
    let now = samples::now();
    let until = now.saturating_add(SignedDuration::from_hours(48)).unwrap();
    let period = OpenPeriod::new(now, Some(until));
    let ending = model::delegation::Assignment { period, ..samples::assignment(whole()) };
    let kit = kit(given(eligible(TIER1, CONTRIBUTOR), vec![Noun::Assignment(ending)])).await;
    let (ada, olof) = (kit.signed_in(ADA_NAME).await, kit.signed_in(OLOF_NAME).await);
    let access = format!("/access?scope={WHOLE}");
    for (browser, path) in [
        (&ada, "/customers/delegations"),
        (&ada, "/roles"),
        (&olof, "/service-providers/delegations"),
        (&olof, access.as_str()),
    ] {
        let page = browser.open(path).await;
        let exact = until.strftime("%Y-%m-%d %H:%M UTC").to_string();
        assert!(page.main().contains(&format!("until {exact}")), "{path}: {}", page.main());
    }
    let list = ada.open("/customers/delegations").await;
    assert!(list.main().contains("2 role assignments, 1 eligible"), "{}", list.main());
    let delegation = click(&ada, &list, "main tbody th a").await;
    let eligible = click(&ada, &delegation, "main .heading a.primary").await;
    assert_eq!(eligible.texts("main tbody .state"), ["Eligible"], "{}", eligible.main());
    assert_eq!(resource_group("app").subscription(), whole().subscription());
}
