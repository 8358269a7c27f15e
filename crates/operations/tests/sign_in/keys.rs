//! The keys that sign tokens, over time.

use std::sync::Arc;

use identity::secret::MasterKey;
use model::samples::ADA;
use operations::sign_in::{Error, SignIn, token::Tokens};

use crate::kit::{kit, signing_key};

#[tokio::test]
async fn keys_are_replaced_without_anyone_noticing() {
    let kit = kit().await;
    assert_eq!(kit.sign_in.published_keys().len(), 1, "the key that was there is used");
    kit.wait(29 * 24 * 3600);
    kit.sign_in.tend_keys().await.unwrap();
    let published = kit.sign_in.published_keys();
    assert_eq!(published.len(), 2, "the next key is published a day early");
    kit.wait(24 * 3600 - 1);
    let before = kit.ada().await;
    kit.wait(2);
    let after = kit.ada().await;
    assert_eq!((kit.caller(&before).principal, kit.caller(&after).principal), (ADA, ADA));
    let kid = |tokens: &Tokens| tokens.access.0.split('.').next().unwrap().to_owned();
    assert_ne!(kid(&before), kid(&after));
    kit.wait(24 * 3600);
    kit.sign_in.tend_keys().await.unwrap();
    assert_eq!(kit.sign_in.published_keys(), published[1..].to_vec());
}

#[tokio::test]
async fn no_secret_key_reaches_the_journal_and_no_other_master_key_opens_one() {
    let kit = kit().await;
    let sealed = signing_key().sealed.unwrap();
    let events = testkit::events(kit.sign_in.plane()).await;
    let journal = serde_json::to_string(&events).unwrap();
    assert!(!journal.contains(&sealed) && journal.contains(&signing_key().id));
    let plane = Arc::clone(kit.sign_in.plane());
    let other = SignIn::open(plane, MasterKey::new([6; 32])).await;
    assert!(matches!(other.err(), Some(Error::Key(identity::keys::KeyError::Open))));
}
