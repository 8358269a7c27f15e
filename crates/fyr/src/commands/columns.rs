//! Rows as people read them: in columns as wide as they must be.

/// The rows below their heading. What stands in no column ends its line.
pub(super) fn table<const N: usize>(
    heading: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let rows: Vec<[String; N]> = std::iter::once(heading.map(str::to_owned)).chain(rows).collect();
    let chars = |column: usize| {
        rows.iter().filter_map(move |row| row.get(column)).map(|it| it.chars().count())
    };
    let widths: Vec<usize> = (0..N).map(|column| chars(column).max().unwrap_or_default()).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line: Vec<String> = cells.collect();
        format!("{}\n", line.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
