//! A resource's whole name, and the ids of the types that have rules of their own.

use std::{fmt, iter, ops::Deref, sync::Arc};

use uuid::Uuid;

use crate::{
    guid::TenantId,
    name::Name,
    path::{Path, SEGMENTS_MAX},
    scope::{BadId, Scope},
};

/// The type of a resource in full: `Microsoft.ManagedServices/registrationAssignments`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceType {
    /// The resource provider: `Microsoft.ManagedServices`.
    pub namespace: Name,
    /// The type and, for a child, the types above it: `["servers", "databases"]`.
    pub path: Vec<Name>,
}

impl ResourceType {
    /// Reads `namespace/type[/child…]`.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let mut words = text.split('/').filter(|word| !word.is_empty());
        let namespace = Name::word(words.next().ok_or(BadId::UnknownShape)?)?;
        let path: Vec<Name> = words.map(Name::word).collect::<Result<_, _>>()?;
        if path.is_empty() { Err(BadId::UnknownShape) } else { Ok(Self { namespace, path }) }
    }

    /// Whether this is the type of that full name, letters without regard to case.
    pub fn is(&self, text: &str) -> bool {
        self.to_string().eq_ignore_ascii_case(text)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.namespace.fmt(f)?;
        self.path.iter().try_for_each(|word| write!(f, "/{word}"))
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Parts {
    scope: Scope,
    namespace: Name,
    path: Vec<(Name, Name)>,
}

/// A resource's whole name: the scope it stands in, the namespace of its type, then
/// (type, name) pairs. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceId(Arc<Parts>);

impl ResourceId {
    /// The resource of that type and name at that scope.
    pub fn new(scope: Scope, kind: &ResourceType, names: &[Name]) -> Result<Self, BadId> {
        if kind.path.len() != names.len() {
            return Err(BadId::UnknownShape);
        }
        let path = kind.path.iter().cloned().zip(names.iter().cloned()).collect();
        Self::of_parts(scope, kind.namespace.clone(), path)
    }

    pub(crate) fn of_parts(
        scope: Scope,
        namespace: Name,
        path: Vec<(Name, Name)>,
    ) -> Result<Self, BadId> {
        if path.is_empty() {
            return Err(BadId::UnknownShape);
        }
        let id = Self(Arc::new(Parts { scope, namespace, path }));
        // Also where it was put together: what is kept must be read again.
        if id.segments() > SEGMENTS_MAX { Err(BadId::TooLong(SEGMENTS_MAX)) } else { Ok(id) }
    }

    /// Reads ARM's form. `home` is the tenant that a leading `/providers` stands under. A
    /// doubled, trailing or missing leading slash counts for nothing.
    pub fn parse(text: &str, home: TenantId) -> Result<Self, BadId> {
        match Path::parse(text, home)? {
            Path::Resource(id) => Ok(id),
            Path::Scope(_) | Path::Collection(_) | Path::Words(..) => Err(BadId::UnknownShape),
        }
    }

    /// What the resource stands at: for an extension, the resource that it extends.
    pub fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// What directly holds it: the parent resource of a child, else the scope.
    pub fn parent(&self) -> Scope {
        match self.0.path.split_last() {
            Some((_, above)) if !above.is_empty() => Scope::Resource(Self(Arc::new(Parts {
                scope: self.0.scope.clone(),
                namespace: self.0.namespace.clone(),
                path: above.to_vec(),
            }))),
            _ => self.0.scope.clone(),
        }
    }

    /// The outermost resource that it is a child of; itself, where it is no child.
    #[must_use]
    pub fn outermost(&self) -> Self {
        let Parts { scope, namespace, path } = &*self.0;
        let path = path.iter().take(1).cloned().collect();
        Self(Arc::new(Parts { scope: scope.clone(), namespace: namespace.clone(), path }))
    }

    /// The id of the same thing once what stands in one place stands in the other: whatever the
    /// chain of resources that it extends.
    pub fn moved(&self, from: &Scope, to: &Scope) -> Result<Self, BadId> {
        let Parts { scope, namespace, path } = &*self.0;
        let scope = match scope {
            place if place == from => to.clone(),
            Scope::Resource(holder) => Scope::Resource(holder.moved(from, to)?),
            Scope::Tenant(_)
            | Scope::ManagementGroup(..)
            | Scope::Subscription(_)
            | Scope::ResourceGroup(..) => scope.clone(),
        };
        Self::of_parts(scope, namespace.clone(), path.clone())
    }

    /// How many words ARM's form has.
    pub(crate) fn segments(&self) -> usize {
        let Parts { scope, path, .. } = &*self.0;
        scope.segments() + 2 * (1 + path.len()) // `providers/{namespace}`, and each pair
    }

    /// The id without its scope: `Microsoft.Sql/servers/s/databases/d`.
    pub fn below_scope(&self) -> String {
        let pair = |(kind, name): &(Name, Name)| format!("/{kind}/{name}");
        self.0.path.iter().map(pair).fold(self.0.namespace.to_string(), |text, it| text + &it)
    }

    /// The resource provider: `Microsoft.ManagedServices`.
    pub fn namespace(&self) -> &Name {
        &self.0.namespace
    }

    /// The type in full.
    pub fn kind(&self) -> ResourceType {
        let path = self.0.path.iter().map(|(kind, _)| kind.clone()).collect();
        ResourceType { namespace: self.0.namespace.clone(), path }
    }

    /// Whether it is of that type, letters without regard to case.
    pub fn is_a(&self, kind: &str) -> bool {
        let Parts { namespace, path, .. } = &*self.0;
        let mut words = kind.split('/');
        let mut own = iter::once(namespace).chain(path.iter().map(|(kind, _)| kind));
        own.all(|own| words.next().is_some_and(|word| own.is(word))) && words.next().is_none()
    }

    /// The last name: what the resource itself is called.
    ///
    /// # Panics
    ///
    /// Never: an id has at least one pair.
    pub fn name(&self) -> &Name {
        let last = self.0.path.last();
        #[expect(clippy::expect_used, reason = "`of_parts` refuses an empty path")]
        let (_, name) = last.expect("an id has at least one pair");
        name
    }

    /// The names from the outermost parent to the resource itself.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.0.path.iter().map(|(_, name)| name)
    }

    /// The GUID that it is called by, if all below the scope is spelled as ARM spells that kind.
    fn plain_guid(&self, kind: &str) -> Option<Uuid> {
        let Parts { namespace, path, .. } = &*self.0;
        let [(word, name)] = &**path else { return None };
        let is_plain = kind.split_once('/') == Some((namespace.as_str(), word.as_str()));
        name.guid().filter(|_| is_plain && !name.as_str().bytes().any(|b| b.is_ascii_uppercase()))
    }

    /// The form that is kept, with the tenant where ARM's form leaves it out.
    pub fn stored(&self) -> String {
        Scope::Resource(self.clone()).stored()
    }

    /// The stored form, folded: equal for equal ids.
    pub fn key(&self) -> String {
        self.stored().to_ascii_lowercase()
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { scope, namespace, path } = &*self.0;
        if let Scope::Tenant(_) = scope {
            write!(f, "/providers/{namespace}")?;
        } else {
            write!(f, "{scope}/providers/{namespace}")?;
        }
        path.iter().try_for_each(|(kind, name)| write!(f, "/{kind}/{name}"))
    }
}

impl fmt::Debug for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.stored())
    }
}

impl TryFrom<String> for ResourceId {
    type Error = BadId;

    /// Reads the stored form.
    fn try_from(text: String) -> Result<Self, BadId> {
        match Path::stored(&text)? {
            Path::Resource(id) => Ok(id),
            Path::Scope(_) | Path::Collection(_) | Path::Words(..) => Err(BadId::UnknownShape),
        }
    }
}

impl From<ResourceId> for String {
    fn from(id: ResourceId) -> Self {
        id.stored()
    }
}

/// Declares the id of one type of resource; a path to anything else does not become one.
macro_rules! resource_id {
    ($($(#[$doc:meta])* $name:ident = $kind:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "ResourceId")]
        pub struct $name(ResourceId);

        impl $name {
            /// The type in full, as ARM spells it.
            pub const KIND: &'static str = $kind;

            /// The one of that name at that scope.
            pub fn at(scope: Scope, name: Name) -> Result<Self, BadId> {
                ResourceId::new(scope, &ResourceType::parse($kind)?, &[name]).map(Self)
            }

            /// The one of that GUID at that scope, as ARM spells it.
            pub fn called(scope: Scope, guid: Uuid) -> Result<Self, BadId> {
                Self::at(scope, guid.into())
            }

            /// The GUID that it is called by; none where it has another name, or is spelled
            /// otherwise than [`Self::called`] spells it.
            pub fn guid(&self) -> Option<Uuid> {
                self.0.plain_guid($kind)
            }

            /// The id without its type's rules.
            pub fn as_resource(&self) -> &ResourceId {
                &self.0
            }
        }

        impl TryFrom<ResourceId> for $name {
            type Error = BadId;

            fn try_from(id: ResourceId) -> Result<Self, BadId> {
                if id.is_a($kind) { Ok(Self(id)) } else { Err(BadId::OtherType($kind)) }
            }
        }

        impl From<$name> for ResourceId {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl Deref for $name {
            type Target = ResourceId;

            fn deref(&self) -> &ResourceId {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

resource_id! {
    /// What a provider offers to manage, before anyone has accepted it.
    DefinitionId = "Microsoft.ManagedServices/registrationDefinitions",
    /// One acceptance of a definition, at one scope.
    AssignmentId = "Microsoft.ManagedServices/registrationAssignments",
    /// One role given to one principal, at one scope.
    RoleAssignmentId = "Microsoft.Authorization/roleAssignments",
    /// One role, where it is defined or shown.
    RoleDefinitionId = "Microsoft.Authorization/roleDefinitions",
    /// What some principals may not do at a scope, whatever is granted.
    DenyAssignmentId = "Microsoft.Authorization/denyAssignments",
    /// A bar against deletion or change, for everyone at a scope.
    LockId = "Microsoft.Authorization/locks",
    /// One request to hold for a while what somebody is eligible for.
    ActivationId = "Microsoft.Authorization/roleAssignmentScheduleRequests",
    /// What a tenant lets somebody of its own activate.
    EligibleAssignmentId = "Microsoft.Authorization/roleEligibilitySchedules",
    /// What a customer asks for before a role is active, at one scope.
    ActivationPolicyId = "Microsoft.Authorization/roleManagementPolicies",
    /// One run of a template.
    DeploymentId = "Microsoft.Resources/deployments",
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: TenantId = TenantId::new(Uuid::from_u128(0xA));
    const SUB: &str = "/subscriptions/11111111-1111-1111-1111-111111111111";

    fn id(path: &str) -> Result<ResourceId, BadId> {
        ResourceId::parse(&format!("{SUB}{path}"), HOME)
    }

    #[test]
    fn slashes_and_case_do_not_count_and_spelling_stays() {
        let (a, b) = (id("/providers/N.S/T/n").unwrap(), id("//PROVIDERS/n.s//t/N/").unwrap());
        assert_eq!((&a, a.key()), (&b, b.key()));
        assert_eq!(b.to_string(), format!("{SUB}/providers/n.s/t/N"));
        let bare = ResourceId::parse(SUB.trim_start_matches('/'), HOME);
        assert_eq!(bare, Err(BadId::UnknownShape), "a subscription is no resource");
    }

    #[test]
    fn the_type_is_told_without_the_names() {
        let child = id("/resourceGroups/g/providers/Microsoft.Sql/servers/s/databases/d").unwrap();
        assert_eq!(child.kind().to_string(), "Microsoft.Sql/servers/databases");
        assert_eq!(child.name().as_str(), "d");
        assert_eq!(
            child.parent().to_string(),
            format!("{SUB}/resourceGroups/g/providers/Microsoft.Sql/servers/s")
        );
        assert_eq!(Scope::Resource(child.outermost()), child.parent());
        assert_eq!(child.outermost().outermost(), child.outermost());
        assert_eq!(child.below_scope(), "Microsoft.Sql/servers/s/databases/d");
    }

    #[test]
    fn a_type_is_told_from_those_that_begin_or_end_like_it() {
        let child = id("/providers/N.S/t/n/u/m").unwrap();
        for (kind, is_it) in [
            ("n.s/T/u", true),
            ("N.S/t", false),
            ("N.S/t/u/v", false),
            ("N.S/u", false),
            ("t/u", false),
            ("", false),
        ] {
            assert_eq!(child.is_a(kind), is_it, "{kind}");
            assert_eq!(child.kind().is(kind), is_it, "{kind}");
        }
    }

    #[test]
    fn what_is_moved_keeps_all_but_the_place_at_the_end_of_its_chain() {
        let scope = |path: &str| Scope::parse(&format!("{SUB}{path}"), HOME).unwrap();
        let (from, to) = (scope("/resourceGroups/RG1"), scope("/resourceGroups/rg10"));
        let moved = |path: &str| id(path).unwrap().moved(&from, &to).unwrap().to_string();
        for below in ["/t/n", "/t/n/u/m", "/t/n/providers/M.T/e/x", "/t/n/providers/M.T/e/x/f/y"] {
            let place = |group: &str| format!("/resourceGroups/{group}/providers/N.S{below}");
            assert_eq!(moved(&place("rg1")), format!("{SUB}{}", place("rg10")));
            assert_eq!(moved(&place("rg2")), format!("{SUB}{}", place("rg2")), "it is elsewhere");
        }
    }

    #[test]
    fn another_types_path_becomes_no_typed_id() {
        let lock = id("/providers/Microsoft.Authorization/locks/l").unwrap();
        assert!(LockId::try_from(lock.clone()).is_ok());
        assert_eq!(
            RoleAssignmentId::try_from(lock),
            Err(BadId::OtherType("Microsoft.Authorization/roleAssignments"))
        );
    }

    #[test]
    fn an_id_with_a_guid_for_a_name_is_put_together_again_letter_for_letter() {
        let guid = "0a0a0a0a-1111-1111-1111-1111111111ff";
        let plain = format!("/resourceGroups/Rg/providers/Microsoft.Authorization/locks/{guid}");
        let read = |path: &str| LockId::try_from(id(path).unwrap()).unwrap();
        let lock = read(&plain);
        let again = LockId::called(lock.scope().clone(), lock.guid().unwrap()).unwrap();
        assert_eq!(again.stored(), lock.stored());
        for other in [
            plain.replace("locks", "Locks"),
            plain.replace("Microsoft", "microsoft"),
            plain.replace("0a0a", "0A0a"),
            plain.replace(guid, "l"),
            plain.replace('-', ""),
        ] {
            assert_eq!(read(&other).guid(), None, "{other}");
        }
    }

    #[test]
    fn what_is_put_together_is_no_longer_than_what_is_read() {
        let kind = |pairs: usize| ResourceType::parse(&format!("N.S{}", "/t".repeat(pairs)));
        let names = |pairs: usize| vec!["n".parse::<Name>().unwrap(); pairs];
        let longest = ResourceId::new(Scope::Tenant(HOME), &kind(31).unwrap(), &names(31)).unwrap();
        assert_eq!(ResourceId::try_from(longest.stored()), Ok(longest.clone()), "it is kept");
        assert_eq!(ResourceId::parse(&longest.to_string(), HOME), Ok(longest.clone()));
        let longer = ResourceId::new(Scope::Tenant(HOME), &kind(32).unwrap(), &names(32));
        assert_eq!(longer, Err(BadId::TooLong(64)));
        let lock = LockId::at(Scope::Resource(longest), "l".parse().unwrap());
        assert_eq!(lock, Err(BadId::TooLong(64)), "nor what hangs on the longest");
    }

    #[test]
    fn the_kept_form_survives_json() {
        let tenant_level = ResourceId::parse("/providers/N.S/t/n", HOME).unwrap();
        let json = serde_json::to_string(&tenant_level).unwrap();
        assert!(json.contains(&HOME.to_string()), "{json}");
        assert_eq!(serde_json::from_str::<ResourceId>(&json).unwrap(), tenant_level);
    }
}
