//! Enrolling, working together in an account, and the operators' word on companies and submissions.

use model::{
    change::Noun,
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    samples::{ADA, PROVIDER},
};
use operations::market::run::Certification;

use super::kit::{
    ADA_NAME, NED, OFFER, OPERATOR_NAME, offer, operators, shop, value, work_by, written,
};
use crate::kit::{Kit, kit, person};

/// Fabrikam without an account, and Ada as its administrator.
async fn bare() -> Kit {
    let role = GLOBAL_ADMINISTRATOR;
    let administrator =
        Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal: ADA, role });
    let ned = person(NED, "ned", "fabrikam");
    kit(operators().into_iter().chain(ned).chain([administrator]).collect()).await
}

const COMPANY: [(&str, &str); 10] = [
    ("legalName", "Fabrikam B.V."),
    ("street", "Waalhaven 14"),
    ("city", "Rotterdam"),
    ("postalCode", "3087 BM"),
    ("country", "NL"),
    ("contact.name", "Ada Byron"),
    ("contact.email", "ada@fabrikam.example"),
    ("contact.phone", "+31 10 555 0100"),
    ("partnerId", "6123477"),
    ("confirmed", "entitled"),
];

#[tokio::test]
async fn a_company_enrols_step_by_step_until_the_operators_vouch_for_it() {
    let kit = bare().await;
    let ada = kit.signed_in(ADA_NAME).await;
    let page = ada.open("/partner-center").await;
    page.well_made();
    assert_eq!(page.heading(), "Sign up as a publisher");
    let mut wrong = COMPANY;
    wrong[4] = ("country", "Netherlands");
    let refused = ada.submit(&page, "#company", &wrong).await;
    assert_eq!(refused.status, 400);
    refused.well_made();
    assert_eq!(value(&refused, "#legalName"), "Fabrikam B.V.", "nothing typed is lost");
    assert!(refused.texts("#told-country .said")[0].contains("two capital letters"));
    let made = ada.submit(&refused, "#company", &[("country", "NL")]).await;
    made.well_made();
    assert_eq!(made.texts(".steps strong"), ["Next: Accept the agreements"], "{}", made.main());
    let page = ada.open("/partner-center/account/details").await;
    page.well_made();
    let agreed = [("confirmed", "publisher"), ("confirmed", "network")];
    let saved = ada.submit(&page, "#company", &agreed).await;
    assert_eq!(saved.texts(".steps strong"), ["Next: Choose a publisher id"], "{}", saved.main());
    let page = ada.open("/partner-center/publishers").await;
    page.well_made();
    let made = ada.submit(&page, "#publisher", &[("id", "Fabrikam"), ("name", "F")]).await;
    assert_eq!((made.status, value(&made, "#id")), (400, "Fabrikam".to_owned()));
    ada.submit(&made, "#publisher", &[("id", "fabrikam")]).await;
    let opal = kit.signed_in(OPERATOR_NAME).await;
    let list = opal.open("/partner-center/verifications").await;
    list.well_made();
    let company = list.links("tbody a")[0].clone();
    for stage in ["email", "employment", "business", "authorized"] {
        let page = opal.open(&company).await;
        page.well_made();
        let name = [("stage", stage), ("qualifications.0.name", "InfrastructureAzure")];
        let noted = opal.submit(&page, "#verification", &name).await;
        assert_eq!(noted.texts("main .note.good").len(), 1, "{stage}: {}", noted.main());
    }
    let back = opal.open(&company).await;
    let refused = opal.submit(&back, "#verification", &[("stage", "email")]).await;
    assert_eq!(refused.status, 409, "{}", refused.main());
    let done = ada.open("/partner-center/account").await;
    assert!(done.texts(".steps strong").is_empty(), "{}", done.main());
    assert_eq!(done.texts(".heading .state"), ["Authorized"]);
}

#[tokio::test]
async fn who_is_no_administrator_signs_nobody_up() {
    let kit = bare().await;
    let ned = kit.signed_in("ned@fabrikam.example").await;
    let shut = ned.open("/partner-center").await;
    assert!(shut.main().contains("a Global Administrator signs up"), "{}", shut.main());
    let csrf = value(&ned.open("/").await, "input[name=csrf]");
    let sent = ned.post("/partner-center/account", &format!("csrf={csrf}&legalName=x")).await;
    assert_eq!(sent.status, 403);
    let ada = kit.signed_in(ADA_NAME).await;
    assert_eq!(ada.open("/partner-center").await.heading(), "Sign up as a publisher");
}

#[tokio::test]
async fn members_come_and_go_and_an_account_keeps_an_owner() {
    let kit = shop(Vec::new()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    let page = ada.open("/partner-center/members").await;
    page.well_made();
    assert_eq!(page.texts("tbody th"), ["ada", "dan"], "{}", page.main());
    let ned = NED.object.to_string();
    let refused = ada.submit(&page, "#member", &[("who", "ned")]).await;
    assert_eq!((refused.status, value(&refused, "#who")), (400, "ned".to_owned()));
    let fields = [("who", ned.as_str()), ("role", "manager")];
    let added = ada.submit(&page, "#member", &fields).await;
    assert_eq!(added.texts("tbody th"), ["ada", "ned", "dan"], "{}", added.main());
    let browser = kit.signed_in("ned@fabrikam.example").await;
    assert!(browser.open("/partner-center/offers").await.main().contains("New offer"));
    let last = ada.open(&format!("/partner-center/members/{}/remove", ADA.object)).await;
    last.well_made();
    let refused = ada.submit(&last, "#act", &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.main().contains("keeps an owner"), "{}", refused.main());
    let page = ada.open(&format!("/partner-center/members/{ned}/remove")).await;
    ada.submit(&page, "#act", &[]).await;
    assert!(!browser.open("/partner-center/offers").await.main().contains("New offer"));
    let dan = kit.signed_in("dan@fabrikam.example").await;
    let page = dan.open("/partner-center/members").await;
    let refused = dan.submit(&page, "#member", &fields).await;
    assert_eq!(refused.status, 403, "a developer names nobody");
}

#[tokio::test]
async fn an_operator_sees_what_was_submitted_and_says_yes_or_no() {
    let kit = shop(operators()).await;
    let ada = kit.signed_in(ADA_NAME).await;
    written(&ada).await;
    let opal = kit.signed_in(OPERATOR_NAME).await;
    for (word, state) in [("refuse", "Attention needed"), ("approve", "Preview")] {
        let page = ada.open(&format!("{OFFER}/publish")).await;
        ada.submit(&page, "#publish", &[]).await;
        work_by(&kit, Certification::Manual).await;
        let waiting = ada.open(OFFER).await;
        assert!(waiting.main().contains("Waits for a reviewer"), "{}", waiting.main());
        let list = opal.open("/partner-center/certifications").await;
        list.well_made();
        let submission = list.links("tbody a")[0].clone();
        let shown = opal.open(&submission).await;
        shown.well_made();
        assert!(shown.main().contains("A night crew for your estate"), "{}", shown.main());
        assert!(!shown.text.contains("hunter2"));
        let asked = shown.texts("main .card h3");
        assert_eq!(asked, ["Plan core , manifest 1.0.0 reveals secrets"], "{}", shown.main());
        assert!(shown.main().contains("tier1"), "who is given what: {}", shown.main());
        assert!(!shown.text.contains(super::kit::TRIAL), "audiences are counted: {}", shown.main());
        assert!(shown.main().contains("previewAudience 1 subscription"), "{}", shown.main());
        let fields = [("do", word), ("report", "<b>mend</b> the title")];
        let done = opal.submit(&shown, "#review", &fields).await;
        done.well_made();
        assert_eq!(done.texts("main .note.good").len(), 1, "{}", done.main());
        let again = opal.submit(&shown, "#review", &fields).await;
        assert_eq!(again.status, 409, "one word each");
        work_by(&kit, Certification::Manual).await;
        let told = ada.open(OFFER).await;
        told.well_made();
        assert_eq!(told.texts(".heading .state"), [state], "{}", told.main());
        if word == "refuse" {
            assert!(told.main().contains("<b>mend</b> the title"), "as text: {}", told.main());
        }
        for path in [submission.as_str(), "/partner-center/certifications"] {
            let strange = ada.open(path).await;
            assert!(strange.status == 403 || strange.main().contains("and you are none"));
            assert!(!strange.main().contains("A night crew"), "{path}");
        }
    }
    let csrf = value(&ada.open("/").await, "input[name=csrf]");
    let company = format!("/partner-center/verifications/{PROVIDER}");
    for (path, body) in [(company.as_str(), "stage=email"), ("/partner-center/verifications", "")] {
        let sent = ada.post(path, &format!("csrf={csrf}&{body}")).await;
        assert!([403, 405].contains(&sent.status), "{path}: {}", sent.status);
    }
    assert_eq!(ada.open(&company).await.status, 403, "nobody vouches for themselves");
    assert!(ada.texts_of_navigation().await.iter().all(|it| it != "Certifications"));
    assert!(opal.texts_of_navigation().await.iter().any(|it| it == "Certifications"));
    assert_eq!(offer(&kit).await.form.plans.len(), 1);
}

impl crate::kit::Browser<'_> {
    async fn texts_of_navigation(&self) -> Vec<String> {
        self.open("/").await.texts("#navigation a")
    }
}
