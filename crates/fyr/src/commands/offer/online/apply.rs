//! `fyr offer plan` and `fyr offer apply`: what a file says, beside the draft in the marketplace.

use std::{fmt::Write as _, path::Path, process::ExitCode};

use anyhow::bail;
use ids::offer::OfferId;
use market::compare::{Change, Difference, compare};
use model::market::{form::Form, media::Picture};
use serde_json::{Map, Value, json};
use wire::ingestion::{Document, Kind, durable::Durable, schema, tree::Tree};
use world::offer::OfferFile;

use super::draft::{Draft, INGESTION, bare, product};
use crate::{
    cli::InFile,
    commands::{offer::read, say, server::Server},
};

/// What `fyr offer plan` ends with where there is something to apply.
const CHANGES: u8 = 2;

/// Tells what applying the file would change.
pub(in crate::commands) fn plan(wanted: &InFile) -> anyhow::Result<ExitCode> {
    let file = read(&wanted.file)?;
    let server = Server::marketplace(&wanted.online)?;
    let before = match product(&server, &file.id)? {
        Some(product) => Draft::read(&server, product)?.form,
        None => Form::default(),
    };
    let differences = differences(before, file.form);
    say(&told(&file.id, &differences));
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(CHANGES) })
}

/// Gives the draft the form that the file has. Nothing is published.
pub(in crate::commands) fn apply(wanted: &InFile) -> anyhow::Result<()> {
    let file = read(&wanted.file)?;
    let server = Server::marketplace(&wanted.online)?;
    let draft = match product(&server, &file.id)? {
        Some(product) => Draft::read(&server, product)?,
        None => created(&server, &file)?,
    };
    let draft = with_plans(&server, &file, draft)?;
    let changed = differences(draft.form.clone(), file.form.clone());
    // What may be a key is not shown, so whether it is the same cannot be seen here.
    let has_key = file.form.leads != file.form.leads.redacted();
    if changed.is_empty() && !has_key {
        say(&format!("The draft of {} is as the file says already.\n", file.id));
        return Ok(());
    }
    for picture in &file.pictures {
        upload(&server, &file, picture, &wanted.file)?;
    }
    configure(&server, &resources(&file, &draft))?;
    say(&told(&file.id, &changed));
    say(&format!("Applied. `fyr offer publish {}` submits it to a preview.\n", file.id));
    Ok(())
}

/// A draft that has its ids, and nothing else yet.
fn created(server: &Server, file: &OfferFile) -> anyhow::Result<Draft> {
    let resource = json!({
        "$schema": schema(Kind::Product),
        "type": "managedService",
        "publisher": file.id.publisher,
        "alias": file.form.alias,
        "identity": { "externalId": file.id.name },
    });
    configure(server, &[resource])?;
    match product(server, &file.id)? {
        Some(product) => Draft::read(server, product),
        None => bail!("the marketplace made the offer and does not list it"),
    }
}

/// The same draft, once the marketplace knows all plans of the file.
fn with_plans(server: &Server, file: &OfferFile, draft: Draft) -> anyhow::Result<Draft> {
    let lacking = draft.lacks(&file.form);
    if lacking.is_empty() {
        return Ok(draft);
    }
    let product_id = Durable::of(Kind::Product, draft.offer(&file.id).durable);
    let resource = |name| {
        json!({
            "$schema": schema(Kind::Plan),
            "product": product_id.to_string(),
            "identity": { "externalId": name },
        })
    };
    let plans: Vec<Value> = lacking.into_iter().map(resource).collect();
    configure(server, &plans)?;
    Draft::read(server, product_id.product)
}

/// Everything that the file says. What becomes of the distribution is no matter of a draft.
fn resources(file: &OfferFile, draft: &Draft) -> Vec<Value> {
    let offer = draft.offer(&file.id);
    let tree = Tree { offer: &offer, target: "draft", media: "/market/media" };
    let audience = |name: &ids::offer::PlanName| {
        file.form.plan(name).map_or(&[][..], |plan| plan.audience.as_slice())
    };
    let mut all = tree.resources(&file.form, &file.form.preview_audience, audience);
    for resource in &mut all {
        if let Some(members) = resource.as_object_mut() {
            members.remove("lifecycleState");
            with_key(members, &file.form);
        }
    }
    let gone = draft.gone(&file.form).into_iter().map(|id| {
        json!({
            "$schema": schema(Kind::Plan),
            "id": id.to_string(),
            "product": Durable::of(Kind::Product, id.product).to_string(),
            "plan": id.to_string(),
            "lifecycleState": "deleted",
        })
    });
    all.extend(gone);
    all.extend(taken_down(file, draft, &tree));
    all
}

/// The draft's pictures and videos, to go, where the file has none: what the file has would take
/// their place.
fn taken_down(file: &OfferFile, draft: &Draft, tree: &Tree<'_>) -> Vec<Value> {
    let has_any = |form: &Form| !tree.media(&form.listing).is_empty();
    if has_any(&file.form) {
        return Vec::new();
    }
    let gone = |it: Value| {
        let keep = |name: &str| it.get(name).cloned().unwrap_or_default();
        json!({
            "$schema": keep("$schema"),
            "id": keep("id"),
            "product": keep("product"),
            "lifecycleState": "deleted",
        })
    };
    tree.media(&draft.form.listing).into_iter().map(gone).collect()
}

/// The whole address that leads go to: only what is shown is without its key.
fn with_key(resource: &mut Map<String, Value>, form: &Form) {
    use model::market::form::Destination::HttpsEndpoint;
    if let (Some(shown), HttpsEndpoint { url, .. }) =
        (resource.get_mut("httpsEndpointUrl"), &form.leads)
    {
        *shown = Value::from(url.as_str());
    }
}

fn upload(
    server: &Server,
    file: &OfferFile,
    picture: &world::offer::PictureBytes,
    path: &Path,
) -> anyhow::Result<()> {
    let listing = &file.form.listing;
    let logos = [&listing.logo, &listing.medium_logo, &listing.small_logo];
    let is_logo = logos.into_iter().flatten().any(|it| it.digest == picture.picture.digest);
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("purpose", if is_logo { "logo" } else { "screenshot" })
        .append_pair("fileName", &picture.picture.file)
        .finish();
    let kept = server.upload(&format!("/market/media?{query}"), &picture.bytes);
    let told = |error| anyhow::anyhow!("{}: {}: {error}", path.display(), picture.picture.file);
    kept.map(|_| ()).map_err(told)
}

/// Changes the draft; refused where any of it is.
pub(super) fn configure(server: &Server, resources: &[Value]) -> anyhow::Result<Value> {
    let body = json!({
        "$schema": schema(Document::Configure),
        "resources": resources,
    });
    let job = server.post(&format!("{INGESTION}/configure"), &body)?;
    if job.get("jobResult").and_then(Value::as_str) == Some("succeeded") {
        return Ok(job);
    }
    let errors = job.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
    let message = |it: &Value| it.get("message").and_then(Value::as_str).map(str::to_owned);
    let told: Vec<String> = errors.iter().filter_map(message).collect();
    bail!("{}", told.join("\n"))
}

/// What differs, pictures by their digests alone.
fn differences(before: Form, after: Form) -> Vec<Difference> {
    let all = compare(&plain(before), &plain(after));
    all.into_iter().filter(|it| it.change.is_modified()).collect()
}

fn plain(mut form: Form) -> Form {
    let strip = |it: &mut Picture| *it = bare(std::mem::take(&mut it.digest), String::new());
    let listing = &mut form.listing;
    let logos = [&mut listing.logo, &mut listing.medium_logo, &mut listing.small_logo];
    logos.into_iter().flatten().for_each(strip);
    listing.screenshots.iter_mut().for_each(|it| strip(&mut it.picture));
    listing.videos.iter_mut().filter_map(|it| it.thumbnail.as_mut()).for_each(strip);
    form
}

fn told(id: &OfferId, differences: &[Difference]) -> String {
    if differences.is_empty() {
        return format!("{id}: nothing to change.\n");
    }
    let mut text = format!("{id}:\n");
    for Difference { field, change } in differences {
        // Writing to a string does not fail.
        let _ = match change {
            Change::Added(value) => writeln!(text, "  + {field}: {value}"),
            Change::Removed(value) => writeln!(text, "  - {field}: {value}"),
            Change::Edited { before, after } => writeln!(text, "  ~ {field}: {before} -> {after}"),
            Change::Unchanged(_) => Ok(()),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::market::form::Listing;
    use uuid::Uuid;
    use wire::ingestion::{
        merge::{Known, merge},
        read as wire_read,
    };

    use super::*;

    #[test]
    fn a_file_without_pictures_takes_the_last_one_of_the_draft_down() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("offer.yaml");
        fs::write(&path, "publisherId: fabrikam\nofferId: ops\nalias: Ops\n").unwrap();
        let file = read(&path).unwrap();
        let product = Uuid::from_u128(5);
        let of = |resources: Value| {
            Draft::understood(&json!({ "resources": resources }), product).unwrap()
        };
        let id = Durable::of(Kind::Product, product).to_string();
        let named = json!([{ "$schema": schema(Kind::Product), "id": id, "alias": "Old" }]);
        let offer = of(named).offer(&file.id);
        let picture = bare("f".repeat(64), "logo.png".to_owned());
        let listing = Listing { logo: Some(picture.clone()), ..Listing::default() };
        let before = Form { alias: "Old".to_owned(), listing, ..Form::default() };
        let tree = Tree { offer: &offer, target: "draft", media: "/market/media" };
        let draft = of(tree.resources(&before, &[], |_| &[]).into());
        assert!(draft.form.listing.logo.is_some());

        let sent = json!({ "resources": resources(&file, &draft) }).to_string();
        let sent = wire_read::read(sent.as_bytes()).unwrap();
        let pictures = [(picture.digest.clone(), picture)].into();
        let mut after = before;
        merge(&mut after, &sent, &Known { pictures, ..Known::default() }).unwrap();
        assert_eq!((after.alias.as_str(), after.listing.logo), ("Ops", None));
    }
}
