//! The overview.

use askama::Template;

use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    table::{Row, page},
};

pub(super) const ROWS: &[Row] = &[page("/", home).for_anyone()];

#[derive(Template)]
#[template(path = "home.html")]
struct View {
    frame: Frame,
}

fn home(ask: Ask) -> Answered {
    Box::pin(async move { Answer::page(&View { frame: ask.frame("Overview").await? }) })
}
