//! A company's account, and what becomes of an offer once it is there.

use crate::kit::{ADA, BO, Fyr, NORA, OPAL};

const OFFER: &str = "fabrikam.harbour-watch";
const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";
const ADATUM: &str = "44444444-4444-4444-8444-444444444444";

const COMPANY: &str = "
legalName: Northwind Operations AS
address: { street: Havnegata 1, city: Oslo, postalCode: '0150', country: 'NO' }
primaryContact: { name: Nora Dahl, email: nora@northwind.example, phone: '+47 22 55 01 00' }
authorizedToSign: true
agreements: [PublisherAgreement, PartnerNetworkAgreement]
partnerId: '6543210'
";

#[test]
fn a_company_signs_up_is_verified_and_refused_and_sees_to_its_members() {
    let fyr = Fyr::with_operators(&[]);
    assert!(fyr.by(NORA, "account show").refused().contains("fyr account sign-up"));
    fyr.file("company.yaml", COMPANY);
    let made = fyr.by(NORA, "account sign-up company.yaml").ok();
    assert!(made.contains("fyr account publishers create"), "{made}");
    assert!(fyr.by(NORA, "account sign-up company.yaml").refused().contains("account update"));
    fyr.file("company.yaml", &COMPANY.replace("Havnegata 1", "Havnegata 2"));
    fyr.by(NORA, "account update company.yaml").ok();
    let shown = fyr.by(NORA, "account show -o json").json();
    assert_eq!(shown["address"]["street"], "Havnegata 2");
    let tenant = shown["tenantId"].as_str().unwrap().to_owned();
    fyr.by(NORA, "account publishers create northwind --display-name 'Northwind Operations'").ok();
    assert!(fyr.by(NORA, "account publishers list").ok().contains("Northwind Operations"));

    assert!(fyr.by(OPAL, "account list").ok().contains("Northwind Operations AS"));
    let verify = |more: &str| fyr.by(OPAL, &format!("account verify {tenant} {more}"));
    assert_eq!(verify("--state Authorized").code, 1, "one state follows the other");
    let mine = format!("account verify {tenant} --state EmailVerification");
    assert_eq!(fyr.by(NORA, &mine).code, 1, "nobody verifies their own");
    verify("--state EmailVerification --designation InfrastructureAzure").ok();
    for state in ["EmploymentVerification", "BusinessVerification", "Authorized"] {
        let told = verify(&format!("--state {state}")).ok();
        assert!(told.contains("Qualified by: designation InfrastructureAzure"), "{told}");
    }
    assert!(fyr.by(NORA, "account show").ok().contains("Nothing is missing"));
    let refuse = format!("account refuse {tenant} --reason 'nobody answered the phone'");
    fyr.by(OPAL, &refuse).ok();
    let shown = fyr.by(NORA, "account show").ok();
    assert!(shown.contains("Rejected: nobody answered the phone"), "{shown}");

    let members = fyr.by(ADA, "account members list").ok();
    assert!(members.contains("bo@fabrikam.example") && members.contains("developer"), "{members}");
    fyr.by(ADA, "account members set mia@fabrikam.example --role manager").ok();
    assert_eq!(fyr.by(BO, "account members set bo@fabrikam.example --role owner").code, 1);
    assert_eq!(
        fyr.by(ADA, "account members remove ada@fabrikam.example").code,
        1,
        "the last owner"
    );
    fyr.by(ADA, "account members remove mia@fabrikam.example").ok();
    assert!(
        fyr.by(ADA, "account members set mia --role manager").refused().contains("sign-in name")
    );
}

#[test]
fn audiences_are_shown_changed_and_set_from_lists() {
    let fyr = Fyr::start(&[]);
    let by = |words: &str| fyr.by(BO, &format!("offer audience {words}"));
    let care = format!("{OFFER} --plan care-tailspin");
    let found = |text: &str| fyr.by(BO, &format!("catalog search --subscription {text}"));
    assert!(by(&format!("show {OFFER}")).ok().contains("Adatum helps us test"));
    // A private plan's counts at once where it is live.
    let shelf = format!("catalog show {OFFER} --subscription {CONTOSO}");
    let seen = || fyr.by(crate::kit::OLOF, &shelf).ok().contains("care-tailspin");
    assert!(!seen());
    let added = by(&format!("add {care} {CONTOSO}=Pilot")).ok();
    assert!(added.contains("2 subscriptions"), "{added}");
    assert!(seen());
    by(&format!("remove {care} {CONTOSO}")).ok();
    assert!(!seen());
    assert!(found("11111111-1111-4111-8111-11111111111x").code != 0, "that is no id");
    // The preview's is the draft's.
    let added = by(&format!("add {OFFER} {CONTOSO}=Contoso")).ok();
    assert!(added.contains("fyr offer publish"), "{added}");
    fyr.file("list.csv", &by(&format!("show {OFFER}")).ok());
    by(&format!("remove {OFFER} {CONTOSO} {ADATUM}")).ok();
    assert!(!by(&format!("show {OFFER}")).ok().contains("Contoso"));
    by(&format!("set {OFFER} list.csv")).ok();
    assert!(by(&format!("show {OFFER}")).ok().contains("Contoso"));
    fyr.file("bad.csv", &format!("Id,Description,Type\n{CONTOSO},x,SubscriptionId\nno,y,z\n"));
    let bad = by(&format!("set {OFFER} bad.csv")).refused();
    assert!(bad.contains("bad.csv: line 3, column Id"), "{bad}");
    let compared = fyr.by(BO, &format!("offer compare {OFFER}")).ok();
    assert!(compared.contains(CONTOSO), "{compared}");
    let history = fyr.by(BO, &format!("offer history {OFFER}")).ok();
    assert!(history.contains("Sync private audience"), "{history}");
}

#[test]
fn a_submission_is_reviewed_cancelled_and_a_distribution_stopped() {
    let fyr = Fyr::with_operators(&["--certification", "manual"]);
    let by = |words: &str| fyr.by(BO, &format!("offer {words} {OFFER}"));
    assert!(fyr.by(OPAL, "offer review list").ok().starts_with("No submission waits"));
    let told = by("publish").ends_with(1);
    assert!(told.contains("It waits for an operator"), "{told}");
    let waiting = waits(&fyr);
    let looked = fyr.by(OPAL, &format!("offer review show {waiting}")).ok();
    assert!(looked.contains("Harbour watch") && looked.contains("review refuse"), "{looked}");
    assert_eq!(fyr.by(BO, &format!("offer review approve {waiting}")).code, 1, "not their own");
    let refuse = format!("offer review refuse {waiting} --report 'Say who the engineers are.'");
    fyr.by(OPAL, &refuse).ok();
    let again = fyr.by(OPAL, &refuse).refused();
    assert!(again.contains("fyr offer review list"), "{again}");
    until(|| by("status").ok().contains("Say who the engineers are."));

    by("publish --no-wait").ok();
    fyr.by(OPAL, &format!("offer review show {}", waits(&fyr))).ok();
    let cancelled = by("cancel").ok();
    assert!(
        cancelled.contains("cancelled") && cancelled.contains("fyr offer publish"),
        "{cancelled}"
    );

    assert!(by("resume").refused().contains("no stop"));
    let stopped = by("stop --plan watch").ok();
    assert!(stopped.contains("watch: pending stop distribution"), "{stopped}");
    let resumed = by("resume --plan watch").ok();
    assert!(resumed.contains("watch: live"), "{resumed}");
    by("stop").ok();
    until(|| by("status").ok().contains("Not available"));
    let leads = fyr.by(ADA, &format!("offer leads {OFFER}")).ok();
    assert!(leads.starts_with("There is no lead yet"), "{leads}");
    assert_eq!(fyr.by(BO, "offer leads").code, 1, "leads are for owners");
}

/// How often one looks whether something has come about.
const LOOKS_MAX: usize = 300;

/// The one submission that waits for a review, once it does.
fn waits(fyr: &Fyr) -> String {
    let look = |_| {
        let all = fyr.by(OPAL, "offer review list -o json").json();
        all[0]["id"].as_str().map(str::to_owned)
    };
    (0..LOOKS_MAX).find_map(look).unwrap()
}

/// Asks until it is so: the server's worker takes its time.
fn until(is_so: impl Fn() -> bool) {
    assert!((0..LOOKS_MAX).any(|_| is_so()), "it did not come about");
}
