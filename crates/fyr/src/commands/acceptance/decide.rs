//! `fyr acceptance update`, `decline` and `reconsider`: the customer's word on a newer version.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{
    path, server, show, spelt,
    terms::{self, Agreement},
};
use crate::{
    cli::{Format, OfPlan, Terms, Word},
    commands::say,
};

/// Accepts the version that waits. Where the terms are others by now, they are agreed to anew.
pub(super) fn update(
    Word { of, version }: &Word,
    Terms { accept_terms }: &Terms,
) -> anyhow::Result<ExitCode> {
    let server = server(of)?;
    match accept_terms.as_deref() {
        Some("") => {}
        Some(signature) => terms::sign(&server, &of.plan, signature)?,
        None => {
            // What is accepted of it is looked at first: of nothing, there are no terms to renew.
            show::found(&server, &of.plan)?;
            let agreement = Agreement::read(&server, &of.plan)?;
            if !agreement.is_agreed() {
                say(&format!(
                    "The terms are not those that were agreed to.\n{}This agrees to these, and \
                     accepts the version:\n  fyr acceptance update {} --version {version} \
                     --accept-terms={}\n",
                    agreement.told(),
                    spelt(&of.plan),
                    agreement.signature()
                ));
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    // Signed terms are agreed to already; whatever they have become since is not.
    let agrees = accept_terms.as_deref() == Some("");
    let body = json!({ "version": version, "acceptTerms": agrees });
    done(of, &server.post(&path(&of.plan, "/accept"), &body)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Says no to the version that waits.
pub(super) fn decline(Word { of, version }: &Word) -> anyhow::Result<()> {
    let body = json!({ "version": version });
    done(of, &server(of)?.post(&path(&of.plan, "/decline"), &body)?)
}

/// Takes a no back.
pub(super) fn reconsider(of: &OfPlan) -> anyhow::Result<()> {
    done(of, &server(of)?.post(&path(&of.plan, "/reconsider"), &json!({}))?)
}

fn done(of: &OfPlan, now: &Value) -> anyhow::Result<()> {
    say(&match of.output {
        Format::Json => format!("{now:#}\n"),
        Format::Table => show::told(now, &of.plan)?,
    });
    Ok(())
}
