use std::iter;

use super::*;

/// Every word over `alphabet` of at most `longest` letters.
fn words(alphabet: &str, longest: usize) -> Vec<String> {
    let longer = |words: &Vec<String>| {
        Some(words.iter().flat_map(|w| alphabet.chars().map(move |c| format!("{w}{c}"))).collect())
    };
    iter::successors(Some(vec![String::new()]), longer).take(longest + 1).flatten().collect()
}

#[test]
fn tuples_sort_as_their_parts_do() {
    let words = words("\0\u{1}aB", 2);
    let pairs: Vec<_> = words.iter().flat_map(|a| words.iter().map(move |b| (a, b))).collect();
    let tuple = |(a, b): (&String, &String)| Tuple::new().text(a).text(b);
    let folded = |(a, b): (&String, &String)| (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    for &one in &pairs {
        for &other in &pairs {
            let expected = folded(one).cmp(&folded(other));
            assert_eq!(tuple(one).cmp(&tuple(other)), expected, "{one:?} {other:?}");
        }
    }
}

#[test]
fn a_range_holds_what_begins_with_its_parts_and_nothing_else() {
    let words = words("\0aB", 2);
    for first in &words {
        let under = Range::under("i", Tuple::new().text(first));
        let beyond = Range::beyond("i", Tuple::new().text(first));
        for a in &words {
            let same = a.eq_ignore_ascii_case(first);
            let (one, two) = (Tuple::new().text(a), Tuple::new().text(a).text("x"));
            assert_eq!((under.holds(&one), under.holds(&two)), (same, same), "{first:?} {a:?}");
            assert_eq!((beyond.holds(&one), beyond.holds(&two)), (false, same), "{first:?} {a:?}");
        }
    }
}

#[test]
fn a_path_is_a_beginning_by_segment_only() {
    let range = Range::under("i", Tuple::new().path("/subscriptions/x/resourceGroups/rg1"));
    let holds = |path: &str| range.holds(&Tuple::new().path(path));
    assert!(holds("/subscriptions/X/resourcegroups/RG1/providers/n/t/a"));
    assert!(!holds("/subscriptions/x/resourceGroups/rg10/providers/n/t/a"));
}

#[test]
fn times_sort_both_ways() {
    let [early, late] = [-5, 5].map(|s| Timestamp::from_second(s).unwrap());
    assert!(Tuple::new().time(early) < Tuple::new().time(late));
    assert!(Tuple::new().latest_first(late) < Tuple::new().latest_first(early));
}

#[test]
fn a_cursor_survives_being_text() {
    let cursor = Cursor { tuple: Tuple::new().text("ä.b").text(""), key: Key::exact("k", "x.y") };
    assert_eq!(cursor.to_string().parse(), Ok(cursor));
    for bad in ["", "0.k", "0g.k", "00"] {
        assert_eq!(bad.parse::<Cursor>(), Err(BadCursor), "{bad:?}");
    }
}
