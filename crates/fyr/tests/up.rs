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
fn a_world_is_applied_through_the_server_and_without_one() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let world = around.path().join("world.yaml");
    fs::write(&world, "tenants: [{name: relecloud, domain: relecloud.example}]\n").unwrap();
    let apply = || output(fyr().args(["world", "apply"]).arg(&world).args(["--data", folder]));

    let server = up(&["--data", folder]);
    let (done, said, complaint) = apply();
    assert!(done && said.contains(": 1 created, 0 changed, 1 unchanged"), "{said}{complaint}");
    let (done, _, complaint) = output(fyr().args(["up", "--data", folder]));
    assert!(!done, "two servers had one folder: {complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (done, said, complaint) = apply();
    assert!(done && said.contains(": 0 created, 0 changed, 2 unchanged"), "{said}{complaint}");
}

#[test]
fn who_can_delegate_is_told_by_the_server_and_without_one() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let scope = "/subscriptions/11111111-1111-4111-8111-111111111111";
    let ask = |scope: &str, more: &[&str]| {
        let asked = ["access", "who-can-delegate", scope, "--data", folder];
        output(fyr().args(asked).args(more))
    };
    let server = up(&["--data", folder]);
    let (done, table, complaint) = ask(scope, &[]);
    assert!(done && table.contains("olof@contoso.example"), "{table}{complaint}");
    let (done, _, complaint) = ask("99999999-9999-4999-8999-999999999999", &[]);
    assert!(!done && complaint.contains("no subscription"), "{complaint}");
    let json = ask(scope, &["-o", "json"]);
    assert_eq!(server.terminate(), Some(0));
    assert_eq!(ask(scope, &[]), (true, table, String::new()));
    assert_eq!(ask(scope, &["-o", "json"]), json);
    assert!(json.1.contains("\"canDelegate\": true"), "{}", json.1);
}

/// The page about questions shows commands: each does what the page says.
#[test]
fn questions_about_access_are_answered_by_the_server_and_without_one_as_the_page_says() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let page = include_str!("../../../docs/questions.md");
    let lines = page.lines().filter_map(|line| line.strip_prefix("fyr "));
    let commands: Vec<Vec<&str>> = lines.map(|line| line.split(' ').collect()).collect();
    assert!(commands.len() >= 9, "{commands:?}");
    let ask = |words: &[&str], more: &[&str]| {
        let mut command = fyr();
        command.args(words).args(more).args(["--data", folder]);
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    };
    let server = up(&["--data", folder]);
    let told: Vec<_> = commands.iter().map(|words| ask(words, &[])).collect();
    for (words, (code, said, complaint)) in commands.iter().zip(&told) {
        assert_eq!((*code, complaint.as_str()), (Some(0), ""), "{words:?}");
        let expected = match words.get(1) {
            Some(&"check") => "yes\n",
            Some(&"explain") => "no: No grant allows it.",
            Some(&"who-can") => "mia@fabrikam.example",
            Some(&"what-can") => "but not  Microsoft.Authorization/*/Write",
            Some(&"scopes-of") => "/subscriptions/55555555-5555-4555-8555-555555555555",
            Some(&"graph") if words.contains(&"--dot") => "digraph access {",
            Some(&"provider") if words.contains(&"csv") => ",Contributor,standing,",
            Some(_) | None => "Harbour watch engineers",
        };
        assert!(said.contains(expected), "{words:?}: {said}");
    }
    let check = commands.first().unwrap();
    assert_eq!(ask(check, &["--at", "0"]), (Some(3), "no\n".to_owned(), String::new()));
    let (code, _, complaint) = ask(check, &["--at", "2126-01-01T00:00:00Z"]);
    assert!(code == Some(1) && complaint.contains("lies in the future"), "{complaint}");
    let json = ask(check, &["-o", "json"]);
    assert!(json.1.contains("\"isAllowed\": true"), "{json:?}");
    let (code, _, complaint) =
        ask(&["access", "check", "nobody@fabrikam.example", "x/read", "/tenants/0"], &[]);
    assert_eq!(code, Some(2), "{complaint}");
    let reviewed = commands.iter().find(|it| it.contains(&"provider")).unwrap();
    let (customers, everything) = (ask(reviewed, &[]).1, ask(reviewed, &["--members"]).1);
    assert!(!customers.contains("mia@") && everything.contains("mia@"), "{everything}");
    assert_eq!(server.terminate(), Some(0));
    for (words, told) in commands.iter().zip(&told) {
        assert_eq!(ask(words, &[]), *told, "{words:?}");
    }
}

#[test]
fn a_wrong_world_is_told_by_line_and_column_and_nothing_starts() {
    let (around, data) = data();
    let world = around.path().join("world.yaml");
    fs::write(&world, "tenants:\n- {name: a, domian: a.example}\n").unwrap();
    let expected = format!(
        "fyr: {0}:2:3: a tenant needs `domain`\n\
         {0}:2:13: a tenant has no key `domian`; did you mean `domain`?\n",
        world.display()
    );
    let (done, _, complaint) = output(fyr().args(["world", "validate"]).arg(&world));
    assert_eq!((done, complaint), (false, expected.clone()));
    let mut starting = fyr();
    starting.args(["up", "--listen", "127.0.0.1:0", "--log", "off", "--world"]).arg(&world);
    let (done, _, complaint) = output(starting.arg("--data").arg(&data));
    assert_eq!((done, complaint), (false, expected));
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
fn a_folder_with_passwords_of_a_world_file_is_served_on_loopback_only() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    assert_eq!(up(&["--data", folder]).terminate(), Some(0));
    let starting = |flag| output(fyr().args(["up", "--data", folder, flag, "0.0.0.0:0"]));
    for flag in ["--listen", "--listen-graph", "--listen-portal"] {
        let (done, _, complaint) = starting(flag);
        assert!(!done && complaint.contains("loopback"), "{flag}: {complaint}");
    }
    assert_eq!(up(&["--data", folder]).terminate(), Some(0), "the refusal was not remembered");
}

#[test]
fn no_world_with_passwords_is_applied_where_others_can_sign_in() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let file = |name: &str, text: &str| {
        let path = around.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (bare, secret) = (file("bare.yaml", NO_PASSWORDS), file("secret.yaml", PASSWORDS));
    let apply = |file: &str| output(fyr().args(["world", "apply", file, "--data", folder]));

    let mut command = fyr();
    command.args(["up", "--data", folder, "--world", &bare]).args(PUBLIC);
    let server = started(&mut command);
    assert!(apply(&bare).0);
    let (done, _, complaint) = apply(&secret);
    assert!(!done && complaint.contains("on loopback addresses only"), "{complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (done, _, complaint) = apply(&secret);
    assert!(!done && complaint.contains("on loopback addresses only"), "alone: {complaint}");

    let inside = ["--listen-graph", "127.0.0.1:0", "--listen-portal", "127.0.0.1:0"];
    assert_eq!(up(&[&["--data", folder], &inside[..]].concat()).terminate(), Some(0));
    assert!(apply(&secret).0, "nobody else can ask there now");
    let (done, _, complaint) = output(fyr().args(["up", "--data", folder]).args(PUBLIC));
    assert!(!done && complaint.contains("loopback"), "{complaint}");
}

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
fn a_file_removes_what_it_no_longer_declares_when_asked_to() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let (bare, people) = (around.path().join("bare.yaml"), around.path().join("people.yaml"));
    fs::write(&bare, NO_PASSWORDS).unwrap();
    fs::write(&people, PASSWORDS).unwrap();
    let server = up(&["--data", folder, "--simulate", "throttle"]);
    let apply = |file: &Path, more: &[&str]| {
        output(fyr().args(["world", "apply"]).arg(file).args(["--data", folder]).args(more))
    };
    assert!(apply(&people, &[]).0);
    let (done, said, complaint) = apply(&bare, &["--prune"]);
    assert!(
        done && said.contains(" 2 removed, 0 kept"),
        "a user and a password: {said}{complaint}"
    );
    assert_eq!(server.terminate(), Some(0));
    let (done, said, complaint) = apply(&bare, &["--prune"]);
    assert!(done && said.contains(" 0 removed, 0 kept"), "{said}{complaint}");
}

#[test]
fn a_world_is_written_down_through_the_server_or_without_and_applied_elsewhere() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let server = up(&["--data", folder]);
    let export = |folder: &str, more: &[&str]| {
        output(fyr().args(["world", "export", "--data", folder]).args(more))
    };
    let (done, running, complaint) = export(folder, &[]);
    assert!(done, "{complaint}");
    // Offers, and what was accepted of them, are exported by commands of their own, and it says so.
    assert!(complaint.lines().all(|line| line.contains("left out") || line.contains("leaves out")));
    assert!(complaint.contains("the publisher account of `fabrikam`"), "{complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (_, stopped, _) = export(folder, &[]);
    assert_eq!(stopped, running);
    assert!(!running.contains("correct horse") && running.contains("contosodata"), "{running}");

    let (_, hidden, _) = export(folder, &["--pseudonyms"]);
    assert!(!hidden.to_lowercase().contains("contoso"), "{hidden}");

    let file = around.path().join("again.yaml");
    fs::write(&file, &running).unwrap();
    let other = around.path().join("other");
    let other = other.to_str().unwrap();
    let again = up(&["--data", other, "--world", file.to_str().unwrap()]);
    assert_eq!(export(other, &[]).1, running);
    assert_eq!(again.terminate(), Some(0));
    let (done, _, complaint) = export(other, &["--tenant", "nobody"]);
    assert!(!done && complaint.contains("no tenant `nobody`"), "{complaint}");
}

#[test]
fn what_az_printed_becomes_a_world_that_validates() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/azure");
    let (around, _) = data();
    for (more, told) in [(&[][..], "Tailwind"), (&["--pseudonyms"][..], "tenant-1")] {
        let import =
            |folder: &Path| output(fyr().args(["world", "import", "azure"]).arg(folder).args(more));
        let (done, text, notes) = import(&samples);
        assert!(done && text.contains(told) && notes.contains("nobody lists"), "{text}{notes}");
        assert_eq!(more.is_empty(), text.contains("tailwind"), "{text}");
        let file = around.path().join("imported.yaml");
        fs::write(&file, &text).unwrap();
        let (valid, _, faults) = output(fyr().args(["world", "validate"]).arg(&file));
        assert!(valid, "{faults}\n{text}");
        let (done, _, complaint) = import(around.path());
        assert!(!done && complaint.contains("0 JSON files"), "{complaint}");
    }
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
