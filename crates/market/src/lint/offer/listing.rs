//! What the storefront says of an offer.

use model::market::account::Person;

use super::{Lint, Prose, setup::is_email, title_taken};
use crate::{
    html::{self, Html},
    lint::{
        limits::{SHORT_CHARS_MAX, SUMMARY_CHARS_MAX, TITLE_CHARS_GOOD_MAX},
        rules,
    },
};

pub(super) const TITLE: &str = "listing.title";
const SUMMARY: &str = "listing.searchResultSummary";
const DESCRIPTION: &str = "listing.description";
/// How a listing in another language says so, in today's form and in an older one.
const LANGUAGE: [&str; 2] =
    ["this service is available in ", "this application is available only in "];
/// How many words a language has at most that the sentence ends with.
const LANGUAGE_WORDS_MAX: usize = 4;

impl Lint<'_> {
    pub(super) fn listing(&mut self) {
        let listing = &self.form.listing;
        self.title(&listing.title);
        let (rule, chars_max) = (&rules::SUMMARY, SUMMARY_CHARS_MAX);
        self.text(&Prose { rule, field: SUMMARY, text: &listing.summary, chars_max });
        if !listing.summary.trim().is_empty() && folded(&listing.summary) == folded(&listing.title)
        {
            self.find(&rules::REPEATED, SUMMARY, "it is the title again");
        }
        let (rule, chars_max) = (&rules::SHORT, SHORT_CHARS_MAX);
        let (field, text) = ("listing.shortDescription", listing.short_description.as_str());
        self.text(&Prose { rule, field, text, chars_max });
        self.description(&listing.description);
        self.links();
        self.contact("listing.supportContact", &listing.support);
        self.contact("listing.engineeringContact", &listing.engineering);
    }

    fn title(&mut self, title: &str) {
        let (rule, chars_max) = (&rules::TITLE, self.limits.title_chars_max);
        self.text(&Prose { rule, field: TITLE, text: title, chars_max });
        if title.chars().count() <= chars_max {
            self.length(&rules::LONG_TITLE, TITLE, title, TITLE_CHARS_GOOD_MAX);
        }
        if let Some(letter) = title.chars().find(|it| is_emoji(*it)) {
            self.find(&rules::EMOJI, TITLE, format!("it holds `{letter}`"));
        }
        if self.facts.is_title_taken {
            self.findings.push(title_taken(title));
        }
    }

    fn description(&mut self, text: &str) {
        let (rule, chars_max) = (&rules::DESCRIPTION, self.limits.description_chars_max);
        let length = text.chars().count();
        if length > chars_max {
            let reason = format!("it has {length} characters, and {chars_max} are allowed");
            return self.find(rule, DESCRIPTION, reason);
        }
        let html = match html::parse(text) {
            Ok(html) => html,
            Err(faults) => {
                for html::Fault { at, problem } in faults {
                    let reason = format!("at character {}: {problem}", characters(text, at));
                    self.find(&rules::MARKUP, DESCRIPTION, reason);
                }
                return;
            }
        };
        let words = html.words();
        if words.is_empty() {
            return self.find(rule, DESCRIPTION, "it is empty");
        }
        if !words.to_lowercase().contains("managed service") {
            self.find(&rules::MANAGED, DESCRIPTION, "it says nothing of managed services");
        }
        if !is_english(&self.form.listing.language) && !tells_language(&html) {
            let reason =
                format!("the listing is in `{}`", super::setup::short(&self.form.listing.language));
            self.find(&rules::LANGUAGE, DESCRIPTION, reason);
        }
    }

    fn links(&mut self) {
        let listing = &self.form.listing;
        let field = "listing.privacyPolicyLink";
        if listing.privacy_policy.trim().is_empty() {
            self.find(&rules::PRIVACY, field, "there is no link");
        } else {
            self.link(field, &listing.privacy_policy);
        }
        for (nth, it) in listing.links.iter().enumerate() {
            let field = format!("listing.generalLinks[{nth}]");
            self.link(&format!("{field}.url"), &it.url);
            let name = format!("{field}.name");
            if it.name.trim().is_empty() {
                self.find(&rules::LINK_NAME, name.as_str(), "it is empty");
            }
            self.seen(&name, &it.name);
        }
        if let Some(address) = &listing.support_global {
            self.link("listing.globalSupportWebsite", address);
        }
        if let Some(address) = &listing.support_government {
            self.link("listing.governmentSupportWebsite", address);
        }
    }

    fn contact(&mut self, field: &str, it: &Person) {
        let told = [("name", &it.name), ("email", &it.email), ("phone", &it.phone)];
        for (part, text) in told {
            let field = format!("{field}.{part}");
            if text.trim().is_empty() {
                self.find(&rules::CONTACT, field.as_str(), "it is empty");
            } else if part == "email" && !is_email(text) {
                self.find(&rules::CONTACT, field.as_str(), "it is no e-mail address");
            }
            self.seen(&field, text);
        }
    }
}

/// Where in a text a byte is, counted from one as people count.
fn characters(text: &str, bytes: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < bytes).count() + 1
}

/// The same for texts that differ in spaces and capital letters only.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn is_english(language: &str) -> bool {
    let language = language.trim().to_ascii_lowercase();
    language.is_empty() || language == "en" || language.starts_with("en-")
}

/// Whether a description begins or ends with the sentence that says in which language the service is.
fn tells_language(html: &Html) -> bool {
    let words = html.words().to_lowercase();
    LANGUAGE.iter().any(|sentence| {
        let named = |rest: &str| rest.split_whitespace().count();
        let is_last = words.rsplit_once(sentence).is_some_and(|(_, rest)| {
            (1..=LANGUAGE_WORDS_MAX).contains(&named(rest))
                && !rest.trim_end_matches('.').contains('.')
        });
        words.starts_with(sentence) || is_last
    })
}

/// Pictures among letters, and what makes pictures of letters. Signs such as © and ™ are none.
fn is_emoji(letter: char) -> bool {
    matches!(letter,
        '\u{1F000}'..='\u{1FAFF}' // pictographs, flags, smileys
        | '\u{2600}'..='\u{27BF}' // miscellaneous symbols, dingbats
        | '\u{2B05}'..='\u{2B55}' // arrows and stars that are shown as pictures
        | '\u{231A}'..='\u{231B}' | '\u{23E9}'..='\u{23FA}' // watches, buttons
        | '\u{20E3}' | '\u{FE0F}' | '\u{200D}' // what joins and colours them
    )
}
