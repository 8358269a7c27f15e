//! `/groups`, and who is in them.

use operations::{
    directory::{
        groups,
        members::{self, Depth},
    },
    page::Paged,
};
use store::snapshot::Page;
use wire::graph::{
    body::BadBody,
    groups::{GROUP, group, read},
    objects::read_reference,
    query::{Meant, Select},
};

use crate::{
    answer::Answer,
    failure::Failure,
    list::{self, Fetched},
    route::{Answered, Ask},
};

fn fetch<'a>(ask: &'a Ask, meant: &'a Meant, page: Page) -> Fetched<'a> {
    Box::pin(async move {
        let name = meant.equal("displayName");
        let wanted = |it: &model::directory::Group| meant.meets(&group(it));
        let found = groups::list(ask.plane(), &ask.context, name, page, wanted).await?;
        Ok(Paged { items: found.items.iter().map(group).collect(), next: found.next })
    })
}

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(list::serve(ask, &GROUP, fetch))
}

pub(crate) fn count(ask: Ask) -> Answered {
    Box::pin(list::count(ask, &GROUP, fetch))
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        ask.only(&["select"])?;
        let select = Select::parse(ask.query.get("$select"), &GROUP)?;
        let found = groups::get(ask.plane(), &ask.context, ask.object(0)?).await?;
        let context = ask.metadata(&format!("groups{}/$entity", select.context()));
        Ok(Answer::entity(200, context, select.shown(group(&found), &GROUP)))
    })
}

pub(crate) fn create(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read(&ask.body)?;
        let new = groups::New {
            display_name: body.display_name.ok_or(BadBody::Missing("displayName"))?,
            mail_nickname: body.mail_nickname.ok_or(BadBody::Missing("mailNickname"))?,
            description: body.description.filter(|it| !it.is_empty()),
            kind: body.kind.ok_or(BadBody::Missing("securityEnabled"))?,
        };
        let made = groups::create(ask.plane(), &ask.context, new).await?;
        let place = ask.place("groups", &made.principal.object);
        let view = Select::parse(None, &GROUP)?.shown(group(&made), &GROUP);
        Ok(Answer::entity(201, ask.metadata("groups/$entity"), view).with("location", place))
    })
}

pub(crate) fn update(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read(&ask.body)?;
        if body.kind.is_some() {
            return Err(BadBody::Invalid("securityEnabled").into());
        }
        let edit = groups::Edit {
            display_name: body.display_name,
            mail_nickname: body.mail_nickname,
            description: body.description,
        };
        groups::update(ask.plane(), &ask.context, ask.object(0)?, &edit).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn delete(ask: Ask) -> Answered {
    Box::pin(async move {
        groups::delete(ask.plane(), &ask.context, ask.object(0)?).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn members(ask: Ask) -> Answered {
    Box::pin(members_of(ask, Depth::Direct))
}

pub(crate) fn transitive_members(ask: Ask) -> Answered {
    Box::pin(members_of(ask, Depth::Transitive))
}

async fn members_of(ask: Ask, depth: Depth) -> Result<Answer, Failure> {
    let part = list::part(&ask)?;
    let sliced = members::list(ask.plane(), &ask.context, ask.object(0)?, depth, part).await?;
    list::objects(&ask, &sliced)
}

pub(crate) fn add_member(ask: Ask) -> Answered {
    Box::pin(async move {
        let member = read_reference(&ask.body, &ask.plane().origins.graph)?;
        members::add(ask.plane(), &ask.context, ask.object(0)?, member).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn remove_member(ask: Ask) -> Answered {
    Box::pin(async move {
        members::expel(ask.plane(), &ask.context, ask.object(0)?, ask.object(1)?).await?;
        Ok(Answer::done())
    })
}
