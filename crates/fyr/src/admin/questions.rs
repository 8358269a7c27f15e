//! Questions about access, for whoever owns the data folder: they may ask of everybody, and hear
//! all.

use anyhow::Context as _;
use arm::handlers::{
    explain,
    questions::{self as handlers, bodies, chains},
};
use ids::{guid::Principal, scope::Scope};
use model::question::Question;
use operations::{
    plane::Plane,
    questions::{
        Asker::Folder,
        At,
        check::{self, Asked},
        graph,
        scopes_of::scopes_of,
        what_can::what_can,
        who_can::who_can,
        whom,
    },
    roles::explain::explained,
};
use serde::{Deserialize, Serialize};
use wire::access::{
    ExplanationBody,
    chains::GraphBody,
    questions::{AtBody, CheckedBody, ScopesOfBody, WhatCanBody, WhoCanBody},
};

/// A question, of now or of a point in the past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    pub what: What,
    pub at: Option<AtBody>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    Check {
        who: Whom,
        deed: Deed,
        scope: Scope,
    },
    Explain {
        who: Whom,
        deed: Deed,
        scope: Scope,
    },
    WhoCan {
        deed: Deed,
        scope: Scope,
    },
    WhatCan {
        who: Whom,
        scope: Scope,
    },
    /// In that scope; anywhere, where none is given.
    ScopesOf {
        who: Whom,
        deed: Deed,
        scope: Option<Scope>,
    },
    Graph {
        scope: Scope,
    },
    /// From that principal on, in that scope; anywhere, where none is given.
    GraphFrom {
        who: Whom,
        scope: Option<Scope>,
    },
}

/// Somebody, by id or by the name that they sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Whom {
    Id(Principal),
    Name(String),
}

/// What somebody would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deed {
    pub action: String,
    pub is_data_action: bool,
}

/// The answer.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    Check(CheckedBody),
    Explain(ExplanationBody),
    WhoCan(WhoCanBody),
    WhatCan(WhatCanBody),
    ScopesOf(ScopesOfBody),
    Graph(GraphBody),
}

/// Answers by all that the folder holds.
pub async fn answer(plane: &Plane, Inquiry { what, at }: Inquiry) -> anyhow::Result<Reply> {
    let at: At = handlers::point(at)?;
    Ok(match what {
        What::Check { who, deed, scope } => {
            let (who, question) = (found(plane, who).await?, question(&deed, scope)?);
            let asked = [Asked { who, question }];
            Reply::Check(bodies::checked(&asked, &check::check(plane, Folder, at, &asked).await?))
        }
        What::Explain { who, deed, scope } => {
            let (who, question) = (found(plane, who).await?, question(&deed, scope)?);
            Reply::Explain(explain::body(&explained(plane, Folder, at, (who, &question)).await?))
        }
        What::WhoCan { deed, scope } => {
            let question = question(&deed, scope)?;
            Reply::WhoCan(bodies::who_can(who_can(plane, Folder, at, &question).await?))
        }
        What::WhatCan { who, scope } => {
            let who = found(plane, who).await?;
            Reply::WhatCan(bodies::what_can(what_can(plane, Folder, at, (who, &scope)).await?))
        }
        What::ScopesOf { who, deed, scope } => {
            let who = found(plane, who).await?;
            let question = question(&deed, scope.unwrap_or(Scope::Tenant(who.tenant)))?;
            let told = scopes_of(plane, Folder, at, (who, &question)).await?;
            Reply::ScopesOf(bodies::scopes_of(told))
        }
        What::Graph { scope } => {
            let asked = graph::Asked { scope, from: None };
            Reply::Graph(chains::body(&graph::graph(plane, Folder, at, &asked).await?))
        }
        What::GraphFrom { who, scope } => {
            let who = found(plane, who).await?;
            let scope = scope.unwrap_or(Scope::Tenant(who.tenant));
            let asked = graph::Asked { scope, from: Some(who) };
            Reply::Graph(chains::body(&graph::graph(plane, Folder, at, &asked).await?))
        }
    })
}

fn question(deed: &Deed, scope: Scope) -> anyhow::Result<Question> {
    Ok(handlers::question(&deed.action, deed.is_data_action, scope)?)
}

async fn found(plane: &Plane, who: Whom) -> anyhow::Result<Principal> {
    match who {
        Whom::Id(who) => Ok(who),
        Whom::Name(name) => {
            let found = whom::named(plane, &name).await?;
            found.with_context(|| format!("nobody signs in as `{name}`"))
        }
    }
}
