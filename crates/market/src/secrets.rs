//! Operations that reveal what opens something else.

/// What such an operation hands out, as the last word before `/action` calls it, in lower case.
/// The names are those of the operations that Azure lists: `listKeys`, `listSecrets`,
/// `listClusterAdminCredential`, `listConnectionStrings`, `getCallbackUrl` and their kin.
const HANDED_OUT: [&str; 13] = [
    "accesscode",
    "appsettings",
    "callbackurl",
    "connectionstring",
    "credential",
    "key",
    "kubeconfig",
    "password",
    "publishingprofile",
    "sas",
    "secret",
    "token",
    "vpnprofile",
];
/// Such operations whose names hold none of these words.
const HANDED_OUT_UNNAMED: [&str; 2] = ["sites/config/list", "namedvalues/listvalue"];
/// How an operation begins that hands something out: others renew or check it.
const GIVING: [&str; 6] = ["fetch", "generate", "get", "list", "retrieve", "show"];
/// Words that hold one of the above and mean something else.
const HARMLESS: [&str; 4] = ["assessment", "cryptokey", "ikesas", "keyvaultstatus"];

/// Whether whoever may do that learns keys, passwords or tokens, and so more than the role says:
/// what they open asks no role any more.
pub fn reveals(operation: &str) -> bool {
    let folded = operation.to_ascii_lowercase();
    let Some(path) = folded.strip_suffix("/action") else { return false };
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_named = GIVING.iter().any(|verb| name.starts_with(verb))
        && HANDED_OUT.iter().any(|word| name.contains(word))
        && !HARMLESS.iter().any(|word| name.contains(word));
    is_named || HANDED_OUT_UNNAMED.iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hands_out_keys_is_told_from_what_only_sounds_like_it() {
        for operation in [
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Storage/storageAccounts/listServiceSas/action",
            "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "microsoft.web/sites/config/LIST/action",
            "Microsoft.ApiManagement/service/namedValues/listValue/action",
            "Microsoft.Logic/workflows/triggers/listCallbackUrl/action",
            "Microsoft.ContainerRegistry/registries/listCredentials/action",
            "Microsoft.Web/sites/publishxml/getPublishingProfile/action",
        ] {
            assert!(reveals(operation), "{operation}");
        }
        for operation in [
            "Microsoft.Storage/storageAccounts/read",
            "Microsoft.Storage/storageAccounts/regenerateKey/action",
            "Microsoft.KeyVault/vaults/secrets/read",
            "Microsoft.Compute/virtualMachines/start/action",
            "Microsoft.KeyVault/checkNameAvailability/action",
            "Microsoft.Network/virtualNetworkGateways/connections/getikesas/action",
            "Microsoft.Migrate/assessmentProjects/getBestPracticesAssessment/action",
            "listKeys",
        ] {
            assert!(!reveals(operation), "{operation}");
        }
    }
}
