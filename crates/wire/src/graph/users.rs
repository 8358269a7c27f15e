//! `user` and `invitation`.

use model::directory::{Detail, User, UserKind};
use serde_json::{Value, json};

use super::{
    Kind, View,
    body::{BadBody, Body},
    view,
};

/// `#microsoft.graph.user`.
pub const USER: Kind = Kind {
    name: "user",
    set: "users",
    by_default: &[
        "businessPhones",
        "displayName",
        "givenName",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
        "id",
    ],
    on_request: &[
        "accountEnabled",
        "creationType",
        "department",
        "externalUserState",
        "mailNickname",
        "securityIdentifier",
        "userType",
    ],
};

/// All of a person.
pub fn user(it: &User) -> View {
    let is_guest = matches!(it.kind, UserKind::Guest { .. });
    let mut shown = view([
        ("businessPhones", json!([])),
        ("displayName", json!(it.display_name)),
        ("userPrincipalName", json!(it.user_principal_name)),
        ("id", json!(it.principal.object)),
        ("accountEnabled", json!(it.enabled)),
        ("creationType", json!(is_guest.then_some("Invitation"))),
        ("externalUserState", json!(is_guest.then_some("Accepted"))),
        ("userType", json!(if is_guest { "Guest" } else { "Member" })),
    ]);
    let mut profile = it.profile.clone();
    for detail in Detail::ALL {
        shown.insert(detail.as_str().to_owned(), json!(profile.slot(detail)));
    }
    shown
}

/// What a body says of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserBody {
    pub user_principal_name: Option<String>,
    pub display_name: Option<String>,
    pub enabled: Option<bool>,
    pub password: Option<String>,
    /// None takes off what was said.
    pub details: Vec<(Detail, Option<String>)>,
}

/// Reads a body that makes or changes a person.
pub fn read(bytes: &[u8]) -> Result<UserBody, BadBody> {
    let mut body = Body::parse(bytes)?;
    let mut read = UserBody {
        user_principal_name: body.text("userPrincipalName")?,
        display_name: body.text("displayName")?,
        enabled: body.flag("accountEnabled")?,
        password: password(&mut body)?,
        details: Vec::new(),
    };
    for detail in Detail::ALL {
        if body.has(detail.as_str()) {
            read.details.push((detail, body.text(detail.as_str())?));
        }
    }
    match body.text("userType")?.as_deref() {
        None | Some("Member") => {}
        Some(_) => return Err(BadBody::Invalid("userType")),
    }
    body.finish()?;
    Ok(read)
}

/// Nobody is asked for a new password at the next sign-in: there is no page for it, and who
/// wants that is told so.
fn password(body: &mut Body) -> Result<Option<String>, BadBody> {
    let Some(mut profile) = body.object("passwordProfile")? else { return Ok(None) };
    let password = profile.required("password")?;
    if profile.flag("forceChangePasswordNextSignIn")? == Some(true) {
        return Err(BadBody::NotKept("forceChangePasswordNextSignIn".to_owned()));
    }
    profile.finish()?;
    Ok(Some(password))
}

/// Whom a body invites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationBody {
    pub address: String,
    pub display_name: Option<String>,
    pub redirect_url: String,
}

/// Reads an invitation. No message is sent, whatever it says.
pub fn read_invitation(bytes: &[u8]) -> Result<InvitationBody, BadBody> {
    let mut body = Body::parse(bytes)?;
    let read = InvitationBody {
        address: body.required("invitedUserEmailAddress")?,
        display_name: body.text("invitedUserDisplayName")?,
        redirect_url: body.required("inviteRedirectUrl")?,
    };
    match body.text("invitedUserType")?.as_deref() {
        None | Some("Guest") => {}
        Some(_) => return Err(BadBody::Invalid("invitedUserType")),
    }
    body.finish()?;
    Ok(read)
}

/// What an invitation came to: there is nothing to redeem, the guest just signs in.
pub fn invitation(read: &InvitationBody, guest: &User) -> Value {
    json!({
        "id": guest.principal.object,
        "inviteRedeemUrl": read.redirect_url,
        "inviteRedirectUrl": read.redirect_url,
        "invitedUserDisplayName": guest.display_name,
        "invitedUserEmailAddress": read.address,
        "invitedUserType": "Guest",
        "sendInvitationMessage": false,
        "status": "Completed",
        "invitedUser": { "id": guest.principal.object },
    })
}

#[cfg(test)]
mod tests {
    use model::samples::{ADA, user as sample};

    use super::*;

    #[test]
    fn what_az_sends_is_read() {
        let sent = br#"{"userPrincipalName": "bob@x.y", "displayName": "Bob", "passwordProfile": {"password": "P@ss1234!", "forceChangePasswordNextSignIn": false}, "mailNickname": "bob", "accountEnabled": true}"#;
        let read = read(sent).unwrap();
        assert_eq!(read.password.as_deref(), Some("P@ss1234!"));
        assert_eq!(read.details, [(Detail::MailNickname, Some("bob".to_owned()))]);
    }

    #[test]
    fn what_would_not_be_done_is_refused_by_its_name() {
        let forced =
            br#"{"passwordProfile":{"password":"x","forceChangePasswordNextSignIn":true}}"#;
        let not_kept = BadBody::NotKept("forceChangePasswordNextSignIn".to_owned());
        assert_eq!(read(forced), Err(not_kept));
        assert_eq!(read(br#"{"city":"Oslo"}"#), Err(BadBody::NotKept("city".to_owned())));
    }

    #[test]
    fn null_takes_off_what_was_said() {
        let read = read(br#"{"jobTitle":null}"#).unwrap();
        assert_eq!(read.details, [(Detail::JobTitle, None)]);
    }

    #[test]
    fn a_view_holds_every_property_that_can_be_asked_for() {
        let shown = user(&sample(ADA, "ada"));
        let mut names = USER.by_default.iter().chain(USER.on_request);
        let lacking =
            names.find(|name| **name != "securityIdentifier" && !shown.contains_key(**name));
        assert_eq!(lacking, None);
        assert_eq!(shown.get("userType"), Some(&json!("Member")));
    }
}
