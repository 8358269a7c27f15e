//! `/users`, `/me` and `/invitations`.

use identity::secret::Sensitive;
use operations::{
    directory::{invite, users},
    page::Paged,
};
use serde_json::{Map, Value};
use store::snapshot::Page;
use wire::graph::{
    body::BadBody,
    query::{Meant, Select},
    users::{USER, invitation, read, read_invitation, user},
};

use crate::{
    answer::Answer,
    failure::Failure,
    list::{self, Fetched},
    path::Key,
    route::{Answered, Ask, bad},
};

pub(super) fn key(ask: &Ask) -> Result<users::Key, Failure> {
    match ask.key(0)? {
        Key::Id(text) => {
            Ok(text.parse().map_or_else(|_| users::Key::Name(text.clone()), users::Key::Id))
        }
        Key::Named(name, text) if name.eq_ignore_ascii_case("userPrincipalName") => {
            Ok(users::Key::Name(text.clone()))
        }
        Key::Named(name, _) => Err(bad(name)),
    }
}

fn fetch<'a>(ask: &'a Ask, meant: &'a Meant, page: Page) -> Fetched<'a> {
    Box::pin(async move {
        let name = meant.equal("userPrincipalName");
        let wanted = |it: &model::directory::User| meant.meets(&user(it));
        let found = users::list(ask.plane(), &ask.context, name, page, wanted).await?;
        Ok(Paged { items: found.items.iter().map(user).collect(), next: found.next })
    })
}

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(list::serve(ask, &USER, fetch))
}

pub(crate) fn count(ask: Ask) -> Answered {
    Box::pin(list::count(ask, &USER, fetch))
}

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        ask.only(&["select"])?;
        let select = Select::parse(ask.query.get("$select"), &USER)?;
        let found = users::get(ask.plane(), &ask.context, &key(&ask)?).await?;
        let context = ask.metadata(&format!("users{}/$entity", select.context()));
        Ok(Answer::entity(200, context, select.shown(user(&found), &USER)))
    })
}

pub(crate) fn create(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read(&ask.body)?;
        let new = users::New {
            user_principal_name: body
                .user_principal_name
                .ok_or(BadBody::Missing("userPrincipalName"))?,
            display_name: body.display_name.ok_or(BadBody::Missing("displayName"))?,
            enabled: body.enabled.ok_or(BadBody::Missing("accountEnabled"))?,
            password: Sensitive(body.password.ok_or(BadBody::Missing("passwordProfile"))?),
            details: body.details,
        };
        let made = users::create(&ask.sign_in, &ask.context, new).await?;
        let place = ask.place("users", &made.principal.object);
        let shown = Select::parse(None, &USER)?.shown(user(&made), &USER);
        Ok(Answer::entity(201, ask.metadata("users/$entity"), shown).with("location", place))
    })
}

pub(crate) fn update(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read(&ask.body)?;
        let edit = users::Edit {
            user_principal_name: body.user_principal_name,
            display_name: body.display_name,
            enabled: body.enabled,
            password: body.password.map(Sensitive),
            details: body.details,
        };
        users::update(&ask.sign_in, &ask.context, &key(&ask)?, edit).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn delete(ask: Ask) -> Answered {
    Box::pin(async move {
        users::delete(ask.plane(), &ask.context, &key(&ask)?).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn invite(ask: Ask) -> Answered {
    Box::pin(async move {
        let body = read_invitation(&ask.body)?;
        let (address, display_name) = (body.address.clone(), body.display_name.clone());
        let wanted = invite::Invitation { address, display_name };
        let guest = invite::invite(ask.plane(), &ask.context, wanted).await?;
        let told = match invitation(&body, &guest) {
            Value::Object(map) => map,
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Map::new(),
        };
        Ok(Answer::entity(201, ask.metadata("invitations/$entity"), told))
    })
}
