//! What a person chooses for themselves: light or dark.

use crate::{
    answer::{Answer, Cookie},
    ask::{Answered, Ask, Theme},
    frame,
    table::{Row, form},
    trouble::Trouble,
};

pub(super) const ROWS: &[Row] = &[form("/theme", theme)];

/// A year.
const KEPT_SECONDS: u32 = 31_536_000;

fn theme(ask: Ask) -> Answered {
    Box::pin(async move {
        let wanted = ask.form.get("theme").and_then(Theme::parse);
        let theme = wanted.ok_or(Trouble::Garbled("it names no theme"))?;
        let (name, value) = (frame::THEME.to_owned(), theme.as_str().to_owned());
        let to = super::sign_in::own(ask.form.get("to").unwrap_or("/"));
        Ok(Answer::To(to).setting(vec![Cookie::Kept { name, value, seconds: Some(KEPT_SECONDS) }]))
    })
}
