//! What a single grant is worth: direct or delegated, to whoever asks.
//!
//! A role assignment counts for principals of the scope's home tenant. A delegation counts for
//! principals of its managing tenant, which is never the home tenant; what of a role is left
//! then is `role::Delegated`. Eligible authorizations grant nothing
//! (<https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles>) until they are
//! activated (`activated`).

use ids::{
    guid::{Principal, RoleId, TenantId},
    resource::{ActivationId, EligibleAssignmentId, RoleAssignmentId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    activation::Basis,
    directory::OPERATORS,
    market::account::AccountRole,
    ownership::Owned,
    question::{Question, Via},
    role::{DELETE_ROLE, Permission, USER_ACCESS_ADMINISTRATOR},
};

use crate::{
    anchor::{Anchor, Entry, Grant},
    conditional::{Terms, shown_under},
    delegation::Delegation,
    directory::{PrincipalFacts, PrincipalKind},
    index::Index,
    late::{Part, Waiting},
    operation::SUPPORT,
    pattern::Folded,
    role::{Delegated, Role},
    verdict::Through,
};

/// Someone who can ask: known, enabled (at home, too), and no group.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) who: Principal,
    pub(crate) facts: PrincipalFacts,
    groups: &'a [Principal],
    /// When they ask.
    pub(crate) now: Timestamp,
    /// What does not count for them yet.
    pub(crate) waiting: Option<Waiting<'a>>,
}

impl<'a> Subject<'a> {
    /// Whoever that id is of, and in no group: for what a grant gives to the one it names, of whom
    /// the scope's own tenant knows no more.
    pub(crate) fn unseen(who: Principal, now: Timestamp, waiting: Option<Waiting<'a>>) -> Self {
        let facts = PrincipalFacts { kind: PrincipalKind::User, enabled: true };
        Self { who, facts, groups: &[], now, waiting }
    }

    /// Whom a grant may name to mean this one: itself, or a group of its own.
    pub(crate) fn names(&self) -> impl Iterator<Item = Principal> + use<'a> {
        std::iter::once(self.who).chain(self.groups.iter().copied())
    }
}

/// A grant that names the one who asks, or a group of theirs.
pub(crate) struct Offer<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) grantee: Principal,
    pub(crate) role: RoleId,
    /// The condition that the grant stands under.
    pub(crate) terms: Option<&'a Terms>,
    /// When time alone ends it.
    pub(crate) until: Option<Timestamp>,
    pub(crate) worth: Result<Worth<'a>, Void>,
}

/// Where an offer comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Direct(&'a RoleAssignmentId),
    /// That delegation at an anchor of that scope.
    Delegated(&'a Scope, &'a Delegation),
    /// What the asker has activated of a delegation.
    Activated(&'a ActivationId),
    /// What the asker has activated in its own tenant.
    OwnActivated(&'a ActivationId),
    /// That the asker may activate something of a delegation.
    Eligible(&'a Scope, &'a Delegation),
    /// That the asker may activate something in its own tenant.
    Entitled(&'a EligibleAssignmentId),
    /// That the asker asked for an activation, or decides about it.
    Party(&'a ActivationId),
    /// A directory role, or what everybody of that kind may.
    Directory(Option<RoleId>),
    /// That the asker owns it.
    Owner(Owned),
    /// A role in the tenant's publisher account.
    Account(AccountRole),
}

impl Source<'_> {
    pub(crate) fn through(self) -> Through {
        match self {
            Self::Direct(id) => Through::Assignment(id.clone()),
            Self::Delegated(at, it) => Through::Delegation(it.id(at)),
            Self::Activated(id) | Self::OwnActivated(id) => Through::Activation(id.clone()),
            Self::Eligible(at, it) => Through::Eligibility(Basis::Delegation(it.id(at))),
            Self::Entitled(id) => Through::Eligibility(Basis::Own(id.clone())),
            Self::Party(id) => Through::Party(id.clone()),
            Self::Directory(role) => Through::Directory(role),
            Self::Owner(owned) => Through::Owner(owned),
            Self::Account(role) => Through::Account(role),
        }
    }

    pub(crate) fn is_delegated(self) -> bool {
        matches!(self, Self::Delegated(..) | Self::Activated(_))
    }
}

/// What an offer gives.
#[derive(Clone, Copy)]
pub(crate) enum Worth<'a> {
    /// All of the role.
    Whole(&'a Role),
    /// The role's actions, none of its data actions.
    Actions(&'a Role),
    /// Support requests, and giving these roles to managed identities.
    UserAccess(&'a [RoleId]),
}

/// Why an offer gives nothing to anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Void {
    /// Its condition does not hold for what is asked, or cannot be read.
    Conditional,
    /// There is no such role, or no more.
    UnknownRole,
    /// The principal is not one of the scope's home tenant.
    ForeignTenant,
    /// A delegation to the home tenant itself.
    OwnTenant,
    /// Owner, a custom role, or a role with restricted actions: it cannot be delegated.
    NotDelegable,
    /// The assignment's definition is not there, or not one that it could name.
    NoDefinition,
    /// A like delegation ended and took it along (azure profile).
    Lost,
    /// It is new and does not count yet, since that is simulated.
    Late,
    /// It counts at another time, by its own period or its delegation's.
    OutsidePeriod,
    /// Who activated it is not eligible any more.
    NotEligible,
}

impl Index {
    /// The principal as one who asks at that time, if it is known, enabled, and no group.
    pub(crate) fn subject(&self, who: Principal, now: Timestamp) -> Option<Subject<'_>> {
        let facts = self.directory.acting(who)?;
        let (groups, waiting) = (self.directory.groups_of(who), self.waiting(now));
        Some(Subject { who, facts, groups, now, waiting })
    }

    /// The principal as one who asks, by what its own tenant knows alone: a guest whatever became
    /// of the account at home.
    pub(crate) fn local_subject(&self, who: Principal, now: Timestamp) -> Option<Subject<'_>> {
        let facts = self.directory.admitted(who)?;
        let (groups, waiting) = (self.directory.groups_of(who), self.waiting(now));
        Some(Subject { who, facts, groups, now, waiting })
    }

    /// Everything at an anchor that names the one who asks: direct grants, then delegations, then
    /// what they have activated.
    pub(crate) fn offers<'a>(
        &'a self,
        subject: Subject<'a>,
        home: TenantId,
        anchor: &'a Anchor,
    ) -> impl Iterator<Item = Offer<'a>> {
        let delegated = self.delegated_offers(subject, home, anchor);
        let activated = self.activated_offers(subject, home, anchor);
        self.direct_offers(subject, home, anchor).chain(delegated).chain(activated)
    }

    /// They give something to members of the home tenant only.
    pub(crate) fn direct_offers<'a>(
        &'a self,
        subject: Subject<'a>,
        home: TenantId,
        anchor: &'a Anchor,
    ) -> impl Iterator<Item = Offer<'a>> {
        let named = subject.names().flat_map(|name| anchor.grants_to(name));
        named.map(move |grant| self.direct(subject, grant, home))
    }

    /// They give something to members of any other tenant only.
    pub(crate) fn delegated_offers<'a>(
        &'a self,
        subject: Subject<'a>,
        home: TenantId,
        anchor: &'a Anchor,
    ) -> impl Iterator<Item = Offer<'a>> {
        let tenant = subject.who.tenant;
        let managed = anchor.delegations.iter().filter(move |it| it.managed_by() == tenant);
        managed.flat_map(move |delegation| {
            let manifest = delegation.manifest();
            subject.names().flat_map(move |name| {
                let entries = manifest.into_iter().flat_map(move |it| it.entries_of(name.object));
                let at = (&anchor.scope, delegation);
                entries.map(move |entry| self.delegated((subject, name), at, entry, home))
            })
        })
    }

    fn direct<'a>(&'a self, subject: Subject<'_>, grant: &'a Grant, home: TenantId) -> Offer<'a> {
        let worth = || {
            if grant.principal.tenant != home {
                return Err(Void::ForeignTenant);
            }
            if grant.is_unreadable() {
                return Err(Void::Conditional);
            }
            if !self.counts(subject, grant.principal, || [Part::Grant(grant.id.clone())]) {
                return Err(Void::Late);
            }
            self.find_role(home, grant.role).map(|it| Worth::Whole(it)).ok_or(Void::UnknownRole)
        };
        let (source, terms) = (Source::Direct(&grant.id), grant.terms.as_ref());
        let (grantee, role) = (grant.principal, grant.role);
        Offer { source, grantee, role, terms, until: None, worth: worth() }
    }

    fn delegated<'a>(
        &'a self,
        (subject, grantee): (Subject<'_>, Principal),
        (at, delegation): (&'a Scope, &'a Delegation),
        entry: &'a Entry,
        home: TenantId,
    ) -> Offer<'a> {
        let worth = || {
            if delegation.managed_by() == home {
                return Err(Void::OwnTenant);
            }
            if !delegation.is_sound(at) {
                return Err(Void::NoDefinition);
            }
            if !delegation.counts_at(subject.now) {
                return Err(Void::OutsidePeriod);
            }
            if self.is_azure() && delegation.has_lost((entry.object, entry.role)) {
                return Err(Void::Lost);
            }
            let parts = || {
                let (id, pair) = (delegation.id(at), (entry.object, entry.role));
                let says = Part::Authorization(delegation.definition(at), entry.clone());
                [Part::Restored(id.clone(), pair), Part::Delegation(id), says]
            };
            if !self.counts(subject, grantee, parts) {
                return Err(Void::Late);
            }
            let role = self.catalogue.get(entry.role).ok_or(Void::NotDelegable)?;
            match role.delegated() {
                Delegated::Nothing => Err(Void::NotDelegable),
                Delegated::UserAccess => Ok(Worth::UserAccess(&entry.assignable)),
                Delegated::Actions => Ok(Worth::Actions(role)),
            }
        };
        let (source, until) = (Source::Delegated(at, delegation), delegation.end());
        Offer { source, grantee, role: entry.role, terms: None, until, worth: worth() }
    }

    /// Whether an offer gives what is asked, in the way that is asked.
    pub(crate) fn gives(&self, offer: &Offer<'_>, asked: &Asked<'_>) -> bool {
        let Ok(worth) = offer.worth else { return false };
        let may_count = match asked.question.via {
            Via::Any | Via::Assigning(_) | Via::AssigningSome => true,
            Via::Ownership | Via::Data | Via::Direct | Via::Platform => {
                !offer.source.is_delegated()
            }
            Via::DeleteRole => offer.source.is_delegated() && offer.role == DELETE_ROLE,
            Via::Directory
            | Via::Owner(_)
            | Via::OwnerOfSome(_)
            | Via::Market
            | Via::Activating(_)
            | Via::Approving(_)
            | Via::Requesting => false,
        };
        may_count
            && match worth {
                Worth::Whole(role) | Worth::Actions(role) => role.grants(asked),
                Worth::UserAccess(roles) => {
                    asked.action.bytes().starts_with(SUPPORT) || self.assigns(roles, asked)
                }
            }
    }

    /// Whether a delegated User Access Administrator may give, or take, the role in question.
    fn assigns(&self, roles: &[RoleId], asked: &Asked<'_>) -> bool {
        let action = &asked.question.action;
        let is_assigning =
            *action == Action::ROLE_ASSIGNMENTS_WRITE || *action == Action::ROLE_ASSIGNMENTS_DELETE;
        let mut listed = roles.iter().filter(|role| self.is_assignable(**role));
        is_assigning
            && match asked.question.via {
                Via::Assigning(it) => listed.any(|listed| *listed == it.role),
                Via::AssigningSome => listed.next().is_some(),
                Via::Any
                | Via::Ownership
                | Via::DeleteRole
                | Via::Data
                | Via::Directory
                | Via::Owner(_)
                | Via::OwnerOfSome(_)
                | Via::Market
                | Via::Direct
                | Via::Activating(_)
                | Via::Approving(_)
                | Via::Requesting
                | Via::Platform => false,
            }
    }

    /// Listed roles are to be ones that could be delegated themselves, and not this one again.
    fn is_assignable(&self, role: RoleId) -> bool {
        let worth = self.catalogue.get(role).map(|role| role.delegated());
        role != USER_ACCESS_ADMINISTRATOR && worth == Some(Delegated::Actions)
    }
}

impl Offer<'_> {
    /// The same for a question: worth nothing where its condition does not hold.
    pub(crate) fn on_terms(mut self, question: &Question) -> Self {
        if self.worth.is_ok() && !self.terms.is_none_or(|it| it.admit(question)) {
            self.worth = Err(Void::Conditional);
        }
        self
    }

    /// Whether it gives anything at all. Under a condition that is what lets a subscription be
    /// read, as nothing in particular is asked.
    pub(crate) fn is_something(&self) -> bool {
        let is_open = |terms: Option<&Terms>| terms.is_none_or(Terms::admit_reading);
        let any = |role: &Role, gives: fn(&Permission) -> bool| {
            role.objects().any(|(it, terms)| is_open(terms) && gives(it))
        };
        is_open(self.terms)
            && match self.worth {
                Ok(Worth::Whole(role)) => {
                    any(role, |it| !it.actions.is_empty() || !it.data_actions.is_empty())
                }
                Ok(Worth::Actions(role)) => any(role, |it| !it.actions.is_empty()),
                Ok(Worth::UserAccess(_)) => true,
                Err(_) => false,
            }
    }

    /// What it gives as permission objects with their conditions, as the permissions API shows
    /// them.
    pub(crate) fn permissions(&self) -> Vec<Permission> {
        let shown = |role: &Role| {
            let all = role.objects();
            all.filter_map(|(it, terms)| shown_under(self.terms, it, terms)).collect::<Vec<_>>()
        };
        match self.worth {
            Ok(Worth::Whole(role)) => shown(role),
            Ok(Worth::Actions(role)) => shown(role)
                .into_iter()
                .map(|it| Permission { data_actions: vec![], not_data_actions: vec![], ..it })
                .collect(),
            Ok(Worth::UserAccess(_)) => {
                let actions = vec!["Microsoft.Support/*".to_owned()];
                vec![Permission { actions, ..Permission::default() }]
            }
            Err(_) => Vec::new(),
        }
    }
}

/// The root of the operators' tenant.
static PLATFORM: Scope = Scope::Tenant(OPERATORS);

/// Where a question is decided: the platform's leave stands at the operators' root only.
pub(crate) fn place_of(question: &Question) -> &Scope {
    match question.via {
        Via::Platform => &PLATFORM,
        Via::Any
        | Via::Ownership
        | Via::DeleteRole
        | Via::Assigning(_)
        | Via::AssigningSome
        | Via::Data
        | Via::Directory
        | Via::Owner(_)
        | Via::OwnerOfSome(_)
        | Via::Market
        | Via::Activating(_)
        | Via::Approving(_)
        | Via::Requesting
        | Via::Direct => &question.scope,
    }
}

/// A question with its action folded once.
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) action: Folded,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(question: &'a Question) -> Self {
        Self { question, action: Folded::new(question.action.as_str()) }
    }

    /// Where grants, denies and locks are looked for, from there outward.
    pub(crate) fn scope(&self) -> &'a Scope {
        place_of(self.question)
    }
}
