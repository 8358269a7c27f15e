//! `fyr offer audience`: who sees the preview, and who may take a private plan.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use anyhow::{Context, bail};
use ids::guid::SubscriptionId;
use market::audience::{BYTES_MAX, Fault, PREVIEW_MAX, PRIVATE_MAX, read, write};
use model::market::form::AudienceEntry;
use serde_json::{Value, json};
use wire::ingestion::{Kind, schema};

use super::{apply::configure, publish::there};
use crate::{
    cli::{Audience, Distributed, Entry},
    commands::{say, server::Server},
};

/// Runs one of its commands.
pub(in crate::commands) fn run(wanted: &Audience) -> anyhow::Result<()> {
    match wanted {
        Audience::Show(of) => show(of),
        Audience::Set { of, list } => set(of, list),
        Audience::Add { of, subscriptions, list } => {
            let typed = subscriptions.iter().cloned().map(entry);
            let add = typed.chain(listed(list.as_deref(), of)?).collect();
            change(of, &Change { add, remove: Vec::new() })
        }
        Audience::Remove { of, subscriptions, list } => {
            let listed = listed(list.as_deref(), of)?.into_iter().map(|it| it.subscription);
            let remove = subscriptions.iter().copied().chain(listed).collect();
            change(of, &Change { add: Vec::new(), remove })
        }
    }
}

/// Who comes, and who goes.
pub(super) struct Change {
    pub(super) add: Vec<AudienceEntry>,
    pub(super) remove: Vec<SubscriptionId>,
}

fn entry(Entry { subscription, description }: Entry) -> AudienceEntry {
    AudienceEntry { subscription, description }
}

fn listed(list: Option<&Path>, of: &Distributed) -> anyhow::Result<Vec<AudienceEntry>> {
    list.map(|file| parsed(&bytes(file)?, of, &file.display().to_string()))
        .transpose()
        .map(Option::unwrap_or_default)
}

/// The bytes of a list, and one more than may be: its reader tells that.
fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let (mut bytes, limit) = (Vec::new(), BYTES_MAX as u64 + 1);
    let found = File::open(file).and_then(|it| it.take(limit).read_to_end(&mut bytes));
    found.with_context(|| format!("`{}` cannot be read", file.display()))?;
    Ok(bytes)
}

/// A list's entries; on error one line for each fault.
fn parsed(list: &[u8], of: &Distributed, name: &str) -> anyhow::Result<Vec<AudienceEntry>> {
    let max = if of.plan.is_some() { PRIVATE_MAX } else { PREVIEW_MAX };
    read(list, max).map_err(|faults| {
        let told = |fault: &Fault| format!("{name}: {fault}");
        anyhow::Error::msg(faults.iter().map(told).collect::<Vec<_>>().join("\n"))
    })
}

fn path(Distributed { named, plan }: &Distributed) -> String {
    let plan = plan.as_ref().map(|it| format!("/plans/{it}")).unwrap_or_default();
    format!("/market/offers/{}{plan}/audience", named.offer)
}

fn show(of: &Distributed) -> anyhow::Result<()> {
    let list = Server::marketplace(&of.named.online)?.bytes(&path(of))?;
    say(&String::from_utf8_lossy(&list));
    Ok(())
}

/// The list as it is in the file.
fn set(of: &Distributed, file: &Path) -> anyhow::Result<()> {
    let entries = parsed(&bytes(file)?, of, &file.display().to_string())?;
    let server = Server::marketplace(&of.named.online)?;
    let etag = etag(&server, of)?;
    server.put_list(&path(of), &etag, &write(&entries))?;
    say(&drafted(of, entries.len()));
    Ok(())
}

/// The form of the draft that a change is of.
fn etag(server: &Server, of: &Distributed) -> anyhow::Result<String> {
    let offer = server.get(&format!("/market/offers/{}", of.named.offer))?;
    let revision = offer.get("revision").and_then(Value::as_u64).context("no revision is told")?;
    Ok(format!("\"{revision}\""))
}

fn drafted(of: &Distributed, count: usize) -> String {
    let offer = &of.named.offer;
    let whose = match &of.plan {
        Some(plan) => format!("the private audience of {plan}"),
        None => "the preview audience".to_owned(),
    };
    format!(
        "In the draft, {whose} is {count} subscriptions. It counts once that is published:\n  \
         fyr offer publish {offer}\n"
    )
}

fn change(of: &Distributed, change: &Change) -> anyhow::Result<()> {
    let server = Server::marketplace(&of.named.online)?;
    let Some(plan) = &of.plan else { return preview(&server, of, change) };
    let product = there(&server, &of.named.offer)?;
    configure(&server, &[synced(&format!("product/{product}"), plan.as_str(), change)])?;
    let list = server.bytes(&path(of))?;
    let count = parsed(&list, of, "the answer")?.len();
    say(&format!(
        "{plan} is for {count} subscriptions now: in the draft, and at once wherever it is \
         published. What was taken stays.\n"
    ));
    Ok(())
}

/// The change of a private plan's audience that no certification looks at.
pub(super) fn synced(product: &str, plan: &str, change: &Change) -> Value {
    let add = |it: &AudienceEntry| {
        let AudienceEntry { subscription, description } = it;
        json!({ "type": "subscription", "id": subscription, "label": description })
    };
    let remove = |it: &SubscriptionId| json!({ "type": "subscription", "id": it });
    json!({
        "$schema": schema(Kind::PlanAudienceUpdate),
        "product": product,
        "plan": { "externalId": plan },
        "privateAudiences": {
            "add": change.add.iter().map(add).collect::<Vec<_>>(),
            "remove": change.remove.iter().map(remove).collect::<Vec<_>>(),
        },
    })
}

/// The preview's audience has no way around its publication: the draft's list is written anew.
fn preview(server: &Server, of: &Distributed, change: &Change) -> anyhow::Result<()> {
    let etag = etag(server, of)?;
    let before = parsed(&server.bytes(&path(of))?, of, "the answer")?;
    let after = changed(before, change);
    if after.len() > PREVIEW_MAX {
        bail!(
            "a preview is for {PREVIEW_MAX} subscriptions at most, and this makes {}",
            after.len()
        );
    }
    server.put_list(&path(of), &etag, &write(&after))?;
    say(&drafted(of, after.len()));
    Ok(())
}

/// Whoever is added is there once, with what is said of them now.
pub(super) fn changed(before: Vec<AudienceEntry>, change: &Change) -> Vec<AudienceEntry> {
    let mut added: BTreeMap<SubscriptionId, &AudienceEntry> =
        change.add.iter().map(|it| (it.subscription, it)).collect();
    let mut after: Vec<AudienceEntry> = before
        .into_iter()
        .map(|it| added.remove(&it.subscription).cloned().unwrap_or(it))
        .collect();
    after.extend(added.into_values().cloned());
    after.retain(|it| !change.remove.contains(&it.subscription));
    after
}
