//! `fyr offer publish`, `golive` and `status`: a draft on its way to the storefront.

use std::{fmt::Write as _, process::ExitCode, thread, time::Duration};

use anyhow::{Context, bail};
use ids::offer::OfferId;
use serde_json::{Value, json};
use uuid::Uuid;
use wire::ingestion::{Kind, schema};

use super::{
    apply::configure,
    distribution,
    draft::{INGESTION, product},
};
use crate::{
    cli::{GoLive, Named, Publish},
    commands::{
        say,
        server::{Server, text},
    },
};

/// How long there is between two looks at a submission.
const PAUSE: Duration = Duration::from_millis(500);

/// Submits the draft to a preview.
pub(in crate::commands) fn publish(wanted: &Publish) -> anyhow::Result<ExitCode> {
    let Named { offer, online } = &wanted.named;
    let server = Server::marketplace(online)?;
    let product = there(&server, offer)?;
    submit(&server, product, json!({ "target": { "targetType": "preview" } }))?;
    if wanted.no_wait {
        return Ok(ExitCode::SUCCESS);
    }
    let done = waited(&server, product, "preview")?;
    say(&told(&done));
    if is(&done, "result", "succeeded") {
        say(&format!(
            "Look at the preview. This brings it to the storefront:\n  fyr offer golive {offer} --preview {}\n",
            text(&done, "/id")
        ));
        return Ok(ExitCode::SUCCESS);
    }
    if is(&done, "result", "pending") {
        say(&format!(
            "It waits for an operator. This tells how it goes on:\n  fyr offer status {offer}\n"
        ));
    }
    Ok(ExitCode::FAILURE)
}

/// Signs off a preview.
pub(in crate::commands) fn go_live(wanted: &GoLive) -> anyhow::Result<ExitCode> {
    let GoLive { publish: Publish { named: Named { offer, online }, no_wait }, preview } = wanted;
    let server = Server::marketplace(online)?;
    let product = there(&server, offer)?;
    let id = match preview {
        Some(id) => Value::from(id.as_str()),
        None => succeeded(&server, product)?.context("there is no preview to sign off")?,
    };
    submit(&server, product, json!({ "id": id, "target": { "targetType": "live" } }))?;
    if *no_wait {
        return Ok(ExitCode::SUCCESS);
    }
    let done = waited(&server, product, "live")?;
    say(&told(&done));
    Ok(if is(&done, "result", "succeeded") { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Calls back what is on its way to a preview.
pub(in crate::commands) fn cancel(wanted: &Named) -> anyhow::Result<()> {
    let server = Server::marketplace(&wanted.online)?;
    let path = format!("/market/offers/{}/cancel", wanted.offer);
    say(&told(&server.post(&path, &json!({}))?));
    say(&format!(
        "The draft stays as it is. `fyr offer publish {}` submits it anew.\n",
        wanted.offer
    ));
    Ok(())
}

/// Tells where an offer stands, and of its newest submissions.
pub(in crate::commands) fn status(wanted: &Named) -> anyhow::Result<()> {
    let server = Server::marketplace(&wanted.online)?;
    let product = there(&server, &wanted.offer)?;
    let offer = server.get(&format!("/market/offers/{}", wanted.offer))?;
    say(&distribution::told(&offer));
    for target in ["preview", "live"] {
        if let Some(submission) = newest(&server, product, target)? {
            say(&told(&submission));
        }
    }
    Ok(())
}

/// The product that an offer is.
pub(super) fn there(server: &Server, offer: &OfferId) -> anyhow::Result<Uuid> {
    let found = product(server, offer)?;
    found.with_context(|| format!("there is no offer `{offer}`; `fyr offer apply` makes it"))
}

fn submit(server: &Server, product: Uuid, mut resource: Value) -> anyhow::Result<Value> {
    if let Some(members) = resource.as_object_mut() {
        members.insert("$schema".to_owned(), schema(Kind::Submission).into());
        members.insert("product".to_owned(), format!("product/{product}").into());
    }
    configure(server, &[resource])
}

/// The newest submission to that target; the list begins with it.
fn newest(server: &Server, product: Uuid, target: &str) -> anyhow::Result<Option<Value>> {
    let path = format!("{INGESTION}/submission/{product}?targetType={target}");
    Ok(server.all(&path)?.into_iter().next())
}

/// The newest preview that there is.
fn succeeded(server: &Server, product: Uuid) -> anyhow::Result<Option<Value>> {
    let all = server.all(&format!("{INGESTION}/submission/{product}?targetType=preview"))?;
    let found = all.iter().find(|it| is(it, "result", "succeeded"));
    Ok(found.and_then(|it| it.get("id").cloned()))
}

/// The submission once it is over, or once it waits for somebody else.
fn waited(server: &Server, product: Uuid, target: &str) -> anyhow::Result<Value> {
    loop {
        let Some(submission) = newest(server, product, target)? else {
            bail!("the submission is gone");
        };
        let steps = submission.get("steps").and_then(Value::as_array);
        let waits = steps.into_iter().flatten().any(|it| is(it, "status", "waiting"));
        if waits || !is(&submission, "status", "running") {
            return Ok(submission);
        }
        thread::sleep(PAUSE);
    }
}

fn is(of: &Value, name: &str, value: &str) -> bool {
    of.get(name).and_then(Value::as_str) == Some(value)
}

fn told(submission: &Value) -> String {
    let mut told = format!(
        "{}: {} ({}), of draft {}\n",
        text(submission, "/target/targetType"),
        text(submission, "/result"),
        text(submission, "/created"),
        text(submission, "/draftVersion"),
    );
    let list =
        |name: &str| submission.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    // Writing to a string does not fail.
    for step in list("steps") {
        let message = text(&step, "/message");
        let dash = if message.is_empty() { "" } else { ": " };
        let _ =
            writeln!(told, "  {} {}{dash}{message}", text(&step, "/id"), text(&step, "/status"));
    }
    for finding in list("validations") {
        let (code, field) = (text(&finding, "/code"), text(&finding, "/target"));
        let (fix, page) = (text(&finding, "/fix"), text(&finding, "/helpUri"));
        let _ = writeln!(told, "  {code} at {field}: {}", text(&finding, "/message"));
        let _ = writeln!(told, "    {fix} {page}");
    }
    told
}
