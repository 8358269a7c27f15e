use std::collections::BTreeSet;

use model::{
    delegation::{EligibleAuthorization, JustInTimePolicy, MultiFactor},
    market::form::{
        AudienceEntry, Destination, Link, Plan, Screenshot, Terms, VersionedManifest, Video,
        Visibility,
    },
    samples::{
        CONTRIBUTOR, NEIGHBOUR, READER, TIER1, authorization,
        market::{form, manifest, picture, plan, version},
        object,
    },
};

use super::*;

/// What differs, one line for each field.
fn told(before: &Form, after: &Form) -> Vec<String> {
    let differences = compare(before, after).into_iter().filter(|it| it.change.is_modified());
    let line = |Difference { field, change }| match change {
        Change::Added(value) => format!("+ {field}: {value}"),
        Change::Removed(value) => format!("- {field}: {value}"),
        Change::Edited { before, after } => format!("~ {field}: {before} > {after}"),
        Change::Unchanged(value) => format!("= {field}: {value}"),
    };
    differences.map(line).collect()
}

#[track_caller]
fn changed(change: impl Fn(&mut Form), expected: &[&str]) {
    let (before, mut after) = (form(), form());
    change(&mut after);
    assert_eq!(told(&before, &after), expected);
}

#[test]
fn what_is_the_same_is_unchanged_and_what_was_never_published_is_all_new() {
    assert_eq!(told(&form(), &form()), [""; 0]);
    let new = compare(&Form::default(), &form());
    assert!(new.iter().all(|it| matches!(it.change, Change::Added(_))));
    assert_eq!(new.len(), compare(&form(), &form()).len());
    let gone = compare(&form(), &Form::default());
    assert!(gone.iter().all(|it| matches!(it.change, Change::Removed(_))));
}

#[test]
fn fields_are_added_removed_and_edited() {
    changed(
        |it| it.listing.title = "Fabrikam Night".to_owned(),
        &["~ listing.title: Fabrikam Ops > Fabrikam Night"],
    );
    changed(|it| it.alias.clear(), &["- alias: ops"]);
    changed(|it| it.notes = "Try the lab.".to_owned(), &["+ notesForCertification: Try the lab."]);
    changed(
        |it| it.terms = Terms::Text("Pay.".to_owned()),
        &["+ legal.terms: Pay.", "- legal.termsUrl: https://fabrikam.example/terms"],
    );
    changed(
        |it| it.categories = [("web".to_owned(), Vec::new())].into(),
        &["+ categories.web: –", "- categories.it-and-management-tools: management-solutions"],
    );
    changed(
        |it| it.plans[0].audience[0].subscription = NEIGHBOUR,
        &[
            "+ plans[core].privateAudience[00000000-0000-0000-0000-000000000006].id: 00000000-0000-0000-0000-000000000006",
            "+ plans[core].privateAudience[00000000-0000-0000-0000-000000000006].description: Contoso",
            "- plans[core].privateAudience[00000000-0000-0000-0000-000000000005].id: 00000000-0000-0000-0000-000000000005",
            "- plans[core].privateAudience[00000000-0000-0000-0000-000000000005].description: Contoso",
        ],
    );
}

#[test]
fn what_has_a_name_may_stand_anywhere() {
    let other = || Plan { name: "basic".parse().unwrap(), ..plan() };
    let (mut before, mut after) = (form(), form());
    before.plans.push(other());
    after.plans.insert(0, other());
    assert_eq!(told(&before, &after), [""; 0]);
}

#[test]
fn a_name_that_comes_twice_is_told_twice() {
    let mut twice = form();
    let entry =
        || AudienceEntry { description: "again".to_owned(), ..form().preview_audience[0].clone() };
    twice.preview_audience.push(entry());
    assert_eq!(
        told(&form(), &twice),
        [
            "+ previewAudience[00000000-0000-0000-0000-000000000005]#2.id: 00000000-0000-0000-0000-000000000005",
            "+ previewAudience[00000000-0000-0000-0000-000000000005]#2.description: again",
        ]
    );
}

#[test]
fn what_opens_the_leads_endpoint_is_not_shown() {
    let to = |url: &str| Form {
        leads: Destination::HttpsEndpoint { url: url.to_owned(), sealed: None, emails: Vec::new() },
        ..form()
    };
    let all = compare(&to("https://a.example/x?code=old"), &to("https://a.example/x?code=new"));
    assert!(!format!("{all:?}").contains("code="));
}

#[test]
fn no_change_of_any_part_goes_unseen() {
    let eligible = || EligibleAuthorization {
        principal: object(7),
        role: CONTRIBUTOR,
        display_name: None,
        policy: None,
    };
    let policy = |multi_factor| {
        Some(JustInTimePolicy { multi_factor, minutes_max: 60, approvers: Vec::new() })
    };
    let link = || Link { name: "a".to_owned(), url: "https://a.example".to_owned() };
    let changes: [fn(&mut Form); 12] = [
        |it| it.listing.language = "nl-nl".to_owned(),
        |it| it.listing.support.phone = "1".to_owned(),
        |it| it.listing.support_global = Some("https://a.example".to_owned()),
        |it| it.listing.logo.as_mut().unwrap().digest = "1".repeat(64),
        |it| it.listing.small_logo = Some(picture()),
        |it| {
            it.listing.screenshots =
                vec![Screenshot { picture: picture(), caption: String::new() }];
        },
        |it| {
            let (name, url) = ("a".to_owned(), "https://vimeo.com/1".to_owned());
            it.listing.videos = vec![Video { name, url, thumbnail: None }];
        },
        |it| it.plans[0].visibility = Visibility::Public,
        |it| it.plans[0].manifests[0].version = version("1.0.1"),
        |it| {
            let manifests = &mut it.plans[0].manifests;
            manifests.push(VersionedManifest { version: version("2.0.0"), manifest: manifest() });
        },
        |it| it.plans[0].manifests[0].manifest.authorizations.push(authorization(TIER1, READER)),
        |it| {
            it.plans[0].manifests[0].manifest.authorizations[0].delegated_roles =
                Some(vec![READER]);
        },
    ];
    let mut forms: Vec<Form> = changes
        .iter()
        .map(|change| {
            let mut form = form();
            change(&mut form);
            form
        })
        .collect();
    let with = |change: &dyn Fn(&mut Form)| {
        let mut form = form();
        change(&mut form);
        form
    };
    let add = |it: EligibleAuthorization| {
        with(&|form| form.plans[0].manifests[0].manifest.eligible = vec![it.clone()])
    };
    forms.push(with(&|it| it.listing.links = vec![link()]));
    forms.push(add(eligible()));
    forms.push(add(EligibleAuthorization { policy: policy(MultiFactor::Azure), ..eligible() }));
    forms.push(add(EligibleAuthorization { policy: policy(MultiFactor::None), ..eligible() }));
    forms.push(form());
    let seen: BTreeSet<String> = forms.iter().map(|it| format!("{:?}", fields::of(it))).collect();
    assert_eq!(seen.len(), forms.len());
}
