//! What is served where.

use operations::decisions::language::{Names, Root};

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Evaluation,
    Evaluations,
    Subjects,
    Resources,
    Actions,
}

/// Each by the path that it has at a decision point.
pub const ALL: [(&str, Endpoint); 5] = [
    ("/access/v1/evaluation", Endpoint::Evaluation),
    ("/access/v1/evaluations", Endpoint::Evaluations),
    ("/access/v1/search/subject", Endpoint::Subjects),
    ("/access/v1/search/resource", Endpoint::Resources),
    ("/access/v1/search/action", Endpoint::Actions),
];

/// Where decision points stand that speak short names: behind it comes the path of a scope and a
/// namespace.
const BENEATH: &str = "/beneath";
const WELL_KNOWN: &str = "/.well-known/authzen-configuration";
/// Longer than any path that leads anywhere.
const PATH_BYTES_MAX: usize = 2 << 10;

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A question, by names that are used there.
    Question(Endpoint, Names),
    /// What the decision point at that path says of itself.
    Metadata(String),
}

/// Reads a path, as it came. Whether anything stands where it leads is not looked up.
pub fn meant(path: &str) -> Option<Meant> {
    if path.len() > PATH_BYTES_MAX {
        return None;
    }
    if let Some(base) = path.strip_prefix(WELL_KNOWN) {
        let is_one = base.is_empty() || names(base).is_some();
        return is_one.then(|| Meant::Metadata(base.to_owned()));
    }
    ALL.iter().find_map(|(end, endpoint)| {
        let names = names_at(path.strip_suffix(end)?)?;
        Some(Meant::Question(*endpoint, names))
    })
}

fn names_at(base: &str) -> Option<Names> {
    if base.is_empty() { Some(Names::Arm) } else { names(base) }
}

fn names(base: &str) -> Option<Names> {
    Root::decode(base.strip_prefix(BENEATH)?).map(Names::Beneath)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "/subscriptions/00000000-0000-0000-0000-000000000005/resourceGroups/rg1/providers/Contoso.Records";

    #[test]
    fn each_endpoint_is_at_the_origin_and_beneath_each_scope() {
        for (path, endpoint) in ALL {
            assert_eq!(meant(path), Some(Meant::Question(endpoint, Names::Arm)));
            let names = Names::Beneath(Root::decode(ROOT).unwrap());
            let beneath = format!("/beneath{ROOT}{path}");
            assert_eq!(meant(&beneath), Some(Meant::Question(endpoint, names)));
        }
        assert_eq!(meant(WELL_KNOWN), Some(Meant::Metadata(String::new())));
        let base = format!("/beneath{ROOT}");
        assert_eq!(meant(&format!("{WELL_KNOWN}{base}")), Some(Meant::Metadata(base)));
    }

    #[test]
    fn no_other_path_leads_anywhere() {
        for path in [
            "/access/v1/search",
            "/access/v1/evaluation/",
            "/access/v2/evaluation",
            "/beneath/access/v1/evaluation",
            "/beneath/providers/Contoso.Records/access/v1/evaluation",
            "/.well-known/authzen-configuration/",
            "/.well-known/authzen-configuration/tenant1",
            "/.well-known/authzen-configurations",
            &format!("/beneath{ROOT}"),
            &format!("/elsewhere{ROOT}/access/v1/evaluation"),
            &format!("/beneath/{}{ROOT}/access/v1/evaluation", "x".repeat(PATH_BYTES_MAX)),
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }
}
