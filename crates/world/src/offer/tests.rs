use std::{collections::BTreeMap, sync::LazyLock};

use ids::guid::RoleId;
use model::{
    delegation::MultiFactor,
    market::form::{Destination, Expected, Terms, Visibility},
    role::{Permission, RoleDefinition},
    samples::{self, CONTRIBUTOR, PROVIDER, READER, USER_ACCESS_ADMINISTRATOR},
};

use super::*;

mod beside;
mod faults;
mod round;
mod schema;

/// An offer that uses every key.
const WHOLE: &str = include_str!("tests/whole.yaml");

/// Three roles, of which the names are known.
pub(super) struct ThreeRoles;

impl Roles for ThreeRoles {
    fn find(&self, name: &str) -> Option<RoleId> {
        let by_name = |it: &&RoleDefinition| it.name.eq_ignore_ascii_case(name);
        let by_id = |it: &&RoleDefinition| it.id.to_string() == name.to_lowercase();
        ROLES.iter().find(|it| by_name(it) || by_id(it)).map(|it| it.id)
    }

    fn names(&self) -> Vec<&str> {
        ROLES.iter().map(|it| it.name.as_str()).collect()
    }

    fn definition(&self, id: RoleId) -> Option<&RoleDefinition> {
        ROLES.iter().find(|it| it.id == id)
    }
}

static ROLES: LazyLock<[RoleDefinition; 3]> = LazyLock::new(|| {
    [
        ("Reader", READER),
        ("Contributor", CONTRIBUTOR),
        ("User Access Administrator", USER_ACCESS_ADMINISTRATOR),
    ]
    .map(|(name, id)| RoleDefinition {
        id,
        tenant: None,
        name: name.to_owned(),
        description: String::new(),
        permissions: vec![Permission::default()],
        assignable_scopes: Vec::new(),
        written: None,
    })
});

/// What stands beside an offer in a test.
#[derive(Default)]
pub(super) struct Beside(pub(super) BTreeMap<String, Vec<u8>>);

impl Beside {
    /// Pictures of these names, each of another colour.
    pub(super) fn pictures(names: &[&str]) -> Self {
        let one = |(nth, name): (u8, &&str)| ((*name).to_owned(), png(300, 300, nth));
        Self((1..).zip(names).map(one).collect())
    }

    fn whole() -> Self {
        let names = ["logo.png", "small.png", "medium.png", "pictures/board.png", "tour.png"];
        let mut beside = Self::pictures(&names);
        let list = "Id,Description,Type\n11111111-1111-4111-8111-111111111111,Lab,SubscriptionId\n";
        beside.0.insert("lab.csv".to_owned(), list.into());
        beside
    }
}

impl Files for Beside {
    fn bytes(&self, path: &str, _: usize) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }

    fn manifest(&self, path: &str) -> Result<Manifest, String> {
        let known = path == "onboard.json";
        known.then(samples::market::manifest).ok_or_else(|| "it holds no manifest".to_owned())
    }
}

/// A picture of one colour.
pub(super) fn png(width: u32, height: u32, red: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels = [red, 90, 120].repeat((width * height) as usize);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

pub(super) fn read(text: &str, files: &dyn Files) -> Result<OfferFile, String> {
    OfferFile::parse(text, &ThreeRoles, files)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn every_key_lands_in_the_form() {
    let OfferFile { id, form, pictures, .. } = read(WHOLE, &Beside::whole()).unwrap();
    assert_eq!(id.to_string(), "fabrikam.night-crew");
    assert_eq!(form.alias, "Night crew (EU)");
    let (url, emails) =
        ("https://hooks.fabrikam.example/leads?key=1", vec!["sales@fabrikam.example"]);
    let emails = emails.into_iter().map(str::to_owned).collect();
    assert_eq!(
        form.leads,
        Destination::HttpsEndpoint { url: url.to_owned(), sealed: None, emails }
    );
    assert_eq!(form.categories["it-and-management-tools"], ["management-solutions"]);
    assert_eq!(form.terms, Terms::Url("https://fabrikam.example/terms".to_owned()));
    assert_eq!(form.listing.title, "Night crew");
    assert_eq!(form.listing.language, "en-us");
    assert_eq!(form.listing.support_government.as_deref(), Some("https://fabrikam.example/gov"));
    assert_eq!(form.listing.support.phone, "+46 8 555 0100");
    assert_eq!(form.listing.logo.as_ref().map(|it| (it.width, it.height)), Some((300, 300)));
    assert_eq!(form.listing.screenshots[0].caption, "Shift board");
    assert_eq!(form.listing.videos[0].thumbnail.as_ref().unwrap().file, "tour.png");
    assert_eq!(pictures.len(), 5);
    assert_eq!(form.preview_audience[0].description, "Lab");
    assert_eq!(form.notes, "Delegate the lab.");
    let [public, private] = form.plans.as_slice() else { panic!("{:#?}", form.plans) };
    assert_eq!((public.visibility, private.visibility), (Visibility::Public, Visibility::Private));
    assert_eq!(private.audience[0].description, "Contoso");
    let newest = &private.newest().unwrap().manifest;
    assert_eq!(newest.tenant, PROVIDER);
    let admin = &newest.authorizations[1];
    assert_eq!(admin.delegated_roles.as_deref(), Some(&[CONTRIBUTOR, READER][..]));
    let policy = newest.eligible[0].policy.as_ref().unwrap();
    assert_eq!((policy.multi_factor, policy.minutes_max), (MultiFactor::Azure, 240));
    assert_eq!(policy.approvers[0].display_name.as_deref(), Some("Leads"));
    assert_eq!(newest.eligible[1].policy, None);
    let [test, other] = form.tests.as_slice() else { panic!("{:#?}", form.tests) };
    assert_eq!(test.given, public.manifests[0].manifest.authorizations[0].principal);
    assert_eq!((test.expect, other.expect), (Expected::Allow, Expected::Deny));
}

#[test]
fn a_manifest_may_stand_in_the_parameters_of_a_template() {
    let text = "{publisherId: fabrikam, offerId: ops, plans: [{planId: core, visibility: public, \
                manifests: [{version: 1.0.0, file: onboard.json}]}]}";
    let form = read(text, &Beside::default()).unwrap().form;
    assert_eq!(form.plans[0].manifests[0].manifest, samples::market::manifest());
}

#[test]
fn a_field_of_a_finding_is_found_in_the_file() {
    let offer = read(WHOLE, &Beside::whole()).unwrap();
    let line = |text: &str| WHOLE.lines().position(|it| it.contains(text)).unwrap() + 1;
    for (field, text) in [
        ("listing.title", "title: Night crew"),
        ("categories", "it-and-management-tools"),
        ("plans[0].planId", "planId: watch"),
        ("plans[1].manifests[1].version", "version: 1.1.0"),
        ("plans[1].manifests[1].authorizations[1].roleDefinitionId", "role: User Access"),
        (
            "plans[1].manifests[1].authorizations[1].delegatedRoleDefinitionIds[1]",
            "assignableRoles",
        ),
        (
            "plans[1].manifests[1].eligibleAuthorizations[0].justInTimeAccessPolicy.\
             maximumActivationDuration",
            "PT4H",
        ),
        ("nowhere", "publisherId"),
    ] {
        assert_eq!(offer.locate(field).line, line(text), "{field}");
    }
}
