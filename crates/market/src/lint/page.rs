//! The rules for people to read: a page with an anchor for each, and the same as Markdown.

use std::fmt::{self, Write};

use jiff::civil::{Date, date};

use super::rules::{RULES, Rule, Severity};
use crate::html::escape;

/// Counts up whenever a rule comes, goes, or asks for something else.
pub const VERSION: &str = "1.1";
/// Since when the rules are these.
pub const PUBLISHED: Date = date(2026, 11, 29);
/// Where the page is served.
pub const PATH: &str = "/policies/certification";

const TITLE: &str = "Certification rules";
const INTRODUCTION: &str = "Before an offer is previewed, and before it goes live, these rules are asked of its form, of its \
     manifests and of its publisher. An error keeps the offer from being published. A warning does not: it \
     names what somebody will regret. A note tells of a better way.";
const ORIGIN: &str = "The words are Fyr's own. Where a rule of the commercial marketplace or of Azure Lighthouse is behind \
     one, its page is named, and the section of the certification policies that it belongs to.";

/// A part of the page: the rules whose ids begin so.
struct Section {
    start: &'static str,
    title: &'static str,
}

/// The parts, in the order in which a form is filled in.
const SECTIONS: [Section; 10] = [
    Section { start: "OFR-", title: "Offer" },
    Section { start: "LEAD-", title: "Customer leads" },
    Section { start: "PROP-", title: "Properties" },
    Section { start: "LST-", title: "Offer listing" },
    Section { start: "PRV-", title: "Preview audience" },
    Section { start: "PLN-", title: "Plans" },
    Section { start: "MAN-", title: "Manifests" },
    Section { start: "PUB-", title: "Publishing" },
    Section { start: "TPL-", title: "Templates" },
    Section { start: "TST-", title: "Offer tests" },
];

impl Section {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        RULES.into_iter().filter(|it| it.id.starts_with(self.start))
    }
}

impl Rule {
    /// Where the rule stands on the page.
    pub fn anchor(&self) -> String {
        self.id.to_ascii_lowercase()
    }

    /// The address of the rule on this server.
    pub fn path(&self) -> String {
        format!("{PATH}#{}", self.anchor())
    }
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The whole page. It holds neither script nor style.
pub fn html() -> String {
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write_html(&mut page);
    page
}

fn write_html(page: &mut String) -> fmt::Result {
    writeln!(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    element(page, "title", TITLE)?;
    writeln!(page, "</head>\n<body>\n<main>")?;
    element(page, "h1", TITLE)?;
    element(page, "p", &format!("Version {VERSION}, {PUBLISHED}."))?;
    element(page, "p", INTRODUCTION)?;
    element(page, "p", ORIGIN)?;
    for section in &SECTIONS {
        element(page, "h2", section.title)?;
        section.rules().try_for_each(|rule| write_rule(page, rule))?;
    }
    writeln!(page, "</main>\n</body>\n</html>")
}

fn write_rule(page: &mut String, rule: &Rule) -> fmt::Result {
    writeln!(page, "<section id=\"{}\">", rule.anchor())?;
    element(page, "h3", &format!("{} ({}): {}", rule.id, rule.severity.as_str(), rule.title))?;
    element(page, "p", rule.fix)?;
    if let Some(policy) = rule.policy {
        element(page, "p", &format!("Certification policies, section {policy}."))?;
    }
    if rule.is_ours() {
        element(page, "p", "A rule of Fyr's own.")?;
    } else {
        let mut address = String::new();
        escape(rule.source, &mut address)?;
        writeln!(
            page,
            "<p><a href=\"{address}\" rel=\"noreferrer\">Where it is documented</a></p>"
        )?;
    }
    writeln!(page, "</section>")
}

fn element(page: &mut String, name: &str, text: &str) -> fmt::Result {
    write!(page, "<{name}>")?;
    escape(text, page)?;
    writeln!(page, "</{name}>")
}

/// The same as Markdown, for the documentation.
pub fn markdown() -> String {
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write_markdown(&mut page);
    page
}

fn write_markdown(page: &mut String) -> fmt::Result {
    writeln!(page, "# {TITLE}\n")?;
    writeln!(page, "<!-- Made by `cargo run -p market --example certification_rules`. -->\n")?;
    writeln!(page, "Version {VERSION}, {PUBLISHED}.\n\n{INTRODUCTION}\n\n{ORIGIN}")?;
    for section in &SECTIONS {
        writeln!(page, "\n## {}\n", section.title)?;
        writeln!(page, "| Rule | Weight | What is asked for | What to do | Policy | Source |")?;
        writeln!(page, "|--|--|--|--|--|--|")?;
        for rule in section.rules() {
            let Rule { id, title, fix, .. } = rule;
            let (title, fix) = (cell(title), cell(fix));
            let source = if rule.is_ours() {
                "Fyr".to_owned()
            } else {
                format!("[documented]({})", rule.source)
            };
            let policy = rule.policy.unwrap_or("–");
            let (anchor, weight) = (rule.anchor(), rule.severity.as_str());
            let name = format!("<a id=\"{anchor}\"></a>{id}");
            writeln!(page, "| {name} | {weight} | {title} | {fix} | {policy} | {source} |")?;
        }
    }
    Ok(())
}

/// Text that stays in its cell. What stands between backticks is shown as it is.
fn cell(text: &str) -> String {
    let outside = |text: &str| text.replace('<', "&lt;").replace('_', "\\_").replace('*', "\\*");
    let part = |(nth, part): (usize, &str)| match nth % 2 {
        0 => outside(part),
        _ => format!("`{part}`"),
    };
    text.replace('|', "\\|").split('`').enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_stands_on_the_page_once_with_an_anchor() {
        let page = html();
        let anchors: Vec<&str> =
            page.split("id=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
        let unique: BTreeSet<&str> = anchors.iter().copied().collect();
        assert_eq!(anchors.len(), RULES.len());
        assert_eq!(unique.len(), RULES.len());
        for rule in RULES {
            assert!(unique.contains(rule.anchor().as_str()), "{}", rule.id);
            assert_eq!(rule.path(), format!("/policies/certification#{}", rule.anchor()));
        }
        assert!(page.contains(&format!("Version {VERSION}, {PUBLISHED}.")));
    }

    #[test]
    fn texts_are_shown_as_they_are_and_never_as_markup() {
        let page = html();
        let markup = rules_markup();
        assert!(page.contains(&markup), "{markup}");
        let names = [
            "html", "head", "meta", "title", "body", "main", "h1", "h2", "h3", "p", "a", "section",
        ];
        for tag in page.split('<').skip(1) {
            let name = tag.trim_start_matches(['/', '!']).split([' ', '>']).next().unwrap();
            assert!(names.contains(&name) || name == "doctype", "{name}");
        }
        assert_eq!(cell("a|b `c_d` e_f <g>"), "a\\|b `c_d` e\\_f &lt;g>");
    }

    /// What the page says of the rule that speaks of markup itself.
    fn rules_markup() -> String {
        let fix = RULES.iter().find(|it| it.id == "LST-007").unwrap().fix;
        assert!(fix.contains("`&lt;`"));
        fix.replace('&', "&amp;")
    }

    #[test]
    fn sources_are_pages_or_fyr_and_sections_of_the_policies_are_those_that_there_are() {
        for rule in RULES {
            assert!(rule.source.starts_with("https://") || rule.is_ours(), "{}", rule.id);
            let known = |it: &str| it.starts_with("700.") || it.starts_with("100.");
            assert!(rule.policy.is_none_or(known), "{}", rule.id);
            assert!(rule.title.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.id);
        }
    }

    #[test]
    fn the_documentation_tells_the_same_rules() {
        let written = include_str!("../../../../docs/certification-rules.md");
        let made = markdown();
        let unlike = written.lines().zip(made.lines()).find(|(is, should)| is != should);
        let advice = "run `cargo run -p market --example certification_rules`";
        assert_eq!(unlike, None, "{advice}");
        assert!(written == made, "the page has lost its end: {advice}");
    }
}
