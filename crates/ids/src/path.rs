//! What the path of a request names.

use crate::{
    guid::{SubscriptionId, TenantId},
    name::{BadName, Name},
    resource::{ResourceId, ResourceType},
    scope::{BadId, Scope},
};

/// Far above any real id (an extension of a deep child has about 20), and bounded.
pub(crate) const SEGMENTS_MAX: usize = 64;
/// Most ids have no more words, so that one list is enough.
const WORDS_USUALLY: usize = 16;
/// What the stored form has before ARM's, where that names no tenant: `/tenants/{id}`.
const TENANT_SEGMENTS: usize = 2;

/// A path of ARM's, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// The tenant, a management group, a subscription or a resource group.
    Scope(Scope),
    /// A resource.
    Resource(ResourceId),
    /// A type without a name at its end: what lists name, and what actions are posted to.
    Collection(Collection),
    /// Words behind a scope that are no provider's: `/subscriptions/{id}/resourcegroups`.
    Words(Scope, Vec<Name>),
}

/// All resources of a type at a scope; or, in a POST, an action of what stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Where the type's namespace begins.
    pub scope: Scope,
    /// The provider.
    pub namespace: Name,
    /// The (type, name) pairs before the last word.
    pub parents: Vec<(Name, Name)>,
    /// The last word: a type, or an action. Without it the path names the provider itself.
    pub last: Option<Name>,
}

impl Collection {
    /// The type that the last word completes.
    pub fn kind(&self) -> Option<ResourceType> {
        let last = self.last.clone()?;
        let path = self.parents.iter().map(|(kind, _)| kind.clone()).chain([last]).collect();
        Some(ResourceType { namespace: self.namespace.clone(), path })
    }

    /// What stands before the last word: what an action acts on, what a list lies in.
    pub fn holder(&self) -> Result<Scope, BadId> {
        if self.parents.is_empty() {
            return Ok(self.scope.clone());
        }
        let (scope, namespace) = (self.scope.clone(), self.namespace.clone());
        ResourceId::of_parts(scope, namespace, self.parents.clone()).map(Scope::Resource)
    }
}

impl Path {
    /// Takes ARM's form apart. `home` is the tenant that a path without a subscription is of.
    pub fn parse(text: &str, home: TenantId) -> Result<Self, BadId> {
        Self::of(&segments(text)?, home)
    }

    /// Takes the stored form apart, which names its tenant.
    pub(crate) fn stored(text: &str) -> Result<Self, BadId> {
        let words = at_most(SEGMENTS_MAX + TENANT_SEGMENTS, text)?;
        match words.as_slice() {
            ["tenants", tenant, rest @ ..] => {
                Self::of(rest, tenant.parse().map_err(BadId::Tenant)?)
            }
            ["subscriptions", ..] => Self::of(&words, TenantId::new(uuid::Uuid::nil())),
            _ => Err(BadId::UnknownShape),
        }
    }

    /// Takes a request's path apart: splits it, drops empty segments and decodes each once.
    pub fn decode(raw: &str, home: TenantId) -> Result<Self, BadId> {
        let words: Vec<String> =
            segments(raw)?.into_iter().map(decoded).collect::<Result<_, _>>()?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Self::of(&words, home)
    }

    fn of(words: &[&str], home: TenantId) -> Result<Self, BadId> {
        let (mut scope, mut rest) = lead(words, home)?;
        loop {
            let [word, namespace, tail @ ..] = rest else { return behind(scope, rest) };
            if !is(word, "providers") {
                return behind(scope, rest);
            }
            let end = tail.iter().position(|word| is(word, "providers")).unwrap_or(tail.len());
            let (own, next) = tail.split_at_checked(end).ok_or(BadId::UnknownShape)?;
            let (pairs, odd) = own.as_chunks::<2>();
            let pair = |[kind, name]: &[&str; 2]| Ok((Name::word(kind)?, name.parse()?));
            let parents: Vec<(Name, Name)> =
                pairs.iter().map(pair).collect::<Result<_, BadId>>()?;
            let namespace = Name::word(namespace)?;
            match (odd, next.is_empty()) {
                ([], true) if !parents.is_empty() => {
                    return ResourceId::of_parts(scope, namespace, parents).map(Self::Resource);
                }
                ([], false) => {
                    scope = Scope::Resource(ResourceId::of_parts(scope, namespace, parents)?);
                    rest = next;
                }
                (odd, true) => {
                    let last = odd.first().map(|word| word.parse()).transpose()?;
                    return Ok(Self::Collection(Collection { scope, namespace, parents, last }));
                }
                _ => return Err(BadId::UnknownShape),
            }
        }
    }
}

fn segments(text: &str) -> Result<Vec<&str>, BadId> {
    at_most(SEGMENTS_MAX, text)
}

fn at_most(max: usize, text: &str) -> Result<Vec<&str>, BadId> {
    let mut words = Vec::with_capacity(WORDS_USUALLY);
    words.extend(text.split('/').filter(|word| !word.is_empty()).take(max + 1));
    if words.len() > max { Err(BadId::TooLong(SEGMENTS_MAX)) } else { Ok(words) }
}

/// The scope that a path begins with, and the rest of the path.
fn lead<'a, 'p>(words: &'a [&'p str], home: TenantId) -> Result<(Scope, &'a [&'p str]), BadId> {
    match words {
        [word, id, group, name, rest @ ..]
            if is(word, "subscriptions") && is(group, "resourceGroups") =>
        {
            Ok((Scope::ResourceGroup(subscription(id)?, name.parse()?), rest))
        }
        [word, id, rest @ ..] if is(word, "subscriptions") => {
            Ok((Scope::Subscription(subscription(id)?), rest))
        }
        [word, namespace, kind, name, rest @ ..]
            if is(word, "providers")
                && is(namespace, "Microsoft.Management")
                && is(kind, "managementGroups") =>
        {
            Ok((Scope::ManagementGroup(home, name.parse()?), rest))
        }
        words => Ok((Scope::Tenant(home), words)),
    }
}

fn subscription(id: &str) -> Result<SubscriptionId, BadId> {
    id.parse().map_err(BadId::Subscription)
}

/// What is left when no provider follows.
fn behind(scope: Scope, rest: &[&str]) -> Result<Path, BadId> {
    if rest.is_empty() {
        return Ok(Path::Scope(scope));
    }
    let words = rest.iter().map(|word| word.parse()).collect::<Result<_, BadName>>()?;
    Ok(Path::Words(scope, words))
}

fn is(segment: &str, word: &str) -> bool {
    segment.eq_ignore_ascii_case(word)
}

/// Decodes `%xx` once. What remains illegal is refused when the segment becomes a name.
fn decoded(segment: &str) -> Result<String, BadId> {
    let bad = || BadId::Segment(BadName(segment.chars().take(80).collect()));
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let high = rest.next().and_then(digit).ok_or_else(bad)?;
            let low = rest.next().and_then(digit).ok_or_else(bad)?;
            high << 4 | low
        } else {
            byte
        });
    }
    String::from_utf8(bytes).map_err(|_| bad())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HOME: TenantId = TenantId::new(Uuid::from_u128(0xA));
    const SUB: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";

    fn path(text: &str) -> Result<Path, BadId> {
        Path::decode(&text.replace("{s}", SUB), HOME)
    }

    #[test]
    fn what_az_sends_is_understood() {
        let collection = |text: &str| match path(text) {
            Ok(Path::Collection(it)) => (it.scope.clone(), it.kind().map(|kind| kind.to_string())),
            other => panic!("{text}: {other:?}"),
        };
        let sub = Scope::parse(SUB, HOME).unwrap();
        assert_eq!(
            collection("/{s}//providers/Microsoft.Resources/deployments/"),
            (sub.clone(), Some("Microsoft.Resources/deployments".to_owned()))
        );
        assert_eq!(collection("{s}/providers/Microsoft.Storage"), (sub.clone(), None));
        let words = path("{s}/resourcegroups").unwrap();
        assert_eq!(words, Path::Words(sub, vec!["resourcegroups".parse().unwrap()]));
        assert!(matches!(
            path("{s}/resourceGroups/rg1/providers/Microsoft.Storage//storageAccounts/sa1"),
            Ok(Path::Resource(_))
        ));
        assert_eq!(path("//"), Ok(Path::Scope(Scope::Tenant(HOME))));
    }

    #[test]
    fn an_action_acts_on_what_stands_before_it() {
        let Ok(Path::Collection(action)) = path("{s}/providers/N.S/t/n/listKeys") else { panic!() };
        assert_eq!(action.holder().unwrap().to_string(), format!("{SUB}/providers/N.S/t/n"));
        assert_eq!(action.last.unwrap().as_str(), "listKeys");
    }

    #[test]
    fn segments_are_decoded_once_and_then_judged() {
        let name = |text: &str| match path(&format!("{{s}}/providers/N.S/t/{text}")) {
            Ok(Path::Resource(id)) => id.name().to_string(),
            other => format!("{other:?}").chars().take(3).collect(),
        };
        assert_eq!(name("a%20b"), "a b");
        for bad in
            ["a%2Fb", "%2e%2e", "a%5Cb", "%E2%80%AEtxt", "a%2", "a%zz", "%C3", "a%2520b", "%00"]
        {
            assert_eq!(name(bad), "Err", "{bad}");
        }
    }

    #[test]
    fn endless_paths_are_refused() {
        assert_eq!(path(&"/a".repeat(65)), Err(BadId::TooLong(64)));
    }
}
