//! People's second factors, and who resets them.

use std::net::{IpAddr, Ipv4Addr};

use identity::{account::Directory, one_time::Seed, secret::Sensitive};
use ids::guid::Principal;
use model::samples::{self, OLOF};
use operations::sign_in::{Asker, second::Standing};

use crate::kit::{GRAPH, Kit, RUT, kit};

async fn enrolled(kit: &Kit, name: &str) {
    let (address, correlation) = (IpAddr::V4(Ipv4Addr::LOCALHOST), samples::correlation());
    let asker = Asker { directory: Directory::Home, address, correlation };
    let password = Sensitive("correct horse".to_owned());
    let standing = kit.sign_in.second_factor(asker, name, &password).await.unwrap();
    let Standing::Offered(offer) = standing else { panic!("there is none yet") };
    let seed: Seed = offer.seed.0.parse().unwrap();
    let code = seed.code_at(kit.sign_in.plane().store.now());
    kit.sign_in.enrol(asker, &offer.halfway, &code).await.unwrap();
}

fn factors(who: Principal) -> String {
    format!("/users/{}/authentication/softwareOathMethods", who.object)
}

#[tokio::test]
async fn whoever_manages_people_resets_a_second_factor_and_learns_nothing_of_it() {
    let kit = kit().await;
    let (uma, rut) = (kit.token("uma").await, kit.token("rut").await);
    assert_eq!(kit.get(&uma, &factors(RUT)).await.ids(), [""; 0]);
    enrolled(&kit, "rut@contoso.example").await;
    assert!(kit.person("rut@contoso.example", "correct horse", GRAPH).await.is_none());
    let listed = kit.get(&uma, &factors(RUT)).await;
    assert!(listed.body["value"][0]["secretKey"].is_null(), "{listed:?}");
    let id = listed.ids()[0].to_owned();
    for path in [factors(RUT), "/me/authentication/softwareOathMethods".to_owned()] {
        assert_eq!(kit.get(&rut, &path).await.status, 403, "{path}");
        assert_eq!(kit.delete(&rut, &format!("{path}/{id}")).await.status, 403, "{path}");
    }
    let other = format!("{}/00000000-0000-4000-8000-00000000000e", factors(RUT));
    assert_eq!(kit.delete(&uma, &other).await.status, 404);
    let own = format!("{}/{id}", factors(RUT));
    assert_eq!(kit.delete(&uma, &own).await.status, 204);
    assert_eq!(kit.delete(&uma, &own).await.status, 404);
    assert!(kit.person("rut@contoso.example", "correct horse", GRAPH).await.is_some());
}

#[tokio::test]
async fn a_second_factor_of_whoever_manages_the_directory_is_out_of_reach() {
    let kit = kit().await;
    let (uma, olof) = (kit.token("uma").await, kit.token("olof").await);
    enrolled(&kit, "olof@contoso.example").await;
    let id = kit.get(&olof, &factors(OLOF)).await.ids()[0].to_owned();
    assert_eq!(kit.delete(&uma, &format!("{}/{id}", factors(OLOF))).await.status, 403);
    for path in [factors(OLOF), "/me/authentication/softwareOathMethods".to_owned()] {
        let own = kit.delete(&olof, &format!("{path}/{id}")).await;
        assert_eq!(own.status, 403, "a session takes off no factor of its own: {own:?}");
    }
    assert_eq!(kit.get(&olof, &factors(OLOF)).await.ids(), [id]);
}

#[tokio::test]
async fn a_new_password_leaves_the_second_factor_as_it_is() {
    let kit = kit().await;
    let uma = kit.token("uma").await;
    enrolled(&kit, "rut@contoso.example").await;
    let change = serde_json::json!({ "passwordProfile": { "password": "N3w horse!" } });
    assert_eq!(kit.patch(&uma, &format!("/users/{}", RUT.object), &change).await.status, 204);
    assert!(kit.person("rut@contoso.example", "N3w horse!", GRAPH).await.is_none());
    assert_eq!(kit.get(&uma, &factors(RUT)).await.ids().len(), 1);
}
