use std::{fs, path::PathBuf};

use ids::guid::RoleId;
use jiff::civil::date;
use market::difference::Overall;
use model::market::form::{Form, Visibility};
use serde_json::Value;

use super::*;
use crate::{
    cli::Format,
    commands::{findings::Placed, offer::test},
};

const CONTRIBUTOR: RoleId =
    RoleId::new(uuid::Uuid::from_u128(0xb249_88ac_6180_42a0_ab88_20f7_382d_d24c));

/// What `fyr offer init` writes, with `change` made to the text.
struct Sample(tempfile::TempDir);

impl Sample {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        init::run(folder.path()).unwrap();
        Self(folder)
    }

    fn with(from: &str, to: &str) -> Self {
        let sample = Self::new();
        let text = fs::read_to_string(sample.path()).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(sample.path(), text.replacen(from, to, 1)).unwrap();
        sample
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("offer.yaml")
    }

    fn form(&self) -> Form {
        read(&self.path()).unwrap().form
    }
}

fn linted(paths: &[PathBuf]) -> Vec<Placed> {
    lint::found(paths, date(2026, 11, 29)).unwrap()
}

fn ids(found: &[Placed]) -> Vec<&str> {
    found.iter().map(|it| it.finding.rule.id).collect()
}

#[test]
fn the_offer_to_begin_with_is_clean_and_nothing_is_written_over() {
    let sample = Sample::new();
    let told: Vec<String> = linted(&[sample.path()])
        .iter()
        .map(|it| format!("{} {} {}", it.finding.rule.id, it.finding.field, it.finding.reason))
        .collect();
    assert_eq!(told, [""; 0]);
    assert!(init::run(sample.0.path()).unwrap_err().to_string().contains("is there already"));
}

#[test]
fn a_finding_stands_at_its_line_and_column() {
    let sample = Sample::with("role: Reader", "role: Owner");
    let found = linted(&[sample.path()]);
    let owner = found.iter().find(|it| it.finding.rule.id == "MAN-005").unwrap();
    let text = fs::read_to_string(sample.path()).unwrap();
    let line = text.lines().position(|it| it.contains("role: Owner")).unwrap() + 1;
    assert_eq!((owner.at.line, owner.at.column), (line, 19));
    assert_eq!(owner.finding.field, "plans[0].manifests[0].authorizations[0].roleDefinitionId");
}

#[test]
fn a_write_role_in_a_public_plan_is_found_and_in_a_private_one_is_not() {
    let public = Sample::with("role: Reader", "role: Contributor");
    assert!(ids(&linted(&[public.path()])).contains(&"MAN-106"));
}

#[test]
fn two_files_of_one_id_are_found_together() {
    let (one, other) = (Sample::new(), Sample::new());
    assert_eq!(ids(&linted(&[one.path(), other.path()])), ["OFR-002"]);
    let stranger = Sample::with("publisherId: fabrikam", "publisherId: northwind");
    let found = linted(&[one.path(), stranger.path()]);
    assert_eq!(ids(&found), ["TPL-002"], "templates make one name of one title");
    assert_eq!(found[0].file, stranger.path());
}

#[test]
fn what_cannot_be_read_is_told_line_by_line() {
    let sample = Sample::with("offerId: harbour-watch", "oferId: harbour-watch");
    let told = read(&sample.path()).unwrap_err().to_string();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[1].ends_with("an offer has no key `oferId`; did you mean `offerId`?"), "{told}");
}

#[test]
fn no_file_outside_of_the_offers_folder_is_opened() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.png");
    fs::write(&secret, "secret").unwrap();
    for path in ["../secret.png", "a/../../secret.png", secret.to_str().unwrap(), "link.png"] {
        let sample = Sample::with("large: logo.png", &format!("large: {path}"));
        std::os::unix::fs::symlink(&secret, sample.0.path().join("link.png")).unwrap();
        let told = read(&sample.path()).unwrap_err().to_string();
        assert!(told.contains("it must stand in the offer's folder"), "{path}: {told}");
    }
}

#[test]
fn a_difference_is_told_plan_by_plan_and_weighed_as_a_whole() {
    let before = Sample::new().form();
    let told = |after: &Form| diff::told(&before, after, Format::Table).unwrap();
    let (same, text) = told(&before);
    assert_eq!(same, Overall::Same);
    assert!(text.contains("Plan watch, 1.0.0\nNothing changes"), "{text}");
    assert!(text.ends_with("Nothing else differs.\n"), "{text}");
    let mut wider = before.clone();
    wider.plans[0].manifests[0].manifest.authorizations[0].role = CONTRIBUTOR;
    wider.listing.title = "Harbour watch plus".to_owned();
    let (overall, text) = told(&wider);
    assert_eq!(overall, Overall::Wider);
    assert!(text.contains("listkeys/action  reveals secrets") || text.contains("reveals secrets"));
    assert!(text.contains("~ listing.title: Harbour watch -> Harbour watch plus"), "{text}");
    let (back, _) = diff::told(&wider, &before, Format::Table).unwrap();
    assert_eq!(back, Overall::Narrower);
}

#[test]
fn a_plan_that_is_new_counts_as_more_and_one_that_is_gone_as_less() {
    let all = Sample::new().form();
    let mut one = all.clone();
    one.plans.truncate(1);
    let (overall, text) = diff::told(&one, &all, Format::Table).unwrap();
    assert_eq!(overall, Overall::Wider);
    assert!(text.contains("Plan care-contoso, new in 1.0.0"), "{text}");
    let (overall, text) = diff::told(&all, &one, Format::Json).unwrap();
    assert_eq!(overall, Overall::Narrower);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&json["overall"], &json["plans"][1]["after"]), (&"narrower".into(), &Value::Null));
}

#[test]
fn the_tests_of_an_offer_pass_and_a_slip_of_the_pen_does_not() {
    let (text, failed) = test::told(&Sample::new().form()).unwrap();
    assert_eq!(failed, 0, "{text}");
    assert!(text.ends_with("8 tests, 0 failed\n"), "{text}");
    assert!(
        text.contains("Harbour watch engineers: Microsoft.Compute/virtualMachines/read is allowed")
    );
    let sample = Sample::with("virtualMachines/write", "virtualMachine/write");
    let (text, failed) = test::told(&sample.form()).unwrap();
    assert_eq!(failed, 1);
    assert!(text.contains("did you mean `Microsoft.Compute/virtualMachines/write`?"), "{text}");
}

/// Whoever changes what the offer gives, however little, hears of it.
#[test]
fn every_mutant_of_what_the_offer_gives_is_caught_by_a_test() {
    let form = Sample::new().form();
    let mut mutants = Vec::new();
    for (nth, plan) in form.plans.iter().enumerate() {
        for at in 0..plan.manifests[0].manifest.authorizations.len() {
            let mut wider = form.clone();
            wider.plans[nth].manifests[0].manifest.authorizations[at].role = CONTRIBUTOR;
            let mut gone = form.clone();
            gone.plans[nth].manifests[0].manifest.authorizations.remove(at);
            mutants.extend([wider, gone]);
        }
        let mut without = form.clone();
        without.plans[nth].manifests.clear();
        mutants.push(without);
    }
    for mutant in &mutants {
        let (text, failed) = test::told(mutant).unwrap();
        assert!(failed > 0, "{text}");
    }
    assert_eq!(form.plans[1].visibility, Visibility::Private);
}
