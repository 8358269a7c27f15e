//! What is asked of publisher accounts: by the companies themselves, and by this Fyr's operators.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueEnum};
use ids::{guid::TenantId, offer::PublisherId};
use jiff::civil::Date;
use model::market::account::AccountRole;

use super::{Format, Online};

/// The publisher account of the caller's tenant; `list`, `verify` and `refuse` are the operators'.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Writes the form of a sign-up to fill in, into a new file.
    Init {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Signs a company up with the form in a file: by its Global Administrator, with a work
    /// account, who becomes the account's first owner.
    SignUp {
        #[command(flatten)]
        form: FormFile,
    },
    /// Gives the account the form that the file has now. What is agreed to stays agreed to.
    Update {
        #[command(flatten)]
        form: FormFile,
    },
    /// Shows the account: how far its verification has come, and for each step what is missing.
    Show {
        /// Whose account, for operators; the caller's own unless given.
        #[arg(value_name = "TENANT")]
        tenant: Option<TenantId>,
        #[command(flatten)]
        shown: Shown,
    },
    /// Lists all accounts, for operators.
    List {
        #[command(flatten)]
        shown: Shown,
    },
    /// Notes how far a company is verified, and what qualifies it to publish; for operators. Each
    /// state follows the one before it.
    ///
    /// Where nothing is said of what qualifies it, what is noted stays; else that is all there is.
    Verify(Verify),
    /// Refuses a company, for operators: it publishes nothing from then on. What is live and what
    /// is delegated goes on.
    Refuse {
        /// The company's tenant.
        #[arg(value_name = "TENANT")]
        tenant: TenantId,
        /// What the company is told.
        #[arg(long)]
        reason: String,
        /// The form of the account that you looked at; without it, that of this moment.
        #[arg(long)]
        revision: Option<u64>,
        #[command(flatten)]
        online: Online,
    },
    /// Who works in the account, and as what.
    #[command(subcommand)]
    Members(Members),
    /// The names that the account publishes under.
    #[command(subcommand)]
    Publishers(Publishers),
}

#[derive(Clone, Debug, Args)]
pub struct FormFile {
    /// YAML or JSON, as `fyr account init` writes it.
    pub file: PathBuf,
    #[command(flatten)]
    pub online: Online,
}

/// What is shown, and how.
#[derive(Clone, Debug, Args)]
pub struct Shown {
    #[command(flatten)]
    pub online: Online,
    #[arg(short, long, value_enum, default_value_t = Format::Table)]
    pub output: Format,
}

/// An operator's word on a company.
#[derive(Clone, Debug, Args)]
pub struct Verify {
    /// The company's tenant.
    #[arg(value_name = "TENANT")]
    pub tenant: TenantId,
    #[arg(long, value_enum)]
    pub state: Stage,
    /// A Solutions Partner designation, as `InfrastructureAzure` or `Security`, with its last day
    /// if it has one. May be given more than once, as the two below.
    #[arg(long = "designation", value_name = "AREA[=DAY]")]
    pub designations: Vec<Dated>,
    /// A competency, as `CloudPlatform=Gold` or `CloudPlatform=Silver=2022-09-30`.
    #[arg(long = "competency", value_name = "AREA=LEVEL[=DAY]")]
    pub competencies: Vec<Competency>,
    /// A program, as `AzureExpertMsp`.
    #[arg(long = "program", value_name = "NAME[=DAY]")]
    pub programs: Vec<Dated>,
    /// Notes that nothing qualifies it any longer.
    #[arg(long, conflicts_with_all = ["designations", "competencies", "programs"])]
    pub unqualified: bool,
    /// The form of the account that you looked at, as `fyr account show TENANT` names it: refused
    /// if the company has changed it since. Without it, the form of this moment.
    #[arg(long)]
    pub revision: Option<u64>,
    #[command(flatten)]
    pub online: Online,
}

/// How far a company is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "PascalCase")]
pub enum Stage {
    EmailVerification,
    EmploymentVerification,
    BusinessVerification,
    Authorized,
}

impl Stage {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmailVerification => "EmailVerification",
            Self::EmploymentVerification => "EmploymentVerification",
            Self::BusinessVerification => "BusinessVerification",
            Self::Authorized => "Authorized",
        }
    }
}

/// What a company is qualified by, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub name: String,
    pub until: Option<Date>,
}

impl FromStr for Dated {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, day) = match text.split_once('=') {
            Some((name, day)) => (name, Some(day)),
            None => (text, None),
        };
        let bad = |_| "the last day reads as `2026-11-30`".to_owned();
        let until = day.map(str::parse).transpose().map_err(bad)?;
        if name.is_empty() {
            return Err("it has no name".to_owned());
        }
        Ok(Self { name: name.to_owned(), until })
    }
}

/// A competency and its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competency {
    pub area: String,
    pub level: String,
    pub until: Option<Date>,
}

impl FromStr for Competency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "it reads AREA=LEVEL, such as `CloudPlatform=Gold`".to_owned();
        let (area, rest) = text.split_once('=').filter(|it| !it.0.is_empty()).ok_or_else(wrong)?;
        let Dated { name: level, until } = rest.parse()?;
        Ok(Self { area: area.to_owned(), level, until })
    }
}

#[derive(Debug, Subcommand)]
pub enum Members {
    /// Lists them.
    List {
        #[command(flatten)]
        shown: Shown,
    },
    /// Gives somebody of the tenant a role, in the place of the one they had. A developer writes and
    /// publishes offers; a manager also sees to members and publishers, reads reports, and sends test
    /// leads; an owner does all that, names owners, changes the account's form, and reads leads.
    Set {
        #[command(flatten)]
        who: Who,
        #[arg(long, value_parser = role)]
        role: AccountRole,
    },
    /// Takes somebody out of the account. The last owner stays.
    Remove {
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Clone, Debug, Args)]
pub struct Who {
    /// A person's sign-in name, or the object id of a person or an application.
    #[arg(value_name = "PRINCIPAL")]
    pub principal: String,
    #[command(flatten)]
    pub online: Online,
}

#[derive(Debug, Subcommand)]
pub enum Publishers {
    /// Lists them.
    List {
        #[command(flatten)]
        shown: Shown,
    },
    /// Takes a name to publish under. It stands in each offer's address, and stays.
    Create {
        #[arg(value_name = "PUBLISHER")]
        publisher: PublisherId,
        /// What customers see.
        #[arg(long, value_name = "NAME")]
        display_name: String,
        #[command(flatten)]
        online: Online,
    },
}

fn role(text: &str) -> Result<AccountRole, String> {
    let found = AccountRole::ALL.into_iter().find(|it| it.as_str() == text);
    found.ok_or_else(|| "it is `owner`, `manager` or `developer`".to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_qualification_is_named_with_its_last_day() {
        let dated = |text: &str| text.parse::<Dated>();
        let security = || "Security".to_owned();
        assert_eq!(dated("Security"), Ok(Dated { name: security(), until: None }));
        let until = Some(date(2026, 11, 30));
        assert_eq!(dated("Security=2026-11-30"), Ok(Dated { name: security(), until }));
        let gold = Competency { area: "CloudPlatform".into(), level: "Gold".into(), until: None };
        assert_eq!("CloudPlatform=Gold".parse(), Ok(gold.clone()));
        assert_eq!("CloudPlatform=Gold=2026-11-30".parse(), Ok(Competency { until, ..gold }));
        assert!(dated("").is_err() && dated("Security=soon").is_err());
        assert!("CloudPlatform".parse::<Competency>().is_err());
    }
}
