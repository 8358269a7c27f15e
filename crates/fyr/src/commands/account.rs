//! `fyr account`: a company's publisher account, from its sign-up to its verification.

mod form;
mod members;
mod publishers;
mod show;
mod sign_up;
mod verify;

use crate::cli::{Account, Members, Publishers};

/// Where the account of the caller's tenant is.
const OWN: &str = "/market/account";

/// Runs one of its commands.
pub(super) fn run(wanted: &Account) -> anyhow::Result<()> {
    match wanted {
        Account::Init { file } => form::init(file),
        Account::SignUp { form } => sign_up::sign_up(form),
        Account::Update { form } => sign_up::update(form),
        Account::Show { tenant, shown } => show::show(*tenant, shown),
        Account::List { shown } => show::list(shown),
        Account::Verify(it) => verify::verify(it),
        Account::Refuse { tenant, reason, revision, online } => {
            verify::refuse(*tenant, reason, *revision, online)
        }
        Account::Members(Members::List { shown }) => members::list(shown),
        Account::Members(Members::Set { who, role }) => members::set(who, *role),
        Account::Members(Members::Remove { who }) => members::remove(who),
        Account::Publishers(Publishers::List { shown }) => publishers::list(shown),
        Account::Publishers(Publishers::Create { publisher, display_name, online }) => {
            publishers::create(publisher, display_name, online)
        }
    }
}

#[cfg(test)]
mod tests;
