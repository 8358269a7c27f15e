//! A world out of what the Azure CLI prints of a real one, so that questions can be asked of its
//! shape where nothing can break.
//!
//! Takes the JSON of `az account list`, `az group list`, `az managedservices definition list`,
//! `az managedservices assignment list`, `az role assignment list --all`,
//! `az role definition list --custom-role-only` and `az ad user|group|sp list`. Each thing is known
//! by its own shape, whatever its file is called. What the files only mention is made as far as
//! they tell, and each time that is told in a note.

mod collect;
mod delegation;
mod directory;
mod item;
mod places;
mod roles;

use model::change::Noun;

use self::{collect::Collected, item::Item};

/// More things than one person's subscriptions hold.
const ITEMS_MAX: usize = 200_000;

/// One file: what it is called, and what stands in it.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// The nouns that the files tell of, and what could not be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub nouns: Vec<Noun>,
    pub notes: Vec<String>,
}

/// Why files are not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{file}:{line}:{column}: this is not JSON")]
    NotJson { file: String, line: usize, column: usize },
    #[error("the files hold more than {ITEMS_MAX} things")]
    TooMany,
    #[error("no file says which subscriptions there are; `az account list --all` does")]
    NoAccounts,
}

/// Reads the files. Their order makes no difference but to the order of things.
pub fn import(files: &[File]) -> Result<Imported, Refused> {
    let mut collected = Collected::default();
    let mut items = Vec::new();
    let mut notes = Vec::new();
    for file in files {
        items.extend(item::items(file, &mut notes)?);
        if items.len() > ITEMS_MAX {
            return Err(Refused::TooMany);
        }
    }
    // What others stand on comes first, whichever file it is in.
    collected.notes = notes;
    let each = |collected: &mut Collected, take: fn(&mut Collected, &Item)| {
        for item in &items {
            take(collected, item);
        }
    };
    each(&mut collected, Collected::account);
    if collected.has_no_subscriptions() {
        return Err(Refused::NoAccounts);
    }
    each(&mut collected, Collected::group);
    each(&mut collected, Collected::directory);
    each(&mut collected, Collected::role);
    each(&mut collected, Collected::definition);
    each(&mut collected, Collected::assignment);
    each(&mut collected, Collected::role_assignment);
    Ok(collected.into_imported())
}

#[cfg(test)]
mod tests;
