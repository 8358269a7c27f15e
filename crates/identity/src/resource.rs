//! What a token is wanted for: the scope of a request, and the audience it comes to.

use ids::guid::AppId;

use crate::{
    federated::EXCHANGE,
    refusal::{Refused, quoted},
};

/// A surface that takes tokens. Their audiences never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    Arm,
    Graph,
    /// Where enforcement points ask whether somebody may do something.
    Decision,
    /// No surface: tokens that another tenant's application is signed in with.
    Exchange,
    /// No surface: the client itself, which learns who signed in and may do nothing.
    Client,
}

/// Under which names each surface is known.
#[derive(Clone, Debug)]
pub struct Apis(Vec<(String, Api)>);

impl Apis {
    /// Each surface under its own origin, and the decisions, which share ARM's, under their path.
    pub fn new(arm: &str, graph: &str) -> Self {
        let surfaces = Self(Vec::new()).also(arm, Api::Arm).also(graph, Api::Graph);
        surfaces.also(&format!("{arm}/access"), Api::Decision).also(EXCHANGE, Api::Exchange)
    }

    /// One more name, such as Azure's own. A slash at the end does not count.
    #[must_use]
    pub fn also(mut self, name: &str, api: Api) -> Self {
        self.0.push((without_slash(name).to_owned(), api));
        self
    }

    /// Every audience that a token for the surface may carry: each name, and the same with a
    /// slash, since `az` and the SDKs differ in it (`contracts`: clients, gotcha 6).
    pub fn audiences(&self, api: Api) -> Vec<String> {
        let names = self.0.iter().filter(|(_, its)| *its == api);
        names.flat_map(|(name, _)| [name.clone(), format!("{name}/")]).collect()
    }

    fn find(&self, resource: &str) -> Result<Api, Refused> {
        let name = without_slash(resource);
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, api)| *api).ok_or_else(|| Refused::UnknownResource(quoted(resource)))
    }

    /// Where users' tokens go that name no resource: Graph, as in Entra.
    fn graph(&self) -> String {
        let graph = self.0.iter().find(|(_, api)| *api == Api::Graph);
        graph.map(|(name, _)| name.clone()).unwrap_or_default()
    }
}

fn without_slash(name: &str) -> &str {
    name.strip_suffix('/').unwrap_or(name)
}

/// What a request's scope comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    pub api: Api,
    /// The `aud` of the access token, spelt as it was asked for.
    pub audience: String,
    /// Whether the surface was asked for by its name.
    pub named: bool,
    /// Whether an id token is wanted.
    pub openid: bool,
    /// Whether a refresh token is wanted.
    pub offline: bool,
}

/// What an application may do as itself is all or nothing: exactly one `…/.default`.
pub fn for_application(scope: &str, apis: &Apis) -> Result<Requested, Refused> {
    let resource = scope.strip_suffix("/.default").filter(|it| !it.contains(' '));
    let resource = resource.ok_or_else(|| Refused::NotDefaultScope(quoted(scope)))?;
    let api = apis.find(resource)?;
    let audience = resource.to_owned();
    Ok(Requested { api, audience, named: true, openid: false, offline: false })
}

/// What a user lets a client do: permissions of one resource, and the words of `OpenID` Connect.
pub fn for_user(scope: &str, apis: &Apis) -> Result<Requested, Refused> {
    let (mut resource, mut openid, mut offline) = (None::<(Api, &str)>, false, false);
    for word in scope.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "openid" => openid = true,
            "offline_access" => offline = true,
            "profile" | "email" => {}
            _ => {
                // A resource alone names no permission; and the one around it is not meant.
                if apis.find(word).is_ok() {
                    return Err(Refused::InvalidScope(quoted(word)));
                }
                let named = named_resource(word)?;
                let api = apis.find(named)?;
                // A person is nobody's workload.
                if api == Api::Exchange {
                    return Err(Refused::UnknownResource(quoted(named)));
                }
                if resource.is_some_and(|(known, _)| known != api) {
                    return Err(Refused::TwoResources);
                }
                resource = resource.or(Some((api, named)));
            }
        }
    }
    let named = resource.is_some();
    let (api, audience) = match resource {
        Some((api, named)) => (api, named.to_owned()),
        None => (Api::Graph, apis.graph()),
    };
    Ok(Requested { api, audience, named, openid, offline })
}

/// The part of a scope that names the resource: all before `/.default`, which is taken off once
/// (`https://host//.default` leaves the slash), or before the permission's name.
fn named_resource(word: &str) -> Result<&str, Refused> {
    let (resource, permission) =
        word.rsplit_once('/').ok_or_else(|| Refused::InvalidScope(quoted(word)))?;
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if permission.is_empty() || !permission.chars().all(legal) || !resource.contains("://") {
        return Err(Refused::InvalidScope(quoted(word)));
    }
    Ok(resource)
}

impl Requested {
    /// The same with a token that opens nothing, for that client's own eyes.
    #[must_use]
    pub fn of_the_client(self, app: AppId) -> Self {
        Self { api: Api::Client, audience: app.to_string(), ..self }
    }

    /// What a user's token for the surface lets its client do: all that the user may.
    pub fn permission(&self) -> &'static str {
        match self.api {
            Api::Arm => "user_impersonation",
            Api::Graph => "Directory.AccessAsUser.All User.Read",
            Api::Decision => "Decisions.Read",
            Api::Exchange => "",
            Api::Client => "openid profile email",
        }
    }

    /// The granted scope, as clients look for it in their caches.
    pub fn granted(&self) -> String {
        let permission = self.permission();
        match self.api {
            Api::Arm | Api::Graph | Api::Decision | Api::Exchange => {
                let names = permission.split(' ').chain([".default"]);
                let full = names.map(|name| format!("{}/{name}", self.audience));
                full.collect::<Vec<_>>().join(" ")
            }
            Api::Client => permission.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARM: &str = "https://localhost:8443";
    const GRAPH: &str = "https://localhost:8444";

    fn apis() -> Apis {
        Apis::new(ARM, GRAPH).also("https://management.azure.com/", Api::Arm)
    }

    fn audience(of: Result<Requested, Refused>) -> Result<(Api, String), Refused> {
        of.map(|it| (it.api, it.audience))
    }

    #[test]
    fn an_application_asks_for_all_of_one_resource() {
        let arm = |aud: &str| Ok((Api::Arm, aud.to_owned()));
        let cases = [
            ("https://localhost:8443/.default", arm("https://localhost:8443")),
            ("https://localhost:8443//.default", arm("https://localhost:8443/")),
            ("https://management.azure.com//.default", arm("https://management.azure.com/")),
            ("https://localhost:8444/.default", Ok((Api::Graph, GRAPH.to_owned()))),
            (
                "https://localhost:8443/access/.default",
                Ok((Api::Decision, "https://localhost:8443/access".to_owned())),
            ),
            (
                "https://localhost:8443///.default",
                Err(Refused::UnknownResource("https://localhost:8443//".to_owned())),
            ),
            (
                "https://evil.example/.default",
                Err(Refused::UnknownResource("https://evil.example".to_owned())),
            ),
            (
                "https://localhost:8443/user_impersonation",
                Err(Refused::NotDefaultScope(
                    "https://localhost:8443/user_impersonation".to_owned(),
                )),
            ),
            (
                "openid https://localhost:8443/.default",
                Err(Refused::NotDefaultScope("openid https://localhost:8443/.default".to_owned())),
            ),
            ("", Err(Refused::NotDefaultScope(String::new()))),
        ];
        for (scope, expected) in cases {
            assert_eq!(audience(for_application(scope, &apis())), expected, "{scope}");
        }
    }

    #[test]
    fn a_user_asks_for_permissions_of_one_resource() {
        let arm = |aud: &str| Ok((Api::Arm, aud.to_owned()));
        let cases = [
            ("https://localhost:8443/.default offline_access openid profile", arm(ARM)),
            ("https://localhost:8443//.default", arm("https://localhost:8443/")),
            ("https://localhost:8443/user_impersonation", arm(ARM)),
            ("https://localhost:8443/.default https://localhost:8443/user_impersonation", arm(ARM)),
            ("openid profile email", Ok((Api::Graph, GRAPH.to_owned()))),
            ("", Ok((Api::Graph, GRAPH.to_owned()))),
            ("https://localhost:8444/User.Read", Ok((Api::Graph, GRAPH.to_owned()))),
            (
                "https://localhost:8443/.default https://localhost:8444/.default",
                Err(Refused::TwoResources),
            ),
            ("everything", Err(Refused::InvalidScope("everything".to_owned()))),
            ("https://", Err(Refused::InvalidScope("https://".to_owned()))),
            (
                "https://localhost:8443/access",
                Err(Refused::InvalidScope("https://localhost:8443/access".to_owned())),
            ),
            (
                "https://evil.example/.default",
                Err(Refused::UnknownResource("https://evil.example".to_owned())),
            ),
        ];
        for (scope, expected) in cases {
            assert_eq!(audience(for_user(scope, &apis())), expected, "{scope}");
        }
        let asked = for_user("openid offline_access", &apis()).unwrap();
        assert!(asked.openid && asked.offline);
    }

    #[test]
    fn clients_find_what_they_asked_for_in_what_was_granted() {
        let asked = for_user("https://localhost:8443//.default", &apis()).unwrap();
        assert_eq!(
            asked.granted(),
            "https://localhost:8443//user_impersonation https://localhost:8443//.default"
        );
    }

    #[test]
    fn no_audience_is_good_for_two_surfaces() {
        let surfaces = [Api::Arm, Api::Graph, Api::Decision, Api::Exchange];
        let all: Vec<String> = surfaces.iter().flat_map(|it| apis().audiences(*it)).collect();
        assert_eq!(apis().audiences(Api::Arm).len(), 4);
        let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{all:?}");
    }
}
