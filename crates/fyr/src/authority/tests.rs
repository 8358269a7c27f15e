use ids::clock::TestClock;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::io::duplex;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

struct Setting {
    folder: Folder,
    clock: Arc<TestClock>,
    _around: tempfile::TempDir,
}

fn setting() -> Setting {
    let around = tempfile::tempdir().unwrap();
    let folder = Folder::make(&around.path().join("data")).unwrap();
    Setting { folder, clock: Arc::default(), _around: around }
}

fn server(it: &Setting) -> Arc<ServerConfig> {
    let authority = Authority::open(&it.folder, it.clock.now()).unwrap();
    Arc::new(authority.serve(Arc::clone(&it.clock) as Arc<dyn Clock>).unwrap())
}

#[derive(Debug)]
struct At(Timestamp);

impl rustls::time_provider::TimeProvider for At {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(self.0.as_second()).ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}

/// Whether a client that trusts the folder's authority takes the server for that name. The
/// serving certificate, if so.
async fn shakes_hands(it: &Setting, config: &Arc<ServerConfig>, name: &str) -> Option<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(it.folder.file(CERTIFICATE_FILE)).unwrap()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_details(provider, Arc::new(At(it.clock.now())))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (near, far) = duplex(64 * 1024);
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connector = TlsConnector::from(Arc::new(client));
    let acceptor = TlsAcceptor::from(Arc::clone(config));
    let (client, _server) =
        tokio::join!(connector.connect(name, near), async { acceptor.accept(far).await.ok() });
    let client = client.ok()?;
    Some(client.get_ref().1.peer_certificates()?.first()?.to_vec())
}

#[tokio::test]
async fn who_trusts_the_authority_trusts_localhost_and_nothing_else() {
    let it = setting();
    let config = server(&it);
    for (name, trusted) in [("localhost", true), ("127.0.0.1", true), ("fyr.example", false)] {
        assert_eq!(shakes_hands(&it, &config, name).await.is_some(), trusted, "{name}");
    }
}

#[tokio::test]
async fn the_authority_is_kept_and_another_one_is_not_trusted() {
    let (it, other) = (setting(), setting());
    let again = server(&it);
    assert!(shakes_hands(&it, &server(&it), "localhost").await.is_some());
    assert!(shakes_hands(&it, &again, "localhost").await.is_some());
    assert!(shakes_hands(&it, &server(&other), "localhost").await.is_none());
}

#[tokio::test]
async fn a_certificate_is_renewed_before_it_ends() {
    let it = setting();
    let config = server(&it);
    let first = shakes_hands(&it, &config, "localhost").await.unwrap();
    it.clock.advance(SignedDuration::from_hours(24 * (LEAF_DAYS - RENEW_BEFORE_DAYS - 2)));
    assert_eq!(shakes_hands(&it, &config, "localhost").await.unwrap(), first, "not yet");
    it.clock.advance(SignedDuration::from_hours(24 * 2));
    assert_ne!(shakes_hands(&it, &config, "localhost").await.unwrap(), first);
    it.clock.advance(SignedDuration::from_hours(24 * 300));
    assert!(shakes_hands(&it, &config, "localhost").await.is_some(), "long after");
}

#[test]
fn the_authoritys_key_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let it = setting();
    server(&it);
    let found = std::fs::metadata(it.folder.file(KEY_FILE)).unwrap().permissions().mode();
    assert_eq!(found & 0o777, 0o600);
    it.folder.write(KEY_FILE, b"no key").unwrap();
    let refused = Authority::open(&it.folder, it.clock.now());
    assert!(matches!(refused, Err(NoCertificate::Garbled)));
}
