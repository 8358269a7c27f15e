//! `fyr access`.

use std::{path::Path, process::ExitCode};

use ids::{
    guid::{SubscriptionId, TenantId},
    scope::Scope,
};
use uuid::Uuid;
use wire::access::{DelegatorBody, PathBody};

use super::{columns, say};
use crate::{
    admin::{self, Answer, Ask, Delegators, questions::What},
    cli::{Access, Format},
    folder::Folder,
    wiring,
};

mod questions;

/// Answers one of the questions about access.
pub(super) fn run(asked: Access) -> anyhow::Result<ExitCode> {
    match asked {
        Access::WhoCanDelegate { scope, data, output } => {
            who_can_delegate(&scope, &data.folder, output)?;
            Ok(ExitCode::SUCCESS)
        }
        Access::Check { who, deed, scope, common } => {
            let what = What::Check { who: who.0, deed: deed.into(), scope: scope.0 };
            questions::ask(what, &common)
        }
        Access::Explain { who, deed, scope, common } => {
            let what = What::Explain { who: who.0, deed: deed.into(), scope: scope.0 };
            questions::ask(what, &common)
        }
        Access::WhoCan { deed, scope, common } => {
            questions::ask(What::WhoCan { deed: deed.into(), scope: scope.0 }, &common)
        }
        Access::WhatCan { who, scope, common } => {
            questions::ask(What::WhatCan { who: who.0, scope: scope.0 }, &common)
        }
        Access::ScopesOf { who, deed, scope, common } => {
            let scope = scope.map(|it| it.0);
            questions::ask(What::ScopesOf { who: who.0, deed: deed.into(), scope }, &common)
        }
        Access::Graph { scope, from, dot, common } => {
            let what = match (scope, from) {
                (scope, Some(from)) => What::GraphFrom { who: from.0, scope: scope.map(|it| it.0) },
                (Some(scope), None) => What::Graph { scope: scope.0 },
                (None, None) => anyhow::bail!("a graph is of a scope, or `--from` somebody"),
            };
            if dot { questions::draw(what, &common) } else { questions::ask(what, &common) }
        }
    }
}

/// Lists everyone for whom the delegation rule holds, and guests with the reason why they cannot;
/// through the running server, else from the store itself.
fn who_can_delegate(scope: &str, folder: &Path, format: Format) -> anyhow::Result<()> {
    let subscription = subscription_of(scope)?;
    let folder = Folder::open(folder)?;
    let Delegators { found, more } =
        match admin::ask(&folder, &Ask::WhoCanDelegate { subscription })? {
            Some(Answer::WhoCanDelegate(answer)) => answer,
            Some(Answer::Refused(reason)) => anyhow::bail!(reason),
            Some(
                Answer::Ready { .. }
                | Answer::Applied(_)
                | Answer::Exported { .. }
                | Answer::Clock(_)
                | Answer::Access(_)
                | Answer::Report(_),
            ) => {
                anyhow::bail!("the server answered something else")
            }
            None => {
                wiring::alone(&folder, async |office| office.who_can_delegate(subscription).await)?
            }
        };
    match format {
        Format::Json => say(&format!("{}\n", serde_json::to_string_pretty(&found)?)),
        Format::Table => say(&table(&found)),
    }
    if more {
        super::complain("there are more than are shown; the API `Fyr.Access/whoCanDelegate` pages");
    }
    Ok(())
}

/// The subscription of a scope as ARM writes it, or by its id alone.
fn subscription_of(scope: &str) -> anyhow::Result<SubscriptionId> {
    if let Ok(id) = scope.parse::<SubscriptionId>() {
        return Ok(id);
    }
    // Of what lies in a subscription, the id names no tenant.
    let parsed = Scope::parse(scope, TenantId::new(Uuid::nil())).ok();
    let found = parsed.and_then(|it| it.subscription());
    found.ok_or_else(|| {
        anyhow::anyhow!(
            "`{scope}` is no subscription, and no scope in one; write `/subscriptions/ID`"
        )
    })
}

/// A row for each person and grant.
fn table(found: &[DelegatorBody]) -> String {
    let heading = ["Name", "Type", "Delegates", "Role", "Scope", "Through"];
    let rows = found.iter().flat_map(|it| {
        let name =
            it.sign_in_name.as_ref().or(it.display_name.as_ref()).unwrap_or(&it.principal_id);
        let may = it.reason.as_ref().map_or("yes", |_| "no: guest");
        it.paths.iter().map(move |path| {
            let role = path.role_name.clone().unwrap_or_else(|| path.role_definition_id.clone());
            [
                name.clone(),
                it.principal_type.clone(),
                may.to_owned(),
                role,
                path.scope.clone(),
                through(path),
            ]
        })
    });
    columns::table(heading, rows)
}

fn through(path: &PathBody) -> String {
    let name =
        |it: &wire::access::GroupBody| it.display_name.clone().unwrap_or_else(|| it.id.clone());
    let groups: Vec<String> = path.groups.iter().map(name).collect();
    if groups.is_empty() { "directly".to_owned() } else { groups.join(" > ") }
}

#[cfg(test)]
mod tests {
    use wire::access::GroupBody;

    use super::*;

    fn delegator(reason: Option<&str>, groups: &[&str]) -> DelegatorBody {
        let group =
            |name: &&str| GroupBody { id: "1".to_owned(), display_name: Some((*name).to_owned()) };
        DelegatorBody {
            principal_id: "0".to_owned(),
            principal_type: "User".to_owned(),
            display_name: Some("Olof".to_owned()),
            sign_in_name: Some("olof@contoso.example".to_owned()),
            can_delegate: reason.is_none(),
            reason: reason.map(str::to_owned),
            paths: vec![PathBody {
                role_assignment_id: "a".to_owned(),
                role_definition_id: "r".to_owned(),
                role_name: Some("Owner".to_owned()),
                scope: "/".to_owned(),
                inherited: true,
                groups: groups.iter().map(group).collect(),
                actions: Vec::new(),
            }],
        }
    }

    #[test]
    fn a_scope_is_written_in_several_ways() {
        let id = "11111111-1111-4111-8111-111111111111";
        for text in [
            id.to_owned(),
            format!("/subscriptions/{id}"),
            format!("/subscriptions/{id}/resourceGroups/app"),
        ] {
            assert_eq!(subscription_of(&text).unwrap().to_string(), id, "{text}");
        }
        for bad in ["prod", "/", "/subscriptions/prod"] {
            assert!(subscription_of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_table_tells_the_way_and_why_a_guest_does_not() {
        let found = [delegator(None, &[]), delegator(Some("guest"), &["inner", "outer"])];
        let expected = "\
Name                  Type  Delegates  Role   Scope  Through
olof@contoso.example  User  yes        Owner  /      directly
olof@contoso.example  User  no: guest  Owner  /      inner > outer
";
        assert_eq!(table(&found), expected);
    }
}
