//! From the storefront to an accepted update.

use serde_json::Value;

use crate::kit::{ADA, Fyr, IVO, LONE, OLOF, RUT};

const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";
const ADATUM: &str = "44444444-4444-4444-8444-444444444444";
const TAILSPIN: &str = "55555555-5555-4555-8555-555555555555";
const WATCH: &str = "fabrikam.harbour-watch.watch";

fn version(shown: &Value) -> &str {
    shown["properties"]["version"].as_str().unwrap()
}

#[test]
fn a_plan_is_found_read_and_accepted_by_the_terms_that_were_read() {
    let fyr = Fyr::start(&[]);
    let found = fyr.nobody("catalog search harbour").ok();
    assert!(found.contains("watch") && !found.contains("care-tailspin"), "{found}");
    let private = fyr.by(IVO, &format!("catalog search --subscription {TAILSPIN}")).ok();
    assert!(private.contains("care-tailspin"), "{private}");
    let shown = fyr.nobody("catalog show fabrikam.harbour-watch").ok();
    let next = "fyr acceptance accept fabrikam.harbour-watch.PLAN --subscription ID";
    assert!(shown.contains(next) && shown.contains("/terms/harbour-watch"), "{shown}");
    let missing = fyr.nobody("catalog show fabrikam.none").refused();
    assert!(missing.contains("--subscription"), "{missing}");

    let accept = format!("acceptance accept {WATCH} --subscription {CONTOSO}");
    let none = fyr.by(OLOF, &format!("acceptance show {WATCH} --subscription {CONTOSO}"));
    assert!(none.refused().contains("fyr acceptance accept"));
    let shown = fyr.by(OLOF, &accept).ends_with(1);
    let engineers = shown.lines().find(|it| it.contains("Harbour watch engineers"));
    assert!(engineers.is_some_and(|it| it.contains("Reader") && it.ends_with("always")), "{shown}");
    let command = shown.lines().last().unwrap().trim().strip_prefix("fyr ").unwrap();
    let other = command.replace("--accept-terms=", "--accept-terms=0");
    assert!(fyr.by(OLOF, &other).refused().contains("not the ones that were read"));
    assert_eq!(fyr.by(RUT, command).code, 1, "a reader accepts nothing");
    let list = format!("acceptance list --subscription {CONTOSO}");
    assert!(fyr.by(OLOF, &list).ok().starts_with("Nothing is accepted"));

    let shared = format!("{command} --share-contact --email olof@contoso.example");
    let accepted = fyr.by(OLOF, &shared).ok();
    assert!(accepted.contains("version 1.1.0 is in force"), "{accepted}");
    assert!(accepted.contains("az managedservices assignment create --definition /sub"));
    let leads = fyr.by(ADA, "offer leads fabrikam.harbour-watch").ok();
    assert!(leads.contains("olof@contoso.example"), "{leads}");
    let rows = fyr.by(RUT, &list).ok();
    assert!(rows.contains(WATCH) && rows.contains("1.1.0"), "{rows}");
    let difference = format!("acceptance difference {WATCH} --subscription {CONTOSO}");
    assert!(fyr.by(RUT, &difference).ok().starts_with("No newer version waits"));
}

#[test]
fn an_update_is_read_declined_taken_back_and_accepted() {
    let fyr = Fyr::start(&[]);
    let by = |action: &str| {
        fyr.by(LONE, &format!("acceptance {action} {WATCH} --subscription {ADATUM} -o json"))
    };
    assert_eq!(version(&by("show").json()), "1.0.0");
    let told = fyr.by(LONE, &format!("acceptance difference {WATCH} --subscription {ADATUM}"));
    let told = told.ends_with(4);
    assert!(
        told.contains("Version 1.0.0 to 1.1.0") && told.contains("Microsoft.Support"),
        "{told}"
    );
    let json: Value = serde_json::from_str(&by("difference").ends_with(4)).unwrap();
    assert_eq!(json["effectivePermissions"]["overall"], "wider");

    assert!(by("decline --version 1.2.0").refused().contains("1.1.0"), "it waits");
    assert_eq!(by("decline --version 1.1.0").json()["properties"]["isDeclined"], true);
    let shown = fyr.by(LONE, &format!("acceptance show {WATCH} --subscription {ADATUM}")).ok();
    assert!(shown.contains("fyr acceptance reconsider"), "{shown}");
    assert_eq!(by("reconsider").json()["properties"]["isDeclined"], false);
    assert_eq!(by("update --version 1.1.0 --accept-terms=00").code, 1, "those are other terms");
    assert_eq!(version(&by("show").json()), "1.0.0");
    assert_eq!(version(&by("update --version 1.1.0").json()), "1.1.0");
    assert_eq!(by("difference").json()["effectivePermissions"]["overall"], "same");
}

#[test]
fn whoever_signed_in_to_az_need_not_say_so_again_and_nobody_is_told_how_to() {
    let fyr = Fyr::start(&[]);
    let list = format!("acceptance list --subscription {ADATUM}");
    let nobody = fyr.nobody(&list).refused();
    assert!(nobody.contains("az login") && nobody.contains("FYR_TOKEN"), "{nobody}");
    let (done, asked) = fyr.by_az(LONE, &list);
    assert!(done.ok().contains(WATCH));
    let token = format!("account get-access-token --output json --resource {}", fyr.arm());
    assert_eq!(asked.trim(), token);
    // Nobody who means an application acts as whoever has signed in to az.
    for name in ["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"] {
        let refused = fyr.with((name, "x"), &list).refused();
        assert!(refused.contains("set those that are missing"), "{refused}");
    }
    // A token is for one of the services.
    let (refused, _) = fyr.by_az(ADA, "account show");
    assert!(refused.refused().contains("az account get-access-token --resource"));
}
