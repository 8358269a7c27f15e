//! Who sees what not everybody sees: subscriptions, typed one by one or read from a list.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use csv::{ByteRecord, ReaderBuilder, Trim};
use ids::guid::SubscriptionId;
use model::market::form::AudienceEntry;

use crate::{html, sheet};

/// How many subscriptions one types by hand, of either kind of audience
/// (<https://learn.microsoft.com/partner-center/marketplace-offers/create-managed-service-offer-preview>).
pub const TYPED_MAX: usize = 10;
/// How many see a preview.
pub const PREVIEW_MAX: usize = 100;
/// How many the private plans of one offer are for, together. The documents also say 20,000.
pub const PRIVATE_MAX: usize = 10_000;
/// How long a list may be: so many rows with a description of that length, and room besides.
pub const BYTES_MAX: usize = 4 << 20;
/// How long what is said of a subscription may be. The documents name no bound.
pub const DESCRIPTION_CHARS_MAX: usize = 200;
/// How many faults of one list are told.
pub const FAULTS_MAX: usize = 50;

/// The longest piece of a cell that a fault repeats.
const QUOTED_CHARS_MAX: usize = 40;
/// The one kind of member that there is.
const TYPE: &str = "SubscriptionId";

/// A column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Id,
    Description,
    Type,
}

/// The columns, in the order in which they stand.
const COLUMNS: [Column; 3] = [Column::Id, Column::Description, Column::Type];

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Id => "Id",
            Self::Description => "Description",
            Self::Type => "Type",
        }
    }
}

/// Something in a list that keeps it from being taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// None where the row as a whole is wrong.
    pub column: Option<Column>,
    pub problem: Problem,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, problem } = self;
        match column {
            Some(column) => write!(f, "line {line}, column {}: {problem}", column.name()),
            None => write!(f, "line {line}: {problem}"),
        }
    }
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("the list has {0} bytes, and more than {BYTES_MAX} are not read")]
    TooManyBytes(usize),
    #[error("it is no text in UTF-8")]
    Encoding,
    #[error("the first row must be `Id,Description,Type`")]
    Header,
    #[error("it has {0} cells instead of 3")]
    Cells(usize),
    #[error("`{0}` is no subscription's id")]
    Id(String),
    #[error("the same subscription stands on line {0}")]
    Duplicate(u64),
    #[error("`{0}` is not `{TYPE}`, which alone is known")]
    Type(String),
    #[error("it has {0} characters, and at most {DESCRIPTION_CHARS_MAX} are kept")]
    TooLong(usize),
    #[error("it goes over the end of the line, or holds what cannot be seen")]
    Unseen,
    #[error("it is one too many: there may be {0}")]
    TooMany(usize),
}

/// Reads a list, which replaces the audience: all of it, or all that is wrong with it, up to
/// [`FAULTS_MAX`] faults.
pub fn read(list: &[u8], entries_max: usize) -> Result<Vec<AudienceEntry>, Vec<Fault>> {
    let whole = |problem| vec![Fault { line: 1, column: None, problem }];
    if list.len() > BYTES_MAX {
        return Err(whole(Problem::TooManyBytes(list.len())));
    }
    if list.starts_with(b"\xFF\xFE") || list.starts_with(b"\xFE\xFF") {
        return Err(whole(Problem::Encoding));
    }
    let mut rows = Rows::of(list.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(list));
    if !rows.next().is_some_and(|(_, header)| is_header(&header)) {
        return Err(whole(Problem::Header));
    }
    let mut reader = Reader { entries_max, ..Reader::default() };
    for (line, row) in rows {
        reader.row(line, &row);
        if reader.is_over {
            break;
        }
    }
    reader.faults.truncate(FAULTS_MAX);
    if reader.faults.is_empty() { Ok(reader.entries) } else { Err(reader.faults) }
}

/// The list to fill in and bring back: that of nobody is the template.
pub fn write(entries: &[AudienceEntry]) -> String {
    let header = COLUMNS.map(|it| Cow::Borrowed(it.name())).to_vec();
    // Only a description can be armed: ids and types are ours.
    sheet::write([header].into_iter().chain(entries.iter().map(row)))
}

fn row(it: &AudienceEntry) -> Vec<Cow<'_, str>> {
    vec![it.subscription.to_string().into(), it.description.as_str().into(), TYPE.into()]
}

fn is_header(row: &ByteRecord) -> bool {
    let names = COLUMNS.map(|it| it.name().as_bytes());
    row.len() == names.len()
        && row.iter().zip(names).all(|(cell, name)| cell.eq_ignore_ascii_case(name))
}

/// The rows that hold something, each with the line on which it begins.
struct Rows<'a> {
    text: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    /// Up to where lines were counted, and how many begin up to there.
    counted: usize,
    line: u64,
}

impl<'a> Rows<'a> {
    fn of(text: &'a [u8]) -> Self {
        let mut builder = ReaderBuilder::new();
        let reader = builder.has_headers(false).flexible(true).trim(Trim::All).from_reader(text);
        Self { text, reader, counted: 0, line: 1 }
    }

    /// The line of the first byte from here on that ends no line: the reader passes over empty ones.
    fn line_of_row(&mut self, from: usize) -> u64 {
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let rest = self.text.get(from..).unwrap_or_default();
        let start = from + rest.iter().take_while(|byte| is_end(byte)).count();
        let passed = self.text.get(self.counted..start).unwrap_or_default();
        let after = passed.iter().copied().skip(1).map(Some).chain([None]);
        let ends = passed.iter().zip(after).filter(|(byte, next)| match byte {
            b'\n' => true,
            b'\r' => *next != Some(b'\n'),
            _ => false,
        });
        self.line += u64::try_from(ends.count()).unwrap_or(u64::MAX);
        self.counted = start;
        self.line
    }
}

impl Iterator for Rows<'_> {
    type Item = (u64, ByteRecord);

    fn next(&mut self) -> Option<Self::Item> {
        let mut row = ByteRecord::new();
        loop {
            // Bytes in memory are always there, and rows may be of any length: no error is met.
            if !self.reader.read_byte_record(&mut row).is_ok_and(|is_row| is_row) {
                return None;
            }
            let from = row.position().map_or(0, csv::Position::byte);
            let line = self.line_of_row(usize::try_from(from).unwrap_or(usize::MAX));
            if row.iter().any(|cell| !cell.is_empty()) {
                return Some((line, row));
            }
        }
    }
}

#[derive(Default)]
struct Reader {
    entries_max: usize,
    entries: Vec<AudienceEntry>,
    /// On which line each subscription came first.
    lines: BTreeMap<SubscriptionId, u64>,
    faults: Vec<Fault>,
    is_over: bool,
}

impl Reader {
    fn fault(&mut self, line: u64, column: Option<Column>, problem: Problem) {
        self.faults.push(Fault { line, column, problem });
        self.is_over |= self.faults.len() >= FAULTS_MAX;
    }

    fn row(&mut self, line: u64, row: &ByteRecord) {
        let mut cells = row.iter();
        let (Some(id), Some(description), Some(kind), None) =
            (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            return self.fault(line, None, Problem::Cells(row.len()));
        };
        let before = self.faults.len();
        let subscription = self.cell(line, Column::Id, id, subscription);
        let description = self.cell(line, Column::Description, description, description_of);
        self.cell(line, Column::Type, kind, is_known_type);
        let Some((subscription, description)) = subscription.zip(description) else { return };
        match self.lines.entry(subscription) {
            Entry::Occupied(first) => {
                let problem = Problem::Duplicate(*first.get());
                return self.fault(line, Some(Column::Id), problem);
            }
            Entry::Vacant(free) => free.insert(line),
        };
        if self.faults.len() > before {
            return;
        }
        if self.entries.len() >= self.entries_max {
            self.fault(line, None, Problem::TooMany(self.entries_max));
            self.is_over = true;
            return;
        }
        self.entries.push(AudienceEntry { subscription, description });
    }

    fn cell<T>(
        &mut self,
        line: u64,
        column: Column,
        bytes: &[u8],
        read: impl Fn(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        let text = str::from_utf8(bytes).map_err(|_| Problem::Encoding);
        match text.and_then(|text| read(sheet::as_meant(text).trim())) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.fault(line, Some(column), problem);
                None
            }
        }
    }
}

fn subscription(text: &str) -> Result<SubscriptionId, Problem> {
    text.parse().map_err(|_| Problem::Id(quoted(text)))
}

/// What is said of a subscription, if that can be kept.
pub fn description_of(text: &str) -> Result<String, Problem> {
    let length = text.chars().count();
    if length > DESCRIPTION_CHARS_MAX {
        return Err(Problem::TooLong(length));
    }
    if text.chars().any(|it| it.is_control() || !html::is_seen(it)) {
        return Err(Problem::Unseen);
    }
    Ok(text.to_owned())
}

fn is_known_type(text: &str) -> Result<(), Problem> {
    if text.eq_ignore_ascii_case(TYPE) { Ok(()) } else { Err(Problem::Type(quoted(text))) }
}

/// A piece of a cell that is short and stays on its line.
fn quoted(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(QUOTED_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
