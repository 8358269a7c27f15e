//! Tables as comma-separated text, which people open in a spreadsheet.
//!
//! A spreadsheet takes some cells for formulas, and whoever chose a name in a table may have chosen
//! it for that: such a cell is written with an apostrophe before it, which makes it text
//! (<https://owasp.org/www-community/attacks/CSV_Injection>).

use std::borrow::Cow;

/// How a cell begins that is taken for a formula, or for the beginning of another cell.
const ARMED: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '＠'];
const APOSTROPHE: char = '\'';

/// Rows of cells as text (RFC 4180). Each cell is defused.
pub fn write<'a>(rows: impl IntoIterator<Item = Vec<Cow<'a, str>>>) -> String {
    let mut text = String::new();
    for row in rows {
        // A line without a character is no row to a reader.
        let is_bare = row.iter().all(|it| it.is_empty()) && row.len() == 1;
        let cells: Vec<Cow<'_, str>> = row.iter().map(|it| quoted(defused(it), is_bare)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell that no spreadsheet computes.
pub fn defused(cell: &str) -> Cow<'_, str> {
    if is_armed(cell) { Cow::Owned(format!("{APOSTROPHE}{cell}")) } else { Cow::Borrowed(cell) }
}

/// What the cell was before it was [`defused`].
pub fn as_meant(cell: &str) -> &str {
    cell.strip_prefix(APOSTROPHE).filter(|rest| is_armed(rest)).unwrap_or(cell)
}

/// A cell that was defused counts, too: else it could not be told from one that had to be.
fn is_armed(cell: &str) -> bool {
    cell.trim_start_matches(APOSTROPHE).starts_with(ARMED)
}

fn quoted(cell: Cow<'_, str>, is_bare: bool) -> Cow<'_, str> {
    let is_spaced = cell.starts_with(' ') || cell.ends_with(' ');
    if is_bare || is_spaced || cell.contains([',', '"', '\r', '\n']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use csv::ReaderBuilder;
    use proptest::{collection, prelude::*};

    use super::*;

    fn table(rows: &[&[&str]]) -> String {
        write(rows.iter().map(|row| row.iter().map(|cell| Cow::Borrowed(*cell)).collect()))
    }

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
        assert_eq!(table(&[&["a", "b c"], &["d", ""]]), "a,b c\r\nd,\r\n");
        assert_eq!(table(&[&["a,b", "\"c\"", " d"]]), "\"a,b\",\"\"\"c\"\"\",\" d\"\r\n");
        assert_eq!(table(&[&["a\nb"]]), "\"a\nb\"\r\n");
        assert_eq!(table(&[&[""]]), "\"\"\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_made_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"] {
            assert_eq!(defused(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(as_meant(&defused(cell)), cell);
        }
        for cell in ["", "1", "a=b", "'s Gravenhage", "'", " =1"] {
            assert_eq!(defused(cell), cell, "{cell:?}");
            assert_eq!(as_meant(cell), cell);
        }
        assert_eq!(table(&[&["=HYPERLINK(\"x\",1)"]]), "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_and_nothing_in_it_is_armed(
            rows in collection::vec(collection::vec("[-=+@'\", \t\r\na-c]{0,6}", 3), 0..4),
        ) {
            let text = write(rows.iter().map(|row| row.iter().map(Cow::from).collect()));
            let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read: Vec<Vec<String>> = reader
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            prop_assert!(read.iter().flatten().all(|cell| !cell.starts_with(ARMED)));
            let meant = |row: &Vec<String>| -> Vec<String> {
                row.iter().map(|cell| as_meant(cell).to_owned()).collect()
            };
            prop_assert_eq!(read.iter().map(meant).collect::<Vec<_>>(), rows);
        }
    }
}
