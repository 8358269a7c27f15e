//! `fyr account members`: who works in the account.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use ids::guid::ObjectId;
use model::market::account::AccountRole;
use serde_json::{Value, json};

use super::OWN;
use crate::{
    cli::{Format, Shown, Who},
    commands::{
        columns, say,
        server::{Server, list as items, text},
    },
};

/// Everybody with their role.
pub(super) fn list(shown: &Shown) -> anyhow::Result<()> {
    let server = Server::marketplace(&shown.online)?;
    let found = server.all(&format!("{OWN}/members"))?;
    say(&match shown.output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table => {
            let names = names(&server, &found);
            let row = |it: &Value| {
                let id = text(it, "/objectId");
                let name = names.get(id).cloned().unwrap_or_default();
                [name, id.to_owned(), text(it, "/role").to_owned()]
            };
            columns::table(["Name", "Object id", "Role"], found.iter().map(row))
        }
    });
    Ok(())
}

/// What the directory calls them, as far as the caller may read it.
fn names(server: &Server, members: &[Value]) -> BTreeMap<String, String> {
    let ids: Vec<&str> = members.iter().map(|it| text(it, "/objectId")).collect();
    let found = server.post("/v1.0/directoryObjects/getByIds", &json!({ "ids": ids }));
    let found = found.unwrap_or_default();
    let named = |it: &Value| {
        let name = match text(it, "/userPrincipalName") {
            "" => text(it, "/displayName"),
            name => name,
        };
        (text(it, "/id").to_owned(), name.to_owned())
    };
    items(&found, "/value").iter().map(named).collect()
}

/// Gives somebody a role.
pub(super) fn set(who: &Who, role: AccountRole) -> anyhow::Result<()> {
    let server = Server::marketplace(&who.online)?;
    let id = object(&server, &who.principal)?;
    server.put(&format!("{OWN}/members/{id}"), &json!({ "role": role.as_str() }))?;
    say(&format!("{} is {} of the account.\n", who.principal, role.as_str()));
    Ok(())
}

/// Takes somebody out.
pub(super) fn remove(who: &Who) -> anyhow::Result<()> {
    let server = Server::marketplace(&who.online)?;
    let id = object(&server, &who.principal)?;
    server.delete(&format!("{OWN}/members/{id}"))?;
    say(&format!("{} works in the account no longer.\n", who.principal));
    Ok(())
}

/// The object that is meant; a person may be named as they sign in.
fn object(server: &Server, principal: &str) -> anyhow::Result<ObjectId> {
    if let Ok(id) = principal.parse() {
        return Ok(id);
    }
    let is_name = |it: char| it.is_ascii_alphanumeric() || "@.-_'#".contains(it);
    ensure!(
        principal.contains('@') && principal.chars().all(is_name),
        "`{principal}` is no sign-in name and no object id"
    );
    let path = format!("/v1.0/users/{}", principal.replace('#', "%23"));
    let person = server.get(&path).with_context(|| format!("nobody is called `{principal}`"))?;
    text(&person, "/id").parse().context("the directory tells no object id")
}
