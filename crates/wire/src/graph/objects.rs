//! Objects whose type is told beside them, and lists of ids.

use ids::guid::ObjectId;
use serde_json::Value;

use super::{
    Kind, View,
    body::{BadBody, Body},
};

/// What can be said of any object in a filter or a selection.
pub const OBJECT: Kind = Kind {
    name: "directoryObject",
    set: "directoryObjects",
    by_default: &["id"],
    on_request: &["displayName"],
};

/// A view with its type in front.
pub fn typed(kind: &Kind, view: View) -> View {
    let name = ("@odata.type".to_owned(), Value::String(kind.odata_type()));
    std::iter::once(name).chain(view).collect()
}

fn ids(texts: Vec<String>, name: &'static str, most: usize) -> Result<Vec<ObjectId>, BadBody> {
    if texts.len() > most {
        return Err(BadBody::Invalid(name));
    }
    let id = |text: String| text.parse().map_err(|_| BadBody::Invalid(name));
    texts.into_iter().map(id).collect()
}

/// What `getByIds` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByIds {
    pub ids: Vec<ObjectId>,
    /// Empty: of any type.
    pub types: Vec<String>,
}

/// Reads the body of `getByIds`.
pub fn read_ids(bytes: &[u8], most: usize) -> Result<ByIds, BadBody> {
    let mut body = Body::parse(bytes)?;
    let texts = body.texts("ids")?.ok_or(BadBody::Missing("ids"))?;
    let types = body.texts("types")?.unwrap_or_default();
    body.finish()?;
    Ok(ByIds { ids: ids(texts, "ids", most)?, types })
}

/// Reads the body of `checkMemberGroups` and `checkMemberObjects`.
pub fn read_groups(bytes: &[u8], name: &'static str) -> Result<Vec<ObjectId>, BadBody> {
    /// Graph's.
    const MOST: usize = 20;
    let mut body = Body::parse(bytes)?;
    let texts = body.texts(name)?.ok_or(BadBody::Missing(name))?;
    body.finish()?;
    ids(texts, name, MOST)
}

/// Reads the body of `getMemberGroups` and `getMemberObjects`: whether groups without rights are
/// left out.
pub fn read_security_only(bytes: &[u8]) -> Result<bool, BadBody> {
    let mut body = Body::parse(bytes)?;
    let only = body.flag("securityEnabledOnly")?;
    body.finish()?;
    Ok(only.unwrap_or(false))
}

/// Reads a reference to an object of this surface: `{"@odata.id": "{origin}/v1.0/…/{id}"}`. One
/// that leads anywhere else is none.
pub fn read_reference(bytes: &[u8], origin: &str) -> Result<ObjectId, BadBody> {
    const NAME: &str = "@odata.id";
    const SETS: [&str; 4] = ["directoryObjects", "users", "groups", "servicePrincipals"];
    let mut body = Body::parse(bytes)?;
    let url = body.required(NAME)?;
    body.finish()?;
    let path = url.strip_prefix(origin).and_then(|it| it.strip_prefix("/v1.0/"));
    let parts = path.and_then(|it| it.split_once('/'));
    let known = parts.filter(|(set, _)| SETS.iter().any(|it| it.eq_ignore_ascii_case(set)));
    let id = known.and_then(|(_, id)| id.parse().ok());
    id.ok_or(BadBody::Invalid(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://localhost:8444";
    const ID: &str = "55555555-5555-5555-5555-555555555555";

    #[test]
    fn a_reference_leads_to_an_object_of_this_surface_or_nowhere() {
        let read = |url: &str| {
            read_reference(format!(r#"{{"@odata.id":"{url}"}}"#).as_bytes(), ORIGIN).ok()
        };
        let good =
            [format!("{ORIGIN}/v1.0/directoryObjects/{ID}"), format!("{ORIGIN}/v1.0/users/{ID}")];
        for url in good {
            assert_eq!(read(&url), ID.parse().ok(), "{url}");
        }
        for url in [
            format!("https://graph.microsoft.com/v1.0/directoryObjects/{ID}"),
            format!("https://localhost:84443/v1.0/directoryObjects/{ID}"),
            format!("{ORIGIN}.evil.example/v1.0/directoryObjects/{ID}"),
            format!("{ORIGIN}/beta/directoryObjects/{ID}"),
            format!("{ORIGIN}/v1.0/organization/{ID}"),
            format!("{ORIGIN}/v1.0/users/{ID}/manager"),
            ID.to_owned(),
        ] {
            assert_eq!(read(&url), None, "{url}");
        }
    }

    #[test]
    fn ids_are_bounded_and_are_ids() {
        let sent = format!(r#"{{"ids":["{ID}"],"types":["user"]}}"#);
        assert_eq!(read_ids(sent.as_bytes(), 1).map(|it| it.ids.len()), Ok(1));
        assert_eq!(read_ids(sent.as_bytes(), 0), Err(BadBody::Invalid("ids")));
        assert_eq!(read_ids(b"{}", 1), Err(BadBody::Missing("ids")));
        assert_eq!(
            read_groups(br#"{"groupIds":["x"]}"#, "groupIds"),
            Err(BadBody::Invalid("groupIds"))
        );
    }
}
