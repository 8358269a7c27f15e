//! People's second factors, and who resets them.

use std::net::{IpAddr, Ipv4Addr};

use identity::{account::Directory, one_time::Seed, secret::Sensitive};
use ids::guid::Principal;
use model::samples::{self, OLOF};
use operations::sign_in::{Asker, second::Standing};

use crate::kit::{ALF, AMY, GIL, GRAPH, Kit, RUT, UMA, kit};

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
async fn whoever_manages_sign_in_resets_a_second_factor_and_learns_nothing_of_it() {
    let kit = kit().await;
    let (amy, rut) = (kit.token("amy").await, kit.token("rut").await);
    assert_eq!(kit.get(&amy, &factors(RUT)).await.ids(), [""; 0]);
    enrolled(&kit, "rut@contoso.example").await;
    assert!(kit.person("rut@contoso.example", "correct horse", GRAPH).await.is_none());
    let listed = kit.get(&amy, &factors(RUT)).await;
    assert!(listed.body["value"][0]["secretKey"].is_null(), "{listed:?}");
    let id = listed.ids()[0].to_owned();
    for path in [factors(RUT), "/me/authentication/softwareOathMethods".to_owned()] {
        assert_eq!(kit.get(&rut, &path).await.status, 403, "{path}");
        assert_eq!(kit.delete(&rut, &format!("{path}/{id}")).await.status, 403, "{path}");
    }
    let other = format!("{}/00000000-0000-4000-8000-00000000000e", factors(RUT));
    assert_eq!(kit.delete(&amy, &other).await.status, 404);
    let own = format!("{}/{id}", factors(RUT));
    assert_eq!(kit.delete(&amy, &own).await.status, 204);
    assert_eq!(kit.delete(&amy, &own).await.status, 404);
    assert!(kit.person("rut@contoso.example", "correct horse", GRAPH).await.is_some());
}

#[tokio::test]
async fn a_second_factor_of_whoever_manages_the_directory_is_out_of_reach() {
    let kit = kit().await;
    let (amy, olof) = (kit.token("amy").await, kit.token("olof").await);
    enrolled(&kit, "olof@contoso.example").await;
    let id = kit.get(&olof, &factors(OLOF)).await.ids()[0].to_owned();
    assert_eq!(kit.delete(&amy, &format!("{}/{id}", factors(OLOF))).await.status, 403);
    for path in [factors(OLOF), "/me/authentication/softwareOathMethods".to_owned()] {
        let own = kit.delete(&olof, &format!("{path}/{id}")).await;
        assert_eq!(own.status, 403, "a session takes off no factor of its own: {own:?}");
    }
    assert_eq!(kit.get(&olof, &factors(OLOF)).await.ids(), [id]);
}

/// Entra's table of who resets whom: who manages people resets passwords and no second factor, who
/// manages how they sign in the second factors of those who manage nothing else.
#[tokio::test]
async fn who_resets_whom_is_as_in_entras_table() {
    let kit = kit().await;
    let olof = kit.token("olof").await;
    let all =
        [("rut", RUT), ("gil", GIL), ("uma", UMA), ("amy", AMY), ("alf", ALF), ("olof", OLOF)];
    let password = serde_json::json!({ "passwordProfile": { "password": "N3w horse!" } });
    // Their password by who manages people, and their second factor by who manages sign-in.
    let by_uma = [204, 204, 204, 403, 403, 403];
    let by_amy = [204, 403, 403, 403, 403, 403]; // her own takes a code of it
    let (uma, amy) = (kit.token("uma").await, kit.token("amy").await);
    for (n, (name, who)) in all.into_iter().enumerate() {
        enrolled(&kit, &format!("{name}@contoso.example")).await;
        let id = kit.get(&olof, &factors(who)).await.ids()[0].to_owned();
        let factor = format!("{}/{id}", factors(who));
        assert_eq!(kit.delete(&uma, &factor).await.status, 403, "{name}: no factor by uma");
        assert_eq!(kit.delete(&amy, &factor).await.status, by_amy[n], "{name} by amy");
        if who == UMA || who == AMY {
            continue; // a new password would end the sessions that ask
        }
        let changed = kit.patch(&uma, &format!("/users/{}", who.object), &password).await.status;
        assert_eq!(changed, by_uma[n], "{name} by uma");
    }
    let off = serde_json::json!({ "accountEnabled": false });
    assert_eq!(kit.patch(&uma, &format!("/users/{}", AMY.object), &off).await.status, 403);
}

#[tokio::test]
async fn a_new_password_leaves_the_second_factor_as_it_is() {
    let kit = kit().await;
    let uma = kit.token("uma").await;
    enrolled(&kit, "rut@contoso.example").await;
    let change = serde_json::json!({ "passwordProfile": { "password": "N3w horse!" } });
    assert_eq!(kit.patch(&uma, &format!("/users/{}", RUT.object), &change).await.status, 204);
    assert!(kit.person("rut@contoso.example", "N3w horse!", GRAPH).await.is_none());
    let amy = kit.token("amy").await;
    assert_eq!(kit.get(&amy, &factors(RUT)).await.ids().len(), 1);
}
