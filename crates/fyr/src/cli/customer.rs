//! What customers ask a running Fyr: what there is in the storefront, and what they took of it.

use std::{fmt, path::PathBuf, str::FromStr};

use clap::{Args, Subcommand};
use ids::{
    guid::SubscriptionId,
    offer::{OfferId, PublisherId},
    version::Version,
};

use super::{Format, online::offer};

/// What is looked for in the storefront.
#[derive(Debug, Subcommand)]
pub enum Catalog {
    /// Lists offers that are live, with their plans. Nobody has to sign in for what is public.
    Search(Search),
    /// Shows an offer as its listing tells it: its plans, their versions, its terms, and how to
    /// accept a plan.
    Show {
        /// `publisher.offer`.
        #[arg(value_name = "OFFER", value_parser = offer)]
        offer: OfferId,
        #[command(flatten)]
        visitor: Visitor,
    },
}

#[derive(Clone, Debug, Args)]
pub struct Search {
    /// Words that all stand in the listing.
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// Only in that category, by its id: `management-solutions`.
    #[arg(long, value_name = "ID")]
    pub category: Option<String>,
    /// Only by that publisher.
    #[arg(long, value_name = "PUBLISHER")]
    pub publisher: Option<PublisherId>,
    #[command(flatten)]
    pub visitor: Visitor,
}

/// Who looks, and where.
#[derive(Clone, Debug, Args)]
pub struct Visitor {
    /// Also plans that are private to this subscription, for who can read it. Takes a sign-in.
    #[arg(long, value_name = "ID")]
    pub subscription: Option<SubscriptionId>,
    #[command(flatten)]
    pub online: super::Online,
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub output: Format,
}

/// What is accepted of plans. To look takes a reader of the subscription; to decide takes whoever
/// can delegate it: `fyr access who-can-delegate` lists them.
#[derive(Debug, Subcommand)]
pub enum Acceptance {
    /// Lists what is accepted in a subscription, and which newer versions wait for a decision.
    List {
        #[command(flatten)]
        at: InSubscription,
        #[arg(short, long, value_enum, default_value_t = Format::Table)]
        output: Format,
    },
    /// Shows what is accepted of a plan: the version in force, who agreed to which terms, what
    /// stands for it in the subscription, and what waits.
    Show(OfPlan),
    /// Accepts a plan in a subscription, by its version and its terms. Nothing is delegated by that.
    ///
    /// Where the version is not named or the terms are not agreed to, it shows whom the plan lets in
    /// and as what, the terms, and the command that accepts both; accepts nothing; and exits with 1.
    Accept(Box<Accept>),
    /// Tells what everybody could do, and could no more, once the version that waits is accepted:
    /// each operation by its name, keys and passwords marked.
    ///
    /// Exits with 0 where nothing waits or nobody's rights change, with 3 where there is only less,
    /// and with 4 where anybody could do more, or the same more easily.
    Difference(OfPlan),
    /// Accepts the version that waits, for all that the tenant delegated under the plan at once.
    Update {
        #[command(flatten)]
        word: Word,
        #[command(flatten)]
        terms: Terms,
    },
    /// Says no to the version that waits: what is in force stays, and a yet newer one waits anew.
    Decline(Word),
    /// Takes a no back, so that the version waits again.
    Reconsider(OfPlan),
}

/// A subscription of a running Fyr.
#[derive(Clone, Debug, Args)]
pub struct InSubscription {
    /// The subscription, by its id.
    #[arg(long, env = "AZURE_SUBSCRIPTION_ID", value_name = "ID")]
    pub subscription: SubscriptionId,
    /// Where Resource Manager is; without it, that of the data folder's Fyr.
    #[arg(long, env = "FYR_RESOURCE_MANAGER", value_name = "URL")]
    pub server: Option<String>,
    /// The data folder of a Fyr on this machine, whose address and certificate authority are used.
    #[arg(long = "data", default_value = ".fyr", value_name = "DIR")]
    pub folder: PathBuf,
}

/// A plan, in a subscription.
#[derive(Clone, Debug, Args)]
pub struct OfPlan {
    #[command(flatten)]
    pub plan: Planned,
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub output: Format,
}

#[derive(Clone, Debug, Args)]
pub struct Planned {
    /// `publisher.offer.plan`; of a preview, `publisher.offer-preview.plan`.
    pub plan: PlanPath,
    #[command(flatten)]
    pub at: InSubscription,
}

/// A plan that is taken.
#[derive(Clone, Debug, Args)]
pub struct Accept {
    #[command(flatten)]
    pub of: OfPlan,
    /// The version that was read.
    #[arg(long)]
    pub version: Option<Version>,
    #[command(flatten)]
    pub terms: Terms,
    /// What the offer is called in the subscription; as its publisher calls it unless given.
    #[arg(long)]
    pub name: Option<String>,
    /// What is said of it there.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    #[command(flatten)]
    pub contact: Contact,
}

#[derive(Clone, Debug, Args)]
pub struct Terms {
    /// Agrees to the terms: with their signature, which `fyr acceptance accept` shows, only to the
    /// very ones that were read; without it, to those of today.
    #[arg(
        long,
        value_name = "SIGNATURE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub accept_terms: Option<String>,
}

/// What the publisher is told of whoever takes the plan.
#[derive(Clone, Debug, Args)]
pub struct Contact {
    /// Tells the publisher the following of whoever accepts; without it, they learn of nobody.
    #[arg(long)]
    pub share_contact: bool,
    /// Their first name.
    #[arg(long, requires = "share_contact", value_name = "NAME")]
    pub first_name: Option<String>,
    /// Their last name.
    #[arg(long, requires = "share_contact", value_name = "NAME")]
    pub last_name: Option<String>,
    /// Their e-mail address.
    #[arg(long, requires = "share_contact", value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Their phone number.
    #[arg(long, requires = "share_contact", value_name = "NUMBER")]
    pub phone: Option<String>,
    /// Their country, by two letters.
    #[arg(long, requires = "share_contact", value_name = "CODE")]
    pub country: Option<String>,
    /// Their company.
    #[arg(long, requires = "share_contact", value_name = "NAME")]
    pub company: Option<String>,
    /// What they are there.
    #[arg(long, requires = "share_contact", value_name = "TITLE")]
    pub job_title: Option<String>,
}

/// A word about the version that waits.
#[derive(Clone, Debug, Args)]
pub struct Word {
    #[command(flatten)]
    pub of: OfPlan,
    /// The version that is meant; `fyr acceptance difference` tells what it changes.
    #[arg(long)]
    pub version: Version,
}

/// A plan as its acceptance is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPath {
    pub publisher: String,
    pub product: String,
    pub plan: String,
}

impl FromStr for PlanPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.splitn(3, '.');
        let mut next = || words.next().unwrap_or_default().to_owned();
        let it = Self { publisher: next(), product: next(), plan: next() };
        let is_plan = delegation::take::named(&it.publisher, &it.product, &it.plan).is_some();
        let wrong = || format!("`{text}` is no plan: it reads publisher.offer.plan");
        is_plan.then_some(it).ok_or_else(wrong)
    }
}

impl fmt::Display for PlanPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { publisher, product, plan } = self;
        write!(f, "{publisher}.{product}.{plan}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_called_after_its_publisher_and_its_offer() {
        let plan: PlanPath = "fabrikam.harbour-watch-preview.watch".parse().unwrap();
        assert_eq!(plan.product, "harbour-watch-preview");
        assert_eq!(plan.to_string(), "fabrikam.harbour-watch-preview.watch");
        for bad in ["", "fabrikam", "fabrikam.ops", "fabrikam.ops.a/b", "fabrikam.ops.core.1.0.0"] {
            assert!(bad.parse::<PlanPath>().is_err(), "{bad}");
        }
    }
}
