//! Questions about access.

use std::str::FromStr;

use clap::{Args, Subcommand};
use ids::{
    clock::Revision,
    guid::{Principal, SubscriptionId},
    scope::Scope,
};
use jiff::Timestamp;
use wire::access::questions::AtBody;

use super::{Data, Format};
use crate::admin::questions::{Deed, Whom};

#[derive(Debug, Subcommand)]
pub enum Access {
    /// Lists everyone who can delegate a subscription, by which grant and through which groups.
    WhoCanDelegate {
        /// The subscription, or something in it: `/subscriptions/ID`.
        scope: String,
        #[command(flatten)]
        data: Data,
        #[arg(short, long, value_enum, default_value = "table")]
        output: Format,
    },
    /// Tells whether somebody may do something at a scope. Exits with 0 where they may, and with 3
    /// where they may not.
    Check {
        /// `name@domain`, or `TENANT/OBJECT` by ids.
        who: Who,
        #[command(flatten)]
        deed: Doing,
        scope: Place,
        #[command(flatten)]
        common: Common,
    },
    /// Tells why, with every grant, deny assignment and lock that was looked at.
    Explain {
        /// `name@domain`, or `TENANT/OBJECT` by ids.
        who: Who,
        #[command(flatten)]
        deed: Doing,
        scope: Place,
        #[command(flatten)]
        common: Common,
    },
    /// Lists everyone who may do something at a scope, by which grant and through which groups.
    WhoCan {
        #[command(flatten)]
        deed: Doing,
        scope: Place,
        #[command(flatten)]
        common: Common,
    },
    /// Shows what somebody's roles give them at a scope.
    WhatCan {
        /// `name@domain`, or `TENANT/OBJECT` by ids.
        who: Who,
        scope: Place,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the outermost scopes where somebody may do something.
    ScopesOf {
        /// `name@domain`, or `TENANT/OBJECT` by ids.
        who: Who,
        #[command(flatten)]
        deed: Doing,
        /// Only at that scope and below it.
        #[arg(long)]
        scope: Option<Place>,
        #[command(flatten)]
        common: Common,
    },
    /// Shows who reaches what, and through which groups, grants and delegations: at a scope, or
    /// from one principal on.
    Graph {
        #[arg(required_unless_present = "from")]
        scope: Option<Place>,
        /// Only what that one reaches, as whoever takes over the account would: `name@domain`, or
        /// `TENANT/OBJECT` by ids.
        #[arg(long, value_name = "WHO")]
        from: Option<Who>,
        /// In the language of Graphviz: `| dot -Tsvg`.
        #[arg(long, conflicts_with = "output")]
        dot: bool,
        #[command(flatten)]
        common: Common,
    },
}

/// What every question takes.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// As of a past point: a revision's number, or a time such as `2026-03-01T12:00:00Z`.
    #[arg(long, value_name = "REVISION|TIME")]
    pub at: Option<Point>,
    #[command(flatten)]
    pub data: Data,
    #[arg(short, long, value_enum, default_value = "table")]
    pub output: Format,
}

/// An action.
#[derive(Clone, Debug, Args)]
pub struct Doing {
    /// By its whole name, as `Microsoft.Compute/virtualMachines/start/action`.
    pub action: String,
    /// It is done to what a resource holds, and not to the resource.
    #[arg(long)]
    pub data_action: bool,
}

impl From<Doing> for Deed {
    fn from(Doing { action, data_action }: Doing) -> Self {
        Self { action, is_data_action: data_action }
    }
}

/// Somebody, as the command line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who(pub Whom);

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains('@') {
            return Ok(Self(Whom::Name(text.to_owned())));
        }
        let bad = || format!("`{text}` is neither `name@domain` nor `TENANT/OBJECT`");
        let (tenant, object) = text.split_once('/').ok_or_else(bad)?;
        let tenant = tenant.parse().map_err(|_| bad())?;
        let object = object.parse().map_err(|_| bad())?;
        Ok(Self(Whom::Id(Principal { tenant, object })))
    }
}

/// A scope, as the command line says it: as ARM writes it, a subscription by its id alone, and what
/// lies in no subscription after `/tenants/ID`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub Scope);

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(id) = text.parse::<SubscriptionId>() {
            return Ok(Self(Scope::Subscription(id)));
        }
        let found = Scope::try_from(text.to_owned());
        found.map(Self).map_err(|bad| {
            format!("{bad}; write `/subscriptions/ID…`, or `/tenants/ID…` for what lies in none")
        })
    }
}

/// A point in the past, as the command line says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    Revision(Revision),
    Moment(Timestamp),
}

impl FromStr for Point {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Revision(Revision(number)));
        }
        let moment = text.parse().map(Self::Moment);
        moment.map_err(|_| format!("`{text}` is neither a revision nor a time"))
    }
}

impl From<Point> for AtBody {
    fn from(point: Point) -> Self {
        match point {
            Point::Revision(it) => Self { revision: Some(it.0), moment: None },
            Point::Moment(it) => Self { revision: None, moment: Some(it) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "11111111-1111-4111-8111-111111111111";

    #[test]
    fn who_where_and_when_are_said_in_several_ways() {
        assert!(matches!("ada@fabrikam.example".parse(), Ok(Who(Whom::Name(_)))));
        assert!(matches!(format!("{ID}/{ID}").parse(), Ok(Who(Whom::Id(_)))));
        for bad in ["ada", ID, "a/b", "/"] {
            assert!(bad.parse::<Who>().is_err(), "{bad}");
        }
        let read = |text: &str| text.parse::<Place>().map(|it| it.0.stored());
        assert_eq!(read(ID), Ok(format!("/subscriptions/{ID}")));
        for good in [format!("/subscriptions/{ID}/resourceGroups/app"), format!("/tenants/{ID}")] {
            assert_eq!(read(&good), Ok(good));
        }
        for bad in ["", "prod", "/", "/providers/Microsoft.Management/managementGroups/a"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!("12".parse(), Ok(Point::Revision(Revision(12))));
        assert!(matches!("2026-03-01T12:00:00Z".parse(), Ok(Point::Moment(_))));
        assert!("yesterday".parse::<Point>().is_err());
    }
}
