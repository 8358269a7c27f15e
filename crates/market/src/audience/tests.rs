use ids::guid::SubscriptionId;
use proptest::{collection, prelude::*};
use uuid::Uuid;

use super::*;

const A: &str = "67ef7a5d-21e3-53db-8b29-fbf15137a2bb";
const B: &str = "1f652fea-d815-54bb-80d4-f197315e7da0";

fn entry(id: &str, description: &str) -> AudienceEntry {
    AudienceEntry { subscription: id.parse().unwrap(), description: description.to_owned() }
}

fn list(rows: &str) -> Vec<u8> {
    format!("Id,Description,Type\n{rows}").into_bytes()
}

#[track_caller]
fn takes(list: &[u8], expected: &[AudienceEntry]) {
    assert_eq!(read(list, PREVIEW_MAX).as_deref(), Ok(expected));
}

#[track_caller]
fn refuses(list: &[u8], expected: &[&str]) {
    let faults = read(list, PREVIEW_MAX).unwrap_err();
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told, expected);
}

#[test]
fn a_list_is_read_however_a_spreadsheet_wrote_it() {
    let both = [entry(A, "own, test"), entry(B, "")];
    takes(&list(&format!("{A},\"own, test\",SubscriptionId\n{B},,subscriptionid\n")), &both);
    let windows = format!(
        "\u{FEFF}id,DESCRIPTION,Type\r\n\r\n{A},\"own, test\",SubscriptionId\r\n{B}, ,SubscriptionId"
    );
    takes(windows.as_bytes(), &both);
    let upper = A.to_uppercase();
    takes(
        &list(&format!("\"{upper}\",\" say \"\"x\"\" \", SubscriptionId \n,,\n")),
        &[entry(A, "say \"x\"")],
    );
    takes(&list(""), &[]);
    takes(&list(&format!("{A},'=1+1,SubscriptionId")), &[entry(A, "=1+1")]);
}

#[test]
fn every_bad_row_is_named_by_its_line_and_column() {
    let rows = format!(
        "{A},a,SubscriptionId\n\nnone,b,SubscriptionId\n{B},c,TenantId\n{A},d,SubscriptionId\n{B},e\n{B},f,SubscriptionId,g\n"
    );
    refuses(
        &list(&rows),
        &[
            "line 4, column Id: `none` is no subscription's id",
            "line 5, column Type: `TenantId` is not `SubscriptionId`, which alone is known",
            "line 6, column Id: the same subscription stands on line 2",
            "line 7: it has 2 cells instead of 3",
            "line 8: it has 4 cells instead of 3",
        ],
    );
    let unseen = "line 2, column Description: it goes over the end of the line, or holds what cannot be seen";
    for description in ["\"a\nb\"", "a\u{202E}b", "a\0b"] {
        refuses(&list(&format!("{A},{description},SubscriptionId")), &[unseen]);
    }
    let twice = format!("x,{},y", "d".repeat(201));
    refuses(
        &list(&twice),
        &[
            "line 2, column Id: `x` is no subscription's id",
            "line 2, column Description: it has 201 characters, and at most 200 are kept",
            "line 2, column Type: `y` is not `SubscriptionId`, which alone is known",
        ],
    );
}

#[test]
fn lines_are_counted_by_every_way_to_end_one() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["Id,Description,Type", "", "x,\"a", "b\",SubscriptionId", "y,,SubscriptionId"]
            .join(end);
        let faults = read(text.as_bytes(), PREVIEW_MAX).unwrap_err();
        let lines: Vec<u64> = faults.iter().map(|it| it.line).collect();
        assert_eq!(lines, [3, 3, 5], "{end:?}: the second row holds the end of a line");
    }
}

#[test]
fn a_quote_that_nobody_closes_is_found_where_it_begins() {
    let rows = format!("{A},\"open,SubscriptionId\n{B},,SubscriptionId\n");
    refuses(&list(&rows), &["line 2: it has 2 cells instead of 3"]);
}

#[test]
fn what_is_no_list_is_refused_whole() {
    let header = "line 1: the first row must be `Id,Description,Type`";
    refuses(b"", &[header]);
    refuses(b"Id,Type\n", &[header]);
    refuses(format!("{A},a,SubscriptionId").as_bytes(), &[header]);
    refuses(b"PK\x03\x04\0\0", &[header]);
    refuses(b"\xFF\xFEI\0d\0", &["line 1: it is no text in UTF-8"]);
    refuses(&list("\u{1}")[..], &["line 2: it has 1 cells instead of 3"]);
    let latin = [list(&format!("{A},")), b"\xE9,SubscriptionId".to_vec()].concat();
    refuses(&latin, &["line 2, column Description: it is no text in UTF-8"]);
    let long = vec![b'a'; BYTES_MAX + 1];
    refuses(&long, &["line 1: the list has 4194305 bytes, and more than 4194304 are not read"]);
}

fn many(count: u128) -> Vec<AudienceEntry> {
    let id = |n| SubscriptionId::new(Uuid::from_u128(n));
    (0..count).map(|n| AudienceEntry { subscription: id(n), description: String::new() }).collect()
}

#[test]
fn how_many_there_may_be_is_for_the_caller_to_say() {
    assert_eq!(read(write(&many(10_000)).as_bytes(), PRIVATE_MAX).map(|it| it.len()), Ok(10_000));
    let one_more = read(write(&many(10_001)).as_bytes(), PRIVATE_MAX).unwrap_err();
    assert_eq!(one_more.len(), 1);
    assert_eq!(one_more[0].to_string(), "line 10002: it is one too many: there may be 10000");
    assert_eq!(read(write(&many(101)).as_bytes(), PREVIEW_MAX).unwrap_err()[0].line, 102);
}

#[test]
fn a_list_of_nothing_but_faults_ends() {
    let faults = read(&list(&"x,,x\n".repeat(100_000)), PREVIEW_MAX).unwrap_err();
    assert_eq!(faults.len(), FAULTS_MAX);
}

#[test]
fn the_template_is_the_list_of_nobody_and_descriptions_are_defused() {
    assert_eq!(write(&[]), "Id,Description,Type\r\n");
    let written = write(&[entry(A, "=HYPERLINK(1)")]);
    assert_eq!(written, format!("Id,Description,Type\r\n{A},'=HYPERLINK(1),SubscriptionId\r\n"));
}

proptest! {
    #[test]
    fn a_list_that_was_exported_is_the_same_when_it_comes_back(
        descriptions in collection::vec("([-=+@'\", a-z]{0,6}[a-z])?", 0..6),
    ) {
        let entries: Vec<AudienceEntry> = many(6)
            .into_iter()
            .zip(&descriptions)
            .map(|(it, text)| AudienceEntry { description: text.trim().to_owned(), ..it })
            .collect();
        prop_assert_eq!(read(write(&entries).as_bytes(), PREVIEW_MAX), Ok(entries));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>(), text in "[-\",\r\n aId]{0,60}") {
        let _read = read(&bytes, PREVIEW_MAX);
        let _read = read(&[list(&text), bytes].concat(), PREVIEW_MAX);
    }
}
