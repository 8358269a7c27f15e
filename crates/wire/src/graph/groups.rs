//! `group`.

use model::directory::{Group, GroupKind};
use serde_json::json;

use super::{
    Kind, View,
    body::{BadBody, Body},
    view,
};

/// `#microsoft.graph.group`.
pub const GROUP: Kind = Kind {
    name: "group",
    set: "groups",
    by_default: &[
        "id",
        "deletedDateTime",
        "classification",
        "createdDateTime",
        "description",
        "displayName",
        "groupTypes",
        "isAssignableToRole",
        "mail",
        "mailEnabled",
        "mailNickname",
        "membershipRule",
        "onPremisesSyncEnabled",
        "proxyAddresses",
        "renewedDateTime",
        "securityEnabled",
        "visibility",
    ],
    on_request: &[],
};

/// All of a group.
pub fn group(it: &Group) -> View {
    let is_unified = it.kind == GroupKind::Microsoft365;
    let nickname = it.mail_nickname.clone().unwrap_or_else(|| it.principal.object.to_string());
    view([
        ("id", json!(it.principal.object)),
        ("description", json!(it.description)),
        ("displayName", json!(it.display_name)),
        ("groupTypes", if is_unified { json!(["Unified"]) } else { json!([]) }),
        ("isAssignableToRole", json!(false)),
        ("mailEnabled", json!(is_unified)),
        ("mailNickname", json!(nickname)),
        ("proxyAddresses", json!([])),
        ("securityEnabled", json!(!is_unified)),
    ])
}

/// What a body says of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupBody {
    pub display_name: Option<String>,
    pub mail_nickname: Option<String>,
    pub description: Option<String>,
    /// None where it does not say.
    pub kind: Option<GroupKind>,
}

/// Reads a body that makes or changes a group.
pub fn read(bytes: &[u8]) -> Result<GroupBody, BadBody> {
    let mut body = Body::parse(bytes)?;
    let cleared = body.has("description");
    let description = body.text("description")?;
    let read = GroupBody {
        display_name: body.text("displayName")?,
        mail_nickname: body.text("mailNickname")?,
        description: description.or_else(|| cleared.then(String::new)),
        kind: kind(&mut body)?,
    };
    body.finish()?;
    Ok(read)
}

/// A group carries rights, or mail; none that carries both is known here.
fn kind(body: &mut Body) -> Result<Option<GroupKind>, BadBody> {
    let types = body.texts("groupTypes")?.unwrap_or_default();
    let (mail, security) = (body.flag("mailEnabled")?, body.flag("securityEnabled")?);
    let unified = match types.as_slice() {
        [] => false,
        [only] if only == "Unified" => true,
        _ => return Err(BadBody::Invalid("groupTypes")),
    };
    match (unified, mail, security) {
        (false, None, None) => Ok(None),
        (false, Some(false) | None, Some(true)) => Ok(Some(GroupKind::Security)),
        (true, Some(true), Some(false) | None) => Ok(Some(GroupKind::Microsoft365)),
        (true, _, Some(true)) | (false, _, Some(false) | None) => {
            Err(BadBody::Invalid("securityEnabled"))
        }
        (true, Some(false) | None, _) | (false, Some(true), Some(true)) => {
            Err(BadBody::Invalid("mailEnabled"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_carries_rights_or_mail_and_never_both() {
        for (sent, expected) in [
            (r#"{"mailEnabled":false,"securityEnabled":true}"#, Ok(Some(GroupKind::Security))),
            (
                r#"{"groupTypes":["Unified"],"mailEnabled":true,"securityEnabled":false}"#,
                Ok(Some(GroupKind::Microsoft365)),
            ),
            ("{}", Ok(None)),
            (
                r#"{"groupTypes":["Unified"],"mailEnabled":true,"securityEnabled":true}"#,
                Err(BadBody::Invalid("securityEnabled")),
            ),
            (
                r#"{"mailEnabled":true,"securityEnabled":true}"#,
                Err(BadBody::Invalid("mailEnabled")),
            ),
            (r#"{"groupTypes":["DynamicMembership"]}"#, Err(BadBody::Invalid("groupTypes"))),
        ] {
            assert_eq!(read(sent.as_bytes()).map(|it| it.kind), expected, "{sent}");
        }
    }
}
