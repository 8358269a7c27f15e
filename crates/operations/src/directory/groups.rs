//! Groups: who is there, and what may be changed of them. Who is in one stands in
//! [`members`].

use ids::guid::ObjectId;
use model::{
    change::{Change, Noun},
    directory::{Group, GroupKind, Membership},
    event::SystemReason,
    ownership::Owned,
};
use store::{records::ranges, snapshot::Page};

use super::{decide, members, not_found, own, put, remove, tenant};
use crate::{
    cascade,
    context::Context,
    error::Error,
    page::{self, Paged},
    plane::{Plane, retry},
};

/// A group to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    pub display_name: String,
    pub mail_nickname: String,
    pub description: Option<String>,
    pub kind: GroupKind,
}

/// What is to change of a group; what is absent stays, and an empty text takes it off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub display_name: Option<String>,
    pub mail_nickname: Option<String>,
    pub description: Option<String>,
}

/// The group of that id.
pub async fn get(plane: &Plane, context: &Context, id: ObjectId) -> Result<Group, Error> {
    let found = plane.find::<Group>(context, &own(context, id)).await?;
    found.ok_or_else(|| not_found(id))
}

/// The tenant's groups by name; only those of that name where one is given.
pub async fn list(
    plane: &Plane,
    context: &Context,
    name: Option<&str>,
    page: Page,
    wanted: impl Fn(&Group) -> bool,
) -> Result<Paged<Group>, Error> {
    let tenant = tenant(context);
    let range = name.map_or_else(
        || ranges::groups_of_tenant(tenant),
        |name| ranges::groups_by_name(tenant, name),
    );
    let question = |it: &Group| wanted(it).then(|| context.question.clone());
    page::list(plane, context, &range, page, question).await
}

/// Makes a group with nobody in it.
pub async fn create(plane: &Plane, context: &Context, new: New) -> Result<Group, Error> {
    decide::display_name(&new.display_name)?;
    decide::text("description", new.description.as_ref())?;
    decide::text("mailNickname", Some(&new.mail_nickname))?;
    retry(async || {
        let mut unit = plane.begin(context);
        let group = Group {
            principal: own(context, ObjectId::new(plane.random.uuid())),
            display_name: new.display_name.clone(),
            kind: new.kind,
            description: new.description.clone(),
            mail_nickname: Some(new.mail_nickname.clone()),
        };
        unit.find::<Group>(&group.principal).await?;
        put(plane, context, &mut unit, Noun::Group(group.clone()))?;
        plane.commit(context, unit, 201).await?;
        Ok(group)
    })
    .await
}

/// Changes what a group is called. What kind it is, stays.
pub async fn update(
    plane: &Plane,
    context: &Context,
    id: ObjectId,
    edit: &Edit,
) -> Result<(), Error> {
    edit.display_name.iter().try_for_each(|name| decide::display_name(name))?;
    decide::text("description", edit.description.as_ref())?;
    decide::text("mailNickname", edit.mail_nickname.as_ref())?;
    retry(async || {
        let mut unit = plane.begin(context);
        let before = members::open(plane, context, &mut unit, id).await?;
        let told = |new: &Option<String>, old: Option<String>| {
            new.clone().map_or(old, |text| Some(text).filter(|it| !it.is_empty()))
        };
        let after = Group {
            display_name: edit.display_name.clone().unwrap_or(before.display_name),
            description: told(&edit.description, before.description),
            mail_nickname: told(&edit.mail_nickname, before.mail_nickname),
            ..before
        };
        put(plane, context, &mut unit, Noun::Group(after))?;
        plane.commit(context, unit, 204).await
    })
    .await
}

/// Removes a group: whoever was in it loses at once what it lent.
pub async fn delete(plane: &Plane, context: &Context, id: ObjectId) -> Result<(), Error> {
    retry(async || {
        let mut unit = plane.begin(context);
        let group = members::open(plane, context, &mut unit, id).await?;
        let who = group.principal;
        remove(plane, context, &mut unit, Noun::Group(group))?;
        let mut rest = Some(ranges::memberships_of_group(who));
        while let Some(range) = rest {
            let (members, more) = unit.list_part::<Membership>(&range).await?;
            for it in members {
                let gone = Change::Remove(Noun::Membership(it));
                cascade::apply(&mut unit, SystemReason::Cascade, gone)?;
            }
            rest = more;
        }
        cascade::strip(&mut unit, who).await?;
        cascade::disown(&mut unit, Owned::Group(who)).await?;
        plane.commit(context, unit, 204).await
    })
    .await
}
