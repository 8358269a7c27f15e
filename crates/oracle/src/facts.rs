//! What has happened, as a plain list of what is there now.

use ids::{
    guid::{ObjectId, Principal, RoleId},
    resource::AssignmentId,
};
use model::{
    change::{Change, Noun},
    delegation::{Assignment, Definition},
    settings::{Profile, Settings},
};

use crate::book::Oracle;

/// What tells one fact from another; a principal's id is one whatever it is.
fn key(noun: &Noun) -> Option<String> {
    Some(match noun {
        Noun::Settings(_) => "settings".to_owned(),
        Noun::Tenant(it) => format!("tenant {}", it.id),
        Noun::User(it) => format!("principal {}", it.principal),
        Noun::Group(it) => format!("principal {}", it.principal),
        Noun::ServicePrincipal(it) => format!("principal {}", it.principal),
        Noun::Membership(it) => format!("membership {} {}", it.group, it.member),
        Noun::DirectoryRoleAssignment(it) => {
            format!("directory role {} {}", it.principal, it.role)
        }
        Noun::Ownership(it) => format!("ownership {:?} {}", it.owned, it.owner),
        Noun::ManagementGroup(it) => it.scope().key(),
        Noun::Subscription(it) => format!("subscription {}", it.id),
        Noun::RoleDefinition(it) => format!("role {} {}", it.tenant?, it.id),
        Noun::RoleAssignment(it) => it.id.key(),
        Noun::DenyAssignment(it) => it.id.key(),
        Noun::Lock(it) => it.id.key(),
        Noun::Definition(it) => it.id.key(),
        Noun::Assignment(it) => it.id.key(),
        Noun::Activation(it) => it.id.key(),
        Noun::ActivationPolicy(it) => it.id.key(),
        Noun::EligibleAssignment(it) => it.id.key(),
        Noun::SigningKey(_)
        | Noun::Market(_)
        | Noun::Application(_)
        | Noun::Credential(_)
        | Noun::Registration(_)
        | Noun::ResourceGroup(_)
        | Noun::Resource(_)
        | Noun::Deployment(_) => return None,
    })
}

impl Oracle {
    /// Takes note of a change.
    pub fn happen(&mut self, change: &Change) {
        match change {
            Change::Put(noun) => self.put(noun),
            Change::Alter(altered) => self.put(altered.noun()),
            Change::Remove(noun) => {
                if let Noun::Assignment(it) = noun {
                    self.end(&it.id);
                } else {
                    self.restore(noun);
                }
                self.drop_fact(noun);
            }
            Change::Leave(it) => {
                self.end(&it.id);
                self.drop_fact(&Noun::Assignment(it.clone()));
            }
        }
        self.lapse();
    }

    fn put(&mut self, noun: &Noun) {
        self.restore(noun);
        self.drop_fact(noun);
        if key(noun).is_some() {
            self.facts.push(noun.clone());
        }
    }

    fn drop_fact(&mut self, noun: &Noun) {
        let gone = key(noun);
        self.facts.retain(|fact| key(fact) != gone);
    }

    /// What was lost comes back as the delegation, or its definition, is put again.
    fn restore(&mut self, noun: &Noun) {
        let again: Vec<AssignmentId> = match noun {
            Noun::Assignment(it) => vec![it.id.clone()],
            Noun::Definition(it) => {
                let all = self.assignments().filter(|other| other.definition == it.id);
                all.map(|other| other.id.clone()).collect()
            }
            _ => return,
        };
        self.lost.retain(|(id, ..)| !again.contains(id));
    }

    /// Azure's defect: a like grant of the same managing tenant at the same scope goes along.
    fn end(&mut self, id: &AssignmentId) {
        let Some(gone) = self.assignments().find(|it| it.id == *id).cloned() else { return };
        let mine = self.pairs(&gone);
        let had: Vec<_> = mine
            .into_iter()
            .filter(|(object, role)| !self.lost.contains(&(id.clone(), *object, *role)))
            .collect();
        let mut lost = Vec::new();
        if self.settings().profile == Profile::Azure {
            for other in self.assignments().filter(|other| {
                other.id != *id
                    && other.managed_by == gone.managed_by
                    && other.id.scope() == gone.id.scope()
            }) {
                let shared = self.pairs(other).into_iter().filter(|pair| had.contains(pair));
                lost.extend(shared.map(|(object, role)| (other.id.clone(), object, role)));
            }
        }
        self.lost.extend(lost);
        self.lost.retain(|(lost, ..)| lost != id);
    }

    fn pairs(&self, assignment: &Assignment) -> Vec<(ObjectId, RoleId)> {
        let definition = self.definition_of(assignment);
        let all = definition.into_iter().flat_map(|it| &it.authorizations);
        all.map(|it| (it.principal, it.role)).collect()
    }

    pub(crate) fn definition_of(&self, assignment: &Assignment) -> Option<&Definition> {
        self.facts.iter().find_map(|fact| match fact {
            Noun::Definition(it) if it.id == assignment.definition => Some(it),
            _ => None,
        })
    }

    pub(crate) fn assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.facts.iter().filter_map(|fact| match fact {
            Noun::Assignment(it) => Some(it),
            _ => None,
        })
    }

    pub(crate) fn settings(&self) -> Settings {
        let found = self.facts.iter().find_map(|fact| match fact {
            Noun::Settings(it) => Some(it.clone()),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// Every principal that is there, groups too.
    pub fn principals(&self) -> Vec<Principal> {
        let principal = |fact: &Noun| match fact {
            Noun::User(it) => Some(it.principal),
            Noun::Group(it) => Some(it.principal),
            Noun::ServicePrincipal(it) => Some(it.principal),
            _ => None,
        };
        self.facts.iter().filter_map(principal).collect()
    }
}
