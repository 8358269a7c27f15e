//! Files beside an offer.

use super::*;

fn refused(text: &str, name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let files = Beside(BTreeMap::from([(name.to_owned(), bytes.into())]));
    read(&format!("publisherId: fabrikam\nofferId: ops\n{text}"), &files).unwrap_err()
}

#[test]
fn a_picture_is_believed_only_once_it_was_decoded() {
    let logo = "listing: {logos: {large: logo.png}}";
    assert_eq!(refused(logo, "other.png", ""), "3:26: `logo.png`: there is no such file");
    let page = refused(logo, "logo.png", "<svg onload=alert(1)>");
    assert!(
        page.starts_with("3:26: `logo.png`: it is ") && page.ends_with("only PNG is shown"),
        "{page}"
    );
    let half = &png(300, 300, 1)[..200];
    assert!(refused(logo, "logo.png", half).contains("damaged PNG"));
    let mut bomb = png(1, 1, 1);
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let told = refused(logo, "logo.png", bomb);
    assert!(told.contains("65536 by 65536 pixels") || told.contains("damaged PNG"), "{told}");
}

#[test]
fn a_bad_row_of_a_list_is_named_by_its_line() {
    let list =
        "Id,Description,Type\n11111111-1111-4111-8111-111111111111,,SubscriptionId\nmine,,\n";
    let told = refused("previewAudience: lab.csv", "lab.csv", list);
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [
            "3:18: `lab.csv`: line 3, column Id: `mine` is no subscription's id",
            "3:18: `lab.csv`: line 3, column Type: `` is not `SubscriptionId`, which alone is known",
        ]
    );
    let row = |nth: usize| format!("11111111-1111-4111-8111-{nth:012},,SubscriptionId");
    let many = (0..=100).map(row).collect::<Vec<_>>().join("\n");
    let told =
        refused("previewAudience: lab.csv", "lab.csv", format!("Id,Description,Type\n{many}"));
    assert!(told.contains("one too many"), "{told}");
}

#[test]
fn a_picture_that_stands_twice_is_kept_once() {
    let text = "{publisherId: fabrikam, offerId: ops, listing: {screenshots: [{file: a.png}, \
                {file: a.png}]}}";
    let offer = read(text, &Beside::pictures(&["a.png"])).unwrap();
    assert_eq!((offer.form.listing.screenshots.len(), offer.pictures.len()), (2, 1));
    let digest = &offer.pictures[0].picture.digest;
    assert!(digest.len() == 64 && *digest == offer.form.listing.screenshots[1].picture.digest);
}
