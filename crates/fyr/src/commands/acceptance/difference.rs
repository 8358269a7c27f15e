//! `fyr acceptance difference`: what the version that waits would change.

use std::process::ExitCode;

use anyhow::bail;
use market::difference::Overall;
use serde_json::{Value, json};

use super::{path, server, show, spelt};
use crate::{
    cli::{Format, OfPlan},
    commands::{manifest, say, server::text},
};

/// Prints the difference; its weight is in the exit code.
pub(super) fn difference(wanted: &OfPlan) -> anyhow::Result<ExitCode> {
    let server = server(wanted)?;
    let found = show::found(&server, &wanted.plan)?;
    if text(&found, "/properties/availableVersion").is_empty() {
        say(&nothing(&found, wanted.output));
        return Ok(ExitCode::SUCCESS);
    }
    let found = server.get(&path(&wanted.plan, "/difference"))?;
    let overall = overall(text(&found, "/properties/effectivePermissions/overall"))?;
    say(&match wanted.output {
        Format::Json => format!("{:#}\n", found.get("properties").unwrap_or(&Value::Null)),
        Format::Table => told(&found, &spelt(&wanted.plan)),
    });
    Ok(manifest::code(overall))
}

fn nothing(found: &Value, format: Format) -> String {
    let version = text(found, "/properties/version");
    match format {
        Format::Json => {
            let same = json!({ "overall": "same", "changes": [] });
            let told = json!({ "acceptedVersion": version, "effectivePermissions": same });
            format!("{told:#}\n")
        }
        Format::Table => format!("No newer version waits: {version} is in force.\n"),
    }
}

pub(super) fn told(found: &Value, spelt: &str) -> String {
    let it = |name: &str| text(found, &format!("/properties/{name}"));
    let waits = it("availableVersion");
    format!(
        "Version {} to {waits}\n{}\n\
         Accept it for all that is delegated under the plan, or decline it:\n  \
         fyr acceptance update {spelt} --version {waits}\n  \
         fyr acceptance decline {spelt} --version {waits}\n",
        it("acceptedVersion"),
        it("words"),
    )
}

/// An unknown word is no reason to say that nothing changes.
pub(super) fn overall(word: &str) -> anyhow::Result<Overall> {
    let all = [Overall::Same, Overall::Narrower, Overall::Wider, Overall::Both];
    match all.into_iter().find(|it| wire::difference::overall(*it) == word) {
        Some(overall) => Ok(overall),
        None => bail!("the server says that the difference is `{word}`, which is not understood"),
    }
}
