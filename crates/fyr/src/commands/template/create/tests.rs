use std::path::PathBuf;

use clap::Parser;

use super::*;
use crate::{
    cli::{Arguments, Command, Template},
    commands::template::lint,
};

struct Made(tempfile::TempDir);

impl Made {
    /// The folder after `fyr template create` with these arguments.
    fn by(line: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("new").display().to_string();
        let line = ["fyr", "template", "create", &into].into_iter().chain(line.iter().copied());
        let Command::Template(Template::Create(wanted)) = Arguments::parse_from(line).command
        else {
            panic!("nothing is to be made");
        };
        run(&wanted).map(|()| Self(folder))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("new").join(name)
    }

    /// What `fyr template lint` objects to.
    fn objections(&self) -> Vec<String> {
        let paths = [TEMPLATE, PARAMETERS].map(|name| self.path(name).display().to_string());
        let line = ["fyr", "template", "lint", &paths[0], "--parameters", &paths[1]];
        let Command::Template(Template::Lint(wanted)) = Arguments::parse_from(line).command else {
            panic!("nothing is to be looked at");
        };
        let found = lint::found(&wanted).unwrap();
        found.iter().map(|it| format!("{} {}", it.finding.rule.id, it.finding.reason)).collect()
    }

    fn parameters(&self) -> String {
        fs::read_to_string(self.path(PARAMETERS)).unwrap()
    }
}

const OFFER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/offers/offer.yaml");

#[test]
fn a_plan_becomes_a_template_that_nothing_is_wrong_with() {
    for rest in [&[][..], &["-g", "app", "-g", "data"]] {
        for plan in ["watch", "care-contoso"] {
            let made = Made::by(&[&["--offer", OFFER, "--plan", plan], rest].concat()).unwrap();
            assert_eq!(made.objections(), [""; 0], "{plan} {rest:?}");
        }
    }
    let made = Made::by(&["--offer", OFFER, "--plan", "care-contoso"]).unwrap();
    assert!(made.parameters().contains("Harbour watch - Care for Contoso"));
    assert!(made.parameters().contains("PT4H"));
}

#[test]
fn a_template_is_made_of_what_the_command_line_says() {
    let tenant = "99999999-9999-4999-8999-999999999999";
    let engineers = "11111111-0000-4000-8000-000000000001=Reader=Engineers";
    let leads = "11111111-0000-4000-8000-000000000002=91c1777a-f3dc-4fae-b103-61d183457e46=Leads";
    let line = ["--name", "Watch", "--managing-tenant", tenant, "--authorization", engineers];
    let made = Made::by(&[&line[..], &["--authorization", leads]].concat()).unwrap();
    assert_eq!(made.objections(), [""; 0]);
    let alone = Made::by(&line).unwrap();
    assert!(alone.objections()[0].starts_with("MAN-101"), "nobody could end it");
}

#[test]
fn what_is_not_said_or_not_there_is_named() {
    let refused = |line: &[&str]| Made::by(line).map(|_| ()).unwrap_err().to_string();
    assert!(refused(&["--offer", OFFER]).contains("watch, care-contoso"));
    assert!(refused(&["--offer", OFFER, "--plan", "gold"]).contains("no plan is `gold`"));
    let other = ["--offer", OFFER, "--plan", "watch", "--plan-version", "2.0.0"];
    assert!(refused(&other).contains("no such manifest"));
    assert!(refused(&["--name", "Watch"]).contains("--managing-tenant"));
}

#[test]
fn nothing_is_written_over() {
    let made = Made::by(&["--offer", OFFER, "--plan", "watch"]).unwrap();
    let into = made.path("").display().to_string();
    let line = ["fyr", "template", "create", &into, "--offer", OFFER, "--plan", "care-contoso"];
    let Command::Template(Template::Create(wanted)) = Arguments::parse_from(line).command else {
        panic!("nothing is to be made");
    };
    let before = made.parameters();
    assert!(run(&wanted).unwrap_err().to_string().contains("is there already"));
    assert_eq!(made.parameters(), before);
}
