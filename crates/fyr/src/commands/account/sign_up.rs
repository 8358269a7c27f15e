//! `fyr account sign-up` and `update`.

use axum::http::header;

use super::{OWN, form, show};
use crate::{
    cli::FormFile,
    commands::{
        say,
        server::{Refused, Server},
    },
};

/// Makes the account.
pub(super) fn sign_up(FormFile { file, online }: &FormFile) -> anyhow::Result<()> {
    let body = form::read(file)?;
    let server = Server::marketplace(online)?;
    let made = server.put_where(OWN, (header::IF_NONE_MATCH, "*"), &body);
    let made = made.map_err(|error| {
        if Refused::is(&error, 409) {
            return error.context("`fyr account update FILE` changes an account that is there");
        }
        error
    })?;
    say(&show::told(&made));
    Ok(())
}

/// Changes it, unless somebody else does so at the same time.
pub(super) fn update(FormFile { file, online }: &FormFile) -> anyhow::Result<()> {
    let body = form::read(file)?;
    let server = Server::marketplace(online)?;
    let etag = show::etag(&show::own(&server)?);
    let now = server.put_where(OWN, (header::IF_MATCH, &etag), &body)?;
    say(&show::told(&now));
    Ok(())
}
