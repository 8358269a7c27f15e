//! What gives which roles to whom, in each of the forms in which people keep it.

use model::market::{form::VersionedManifest, manifest::Manifest};
use serde_json::{Value, json};

use super::{
    definition::{AuthorizationBody, authorization},
    eligible::{self, EligibleBody},
};
use crate::arm::content::{BadContent, Content, Field, Fields};

/// Reads the managing tenant and the authorizations out of a file: the parameters of an onboarding
/// template, a registration definition as Azure shows it, or their bare members.
pub fn read(file: &[u8]) -> Result<Manifest, BadContent> {
    let content = Content::parse(file)?;
    let whole = content.fields()?;
    let inner = |name: &str| whole.find(name).map(Field::fields).transpose();
    if let Some(parameters) = inner("parameters")? {
        return members(&parameters, |field| match field.clone().fields() {
            Ok(parameter) => parameter.get("value"),
            Err(_) => Ok(field), // az takes parameters without the members around them, too
        });
    }
    members(&inner("properties")?.unwrap_or(whole), Ok)
}

/// Reads the bare members of a manifest that stands in something else.
pub(crate) fn of(fields: &Fields<'_>) -> Result<Manifest, BadContent> {
    members(fields, Ok)
}

/// A manifest with its number, as the offer's technical configuration shows it.
pub(crate) fn versioned(it: &VersionedManifest) -> Value {
    let VersionedManifest { version, manifest } = it;
    let own = manifest.authorizations.iter().cloned().map(AuthorizationBody::from);
    let eligible = manifest.eligible.iter().cloned().map(EligibleBody::from);
    json!({
        "version": version,
        "tenantId": manifest.tenant,
        "authorizations": own.collect::<Vec<_>>(),
        "eligibleAuthorizations": eligible.collect::<Vec<_>>(),
    })
}

/// The name of the offer in such a file, from which stock templates make the definition's id.
pub fn offer_name(file: &[u8]) -> Result<Option<String>, BadContent> {
    let content = Content::parse(file)?;
    let whole = content.fields()?;
    let inner = |name: &str| whole.find(name).map(Field::fields).transpose();
    let (of, name) = match inner("parameters")? {
        Some(parameters) => (parameters, "mspOfferName"),
        None => (inner("properties")?.unwrap_or(whole), "registrationDefinitionName"),
    };
    let Some(field) = of.find(name) else { return Ok(None) };
    let value = field.clone().fields().ok().and_then(|it| it.find("value")).unwrap_or(field);
    value.text().map(|it| Some(it.to_owned()))
}

fn members<'a>(
    of: &Fields<'a>,
    value: impl Fn(Field<'a>) -> Result<Field<'a>, BadContent>,
) -> Result<Manifest, BadContent> {
    let find = |name: &str| of.find(name).map(&value).transpose();
    let eligible = find("eligibleAuthorizations")?;
    Ok(Manifest {
        tenant: match find("tenantId")? {
            Some(tenant) => tenant.guid()?,
            None => value(of.get("managedByTenantId")?)?.guid()?,
        },
        authorizations: value(of.get("authorizations")?)?.each(authorization)?,
        eligible: eligible.map(|it| it.each(eligible::read)).transpose()?.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "99999999-9999-4999-8999-999999999999";

    fn authorizations() -> Value {
        json!([{
            "principalId": "11111111-1111-4111-8111-111111111111",
            "roleDefinitionId": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "principalIdDisplayName": "Tier 1",
        }])
    }

    fn parsed(file: &Value) -> Result<Manifest, BadContent> {
        read(file.to_string().as_bytes())
    }

    #[test]
    fn each_form_says_the_same() {
        let bare = json!({ "managedByTenantId": TENANT, "authorizations": authorizations() });
        let expected = parsed(&bare).unwrap();
        assert_eq!(expected.tenant.to_string(), TENANT);
        let names: Vec<_> = expected.authorizations.iter().map(|it| &it.display_name).collect();
        assert_eq!(names, [&Some("Tier 1".to_owned())]);
        let valued = json!({ "parameters": {
            "managedByTenantId": { "value": TENANT },
            "authorizations": { "value": authorizations() },
        } });
        for form in [
            json!({ "properties": bare.clone(), "plan": null }),
            json!({ "parameters": bare.clone() }),
            valued,
            json!({ "tenantId": TENANT, "authorizations": authorizations() }),
        ] {
            assert_eq!(parsed(&form), Ok(expected.clone()), "{form}");
        }
    }

    #[test]
    fn the_offers_name_is_found_where_each_form_has_it() {
        let name = |form: Value| offer_name(form.to_string().as_bytes()).unwrap();
        let expected = Some("Harbor".to_owned());
        let parameter = json!({ "parameters": { "mspOfferName": { "value": "Harbor" } } });
        assert_eq!(name(parameter), expected);
        assert_eq!(name(json!({ "parameters": { "mspOfferName": "Harbor" } })), expected);
        let shown = json!({ "properties": { "registrationDefinitionName": "Harbor" } });
        assert_eq!(name(shown), expected);
        assert_eq!(name(json!({})), None);
    }

    #[test]
    fn what_is_missing_is_named_where_it_should_stand() {
        let refusal = |form: Value| parsed(&form).unwrap_err().to_string();
        let missing = refusal(json!({ "properties": { "managedByTenantId": TENANT } }));
        assert!(missing.contains("'properties.authorizations'"), "{missing}");
        let bad = refusal(json!({ "tenantId": "fabrikam", "authorizations": [] }));
        assert!(bad.contains("'tenantId' must be a valid Guid"), "{bad}");
    }
}
