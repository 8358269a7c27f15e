//! `servicePrincipal`.

use ids::guid::AppId;
use model::directory::{Application, ServicePrincipal, ServicePrincipalKind};
use serde_json::json;

use super::{
    Kind, View,
    body::{BadBody, Body},
    view,
};

/// `#microsoft.graph.servicePrincipal`.
pub const SERVICE_PRINCIPAL: Kind = Kind {
    name: "servicePrincipal",
    set: "servicePrincipals",
    by_default: &[
        "id",
        "deletedDateTime",
        "accountEnabled",
        "alternativeNames",
        "appDisplayName",
        "appId",
        "appOwnerOrganizationId",
        "appRoleAssignmentRequired",
        "appRoles",
        "description",
        "displayName",
        "homepage",
        "info",
        "keyCredentials",
        "logoutUrl",
        "notes",
        "notificationEmailAddresses",
        "oauth2PermissionScopes",
        "passwordCredentials",
        "replyUrls",
        "servicePrincipalNames",
        "servicePrincipalType",
        "signInAudience",
        "tags",
        "verifiedPublisher",
    ],
    on_request: &[],
};

/// All of a service principal, whose application is known where it is registered here.
pub fn service_principal(it: &ServicePrincipal, of: Option<&Application>) -> View {
    let (kind, alternative) = match &it.kind {
        ServicePrincipalKind::Application => ("Application", Vec::new()),
        ServicePrincipalKind::ManagedIdentity { resource } => {
            let explicit = resource.kind().to_string().to_ascii_lowercase();
            let is_own = explicit == "microsoft.managedidentity/userassignedidentities";
            ("ManagedIdentity", vec![format!("isExplicit={}", is_own), resource.to_string()])
        }
    };
    let mut names = vec![it.app.to_string()];
    names.extend(of.iter().flat_map(|app| app.identifier_uris.iter().cloned()));
    let redirects: Vec<&str> = of.iter().flat_map(|app| app.redirects.all()).collect();
    view([
        ("id", json!(it.principal.object)),
        ("accountEnabled", json!(it.enabled)),
        ("alternativeNames", json!(alternative)),
        ("appDisplayName", json!(of.map_or(&it.display_name, |app| &app.display_name))),
        ("appId", json!(it.app)),
        ("appOwnerOrganizationId", json!(of.map(|app| app.tenant))),
        ("appRoleAssignmentRequired", json!(false)),
        ("appRoles", json!([])),
        ("displayName", json!(it.display_name)),
        ("keyCredentials", json!([])),
        ("notificationEmailAddresses", json!([])),
        ("oauth2PermissionScopes", json!([])),
        ("passwordCredentials", json!([])),
        ("replyUrls", json!(redirects)),
        ("servicePrincipalNames", json!(names)),
        ("servicePrincipalType", json!(kind)),
        ("tags", json!([])),
    ])
}

/// What a body says of a service principal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrincipalBody {
    pub app: Option<AppId>,
    pub enabled: Option<bool>,
}

/// Reads a body that makes or changes a service principal.
pub fn read(bytes: &[u8]) -> Result<PrincipalBody, BadBody> {
    let mut body = Body::parse(bytes)?;
    let app = body.text("appId")?.map(|it| it.parse()).transpose();
    let enabled = body.flag("accountEnabled")?;
    body.finish()?;
    Ok(PrincipalBody { app: app.map_err(|_| BadBody::Invalid("appId"))?, enabled })
}

#[cfg(test)]
mod tests {
    use ids::guid::ObjectId;
    use model::samples::{PROVIDER, principal};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_service_principal_goes_by_its_applications_id_and_names() {
        let app = AppId::new(Uuid::from_u128(7));
        let it = ServicePrincipal {
            principal: principal(PROVIDER, 9),
            app,
            display_name: "robot".to_owned(),
            enabled: true,
            kind: ServicePrincipalKind::Application,
        };
        let object = ObjectId::new(Uuid::from_u128(8));
        let mut of = Application::new(PROVIDER, app, object, "robot".to_owned());
        of.identifier_uris = vec!["api://robot".to_owned()];
        let shown = service_principal(&it, Some(&of));
        assert_eq!(shown.get("servicePrincipalNames"), Some(&json!([app, "api://robot"])));
        assert_eq!(shown.get("servicePrincipalType"), Some(&json!("Application")));
        assert_eq!(read(br#"{"appId": "x"}"#), Err(BadBody::Invalid("appId")));
    }
}
