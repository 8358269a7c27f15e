use model::{
    market::account::AgreementKind,
    samples::{self, ADA, PROVIDER, market},
};

use super::*;

fn told() -> Told {
    let Account { company, is_entitled, partner, .. } = market::account();
    Told { company, is_entitled, agreements: vec![AgreementKind::Publisher], partner }
}

#[test]
fn every_stage_of_a_verification_and_every_other_have_an_answer() {
    use VerificationStage::{Authorized, Business, Email, Employment, Rejected};
    let refused = || Rejected("no such company".to_owned());
    let all = [Email, Employment, Business, Authorized, refused()];
    let table = [
        (None, [true, false, false, false, false]),
        (Some(Email), [true, true, false, false, true]),
        (Some(Employment), [false, true, true, false, true]),
        (Some(Business), [false, false, true, true, true]),
        (Some(Authorized), [false, false, true, true, true]),
        (Some(refused()), [true, false, false, false, true]),
    ];
    for (before, expected) in table {
        let found = all.each_ref().map(|after| may_follow(before.as_ref(), after));
        assert_eq!(found, expected, "{before:?}");
    }
}

#[test]
fn what_was_verified_stays_and_the_rest_may_change() {
    let (account, verification) = (market::account(), market::verification());
    let update = |told: &Told| {
        updated(&account, Some(&verification), told, ADA, samples::now()).map(|it| it.revision)
    };
    assert_eq!(update(&told()), Ok(2));
    let mut moved = told();
    moved.company.street = "Coolsingel 1".to_owned();
    moved.partner = None;
    assert_eq!(update(&moved), Ok(2));
    moved.company.country = "SE".to_owned();
    assert_eq!(update(&moved), Err(Refused::Verified("country")));
    moved.company.legal_name = "Microsoft".to_owned();
    assert_eq!(update(&moved), Err(Refused::Verified("legalName")));
    let open = Verification { stage: VerificationStage::Business, ..verification.clone() };
    assert!(updated(&account, Some(&open), &moved, ADA, samples::now()).is_ok());
}

#[test]
fn what_was_agreed_to_stays_so_and_counts_once() {
    let both = [AgreementKind::PartnerNetwork, AgreementKind::PartnerNetwork];
    let told = Told { agreements: both.into(), is_entitled: false, ..told() };
    let first = signed_up(PROVIDER, &told, ADA, samples::now()).unwrap();
    assert_eq!(first.agreements.len(), 1);
    let later = samples::now() + jiff::SignedDuration::from_secs(1);
    let more = Told { agreements: vec![AgreementKind::Publisher], is_entitled: true, ..told };
    let second = updated(&first, None, &more, ADA, later).unwrap();
    assert_eq!(second.agreements.len(), 2);
    assert_eq!(second.agreements[0].at, samples::now());
    let silent = Told { agreements: Vec::new(), is_entitled: false, ..more };
    let third = updated(&second, None, &silent, ADA, later).unwrap();
    assert!(third.is_entitled && third.agreements == second.agreements);
}

#[test]
fn what_a_company_tells_has_a_form() {
    let refused = |change: fn(&mut Company)| {
        let mut told = told();
        change(&mut told.company);
        let found = signed_up(PROVIDER, &told, ADA, samples::now());
        let Err(Refused::Invalid { field, .. }) = found else { panic!("{found:?}") };
        field
    };
    assert_eq!(refused(|it| it.legal_name = "a".repeat(201)), "legalName");
    assert_eq!(refused(|it| it.city = "a\nb".to_owned()), "city");
    assert_eq!(refused(|it| it.country = "nl".to_owned()), "country");
    let mut silent = told();
    silent.company.country.clear();
    silent.company.legal_name.clear();
    assert!(signed_up(PROVIDER, &silent, ADA, samples::now()).is_ok(), "it is told later");
}
