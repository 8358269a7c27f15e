//! *Offer tests*: what the publisher expects of the plans, tried with what they give as it is typed.
//! `fyr offer test` tries the same in a file, and certification tries it once more.

use ids::{guid::ObjectId, offer::PlanName};
use market::lint::{Finding, publish::Page, rules};
use model::market::form::{Expectation, Expected, Form, Plan};
use operations::market::submissions::lint::Judged;

use super::{
    draft::{List, Place, Sheet, Way},
    sheet::{Block, Kind, Said, Text, rows, take_rows},
    to::{Tab, To},
};
use crate::fields::Fields;

/// The page as it is typed.
pub(super) struct Expectations {
    tests: Vec<Row>,
}

/// One expectation, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    plan: String,
    /// As the plan's manifests call them, or an object id.
    given: String,
    when: String,
    expect: String,
}

const ROW: [Text<Row>; 4] = [
    Text {
        name: "plan",
        at: "plan",
        label: "Plan ID",
        hint: "",
        kind: Kind::Suggested("plans"),
        of: |it| &mut it.plan,
    },
    Text {
        name: "given",
        at: "given",
        label: "Who",
        hint: "A principal of the plan's newest manifest: its display name or its object id.",
        kind: Kind::Suggested("principals"),
        of: |it| &mut it.given,
    },
    Text {
        name: "when",
        at: "when",
        label: "Operation",
        hint: "Its whole name, as in Microsoft.Web/sites/restart/action.",
        kind: Kind::Line("text"),
        of: |it| &mut it.when,
    },
    Text {
        name: "expect",
        at: "",
        label: "Expected",
        hint: "",
        kind: Kind::One(&[("allow", "Allowed"), ("deny", "Denied")]),
        of: |it| &mut it.expect,
    },
];

/// What a principal is called in the manifest that the plan offers.
fn name_of(plan: &Plan, who: ObjectId) -> Option<&str> {
    plan.newest()?.manifest.name_of(who)
}

/// Whom a plan calls so.
fn called(plan: &Plan, name: &str) -> Option<ObjectId> {
    let manifest = &plan.newest()?.manifest;
    manifest.principals().into_iter().find(|who| manifest.name_of(*who) == Some(name))
}

impl Row {
    fn of(it: &Expectation, form: &Form) -> Self {
        let Expectation { plan, given, when, expect } = it;
        // A name that several have would be read as the first of them.
        let name = form.plan(plan).and_then(|plan| {
            name_of(plan, *given).filter(|name| called(plan, name) == Some(*given))
        });
        let expect = match expect {
            Expected::Allow => "allow",
            Expected::Deny => "deny",
        };
        Self {
            plan: plan.to_string(),
            given: name.map_or_else(|| given.to_string(), str::to_owned),
            when: when.clone(),
            expect: expect.to_owned(),
        }
    }

    fn read(&self, form: &Form, at: &str) -> Result<Expectation, Finding> {
        let wrong = |field: &str, reason: String| Finding {
            rule: &rules::UNMET,
            field: format!("{at}.{field}"),
            reason,
        };
        let plan: PlanName = self
            .plan
            .parse()
            .map_err(|_| wrong("plan", format!("`{}` is no plan's id", self.plan)))?;
        let by_name = || form.plan(&plan).and_then(|plan| called(plan, &self.given));
        let given = self.given.parse().ok().or_else(by_name).ok_or_else(|| {
            let reason = format!("plan `{plan}` names nobody `{}`", self.given);
            wrong("given", reason)
        })?;
        if self.when.is_empty() {
            return Err(wrong("when", "it names no operation".to_owned()));
        }
        let expect = if self.expect == "deny" { Expected::Deny } else { Expected::Allow };
        Ok(Expectation { plan, given, when: self.when.clone(), expect })
    }
}

impl Sheet for Expectations {
    const TITLE: &'static str = "Offer tests";
    const TAB: Tab = Tab::Tests;
    const SAYS: &'static str = "What you expect of the plans: who may do something by what the newest manifest always gives, and who may not. An offer that does otherwise is not certified, so that no change of a role gives more, or less, than you mean.";

    fn of(judged: &Judged, _place: &Place) -> Option<Self> {
        let form = &judged.offer.form;
        Some(Self { tests: form.tests.iter().map(|it| Row::of(it, form)).collect() })
    }

    fn take(&mut self, sent: &Fields) {
        self.tests = take_rows(&ROW, "tests", sent);
    }

    fn put(&self, form: &mut Form, _place: &Place) -> Vec<Finding> {
        let read = |(nth, it): (usize, &Row)| it.read(form, &format!("tests[{nth}]"));
        let read: Vec<_> = self.tests.iter().enumerate().map(read).collect();
        let (mut tests, mut wrong) = (Vec::new(), Vec::new());
        for it in read {
            match it {
                Ok(it) => tests.push(it),
                Err(it) => wrong.push(it),
            }
        }
        form.tests = tests;
        wrong
    }

    fn blocks(&mut self, _form: &Form, _place: &Place) -> Vec<Block> {
        vec![Block {
            heading: "Expectations",
            says: "What has to be activated first is not allowed. Leave a row empty to take it away.",
            row: "Expectation",
            rows: rows(&ROW, &mut self.tests, ("tests", "tests")),
            ..Block::default()
        }]
    }

    fn is_here(field: &str, _form: &Form, _place: &Place) -> bool {
        Page::of(field) == Page::Tests
    }

    fn hold(&self, blocks: &mut [Block]) {
        let shown = blocks.iter_mut().flat_map(|it| it.rows.iter_mut());
        for (row, it) in shown.zip(&self.tests) {
            if row.iter().any(|field| !field.said.is_empty()) {
                continue;
            }
            let words = if it.expect == "deny" {
                "the plan does not allow it"
            } else {
                "the plan allows it"
            };
            if let Some(last) = row.last_mut() {
                last.said.push(Said::good("Holds", words));
            }
        }
    }

    fn ways(&self, _judged: &Judged, place: &Place) -> Vec<Way> {
        vec![Way::new("Next: Review and publish", To::Offer(&place.id, Tab::Publish))]
    }

    fn suggestions(form: &Form) -> Vec<List> {
        let plans = form.plans.iter().map(|it| (it.name.to_string(), it.title.clone()));
        let named = |plan: &Plan| {
            let manifest = plan.newest().map(|it| &it.manifest);
            let all = manifest.into_iter().flat_map(|it| {
                it.principals().into_iter().filter_map(|who| it.name_of(who).map(str::to_owned))
            });
            all.map(|name| (name, plan.name.to_string())).collect::<Vec<_>>()
        };
        let mut principals: Vec<_> = form.plans.iter().flat_map(named).collect();
        principals.sort_unstable();
        principals.dedup_by(|a, b| a.0 == b.0);
        vec![List { id: "plans", all: plans.collect() }, List { id: "principals", all: principals }]
    }
}
