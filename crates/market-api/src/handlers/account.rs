//! `/market/account`: the publisher account of the caller's tenant.

use operations::market::{
    account::{self, Told, show::Shown},
    members, publishers,
};
use serde_json::Value;
use wire::account as body;

use crate::{
    answer::Answer,
    route::{Answered, Ask},
};

pub(crate) fn get(ask: Ask) -> Answered {
    Box::pin(async move {
        let shown = account::show::show(ask.plane(), ask.context()?).await?;
        Ok(rendered(200, &shown))
    })
}

/// Signs up, or changes what was said. A change of a form that was read says so by `If-Match`.
pub(crate) fn put(ask: Ask) -> Answered {
    Box::pin(async move {
        let said = body::read(&ask.body)?;
        let told = Told {
            company: said.company,
            is_entitled: said.is_entitled,
            agreements: said.agreements,
            partner: said.partner,
        };
        let (plane, context) = (ask.plane(), ask.context()?);
        let status = if ask.is_for_new() {
            account::sign_up::sign_up(plane, context, &told).await?;
            201
        } else {
            account::update::update(plane, context, &told, ask.if_match()?).await?;
            200
        };
        Ok(rendered(status, &account::show::show(plane, context).await?))
    })
}

fn rendered(status: u16, shown: &Shown) -> Answer {
    let steps = shown.steps.iter().map(|it| body::Step {
        id: it.id,
        title: it.title,
        missing: &it.missing,
        advice: it.advice,
    });
    let view = body::shown(&shown.account, shown.verification.as_ref(), steps);
    Answer::json(status, view).with("etag", format!("\"{}\"", shown.account.revision))
}

pub(crate) fn members(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = members::list(ask.plane(), ask.context()?, ask.page()?).await?;
        let items: Vec<Value> = found.items.iter().map(body::member).collect();
        Ok(Answer::json(200, body::list(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

pub(crate) fn put_member(ask: Ask) -> Answered {
    Box::pin(async move {
        let role = body::read_role(&ask.body)?;
        let put = members::put(ask.plane(), ask.context()?, ask.parsed(0)?, role).await?;
        Ok(Answer::json(put.status(), body::member(&put.into_inner())))
    })
}

pub(crate) fn remove_member(ask: Ask) -> Answered {
    Box::pin(async move {
        members::remove(ask.plane(), ask.context()?, ask.parsed(0)?).await?;
        Ok(Answer::done())
    })
}

pub(crate) fn publishers(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = publishers::list(ask.plane(), ask.context()?, ask.page()?).await?;
        let items: Vec<Value> = found.items.iter().map(body::publisher).collect();
        Ok(Answer::json(200, body::list(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

pub(crate) fn create_publisher(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, name) = body::read_publisher(&ask.body)?;
        let made = publishers::create(ask.plane(), ask.context()?, id, &name).await?;
        Ok(Answer::json(201, body::publisher(&made)))
    })
}

/// The operators': every account.
pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = account::list::list(ask.plane(), ask.context()?, ask.page()?).await?;
        let view = |it| body::shown(it, None, std::iter::empty());
        let items: Vec<Value> = found.items.iter().map(view).collect();
        Ok(Answer::json(200, body::list(&items, found.next.map(|place| ask.next_link(&place)))))
    })
}

/// The operators': what they found out about a company, in the form of its account that they
/// looked at (`If-Match`).
pub(crate) fn verify(ask: Ask) -> Answered {
    Box::pin(async move {
        let (stage, qualifications) = body::read_verification(&ask.body)?;
        let (plane, context, wanted) = (ask.plane(), ask.context()?, ask.if_match()?);
        let made = account::verify::verify(plane, context, stage, qualifications, wanted).await?;
        Ok(Answer::json(200, body::verified(&made)))
    })
}
