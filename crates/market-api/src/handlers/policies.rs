//! `/policies`: what certification asks for.

use market::lint::page;

use crate::{
    answer::{Answer, Content},
    route::{Answered, Ask},
};

pub(crate) fn certification(_ask: Ask) -> Answered {
    Box::pin(async { Ok(Answer::new(200, Content::Html(page::html()))) })
}
