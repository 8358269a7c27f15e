//! *Create ARM template*: what a customer deploys who comes without a marketplace. Nothing of it is
//! kept.

use askama::Template;
use axum::http::StatusCode;
use ids::guid::ObjectId;
use market::lint::{Finding, rules::Severity};
use operations::offers::{drafted::findings, roles::offered};
use wire::arm::managed_services::onboarding::{Onboarding, parameters, template};

use super::draft::{Act, Draft, Line, Wrong, minutes};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    directory::{self, Known},
    frame::Frame,
    trouble::Trouble,
    words::{Id, counted, quoted},
};

/// What the files are called, here and by `fyr template create`.
const TEMPLATE: &str = "onboard.json";
const PARAMETERS: &str = "onboard.parameters.json";
/// As many of each kind as are offered to be chosen.
const FOUND_MAX: usize = 8;

#[derive(Template)]
#[template(path = "customers/template.html")]
struct View {
    frame: Frame,
    tenant: String,
    draft: Draft,
    rows: Vec<RowView>,
    minutes: Vec<(u32, String)>,
    /// The roles that may be delegated, by name.
    roles: Vec<String>,
    wrongs: Vec<Wrong>,
    /// What somebody will regret, and does not keep the template from being made.
    warnings: Vec<Wrong>,
    /// The two files.
    made: Option<(String, String)>,
    deploys: String,
}

/// An authorization with what was found for it.
struct RowView {
    nth: usize,
    number: usize,
    line: Line,
    found: Vec<Found>,
    /// Nobody was found.
    is_nobody: bool,
}

impl View {
    /// What is wrong with a field of the whole.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrongs
            .iter()
            .find(|it| it.row.is_none() && it.field == field)
            .map(|it| it.words.as_str())
    }

    /// What is wrong with a field of an authorization.
    fn wrong_in(&self, row: usize, field: &str) -> Option<&str> {
        let found = self.wrongs.iter().find(|it| it.row == Some(row) && it.field == field);
        found.map(|it| it.words.as_str())
    }

    /// What the rules say, of an authorization or of the whole.
    fn said(&self, row: Option<usize>) -> Vec<&Wrong> {
        let all = self.wrongs.iter().chain(&self.warnings);
        all.filter(|it| it.field == "rule" && it.row == row).collect()
    }
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let view = ask.form_of(Draft::blank()).await?;
        Answer::page(&view)
    })
}

pub(super) fn act(ask: Ask) -> Answered {
    Box::pin(async move {
        let mut draft = Draft::of(&ask.form);
        match Act::of(&ask.form) {
            Act::Add => draft.add(),
            Act::Remove(row) => draft.remove(row),
            Act::Find(row) => return ask.found(draft, row).await,
            Act::Pick(row, who) => {
                let known = directory::known(&ask, [who]).await?;
                if let Some(line) = draft.rows.get_mut(row) {
                    line.principal = who.to_string();
                    if let Some(it) = known.get(&who).filter(|_| line.display.trim().is_empty()) {
                        line.display.clone_from(&it.name);
                    }
                }
            }
            Act::View => return ask.made(draft).await,
            Act::Template => return ask.saved(draft, TEMPLATE, template).await,
            Act::Parameters => return ask.saved(draft, PARAMETERS, parameters).await,
        }
        Answer::page(&ask.form_of(draft).await?)
    })
}

impl Ask {
    async fn form_of(&self, draft: Draft) -> Result<View, Trouble> {
        let tenant = self.tenant()?.to_string();
        let frame = self
            .under_customers("Create ARM template offer")
            .await?
            .command("Write such a template to files", command(&draft, &tenant));
        let rows = draft.rows.iter().cloned().zip(0_usize..).map(|(line, nth)| RowView {
            nth,
            number: nth.saturating_add(1),
            line,
            found: Vec::new(),
            is_nobody: false,
        });
        let words = |it| (it, counted(it as usize, "minute"));
        Ok(View {
            frame,
            tenant,
            rows: rows.collect(),
            draft,
            minutes: minutes().map(words).collect(),
            roles: offered().into_iter().map(|(_, name)| name).collect(),
            wrongs: Vec::new(),
            warnings: Vec::new(),
            made: None,
            deploys: format!(
                "az deployment sub create --location westeurope --template-file {TEMPLATE} --parameters @{PARAMETERS}"
            ),
        })
    }

    /// The form with whom the directory knows by that name.
    async fn found(&self, draft: Draft, row: usize) -> Result<Answer, Trouble> {
        let text = draft.rows.get(row).map(|it| it.principal.clone()).unwrap_or_default();
        let found: Vec<Found> = named(self, &text).await?.into_iter().map(found).collect();
        let mut view = self.form_of(draft).await?;
        if let Some(it) = view.rows.get_mut(row) {
            it.is_nobody = found.is_empty();
            it.found = found;
        }
        Answer::page(&view)
    }

    /// What the form makes; or what is wrong with it, and what the rules say of it.
    async fn judged(
        &self,
        draft: &Draft,
    ) -> Result<(Result<Onboarding, Vec<Wrong>>, Vec<Wrong>), Trouble> {
        let (plane, tenant) = (self.plane(), self.tenant()?);
        let made = match draft.onboarding(tenant, plane.index().catalogue()) {
            Ok(made) => made,
            Err(wrongs) => return Ok((Err(wrongs), Vec::new())),
        };
        let context = self.context("GET", self.managing()?)?;
        let found = findings(plane, &context, &made.manifest, &self.surface.operations).await?;
        let is_error = |it: &Finding| it.rule.severity == Severity::Error;
        let (errors, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(is_error);
        let warnings = rest.iter().map(|it| draft.placed(it)).collect();
        if errors.is_empty() {
            return Ok((Ok(made), warnings));
        }
        Ok((Err(errors.iter().map(|it| draft.placed(it)).collect()), warnings))
    }

    async fn made(&self, draft: Draft) -> Result<Answer, Trouble> {
        let (made, warnings) = self.judged(&draft).await?;
        let mut view = self.form_of(draft).await?;
        view.warnings = warnings;
        match made {
            Ok(made) => {
                let [template, parameters] = [template(&made), parameters(&made)];
                view.made = Some((format!("{template:#}"), format!("{parameters:#}")));
                Answer::page(&view)
            }
            Err(wrongs) => {
                view.wrongs = wrongs;
                Answer::with(StatusCode::UNPROCESSABLE_ENTITY, &view)
            }
        }
    }

    /// One of the files; the form, where it makes none.
    async fn saved(
        &self,
        draft: Draft,
        name: &str,
        file: fn(&Onboarding) -> serde_json::Value,
    ) -> Result<Answer, Trouble> {
        match self.judged(&draft).await?.0 {
            Ok(made) => {
                let bytes = format!("{:#}\n", file(&made)).into_bytes();
                let (name, kind) = (name.to_owned(), "application/json");
                Ok(Answer::Save { name, kind, bytes })
            }
            Err(_) => self.made(draft).await,
        }
    }
}

/// Somebody of the directory, to choose.
struct Found {
    id: Id,
    name: String,
    detail: String,
    kind: &'static str,
}

fn found(it: Known) -> Found {
    let Known { id, kind, name, detail } = it;
    Found { id: Id::new(id), name, detail, kind: kind.words() }
}

/// Those of that id, or whose names hold all of the words.
async fn named(ask: &Ask, text: &str) -> Result<Vec<Known>, Trouble> {
    if let Ok(id) = text.parse::<ObjectId>() {
        return Ok(directory::known(ask, [id]).await?.into_values().collect());
    }
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    directory::search(ask, &words, FOUND_MAX).await
}

/// The same by `fyr`, which knows permanent roles only.
fn command(draft: &Draft, tenant: &str) -> String {
    let or = |text: &str, placeholder: &'static str| {
        if text.is_empty() { placeholder.to_owned() } else { text.to_owned() }
    };
    let name = quoted(&or(&draft.name, "NAME"));
    let start = format!("fyr template create onboarding --name {name} --managing-tenant {tenant}");
    let always = draft.rows.iter().filter(|it| !it.is_eligible).map(|it| {
        let (principal, role) = (or(&it.principal, "PRINCIPAL"), or(&it.role, "ROLE"));
        let shown = if it.display.is_empty() { String::new() } else { format!("={}", it.display) };
        format!("--authorization {}", quoted(&format!("{principal}={role}{shown}")))
    });
    let groups = draft.groups.lines().map(str::trim);
    let groups = groups.filter(|it| draft.is_groups && !it.is_empty());
    let groups = groups.map(|it| format!("--resource-group {}", quoted(it)));
    std::iter::once(start).chain(always).chain(groups).collect::<Vec<_>>().join(" ")
}
