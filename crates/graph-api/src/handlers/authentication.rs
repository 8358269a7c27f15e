//! `/users/{}/authentication/softwareOathMethods`.

use operations::directory::second_factor;
use wire::graph::authentication::{SOFTWARE_OATH, software_oath};

use super::users::key;
use crate::{
    answer::Answer,
    list,
    path::Key,
    route::{Answered, Ask},
};

pub(crate) fn list(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = second_factor::get(ask.plane(), &ask.context, &key(&ask)?).await?;
        list::whole(&ask, &SOFTWARE_OATH, found.iter().map(software_oath).collect())
    })
}

pub(crate) fn reset(ask: Ask) -> Answered {
    Box::pin(async move {
        let (Key::Id(text) | Key::Named(_, text)) = ask.key(1)?;
        let factor = text.parse().ok();
        second_factor::reset(ask.plane(), &ask.context, &key(&ask)?, factor).await?;
        Ok(Answer::done())
    })
}
