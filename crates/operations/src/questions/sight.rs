//! What whoever asks may hear: the one rule of all questions about access.

use access::{index::Index, permit::Denied, verdict::Refusal};
use ids::{
    guid::{Principal, RoleId, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    question::{Question, Via},
};

use super::{Asker, facts::Facts};
use crate::{
    context::Context,
    error::Error,
    plane::Plane,
    roles::{definitions, explain},
};

/// How much of a scope is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All that stands there: it is the asker's own tenant's.
    Home,
    /// What the people of the asker's own tenant may there: it is another's.
    Managing(TenantId),
    /// All, and whoever is in whichever tenant's groups.
    Everything,
}

/// The eyes of whoever asks.
pub struct Sight<'a> {
    plane: &'a Plane,
    asker: Asker<'a>,
    /// What is so now, whatever is asked of.
    live: &'a Index,
    pub facts: Facts<'a>,
}

impl<'a> Sight<'a> {
    /// For whoever reads people and groups of their own directory.
    pub(super) fn new(
        plane: &'a Plane,
        asker: Asker<'a>,
        live: &'a Index,
        facts: Facts<'a>,
    ) -> Result<Self, Error> {
        if let Asker::Caller(context) = asker {
            let tenant = context.caller.principal.tenant;
            for action in explain::SHOWN_OF_DIRECTORY {
                plane.shown(live, context, &Question::directory(action, tenant))?;
            }
        }
        Ok(Self { plane, asker, live, facts })
    }

    /// How much is told of a scope; nothing where it is not the asker's to hear of, there or not.
    ///
    /// It is asked for where the scope is; of what is no longer there, at the nearest scope around
    /// it then that still is, and is still the same tenant's.
    pub fn side(&self, scope: &Scope) -> Option<Side> {
        let Asker::Caller(context) = self.asker else { return Some(Side::Everything) };
        let viewer = context.caller.principal.tenant;
        let (home, place) = self.standing(scope)?;
        let (side, via) = if home == viewer {
            (Side::Home, Via::Direct)
        } else {
            (Side::Managing(viewer), Via::Any)
        };
        let asked = explain::SHOWN.map(|action| Question { action, scope: place.clone(), via });
        let may = asked.iter().all(|it| self.plane.allowed(self.live, context, it));
        may.then_some(side)
    }

    /// The same for whoever names the scope: what is not there and what is not theirs to hear of
    /// are refused alike.
    pub fn at(&self, scope: &Scope) -> Result<Side, Error> {
        match self.asker {
            Asker::Caller(context) => self.side(scope).ok_or_else(|| denied(context, scope)),
            Asker::Folder => Ok(Side::Everything),
        }
    }

    /// That all is told of it: who names another's scope hears nothing.
    pub fn whole(&self, scope: &Scope) -> Result<(), Error> {
        match (self.asker, self.at(scope)?) {
            (Asker::Caller(context), Side::Managing(_)) => Err(denied(context, scope)),
            (Asker::Caller(_), Side::Home | Side::Everything) | (Asker::Folder, _) => Ok(()),
        }
    }

    /// That somebody is of the asker's own directory: of another's nobody is asked for by id.
    pub fn own(&self, who: Principal, scope: &Scope) -> Result<(), Error> {
        match self.asker {
            Asker::Caller(context) if context.caller.principal.tenant != who.tenant => {
                Err(denied(context, scope))
            }
            Asker::Caller(_) | Asker::Folder => Ok(()),
        }
    }

    /// Whether what that one is, is for the asker to know.
    pub fn knows(&self, who: Principal) -> bool {
        match self.asker {
            Asker::Caller(context) => context.caller.principal.tenant == who.tenant,
            Asker::Folder => true,
        }
    }

    /// What a role is called that something at the scope names, as far as the asker reads roles.
    pub fn role_name(&self, scope: &Scope, role: RoleId) -> Option<String> {
        let home = self.facts.index.home(scope)?;
        let role = self.facts.index.role(home, role)?;
        let is_told = match self.asker {
            Asker::Folder => true,
            Asker::Caller(_) if role.tenant.is_none() => true,
            Asker::Caller(context) => self.standing(scope).is_some_and(|(_, place)| {
                let asked = Question { action: definitions::READ, scope: place, via: Via::Direct };
                self.plane.allowed(self.live, context, &asked)
            }),
        };
        is_told.then(|| role.name.clone())
    }

    /// Whose the scope was then, and where leave to hear of it is asked for now.
    fn standing(&self, scope: &Scope) -> Option<(TenantId, Scope)> {
        let then = self.facts.index;
        let Some(home) = then.home(scope) else {
            // Not yet there, or no more: what is told of it is that nothing is granted.
            return self.live.home(scope).map(|home| (home, scope.clone()));
        };
        let still = |at: &Scope| self.live.is_there(at) && self.live.home(at) == Some(home);
        then.lineage(scope).into_iter().find(still).map(|place| (home, place))
    }
}

fn denied(context: &Context, scope: &Scope) -> Error {
    let (action, scope) = (Action::ROLE_ASSIGNMENTS_READ, scope.clone());
    let question = Question { action, scope, via: Via::Any };
    let (caller, question) = (context.caller.clone().into(), question.into());
    Denied { caller, question, refusal: Refusal::NoGrant }.into()
}
