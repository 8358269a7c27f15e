//! Changes of one part of a thing, which take other leave than the whole does.

use ids::{
    guid::{ObjectId, Principal, RoleId},
    name::Name,
    resource::RoleAssignmentId,
    scope::{BadId, Scope},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Noun;
use crate::{
    action::Action,
    question::{Question, Via},
    resource::{Resource, SystemData},
    role::{PrincipalType, RoleAssignment},
    tree::{ResourceGroup, Subscription, Tags},
};

/// The only role that an elevation gives.
const USER_ACCESS_ADMINISTRATOR: RoleId =
    RoleId::new(Uuid::from_u128(0x18d7_d88d_d35e_4fb5_a5c3_7773_c20a_72d9));

/// A thing that is as it was but for one part. Made from how it was, so that the leave for the
/// part changes nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Altered {
    noun: Noun,
    scope: Scope,
    part: Part,
}

/// What of a thing is altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Part {
    Tags,
    /// All tags are taken off.
    NoTags,
    /// The management group around a subscription.
    Parent,
    /// Who gives access in a whole tenant.
    Elevation,
}

/// What tags hang on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagged {
    Subscription(Subscription),
    ResourceGroup(ResourceGroup),
    Resource(Resource),
}

impl Tagged {
    /// Where it stands.
    pub fn scope(&self) -> Scope {
        match self {
            Self::Subscription(it) => Scope::Subscription(it.id),
            Self::ResourceGroup(it) => it.scope(),
            Self::Resource(it) => Scope::Resource(it.id.clone()),
        }
    }

    /// The tags as they are.
    pub fn tags(&self) -> &Tags {
        match self {
            Self::Subscription(it) => &it.tags,
            Self::ResourceGroup(it) => &it.tags,
            Self::Resource(it) => &it.tags,
        }
    }

    /// Who made it and changed it last, where that is kept.
    pub fn system_data(&self) -> Option<&SystemData> {
        match self {
            Self::Subscription(_) => None,
            Self::ResourceGroup(it) => Some(&it.system_data),
            Self::Resource(it) => Some(&it.system_data),
        }
    }
}

impl Altered {
    /// The same thing with these tags.
    pub fn tags(before: Tagged, tags: Tags, changed: Option<SystemData>) -> Self {
        let scope = before.scope();
        Self { noun: retagged(before, tags, changed), scope, part: Part::Tags }
    }

    /// The same thing without tags.
    pub fn without_tags(before: Tagged, changed: Option<SystemData>) -> Self {
        let scope = before.scope();
        Self { noun: retagged(before, Tags::new(), changed), scope, part: Part::NoTags }
    }

    /// The same subscription in that management group; directly under its tenant without one.
    pub fn parent(before: Subscription, parent: Option<Name>) -> Self {
        let scope = Scope::Subscription(before.id);
        let noun = Noun::Subscription(Subscription { parent, ..before });
        Self { noun, scope, part: Part::Parent }
    }

    /// Somebody is User Access Administrator of the whole of their own tenant, by what they are in
    /// its directory.
    pub fn elevation(
        who: Principal,
        kind: PrincipalType,
        name: ObjectId,
        at: Timestamp,
    ) -> Result<Self, BadId> {
        let scope = Scope::Tenant(who.tenant);
        let by = Some(who.object);
        let assignment = RoleAssignment {
            id: RoleAssignmentId::at(scope.clone(), name.to_string().parse()?)?,
            principal: who,
            principal_type: kind,
            role: USER_ACCESS_ADMINISTRATOR,
            description: None,
            condition: None,
            condition_version: None,
            delegated_managed_identity: None,
            made_by: None,
            created_by: by,
            created_on: at,
            updated_by: by,
            updated_on: at,
        };
        Ok(Self { noun: Noun::RoleAssignment(assignment), scope, part: Part::Elevation })
    }

    /// The thing as it is then.
    pub fn noun(&self) -> &Noun {
        &self.noun
    }

    /// The same without what the journal does not keep.
    #[must_use]
    pub(super) fn with(&self, noun: Noun) -> Self {
        Self { noun, scope: self.scope.clone(), part: self.part }
    }

    /// What it takes. To put a subscription elsewhere is to give others access to it.
    pub(super) fn requires(&self) -> Vec<Question> {
        let at = |action: Action| Question::any(action, self.scope.clone());
        match self.part {
            Part::Tags => vec![at(Action::TAGS_WRITE)],
            Part::NoTags => vec![at(Action::TAGS_DELETE)],
            Part::Parent => vec![at(Action::PARENT_WRITE), at(Action::ROLE_ASSIGNMENTS_WRITE)],
            Part::Elevation => {
                let via = Via::Directory;
                vec![Question { via, ..at(Action::ELEVATE_ACCESS) }]
            }
        }
    }
}

fn retagged(before: Tagged, tags: Tags, changed: Option<SystemData>) -> Noun {
    match before {
        Tagged::Subscription(it) => Noun::Subscription(Subscription { tags, ..it }),
        Tagged::ResourceGroup(it) => {
            let system_data = changed.unwrap_or_else(|| it.system_data.clone());
            Noun::ResourceGroup(ResourceGroup { tags, system_data, ..it })
        }
        Tagged::Resource(it) => {
            let system_data = changed.unwrap_or_else(|| it.system_data.clone());
            Noun::Resource(Resource { tags, system_data, ..it })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn an_elevation_is_of_the_one_who_asks_in_their_own_tenant_by_their_directory_role() {
        let (who, name) = (samples::OLOF, samples::object(7));
        let made = Altered::elevation(who, PrincipalType::User, name, samples::now()).unwrap();
        let Noun::RoleAssignment(it) = made.noun() else { panic!("{made:?}") };
        assert_eq!(*it.id.scope(), Scope::Tenant(who.tenant));
        assert_eq!((it.principal, it.role), (who, samples::USER_ACCESS_ADMINISTRATOR));
        let asked = Question::directory(Action::ELEVATE_ACCESS, who.tenant);
        assert_eq!(made.requires(), [asked]);
    }

    #[test]
    fn a_part_takes_its_own_leave_and_changes_nothing_else() {
        let before = samples::subscription(samples::SUBSCRIPTION, samples::CUSTOMER);
        let tags = Tags::from([("team".to_owned(), "ops".to_owned())]);
        let corp: Option<Name> = Some("corp".parse().unwrap());
        let tagged = || Tagged::Subscription(before.clone());
        let cases = [
            (
                Altered::tags(tagged(), tags.clone(), None),
                Subscription { tags, ..before.clone() },
                vec![Action::TAGS_WRITE],
            ),
            (Altered::without_tags(tagged(), None), before.clone(), vec![Action::TAGS_DELETE]),
            (
                Altered::parent(before.clone(), corp.clone()),
                Subscription { parent: corp, ..before.clone() },
                vec![Action::PARENT_WRITE, Action::ROLE_ASSIGNMENTS_WRITE],
            ),
        ];
        for (altered, after, actions) in cases {
            assert_eq!(altered.noun(), &Noun::Subscription(after));
            let asked = altered.requires();
            assert!(asked.iter().all(|it| it.scope == samples::whole()), "{asked:?}");
            assert_eq!(asked.into_iter().map(|it| it.action).collect::<Vec<_>>(), actions);
        }
    }
}
