//! How a page of a form is declared: texts with what they are called and where the rules look for
//! them. From that, it is read out of what a browser sent, and shown with what the rules say of it.

use market::{
    html::Html,
    lint::{Finding, rules::Severity},
};

use crate::fields::Fields;

/// How many empty rows stand below those that are filled in.
const SPARE_ROWS: usize = 2;
/// More rows than any list of ours takes.
const ROWS_MAX: usize = 600;

/// What a text is typed into.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// One line; the type that browsers know.
    Line(&'static str),
    /// Several lines.
    Text,
    /// One of these: what is sent, and what is read.
    One(&'static [(&'static str, &'static str)]),
    /// Any of these, each on a line of the text.
    Many(fn() -> Vec<(String, String)>),
    /// A line, of which the list of that id makes suggestions.
    Suggested(&'static str),
}

/// One text of a page, in whatever holds the page's texts.
pub(crate) struct Text<T> {
    pub(crate) name: &'static str,
    /// Where the rules see it, below the place of what holds it; several are set apart by `|`.
    pub(crate) at: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) kind: Kind,
    pub(crate) of: fn(&mut T) -> &mut String,
}

/// One text as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) input: Input,
    pub(crate) value: String,
    /// What the rules say of it.
    pub(crate) said: Vec<Said>,
    /// How readers see what is typed, where that is something else.
    pub(crate) shown: Option<Shown>,
    at: Vec<String>,
}

/// How a text looks where readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Written from what the whitelist read, and from nothing else.
    Html(Html),
    /// Nothing, and why.
    Nothing(&'static str),
}

/// What a field is typed into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Line(&'static str),
    Text,
    One(Vec<Choice>),
    Many(Vec<Choice>),
    Suggested(&'static str),
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// What a rule says, beside the field that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) rule: &'static str,
    /// How it is drawn, and the word for it.
    pub(crate) weight: (&'static str, &'static str),
    pub(crate) words: String,
    pub(crate) fix: &'static str,
    /// Which field, for what stands beside none.
    pub(crate) field: String,
}

/// Fields that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) heading: &'static str,
    pub(crate) says: &'static str,
    pub(crate) fields: Vec<Field>,
    /// What a row is called: *Link*.
    pub(crate) row: &'static str,
    pub(crate) rows: Vec<Vec<Field>>,
    /// From which field of a row on the others are folded away, and below which words.
    pub(crate) folds: Option<(usize, &'static str)>,
}

impl Said {
    pub(crate) fn of(it: &Finding) -> Self {
        let weight = match it.rule.severity {
            Severity::Error => ("bad", "Error"),
            Severity::Warning => ("wait", "Warning"),
            Severity::Note => ("", "Note"),
        };
        let (rule, fix) = (it.rule.id, it.rule.fix);
        Self { rule, weight, words: it.reason.clone(), fix, field: it.field.clone() }
    }

    /// That there is nothing against it, in those words.
    pub(crate) fn good(word: &'static str, words: impl Into<String>) -> Self {
        let (rule, fix, field) = ("", "", String::new());
        Self { rule, weight: ("good", word), words: words.into(), fix, field }
    }

    pub(crate) fn is_error(&self) -> bool {
        self.weight.0 == "bad"
    }
}

impl Block {
    /// The fields of a row that are always shown.
    pub(crate) fn plain<'a>(&self, row: &'a [Field]) -> &'a [Field] {
        let count = self.folds.map_or(row.len(), |(from, _)| from.min(row.len()));
        row.get(..count).unwrap_or(row)
    }

    /// Those that are folded away; unfolded, where there is something in them.
    pub(crate) fn folded<'a>(&self, row: &'a [Field]) -> &'a [Field] {
        row.get(self.plain(row).len()..).unwrap_or_default()
    }
}

/// Whether something was typed, or is wrong, in any of the fields.
pub(crate) fn is_used(fields: &[Field]) -> bool {
    let is_plain = |it: &Field| matches!(it.input, Input::One(_)) || it.value.is_empty();
    fields.iter().any(|it| !is_plain(it) || !it.said.is_empty())
}

impl Field {
    /// What the field is found by on the page.
    pub(crate) fn id(&self) -> String {
        self.name.replace('.', "-")
    }

    pub(crate) fn is_wrong(&self) -> bool {
        self.said.iter().any(Said::is_error)
    }
}

impl<T> Text<T> {
    fn show(&self, it: &mut T, prefix: &str, at: &str) -> Field {
        let value = (self.of)(it).clone();
        let choice =
            |(sent, label): (String, String), is_chosen| Choice { value: sent, label, is_chosen };
        let input = match self.kind {
            Kind::Line(kind) => Input::Line(kind),
            Kind::Text => Input::Text,
            Kind::Suggested(list) => Input::Suggested(list),
            Kind::One(all) => {
                let all = all.iter().map(|(sent, label)| {
                    choice(((*sent).to_owned(), (*label).to_owned()), *sent == value)
                });
                Input::One(all.collect())
            }
            Kind::Many(all) => {
                let is_chosen = |sent: &str| value.lines().any(|it| it == sent);
                let all = all().into_iter().map(|it| {
                    let is_chosen = is_chosen(&it.0);
                    choice(it, is_chosen)
                });
                Input::Many(all.collect())
            }
        };
        Field {
            name: format!("{prefix}{}", self.name),
            label: self.label,
            hint: self.hint,
            input,
            value,
            said: Vec::new(),
            shown: None,
            at: self.at.split('|').map(|it| place(at, it)).collect(),
        }
    }

    fn take(&self, it: &mut T, prefix: &str, sent: &Fields) {
        let name = format!("{prefix}{}", self.name);
        let lines: Vec<&str> = sent.all(&name).collect();
        let text = (self.of)(it);
        match (self.kind, lines.as_slice()) {
            (Kind::Many(_), chosen) => *text = chosen.join("\n"),
            (Kind::Text, [first, ..]) => *text = first.replace("\r\n", "\n"),
            (Kind::Line(_) | Kind::One(_) | Kind::Suggested(_), [first, ..]) => {
                first.trim().clone_into(text);
            }
            (_, []) => {}
        }
    }

    /// Whether somebody types into it, so that what is left empty says that nothing is there.
    fn is_typed(&self) -> bool {
        match self.kind {
            Kind::Line(_) | Kind::Text | Kind::Suggested(_) => true,
            Kind::One(_) | Kind::Many(_) => false,
        }
    }
}

/// Where a text is in what holds it; nowhere within, where it stands for the whole.
fn place(of: &str, at: &str) -> String {
    if at.is_empty() { of.trim_end_matches('.').to_owned() } else { format!("{of}{at}") }
}

/// The fields of texts that stand at that place. Names begin with the prefix.
pub(crate) fn fields<T>(texts: &[Text<T>], it: &mut T, prefix: &str, at: &str) -> Vec<Field> {
    texts.iter().map(|text| text.show(it, prefix, at)).collect()
}

/// Takes what was sent; what was not sent at all stays.
pub(crate) fn take<T>(texts: &[Text<T>], it: &mut T, prefix: &str, sent: &Fields) {
    for text in texts {
        text.take(it, prefix, sent);
    }
}

/// The rows of a list, and some more to fill in. Each stands at `{list}[{nth}]`.
pub(crate) fn rows<T: Default>(
    texts: &[Text<T>],
    all: &mut [T],
    (name, list): (&str, &str),
) -> Vec<Vec<Field>> {
    let count = all.len();
    let row = |nth: usize, it: &mut T| {
        fields(texts, it, &format!("{name}.{nth}."), &format!("{list}[{nth}]."))
    };
    let mut rows: Vec<_> = all.iter_mut().enumerate().map(|(nth, it)| row(nth, it)).collect();
    rows.extend((count..count.saturating_add(SPARE_ROWS)).map(|nth| row(nth, &mut T::default())));
    rows
}

/// The rows that were sent and are not empty.
pub(crate) fn take_rows<T: Default>(texts: &[Text<T>], name: &str, sent: &Fields) -> Vec<T> {
    let Some(first) = texts.first() else { return Vec::new() };
    let is_sent = |nth: &usize| sent.all(&format!("{name}.{nth}.{}", first.name)).next().is_some();
    let row = |nth: usize| {
        let mut it = T::default();
        take(texts, &mut it, &format!("{name}.{nth}."), sent);
        let mut typed = texts.iter().filter(|text| text.is_typed());
        let is_empty = typed.all(|text| (text.of)(&mut it).trim().is_empty());
        (!is_empty).then_some(it)
    };
    (0..ROWS_MAX).take_while(is_sent).filter_map(row).collect()
}

/// Puts each finding beside the field that it is about, and answers those that are about none.
pub(crate) fn tell(blocks: &mut [Block], findings: &[Finding]) -> Vec<Said> {
    let mut rest = Vec::new();
    for finding in findings {
        let said = Said::of(finding);
        let fields = blocks
            .iter_mut()
            .flat_map(|block| block.fields.iter_mut().chain(block.rows.iter_mut().flatten()));
        let fits = fields.filter_map(|field| {
            let fit = field.at.iter().filter(|at| is_at(&finding.field, at)).map(String::len);
            Some((fit.max()?, field))
        });
        match fits.max_by_key(|(fit, _)| *fit) {
            Some((_, field)) => field.said.push(said),
            None => rest.push(said),
        }
    }
    rest
}

/// Puts what somebody else than the rules objects to beside the field of that place.
pub(crate) fn beside(blocks: &mut [Block], place: &str, words: &str) {
    let fields = blocks.iter_mut().flat_map(|block| block.fields.iter_mut());
    for field in fields.filter(|field| field.at.iter().any(|at| at == place)) {
        let (rule, fix, weight) = ("", "", ("bad", "Error"));
        let (words, place) = (words.to_owned(), place.to_owned());
        field.said.push(Said { rule, weight, words, fix, field: place });
    }
}

/// Whether a place is that one, or within it.
fn is_at(field: &str, at: &str) -> bool {
    field.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use market::lint::rules;

    use super::*;

    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    struct Link {
        name: String,
        url: String,
    }

    const LINK: [Text<Link>; 2] = [
        Text {
            name: "name",
            at: "name",
            label: "Name",
            hint: "",
            kind: Kind::Line("text"),
            of: |it| &mut it.name,
        },
        Text {
            name: "url",
            at: "url",
            label: "Address",
            hint: "",
            kind: Kind::Line("url"),
            of: |it| &mut it.url,
        },
    ];

    fn link(name: &str, url: &str) -> Link {
        Link { name: name.to_owned(), url: url.to_owned() }
    }

    #[test]
    fn rows_come_back_as_they_were_shown_without_the_empty_ones() {
        let mut all = [link("a", "https://a"), link("b", "https://b")];
        let shown = rows(&LINK, &mut all, ("links", "listing.links"));
        assert_eq!(shown.len(), 4);
        let sent = "links.0.name=a&links.0.url=&links.1.name=&links.1.url=+&links.2.name=c&links.2.url=d&links.4.name=x";
        let sent = Fields::parse(sent.as_bytes()).unwrap();
        assert_eq!(take_rows(&LINK, "links", &sent), [link("a", ""), link("c", "d")]);
    }

    #[test]
    fn a_finding_stands_beside_the_closest_field_or_beside_none() {
        let rows = rows(&LINK, &mut [link("a", "b")], ("links", "links"));
        let mut blocks = [Block { rows, ..Block::default() }];
        let at = |field: &str| Finding {
            rule: &rules::LINK,
            field: field.to_owned(),
            reason: field.to_owned(),
        };
        let all = [at("links[0].url"), at("links[0].url.more"), at("links[0].urls"), at("links")];
        let rest = tell(&mut blocks, &all);
        let said = |it: &[Said]| it.iter().map(|it| it.words.clone()).collect::<Vec<_>>();
        assert_eq!(said(&rest), ["links[0].urls", "links"]);
        assert_eq!(said(&blocks[0].rows[0][1].said), ["links[0].url", "links[0].url.more"]);
    }
}
