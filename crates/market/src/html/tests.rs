use proptest::{collection, prelude::*, sample};

use super::*;

#[track_caller]
fn shows(text: &str, expected: &str) {
    let read = parse(text).map(|it| it.to_string());
    assert_eq!(read.as_deref(), Ok(expected), "{text:?}");
}

#[track_caller]
fn refuses(text: &str, expected: &[(usize, Problem)]) {
    let faults: Vec<Fault> =
        expected.iter().map(|(at, problem)| Fault { at: *at, problem: problem.clone() }).collect();
    assert_eq!(parse(text), Err(faults), "{text:?}");
}

fn forbidden(name: &str) -> Problem {
    Problem::Forbidden(name.to_owned())
}

fn unknown(reference: &str) -> Problem {
    Problem::Reference(reference.to_owned())
}

#[test]
fn what_is_allowed_is_shown_as_it_was_meant() {
    shows("", "");
    shows("plain words", "plain words");
    shows(
        "<p>a <b>b</b> <i>c</i> <em>d</em><br>e</p>",
        "<p>a <b>b</b> <i>c</i> <em>d</em><br>e</p>",
    );
    shows("<ul><li>a</li></ul><ol><li>b</li></ol>", "<ul><li>a</li></ul><ol><li>b</li></ol>");
    for n in 1..=6 {
        let heading = format!("<h{n}>a</h{n}>");
        shows(&heading, &heading);
    }
    shows("<B>a</b ><BR/><br /><Br\n>", "<b>a</b><br><br><br>");
    shows("a\r\nb\rc\td", "a\nb\nc\td");
    shows("5 > 4 \"so\" 'so'", "5 &gt; 4 &quot;so&quot; &#39;so&#39;");
}

#[test]
fn references_are_decoded_once_or_refused() {
    shows("&lt;b&gt; &amp;amp; &quot;&apos;", "&lt;b&gt; &amp;amp; &quot;&#39;");
    shows("&#60;script&#x3E; &#x1F600; &nbsp;&copy;", "&lt;script&gt; \u{1F600} \u{A0}©");
    shows("Backup & restore &, &", "Backup &amp; restore &amp;, &amp;");
    refuses("a &bogus; b", &[(2, unknown("&bogus;"))]);
    refuses("R&D", &[(1, unknown("&D"))]);
    refuses("&lt", &[(0, unknown("&lt"))]);
    refuses(
        "&#0;&#13;&#128;",
        &[(0, unknown("&#0;")), (4, unknown("&#13;")), (9, unknown("&#128;"))],
    );
    for text in ["&#;", "&#x;", "&#xD800;", "&#x110000;", "&#99999999999999999999;", "&##6;"] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn whatever_else_is_refused_where_it_stands() {
    refuses("<script>alert(1)</script>", &[(0, forbidden("script")), (16, forbidden("script"))]);
    refuses("<scr<script>ipt>", &[(0, forbidden("scr")), (4, forbidden("script"))]);
    refuses("<b<script>x", &[(0, Problem::Endless), (2, forbidden("script"))]);
    refuses(
        "<p onclick=\"x()\">a</p>",
        &[(0, Problem::Attribute("p")), (18, Problem::ClosesNothing("p"))],
    );
    refuses("<br onload=x>", &[(0, Problem::Attribute("br"))]);
    refuses("<p/>", &[(0, Problem::Attribute("p"))]);
    refuses("<b/onclick=x>", &[(0, Problem::Attribute("b"))]);
    refuses("<img src=x onerror=y>", &[(0, forbidden("img"))]);
    refuses("<a href='javascript:x'>", &[(0, forbidden("a"))]);
    refuses("<svg/onload=x>", &[(0, forbidden("svg/onload=x"))]);
    refuses("<b\0>", &[(0, forbidden("b"))]);
    refuses("a\0b", &[(1, Problem::Unseen('\0'))]);
    refuses("a\u{202E}b", &[(1, Problem::Unseen('\u{202E}'))]);
    refuses(
        "<!-- a --> b <!DOCTYPE html><?xml?>",
        &[(0, Problem::Comment), (13, Problem::Comment), (28, Problem::Comment)],
    );
    refuses("<!-- <b>", &[(0, Problem::Comment)]);
    refuses(
        "a < b <3 <> </ p>",
        &[(2, Problem::NoTag), (6, Problem::NoTag), (9, Problem::NoTag), (12, Problem::NoTag)],
    );
    refuses("a <p", &[(2, Problem::Endless)]);
    refuses("<ｂ>", &[(0, Problem::NoTag)]);
}

#[test]
fn nothing_without_ink_stands_in_a_text_by_itself_or_by_its_number() {
    let turning = ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{206F}');
    let turning = turning.chain(['\u{61C}', '\u{200E}', '\u{200F}']);
    let joining = "\u{AD}\u{180E}\u{200B}\u{200C}\u{200D}\u{2060}\u{2064}\u{FEFF}\u{E0041}";
    let filling = "\u{115F}\u{1160}\u{3164}\u{FFA0}\u{2028}\u{2029}\u{FFF9}\u{FFFE}";
    for letter in turning.chain(joining.chars()).chain(filling.chars()) {
        refuses(&format!("a{letter}b"), &[(1, Problem::Unseen(letter))]);
        let number = format!("&#x{:X};", u32::from(letter));
        refuses(&format!("a{number}"), &[(1, unknown(&number))]);
    }
    let letters = "\u{5E2}\u{628}\u{915}\u{94D}\u{1F600}e\u{301}\u{2764}\u{FE0F}\u{A0}";
    shows(letters, letters);
}

#[test]
fn what_is_opened_is_closed_in_order() {
    refuses("<b>a", &[(0, Problem::Unclosed("b"))]);
    refuses("a</b>", &[(1, Problem::ClosesNothing("b"))]);
    refuses("<b><i>a</b></i>", &[(3, Problem::Unclosed("i")), (11, Problem::ClosesNothing("i"))]);
    refuses("<br></br>", &[(4, Problem::ClosesNothing("br"))]);
    refuses("<p><ul>", &[(0, Problem::Unclosed("p")), (3, Problem::Unclosed("ul"))]);
}

#[test]
fn depth_and_the_number_of_faults_are_bounded() {
    let nested = |n: usize| "<ul>".repeat(n) + &"</ul>".repeat(n);
    shows(&nested(DEPTH_MAX), &nested(DEPTH_MAX));
    refuses(&nested(100_000), &[(4 * DEPTH_MAX, Problem::TooDeep)]);
    assert_eq!(parse(&"<x>".repeat(100_000)).map_err(|it| it.len()), Err(FAULTS_MAX));
}

#[test]
fn a_fault_says_what_may_stand_there_and_repeats_little() {
    let told = parse(&format!("<{}>", "x".repeat(500))).unwrap_err().remove(0).problem.to_string();
    let name = "x".repeat(20);
    let list = "`b`, `i`, `em`, `p`, `ul`, `ol`, `li`, `h1`, `h2`, `h3`, `h4`, `h5`, `h6`, `br`";
    assert_eq!(told, format!("`<{name}>` is none of {list}"));
}

#[test]
fn words_are_read_across_elements() {
    let words = |text: &str| parse(text).unwrap().words();
    assert_eq!(words("our man<b>aged</b>\n <i>service</i>s"), "our managed services");
    assert_eq!(words("<p>managed</p><p>service<br>s</p>"), "managed service s");
}

/// Takes every tag out of what is shown; whatever is left must be no markup.
fn without_known_tags(shown: &str) -> String {
    let names = ELEMENTS.map(Element::name);
    let tags = names.iter().flat_map(|it| [format!("<{it}>"), format!("</{it}>")]);
    tags.chain(["<br>".to_owned()]).fold(shown.to_owned(), |left, tag| left.replace(&tag, "\u{1}"))
}

#[track_caller]
fn is_safe(text: &str) -> bool {
    let Ok(read) = parse(text) else { return false };
    let shown = read.to_string();
    assert!(!without_known_tags(&shown).contains(['<', '>', '"', '\'']), "{text:?}: {shown:?}");
    assert_eq!(parse(&shown).as_ref(), Ok(&read), "{text:?} shown is something else");
    true
}

#[test]
fn every_short_text_is_refused_or_shown_safely() {
    let letters = ["<", ">", "/", "b", "p", "&", "#", ";", " "];
    let mut texts = vec![String::new()];
    let mut safe = 0;
    for _ in 0..5 {
        texts = texts
            .iter()
            .flat_map(|text| letters.iter().map(move |letter| format!("{text}{letter}")))
            .collect();
        safe += texts.iter().filter(|text| is_safe(text)).count();
    }
    assert!(safe > 5_000, "{safe}");
}

fn any_piece() -> impl Strategy<Value = String> {
    let markup = [
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        "<br>",
        "<BR/>",
        "<h1>",
        "</h1>",
        "&lt;",
        "&#60;",
        "&amp;",
        "&",
        "<script>",
        "<b onclick=x>",
        "<!--",
        "-->",
        "\r\n",
        ">",
        "\"",
        "'",
    ];
    prop_oneof![3 => sample::select(markup.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn every_text_is_refused_or_shown_safely(pieces in collection::vec(any_piece(), 0..12)) {
        is_safe(&pieces.concat());
    }

    #[test]
    fn every_tree_is_shown_so_that_it_reads_the_same(
        text in "[ -~\n]{0,40}", around in collection::vec(sample::select(ELEMENTS.to_vec()), 0..8),
    ) {
        let inner = if text.is_empty() { Vec::new() } else { vec![Node::Text(text)] };
        let wrap = |nodes, element| vec![Node::Break, Node::Element(element, nodes)];
        let html = Html { nodes: around.into_iter().fold(inner, wrap) };
        prop_assert!(is_safe(&html.to_string()));
        prop_assert_eq!(parse(&html.to_string()), Ok(html));
    }
}
