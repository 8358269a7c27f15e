//! The graph of who reaches what, as JSON and in the language of Graphviz.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use super::questions::AsOfBody;

/// The graph (api-version 2026-12-01). Nodes and edges are in a fixed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphBody {
    #[serde(flatten)]
    pub as_of: AsOfBody,
    pub nodes: Vec<NodeBody>,
    pub edges: Vec<EdgeBody>,
    /// Whether there is more than is told.
    pub is_cut: bool,
}

/// One thing on a chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeBody {
    /// Tells it from all others in the graph.
    pub id: String,
    pub kind: NodeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The tenant of a principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The object id of a principal, or how ARM names the thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_definition_id: Option<String>,
    /// Of a grant: whether any of it stands under a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_conditional: Option<bool>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeKind {
    User,
    Guest,
    Group,
    ServicePrincipal,
    ManagedIdentity,
    /// Whom a grant names, and nobody here knows what it is.
    Principal,
    RoleAssignment,
    /// One authorization of a delegation.
    Authorization,
    RegistrationAssignment,
    RegistrationDefinition,
    Scope,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EdgeBody {
    pub from: String,
    pub to: String,
    pub kind: EdgeKind,
}

/// What a step says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EdgeKind {
    /// A principal is directly in a group.
    MemberOf,
    /// A principal or a group is named by a role assignment or an authorization.
    Holds,
    /// An authorization counts by a registration assignment.
    GivenBy,
    /// A registration assignment is of a definition.
    Of,
    /// A role assignment or a registration assignment stands at a scope.
    Reaches,
}

impl EdgeKind {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::MemberOf => "member of",
            Self::Holds => "holds",
            Self::GivenBy => "given by",
            Self::Of => "of",
            Self::Reaches => "reaches",
        }
    }
}

impl NodeKind {
    fn words(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Guest => "guest",
            Self::Group => "group",
            Self::ServicePrincipal => "service principal",
            Self::ManagedIdentity => "managed identity",
            Self::Principal => "principal",
            Self::RoleAssignment => "role assignment",
            Self::Authorization => "authorization",
            Self::RegistrationAssignment => "delegation",
            Self::RegistrationDefinition => "offer",
            Self::Scope => "scope",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::User
            | Self::Guest
            | Self::ServicePrincipal
            | Self::ManagedIdentity
            | Self::Principal => "ellipse",
            Self::Group => "hexagon",
            Self::RoleAssignment | Self::Authorization => "note",
            Self::RegistrationAssignment | Self::RegistrationDefinition => "component",
            Self::Scope => "box",
        }
    }
}

impl GraphBody {
    /// The same in the language of Graphviz (<https://graphviz.org/doc/info/lang.html>).
    pub fn dot(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write_dot(&mut text);
        text
    }

    fn write_dot(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "digraph access {{\n  rankdir=LR;")?;
        if self.is_cut {
            writeln!(text, "  label=\"There is more than is shown.\";")?;
        }
        for NodeBody { id, kind, name, resource_id, .. } in &self.nodes {
            let name = name.as_ref().or(resource_id.as_ref()).unwrap_or(id);
            let label = Quoted(&[name, "\n", kind.words()]).to_string();
            writeln!(text, "  {} [label={label}, shape={}];", Quoted(&[id]), kind.shape())?;
        }
        for EdgeBody { from, to, kind } in &self.edges {
            let (from, to, says) = (Quoted(&[from]), Quoted(&[to]), Quoted(&[kind.words()]));
            writeln!(text, "  {from} -> {to} [label={says}];")?;
        }
        writeln!(text, "}}")
    }
}

/// Text in quotes: nothing of it ends them, and nothing begins an escape but our own line break.
struct Quoted<'a>(&'a [&'a str]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for part in self.0 {
            if *part == "\n" {
                f.write_str("\\n")?;
                continue;
            }
            for letter in part.chars() {
                match letter {
                    '"' | '\\' => write!(f, "\\{letter}")?,
                    it if it.is_control() || is_turning(it) => {
                        f.write_char(char::REPLACEMENT_CHARACTER)?;
                    }
                    it => f.write_char(it)?,
                }
            }
        }
        f.write_char('"')
    }
}

/// Whether it makes text around it run the other way.
fn is_turning(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: &str, kind: NodeKind, name: &str) -> NodeBody {
        NodeBody {
            id: id.to_owned(),
            kind,
            name: Some(name.to_owned()),
            tenant_id: None,
            resource_id: None,
            role_definition_id: None,
            is_conditional: None,
        }
    }

    fn graph(nodes: Vec<NodeBody>) -> GraphBody {
        let as_of = AsOfBody {
            revision: 3,
            moment: jiff::Timestamp::UNIX_EPOCH,
            built_in_roles_are_newer: false,
        };
        let (from, to) = ("u\"1".to_owned(), "scope:/x".to_owned());
        let edges = vec![EdgeBody { from, to, kind: EdgeKind::Reaches }];
        GraphBody { as_of, nodes, edges, is_cut: true }
    }

    #[test]
    fn hostile_names_stay_within_their_quotes() {
        let nodes = vec![
            node("u\"1", NodeKind::User, "x\", shape=box]; evil -> evil; \"\n\\N\u{202e}\u{1b}"),
            node("scope:/x", NodeKind::Scope, "<b>x</b>\\"),
        ];
        let expected = "digraph access {
  rankdir=LR;
  label=\"There is more than is shown.\";
  \"u\\\"1\" [label=\"x\\\", shape=box]; evil -> evil; \\\"\u{fffd}\\\\N\u{fffd}\u{fffd}\\nuser\", shape=ellipse];
  \"scope:/x\" [label=\"<b>x</b>\\\\\\nscope\", shape=box];
  \"u\\\"1\" -> \"scope:/x\" [label=\"reaches\"];
}
";
        assert_eq!(graph(nodes).dot(), expected);
    }

    #[test]
    fn a_graph_is_read_as_it_was_written() {
        let graph = graph(vec![node("a", NodeKind::Authorization, "Reader")]);
        let text = serde_json::to_string(&graph).unwrap();
        assert_eq!(serde_json::from_str::<GraphBody>(&text).unwrap(), graph);
    }
}
