//! Status and code of each refusal of a deployment (ARM contract, §4.9).

use operations::deployments::Refused;
use serde_json::Value;
use wire::arm::error::AdditionalInfo;

pub(crate) fn verdict(refused: &Refused) -> (u16, &'static str) {
    match refused {
        Refused::NotFound(_) => (404, "DeploymentNotFound"),
        Refused::NoOperation(_) => (404, "DeploymentOperationNotFound"),
        Refused::Scope => (400, "InvalidDeploymentScope"),
        Refused::NameCharacters(_) => (400, "DeploymentNameInvalidCharacters"),
        Refused::NameLength(_) => (400, "DeploymentNameLengthLimitExceeded"),
        Refused::NoLocation(_) => (400, "LocationRequired"),
        Refused::OtherLocation { .. } => (409, "InvalidDeploymentLocation"),
        Refused::Active { .. } => (409, "DeploymentActive"),
        Refused::Over(_) => (409, "DeploymentCannotBeCancelled"),
        Refused::Complete => (400, "InvalidDeploymentMode"),
        Refused::Locked(_) => (409, "ScopeLocked"),
        Refused::Otherwise => (400, "OnErrorDeploymentNotSupported"),
        Refused::DetailLevel(_) => (400, "InvalidDeploymentDebugSetting"),
        Refused::Quota { .. } => (409, "DeploymentQuotaExceeded"),
        Refused::TooManyToExport(_) => (400, "ExportTemplateTooManyResources"),
        Refused::TooLargeToExport(_) => (400, "ExportTemplateTooLarge"),
        Refused::Link(_) => (400, "InvalidContentLink"),
        Refused::Template(wrong) => (400, code(wrong.refused.code())),
        Refused::Target { .. } => (400, "InvalidTemplate"),
        Refused::Location(_) => (400, "LocationNotAvailableForDeployment"),
        Refused::Tags(bad) => crate::failure::tags(bad),
    }
}

/// What a template can be refused for before it runs.
fn code(code: &str) -> &'static str {
    const KEY_VAULT: &str = "KeyVaultParameterReferenceSecretRetrieveFailed";
    if code == KEY_VAULT { KEY_VAULT } else { "InvalidTemplate" }
}

/// Where in a template something is wrong.
pub(crate) fn additional_info(refused: &Refused) -> Vec<AdditionalInfo> {
    let Refused::Template(wrong) = refused else { return Vec::new() };
    let all = wrong.refused.additional_info(wrong.position);
    let one = |info: &Value| AdditionalInfo {
        r#type: info.get("type").and_then(Value::as_str).unwrap_or_default().to_owned(),
        info: info.get("info").cloned().unwrap_or_default(),
    };
    all.as_array().into_iter().flatten().map(one).collect()
}
