//! `fyr offer lint`: what certification would object to, before anybody submits anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::ExitCode,
};

use ids::{clock::Clock as _, guid::TenantId, offer::OfferId};
use jiff::{civil::Date, tz::TimeZone};
use market::lint::{
    manifest::{self, Audience},
    offer,
};
use model::market::{form::Form, manifest::Manifest};
use operations::offers::roles::role_facts;
use uuid::Uuid;
use world::offer::OfferFile;

use super::{operations, read};
use crate::{
    cli::ReportFormat,
    commands::findings::{self, Placed},
    system::SystemClock,
};

/// Prints the findings; fails where one is an error.
pub(in crate::commands) fn run(
    files: &[PathBuf],
    format: ReportFormat,
) -> anyhow::Result<ExitCode> {
    let today = TimeZone::UTC.to_datetime(SystemClock.now()).date();
    Ok(findings::told(&found(files, today)?, format))
}

/// What is wrong with each of the files, and between them.
pub(super) fn found(files: &[PathBuf], day: Date) -> anyhow::Result<Vec<Placed>> {
    let mut found = Vec::new();
    let mut before = Before::default();
    for path in files {
        let file = read(path)?;
        for finding in before.findings(&file, day)? {
            let at = file.locate(&finding.field);
            found.push(Placed { finding, file: path.clone(), at });
        }
        before.note(&file);
    }
    Ok(found)
}

/// What the files before have taken.
#[derive(Default)]
struct Before {
    ids: BTreeSet<OfferId>,
    /// By title, whose it is.
    titles: BTreeMap<String, OfferId>,
}

impl Before {
    fn note(&mut self, file: &OfferFile) {
        self.ids.insert(file.id.clone());
        let title = file.form.listing.title.clone();
        self.titles.entry(title).or_insert_with(|| file.id.clone());
    }

    fn findings(&self, file: &OfferFile, day: Date) -> anyhow::Result<Vec<market::lint::Finding>> {
        let OfferFile { id, form, .. } = file;
        let whole = together(form);
        let names = operations();
        let operations: Vec<&str> = names.iter().map(String::as_str).collect();
        let roles = role_facts(&whole, &operations)?;
        let title = self.titles.get(&form.listing.title);
        let facts = offer::Facts {
            id,
            tenant: whole.tenant,
            day,
            // Nobody can be asked who the principals are.
            manifests: &manifest::Facts { roles, principals: None, audience: Audience::Named },
            previewed: &offer::Previewed::new(),
            is_id_taken: self.ids.contains(id),
            is_title_taken: title.is_some_and(|other| other.publisher != id.publisher),
        };
        Ok(offer::lint(form, &facts))
    }
}

/// All manifests as one, so that each role is looked at once. Whose account it is, no file says:
/// the first manifest's tenant's.
fn together(form: &Form) -> Manifest {
    let all = || form.plans.iter().flat_map(|plan| &plan.manifests).map(|it| &it.manifest);
    Manifest {
        tenant: all().next().map_or(TenantId::new(Uuid::nil()), |it| it.tenant),
        authorizations: all().flat_map(|it| it.authorizations.clone()).collect(),
        eligible: all().flat_map(|it| it.eligible.clone()).collect(),
    }
}
