//! How many worlds are drawn: a few each day, as many as somebody asks for in a long run.

use proptest::prelude::ProptestConfig;

/// So many questions `every_question_has_one_answer` asks each day: 192 worlds, 24 of each.
const DAILY: u32 = 192 * 24;

/// So many worlds as are drawn each day; as many times more as `FYR_CASES` is more than the daily
/// questions.
pub(crate) fn worlds(daily: u32) -> ProptestConfig {
    let asked = std::env::var("FYR_CASES").map(|text| text.parse::<u32>().unwrap());
    let times = asked.map_or(1, |asked| asked.div_ceil(DAILY).max(1));
    ProptestConfig { cases: daily * times, ..ProptestConfig::default() }
}
