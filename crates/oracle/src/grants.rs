//! What a principal holds: directly, and by delegation.

use ids::{
    guid::{ObjectId, Principal, RoleId, TenantId},
    scope::Scope,
};
use model::{
    change::Noun,
    delegation::{Assignment, Definition},
    directory::GroupKind,
    question::{Question, Via},
    role::{Permission, RoleDefinition},
    settings::Profile,
};

use crate::{
    book::{Oracle, Rule},
    chronicle::{authorization_line, grant_line, kept_line},
    conditions::{is_readable, lets, lets_read},
};

const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
pub(crate) const USER_ACCESS_ADMINISTRATOR: &str = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9";
const DELETE_ROLE: &str = "91c1777a-f3dc-4fae-b103-61d183457e46";

/// One thing that a principal holds somewhere.
pub(crate) struct Held {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) role: String,
    delegated: bool,
    permissions: Vec<Permission>,
    assignable: Vec<RoleId>,
    condition: Option<String>,
}

/// `*` stands for any run of characters; case does not count.
fn glob(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            glob(rest, text) || text.split_first().is_some_and(|(_, text)| glob(pattern, text))
        }
        ([p, ps @ ..], [t, ts @ ..]) => p == t && glob(ps, ts),
        _ => false,
    }
}

fn matches(pattern: &str, action: &str) -> bool {
    let letters = |text: &str| text.trim().to_lowercase().chars().collect::<Vec<_>>();
    glob(&letters(pattern), &letters(action))
}

/// Whether a permission object names the action.
pub(crate) fn named(permission: &Permission, action: &str) -> bool {
    permission.actions.iter().any(|pattern| matches(pattern, action))
        && !permission.not_actions.iter().any(|pattern| matches(pattern, action))
}

/// A permission object's data part, in the place of the other.
fn data_part(permission: &Permission) -> Permission {
    Permission {
        actions: permission.data_actions.clone(),
        not_actions: permission.not_data_actions.clone(),
        ..Permission::default()
    }
}

impl Oracle {
    /// The part of a permission object that a question is about.
    pub(crate) fn part(&self, permission: &Permission, asked: &Question) -> Permission {
        let data = asked.via == Via::Data && self.minds(Rule::DataActions);
        if data { data_part(permission) } else { permission.clone() }
    }

    /// The ids of all grants that allow what is asked.
    pub(crate) fn granting(&self, who: Principal, asked: &Question, home: TenantId) -> Vec<String> {
        let action = asked.action.as_str();
        let held = self.held(who, home);
        let here = held.iter().filter(|held| self.contains(&held.scope, &asked.scope));
        let minds = self.minds(Rule::Conditions);
        let open = |it: &Option<String>| !minds || it.as_ref().is_none_or(|it| lets(it, asked));
        let grants = here.filter(|held| {
            let gives = open(&held.condition)
                && held.permissions.iter().any(|it| {
                    if !open(&it.condition) {
                        return false;
                    }
                    let it = &self.part(it, asked);
                    let blunt = Permission { not_actions: Vec::new(), ..it.clone() };
                    named(it, action) || (!self.minds(Rule::NotActions) && named(&blunt, action))
                });
            match asked.via {
                Via::Any | Via::Data => gives,
                Via::Ownership => gives && (!held.delegated || !self.minds(Rule::Ownership)),
                Via::Direct | Via::Platform => {
                    gives && (!held.delegated || !self.minds(Rule::Direct))
                }
                Via::DeleteRole => gives && self.gives_back(who.tenant, held, &asked.scope),
                Via::Assigning(assigned) => {
                    let unlisted = !self.minds(Rule::AssignableRoles);
                    gives || self.assigns(held, action, |it| unlisted || it == assigned.role)
                }
                Via::AssigningSome => gives || self.assigns(held, action, |_| true),
                // No grant of Azure's opens a directory, or the account in it.
                // Nor makes one somebody eligible, or an approver.
                Via::Directory
                | Via::Owner(_)
                | Via::OwnerOfSome(_)
                | Via::Market
                | Via::Activating(_)
                | Via::Approving(_)
                | Via::Requesting => false,
            }
        });
        grants.map(|held| held.id.clone()).collect()
    }

    /// Giving back takes the Delete Role, and is for one's own delegations only.
    fn gives_back(&self, tenant: TenantId, held: &Held, scope: &Scope) -> bool {
        let mine = self.assignments().any(|it| {
            Scope::Resource(it.id.as_resource().clone()) == *scope && it.managed_by == tenant
        });
        !self.minds(Rule::DeleteRole) || (held.delegated && held.role == DELETE_ROLE && mine)
    }

    fn assigns(&self, held: &Held, action: &str, means: impl Fn(RoleId) -> bool) -> bool {
        let is_assigning = ["write", "delete"]
            .map(|verb| format!("microsoft.authorization/roleassignments/{verb}"))
            .contains(&action.to_lowercase());
        is_assigning
            && held.assignable.iter().any(|role| {
                let fits = role.to_string() != USER_ACCESS_ADMINISTRATOR
                    && self.builtin(*role).is_some_and(|role| self.is_delegable(role));
                fits && means(*role)
            })
    }

    /// Everything that the principal holds in scopes of that home tenant.
    pub(crate) fn held(&self, who: Principal, home: TenantId) -> Vec<Held> {
        let names = self.counting_names_of(who);
        let names = |principal: Principal| {
            names.iter().any(|name| {
                let tenant = name.tenant == principal.tenant || !self.minds(Rule::TenantOfObject);
                name.object == principal.object && tenant
            })
        };
        let mut found = Vec::new();
        for fact in self.facts.iter().filter(|fact| !self.is_late(grant_line(fact))) {
            match fact {
                Noun::RoleAssignment(it) => {
                    let read = it.condition.as_deref().is_none_or(is_readable);
                    let void = !read && self.minds(Rule::Conditions);
                    let local = it.principal.tenant == home || !self.minds(Rule::HomeTenant);
                    let here = self.home(it.id.scope()) == Some(home);
                    if here && local && !void && names(it.principal) {
                        let held = self.direct(it.id.scope(), it.id.key(), it.role, home);
                        let condition = it.condition.clone();
                        found.extend(held.map(|held| Held { condition, ..held }));
                    }
                }
                Noun::Assignment(it) if self.minds(Rule::Delegations) => {
                    found.extend(self.delegated(it, home, &names));
                }
                _ => (),
            }
        }
        found.extend(self.activated(who, home));
        found.retain(|held| {
            held.permissions.iter().any(|it| !it.actions.is_empty() || !it.data_actions.is_empty())
        });
        found
    }

    pub(crate) fn direct(
        &self,
        scope: &Scope,
        id: String,
        role: RoleId,
        home: TenantId,
    ) -> Option<Held> {
        let custom = self.facts.iter().find_map(|fact| match fact {
            Noun::RoleDefinition(it) if it.id == role && it.tenant == Some(home) => Some(it),
            _ => None,
        });
        let permissions = self.readable(self.builtin(role).or(custom)?);
        let (scope, role, assignable) = (scope.clone(), role.to_string(), Vec::new());
        Some(Held { scope, id, role, delegated: false, permissions, assignable, condition: None })
    }

    fn delegated(
        &self,
        assignment: &Assignment,
        home: TenantId,
        names: &impl Fn(Principal) -> bool,
    ) -> Vec<Held> {
        let (scope, tenant) = (assignment.id.scope(), assignment.managed_by);
        let Some(definition) = self.sound(assignment, home).filter(|_| self.counts(assignment))
        else {
            return Vec::new();
        };
        let all = definition.authorizations.iter().enumerate().filter(|(at, it)| {
            let principal = Principal { tenant, object: it.principal };
            let kept = kept_line(&assignment.id.key(), it.principal, it.role);
            let late =
                self.is_late(authorization_line(definition, *at)) || self.is_late(Some(kept));
            names(principal) && !late && !self.is_lost(assignment, it.principal, it.role)
        });
        let all = all.map(|(_, it)| it);
        let held = all.filter_map(|it| {
            let listed = it.delegated_roles.clone().unwrap_or_default();
            self.delegated_role(scope.clone(), assignment.id.key(), it.role, listed)
        });
        held.collect()
    }

    /// What a delegation's definition is, where it is one as the rules know them.
    pub(crate) fn sound(&self, assignment: &Assignment, home: TenantId) -> Option<&Definition> {
        let (scope, tenant) = (assignment.id.scope(), assignment.managed_by);
        let subscription = scope.subscription()?;
        let sound = |it: &&Definition| {
            matches!(scope, Scope::Subscription(_) | Scope::ResourceGroup(..))
                && *it.id.scope() == Scope::Subscription(subscription)
                && it.managed_by == tenant
                && self.home(scope) == Some(home)
                && (tenant != home || !self.minds(Rule::OwnTenant))
        };
        self.definition_of(assignment).filter(sound)
    }

    /// What is left of a role once it is delegated.
    pub(crate) fn delegated_role(
        &self,
        scope: Scope,
        id: String,
        role: RoleId,
        listed: Vec<RoleId>,
    ) -> Option<Held> {
        let (named, role) = (role.to_string(), self.builtin(role)?);
        let mut permissions = self.readable(role);
        for permission in &mut permissions {
            permission.data_actions.clear();
            permission.not_data_actions.clear();
        }
        let limited = named == USER_ACCESS_ADMINISTRATOR && self.minds(Rule::UserAccess);
        if limited {
            let actions = vec!["Microsoft.Support/*".to_owned()];
            permissions = vec![Permission { actions, ..Permission::default() }];
        } else if self.minds(Rule::DelegableRoles) && !self.is_delegable(role) {
            return None;
        }
        let assignable = if limited { listed } else { Vec::new() };
        let (role, delegated, condition) = (named, true, None);
        Some(Held { scope, id, role, delegated, permissions, assignable, condition })
    }

    fn is_lost(&self, assignment: &Assignment, object: ObjectId, role: RoleId) -> bool {
        self.minds(Rule::Lost)
            && self.settings().profile == Profile::Azure
            && self.lost.contains(&(assignment.id.clone(), object, role))
    }

    /// Contract sheet ARM, 3.9.
    fn is_delegable(&self, role: &RoleDefinition) -> bool {
        let named = ["roleassignments", "roledefinitions", "classicadministrators", "locks"];
        let mut restricted = vec!["*".to_owned(), "*/write".to_owned(), "*/delete".to_owned()];
        for word in named.into_iter().chain(["denyassignments"]) {
            restricted.extend(["write", "delete"].map(|verb| format!("{word}/{verb}")));
        }
        let is_restricted = |action: &String| {
            let action = action.trim().to_lowercase();
            restricted.iter().any(|it| action == format!("microsoft.authorization/{it}"))
        };
        let mut actions = role.permissions.iter().flat_map(|it| &it.actions);
        role.id.to_string() == USER_ACCESS_ADMINISTRATOR && !self.minds(Rule::UserAccess)
            || role.tenant.is_none() && role.id.to_string() != OWNER && !actions.any(is_restricted)
    }

    /// Without what stands under a condition that nobody can read.
    fn readable(&self, role: &RoleDefinition) -> Vec<Permission> {
        let mut permissions = role.permissions.clone();
        let read = |it: &Permission| it.condition.as_deref().is_none_or(is_readable);
        permissions.retain(|it| read(it) || !self.minds(Rule::Conditions));
        permissions
    }

    /// Whether something that is held shows the subscriptions around it.
    pub(crate) fn shows(&self, held: &Held) -> bool {
        let open = |it: &Option<String>| {
            !self.minds(Rule::Conditions) || it.as_deref().is_none_or(lets_read)
        };
        let gives = |it: &Permission| !it.actions.is_empty() || !it.data_actions.is_empty();
        open(&held.condition) && held.permissions.iter().any(|it| open(&it.condition) && gives(it))
    }

    /// The permission objects that the principal holds at a scope, each once.
    pub fn what_can(&self, who: Principal, scope: &Scope) -> Vec<Permission> {
        let Some(home) = self.home(scope).filter(|_| self.can_act(who)) else { return Vec::new() };
        let mut found: Vec<Permission> = Vec::new();
        for held in self.held(who, home).iter().filter(|it| self.contains(&it.scope, scope)) {
            for permission in &held.permissions {
                let mut permission = permission.clone();
                if let Some(outer) = &held.condition {
                    let both = |inner: &String| format!("({outer}) AND ({inner})");
                    let whole = permission.condition.as_ref().map_or(outer.clone(), both);
                    permission.condition = Some(whole);
                    permission.condition_version = Some("2.0".to_owned());
                }
                if !found.contains(&permission) {
                    found.push(permission);
                }
            }
        }
        found
    }

    pub(crate) fn is_late(&self, part: Option<String>) -> bool {
        part.is_some_and(|part| self.late.contains(&part))
    }

    /// The principal, and every security group it is in, through others.
    pub(crate) fn names_of(&self, who: Principal) -> Vec<Principal> {
        self.names_by(who, |_| true)
    }

    /// The same without what does not count yet.
    pub(crate) fn counting_names_of(&self, who: Principal) -> Vec<Principal> {
        self.names_by(who, |fact| !self.is_late(grant_line(fact)))
    }

    fn names_by(&self, who: Principal, counts: impl Fn(&Noun) -> bool) -> Vec<Principal> {
        let mut names = vec![who];
        loop {
            let known = names.len();
            for fact in self.facts.iter().filter(|fact| counts(fact)) {
                let Noun::Membership(it) = fact else { continue };
                let member = Principal { tenant: it.group.tenant, object: it.member };
                let reaches = if self.minds(Rule::NestedGroups) {
                    names.contains(&member)
                } else {
                    member == who
                };
                if reaches && !names.contains(&it.group) && self.lends_rights(it.group) {
                    names.push(it.group);
                }
            }
            if names.len() == known {
                return names;
            }
        }
    }

    fn lends_rights(&self, group: Principal) -> bool {
        self.facts.iter().any(|fact| match fact {
            Noun::Group(it) => {
                it.principal == group
                    && (it.kind == GroupKind::Security || !self.minds(Rule::GroupKinds))
            }
            _ => false,
        })
    }

    fn builtin(&self, role: RoleId) -> Option<&RoleDefinition> {
        self.builtin.iter().find(|it| it.id == role)
    }
}
