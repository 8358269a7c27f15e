use clap::Parser;
use serde_json::{Value, json};

use super::{form, show, verify};
use crate::cli::{Account, Arguments, Command};

fn verified(arguments: &[&str]) -> Vec<Value> {
    let fabrikam = ["ffffffff-0000-4000-8000-000000000001", "--state", "Authorized"];
    let all = ["fyr", "account", "verify"].iter().chain(&fabrikam).chain(arguments);
    let Command::Account(Account::Verify(it)) = Arguments::parse_from(all).command else {
        panic!("{arguments:?} is another command");
    };
    verify::qualifications(&it)
}

#[test]
fn the_form_to_fill_in_is_read_as_one_that_says_nothing_yet() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.yaml");
    form::init(&file).unwrap();
    assert!(form::init(&file).is_err(), "what is there stays");
    let body = form::read(&file).unwrap();
    assert_eq!(body["authorizedToSign"], false);
    assert_eq!((&body["agreements"], &body["address"]["city"]), (&json!([]), &json!("")));
    let asked = wire::account::read(body.to_string().as_bytes()).unwrap();
    assert_eq!(asked.partner, None);
}

#[test]
fn a_form_is_sent_in_the_apis_words_and_a_slip_is_told_by_its_place() {
    let text = r#"{
        "legalName": "Fabrikam", "address": { "country": "SE" },
        "agreements": ["PublisherAgreement"], "authorizedToSign": true, "partnerId": "6123477"
    }"#;
    let body = form::parse(text, "company.json").unwrap();
    let asked = wire::account::read(body.to_string().as_bytes()).unwrap();
    assert_eq!((asked.company.country.as_str(), asked.company.city.as_str()), ("SE", ""));
    assert!(asked.is_entitled && asked.partner.is_some() && asked.agreements.len() == 1);
    let refused = form::parse("legalName: F\nadress: {}\n", "company.yaml").unwrap_err();
    let expected = "company.yaml:2:1: a sign-up has no key `adress`; did you mean `address`?";
    assert_eq!(refused.to_string(), expected);
}

#[test]
fn an_account_says_what_is_missing_and_the_command_that_comes_next() {
    let account = |open: &[&str]| {
        let step = |id: &&str| {
            json!({
                "id": id, "title": "Step", "done": false, "missing": ["something"],
                "advice": "Do it.",
            })
        };
        json!({
            "legalName": "Fabrikam", "tenantId": "t", "revision": 3,
            "steps": open.iter().map(step).collect::<Vec<_>>(),
        })
    };
    let told = show::told(&account(&["A6", "A8"]));
    let expected = "\
Fabrikam (t)
Verification: not begun
Revision: 3
  open  A6  Step
            something
            Do it.
  open  A8  Step
            something
            Do it.
A publisher id is chosen by:
  fyr account publishers create PUBLISHER --display-name NAME
";
    assert_eq!(told, expected);
    assert!(show::told(&account(&["A8"])).contains("operators'"));
    assert!(show::told(&account(&["A2", "A8"])).contains("fyr account update"));
    assert!(show::told(&account(&[])).contains("Nothing is missing"));
    assert_eq!(show::etag(&account(&[])), "\"3\"");
}

#[test]
fn what_qualifies_a_company_is_sent_in_the_apis_words() {
    let said = verified(&[
        "--designation",
        "Security=2027-01-31",
        "--competency",
        "CloudPlatform=Gold",
        "--program",
        "AzureExpertMsp",
    ]);
    let expected = json!([
        { "kind": "designation", "area": "Security", "validTo": "2027-01-31" },
        { "kind": "competency", "area": "CloudPlatform", "level": "Gold" },
        { "kind": "program", "name": "AzureExpertMsp" },
    ]);
    assert_eq!(json!(said), expected);
    let body = json!({ "state": "Authorized", "qualifications": said }).to_string();
    assert_eq!(wire::account::read_verification(body.as_bytes()).unwrap().1.len(), 3);
    assert_eq!(verified(&[]), [] as [Value; 0]);
}
