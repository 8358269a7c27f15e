//! The binary as people run it.
#![expect(clippy::unwrap_used, reason = "test code")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

mod access;
mod worlds;

/// A running `fyr up`; killed if a test fails before it is stopped.
struct Running {
    child: Child,
    said: String,
    _stdout: BufReader<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
    }
}

fn fyr() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fyr"));
    command.stdin(Stdio::null()).stderr(Stdio::piped()).env_remove("FYR_LOG");
    command
}

/// Starts it, and reads what it says until it is ready.
fn up(arguments: &[&str]) -> Running {
    let mut command = fyr();
    started(command.args(["up", "--listen", "127.0.0.1:0"]).args(arguments))
}

fn started(command: &mut Command) -> Running {
    let mut child = command.stderr(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("Stop with") {
        assert_ne!(stdout.read_line(&mut said).unwrap(), 0, "it ended, having said:\n{said}");
    }
    Running { child, said, _stdout: stdout }
}

impl Running {
    /// Asks it to stop, as a service manager does; answers with its exit code.
    fn terminate(self) -> Option<i32> {
        self.signal_and_wait("TERM")
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    fn signal_and_wait(mut self, name: &str) -> Option<i32> {
        self.signal(name);
        self.child.wait().unwrap().code()
    }

    fn arm_port(&self) -> u16 {
        let line = self.said.lines().find(|line| line.contains("ARM and sign-in")).unwrap();
        line.rsplit(':').next().unwrap().trim().parse().unwrap()
    }
}

/// A connection that trusts only the folder's authority.
fn tls(data: &Path, port: u16) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(data.join("ca.pem")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let tls = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(tls, TcpStream::connect(("127.0.0.1", port)).unwrap())
}

/// The whole response to one request.
fn get(data: &Path, port: u16, path: &str) -> String {
    let mut stream = tls(data, port);
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

fn output(command: &mut Command) -> (bool, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn data() -> (tempfile::TempDir, PathBuf) {
    let around = tempfile::tempdir().unwrap();
    let data = around.path().join("data");
    (around, data)
}

#[test]
fn it_starts_answers_and_stops_and_is_the_same_at_the_next_start() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let first = up(&["--data", folder]);
    let port = first.arm_port();
    assert!(first.said.contains("ada@fabrikam.example"), "{}", first.said);
    for path in ["/livez", "/readyz"] {
        let response = get(&data, port, path);
        assert!(response.starts_with("HTTP/1.1 200 "), "{path}: {response}");
    }
    assert!(get(&data, port, "/metrics").contains("fyr_connections{surface=\"arm\"}"));
    assert_eq!(first.terminate(), Some(0));

    let second = up(&["--data", folder, "--profile", "strict"]);
    assert_eq!(second.arm_port(), port);
    assert!(second.said.contains("strict ("), "{}", second.said);
    assert_eq!(second.terminate(), Some(0));
}

#[test]
fn a_folder_that_others_can_read_is_refused_with_the_remedy() {
    let (_around, data) = data();
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o750)).unwrap();
    let (done, _, complaint) = output(fyr().arg("up").arg("--data").arg(&data));
    assert!(!done && complaint.contains("chmod 700 "), "{complaint}");
}

#[test]
fn what_is_ephemeral_leaves_nothing_behind() {
    let server = up(&["--ephemeral"]);
    let line = server.said.lines().find(|line| line.contains("Data folder")).unwrap();
    let folder = PathBuf::from(line.split_whitespace().last().unwrap());
    assert!(folder.join("fyr.db").exists());
    assert_eq!(server.terminate(), Some(0));
    assert!(!folder.exists());
}

#[test]
fn an_ephemeral_server_can_be_waited_for() {
    let (_around, data) = data();
    let named = ["--data", data.to_str().unwrap()];
    for more in [&[][..], &named] {
        let arguments = ["up", "--ephemeral", "--wait", "--listen", "127.0.0.1:0"];
        let (done, said, complaint) = output(fyr().args(arguments).args(more));
        assert!(done, "{said}{complaint}");
        let line = said.lines().find(|line| line.contains("Data folder")).unwrap();
        let folder = PathBuf::from(line.split_whitespace().last().unwrap());
        assert!(folder.join("fyr.db").exists() && (more.is_empty() || data.exists()));
        let process = said.rsplit("kill ").next().unwrap().trim_end_matches("`.\n");
        assert!(Command::new("kill").arg(process).status().unwrap().success());
        let ended = ["--pid", process, "-f", "/dev/null"];
        assert!(Command::new("tail").args(ended).status().unwrap().success());
        assert!(!folder.exists(), "{} stays", folder.display());
    }
}

#[test]
fn what_is_ephemeral_takes_no_folder_that_holds_anything() {
    let (_around, data) = data();
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(data.join("mine"), "kept").unwrap();
    for more in [&[][..], &["--wait"]] {
        let (done, _, complaint) =
            output(fyr().args(["up", "--ephemeral", "--data"]).arg(&data).args(more));
        assert!(!done && complaint.contains("is not empty"), "{complaint}");
    }
    assert_eq!(fs::read_to_string(data.join("mine")).unwrap(), "kept");
}

#[test]
fn waiting_starts_a_server_that_outlives_the_command() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let arguments = ["up", "--wait", "--listen", "127.0.0.1:0", "--data", folder];
    let (done, said, complaint) = output(fyr().args(arguments));
    assert!(done && said.contains("Stop with"), "{said}{complaint}");
    let process = said.rsplit("kill ").next().unwrap().trim_end_matches("`.\n").to_owned();
    let (again, told, _) = output(fyr().args(arguments));
    assert!(again && told.contains(&process), "{told}");
    let stop = format!("kill -TERM {process}");
    assert!(Command::new("sh").args(["-c", &stop]).status().unwrap().success());
}

#[test]
fn a_client_is_pointed_at_a_folder_that_was_started_once() {
    let (_around, data) = data();
    let connect = |client| output(fyr().args(["connect", client, "--data"]).arg(&data));
    assert!(connect("az").2.contains("there is no data folder"));
    let server = up(&["--data", data.to_str().unwrap()]);
    let port = server.arm_port();
    let (done, said, _) = connect("az");
    let cloud =
        format!("az cloud register -n Fyr --endpoint-resource-manager https://localhost:{port}\n");
    assert!(done && said.contains(&cloud), "{said}");
    let bare = data.with_file_name("bare");
    let without = data.with_file_name("bare.yaml");
    fs::write(&without, NO_PASSWORDS).unwrap();
    let world = ["--world", without.to_str().unwrap()];
    let second = up(&[&["--data", bare.to_str().unwrap()], &world[..]].concat());
    assert_eq!(second.terminate(), Some(0));
    let mut run = fyr();
    run.args(["connect", "terraform", "--run", "--data"]).arg(&bare);
    let (done, said, complaint) = output(run.args(["--", "echo", "it ran"]));
    assert!(!done && said.is_empty() && complaint.contains("APP_ID"), "{said}{complaint}");
    let mut run = fyr();
    run.args(["connect", "terraform", "--run", "--data"]).arg(&data);
    let (done, said, complaint) =
        output(run.args(["--", "sh", "-c", "echo $ARM_METADATA_HOSTNAME"]));
    assert_eq!((done, said), (true, format!("localhost:{port}\n")), "{complaint}");
    assert_eq!(server.terminate(), Some(0));
}

const PUBLIC: [&str; 2] = ["--listen", "0.0.0.0:0"];
const NO_PASSWORDS: &str = "tenants: [{name: relecloud, domain: relecloud.example}]\n";
const PASSWORDS: &str = "tenants: [{name: relecloud, domain: relecloud.example, \
                         users: [{name: tess, password: \"larch ember pivot\"}]}]\n";

#[test]
fn a_data_folder_may_lie_deep() {
    let (around, data) = data();
    let deep = around.path().join(["a-rather-long-name"; 12].join("/")).join("data");
    let folder = deep.to_str().unwrap();
    let world = data.with_file_name("world.yaml");
    fs::write(&world, NO_PASSWORDS).unwrap();
    let server = up(&["--data", folder]);
    let apply = || output(fyr().args(["world", "apply"]).arg(&world).args(["--data", folder]));
    let (done, _, complaint) = apply();
    assert!(done, "{complaint}");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_second_signal_cuts_short_what_a_first_waits_for() {
    let (_around, data) = data();
    let server = up(&["--data", data.to_str().unwrap()]);
    let mut unfinished = tls(&data, server.arm_port());
    let head = "POST /common/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n";
    write!(unfinished, "{head}Expect: 100-continue\r\n\r\n").unwrap();
    let mut told = [0; 12];
    unfinished.read_exact(&mut told).unwrap();
    assert_eq!(&told, b"HTTP/1.1 100", "the server waits for the body");
    server.signal("TERM");
    assert_eq!(server.signal_and_wait("INT"), Some(1));
}

#[test]
fn somebody_who_asks_nothing_of_the_socket_holds_nobody_up() {
    let (around, data) = data();
    let server = up(&["--data", data.to_str().unwrap()]);
    let silent = UnixStream::connect(data.join("admin.sock")).unwrap();
    let world = around.path().join("world.yaml");
    fs::write(&world, NO_PASSWORDS).unwrap();
    let (done, _, complaint) =
        output(fyr().args(["world", "apply"]).arg(&world).arg("--data").arg(&data));
    assert!(done, "{complaint}");
    assert_eq!(server.terminate(), Some(0));
    drop(silent);
}

#[test]
fn the_clock_is_set_by_the_folders_owner_and_never_goes_back_before_what_happened() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let clock =
        |arguments: &[&str]| output(fyr().arg("clock").args(arguments).args(["--data", folder]));
    let server = up(&["--data", folder]);
    let (done, said, complaint) = clock(&["advance", "30d"]);
    assert!(done && said.contains("720h ahead"), "{said}{complaint}");
    let response = get(&data, server.arm_port(), "/readyz");
    assert!(response.starts_with("HTTP/1.1 200 "), "certificates follow the machine: {response}");
    let (done, _, complaint) = clock(&["set", "2001-01-01T00:00:00Z"]);
    assert!(!done && complaint.contains("cannot go back before"), "{complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (done, _, complaint) = clock(&["show"]);
    assert!(!done && complaint.contains("no server runs"), "{complaint}");

    let again = up(&["--data", folder]);
    let (done, said, _) = clock(&["show"]);
    assert!(done && said.contains("720h ahead"), "the folder remembers it: {said}");
    assert_eq!(again.terminate(), Some(0));
}
