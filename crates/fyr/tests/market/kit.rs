//! A running `fyr up`, and people who run commands against it.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::{BufRead, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

use axum::http::{Method, header};
use fyr::{
    folder::Folder,
    outgoing::{Ask, Https, Reach},
    ports::Ports,
};
use operations::plane::Origins;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;

/// The Azure CLI's own application.
const AZ: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const WAIT: (Duration, usize) = (Duration::from_mins(1), 1 << 20);

/// Somebody of the sample world's, or of the operators that [`Fyr::with_operators`] adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person(&'static str, &'static str);

pub(crate) const ADA: Person = Person("ada@fabrikam.example", "correct horse battery staple");
pub(crate) const BO: Person = Person("bo@fabrikam.example", "quiet lantern over water");
pub(crate) const OLOF: Person = Person("olof@contoso.example", "seven apples in winter");
pub(crate) const RUT: Person = Person("rut@contoso.example", "paper boats on the river");
pub(crate) const NORA: Person = Person("nora@northwind.example", "green fields at midnight");
pub(crate) const LONE: Person = Person("lone@adatum.example", "salt wind from the west");
pub(crate) const IVO: Person = Person("ivo@tailspin.example", "red kites over the bay");
pub(crate) const OPAL: Person = Person("opal@fyr.example", "harbour stones in june");

const OPERATORS: &str = "
tenants:
  - name: fyr
    domain: fyr.example
    users: [{ name: opal, displayName: Opal Strand, password: harbour stones in june }]
    roleAssignments: [{ principal: opal, role: Owner, scope: / }]
";

/// Killed when the test is over.
pub(crate) struct Fyr {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    around: tempfile::TempDir,
    https: Https,
    origins: Origins,
    /// By whose they are, and for which service.
    tokens: RefCell<BTreeMap<(&'static str, String), String>>,
}

impl Drop for Fyr {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fyr"));
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    for name in ["FYR_LOG", "FYR_TOKEN", "FYR_MARKETPLACE", "FYR_RESOURCE_MANAGER"] {
        command.env_remove(name);
    }
    for name in ["TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "SUBSCRIPTION_ID"] {
        command.env_remove(format!("AZURE_{name}"));
    }
    command
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) said: String,
    pub(crate) complaint: String,
}

impl Done {
    /// What it said, if it ended with that code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        self.said
    }

    /// What it said, if all went well.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        self.ends_with(0)
    }

    /// What it complained about, if it failed.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.code, 1, "{self:?}");
        self.complaint
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }
}

impl Fyr {
    /// The sample world.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let around = tempfile::tempdir().unwrap();
        let data = around.path().join("data");
        let mut command = command();
        command.args(["up", "--listen", "127.0.0.1:0", "--data"]).arg(&data).args(arguments);
        let mut child = command.stderr(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("Stop with") {
            assert_ne!(stdout.read_line(&mut said).unwrap(), 0, "it ended, having said:\n{said}");
        }
        let mut authorities = RootCertStore::empty();
        authorities.add(CertificateDer::from_pem_file(data.join("ca.pem")).unwrap()).unwrap();
        let https = Https::trusting(authorities).unwrap();
        let folder = Folder::open(&data).unwrap();
        let origins = Ports::remembered(&folder).unwrap().unwrap().origins();
        let tokens = RefCell::default();
        Self { child, _stdout: stdout, around, https, origins, tokens }
    }

    /// The same, and somebody who operates it.
    pub(crate) fn with_operators(arguments: &[&str]) -> Self {
        let fyr = Self::start(arguments);
        let world = fyr.file("operators.yaml", OPERATORS);
        fyr.run(command().args(["world", "apply"]).arg(world)).ok();
        fyr
    }

    /// A place for files beside the data folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.around.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path
    }

    fn run(&self, command: &mut Command) -> Done {
        let command = command.current_dir(self.around.path()).args(["--data", "data"]);
        let Output { status, stdout, stderr } = command.output().unwrap();
        let code = status.code().unwrap();
        let said = String::from_utf8(stdout).unwrap();
        Done { code, said, complaint: String::from_utf8(stderr).unwrap() }
    }

    /// A command by nobody.
    pub(crate) fn nobody(&self, arguments: &str) -> Done {
        self.run(command().env("PATH", "").args(words(arguments)))
    }

    /// A command with something more in its environment.
    pub(crate) fn with(&self, variable: (&str, &str), arguments: &str) -> Done {
        self.run(command().env("PATH", "").env(variable.0, variable.1).args(words(arguments)))
    }

    /// A command by somebody with a token of theirs. A word in quotes may hold spaces.
    pub(crate) fn by(&self, who: Person, arguments: &str) -> Done {
        let is_customers = arguments.starts_with("acceptance");
        let service = if is_customers { &self.origins.arm } else { &self.origins.graph };
        let token = self.token(who, service);
        self.run(command().env("FYR_TOKEN", token).args(words(arguments)))
    }

    /// A command by whoever has signed in to an Azure CLI, which notes what it was asked in `az.txt`.
    pub(crate) fn by_az(&self, who: Person, arguments: &str) -> (Done, String) {
        let token = self.token(who, &self.origins.arm);
        let folder = self.path("bin");
        std::fs::create_dir_all(&folder).unwrap();
        let script = format!(
            "#!/bin/sh\necho \"$@\" > {}\necho '{{ \"accessToken\": \"{token}\" }}'\n",
            self.path("az.txt").display()
        );
        executable(&folder.join("az"), &script);
        let done = self.run(command().env("PATH", &folder).args(words(arguments)));
        let mut asked = String::new();
        let noted = std::fs::File::open(self.path("az.txt"));
        noted.unwrap().read_to_string(&mut asked).unwrap();
        (done, asked)
    }

    /// Where Resource Manager is.
    pub(crate) fn arm(&self) -> &str {
        &self.origins.arm
    }

    /// A token, asked for once: passwords are slow to check, on purpose.
    fn token(&self, who: Person, service: &str) -> String {
        let key = (who.0, service.to_owned());
        let mut tokens = self.tokens.borrow_mut();
        tokens.entry(key).or_insert_with(|| self.signed_in(who, service)).clone()
    }

    fn signed_in(&self, Person(name, password): Person, service: &str) -> String {
        let (_, domain) = name.split_once('@').unwrap();
        let form: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "password")
            .append_pair("client_id", AZ)
            .append_pair("username", name)
            .append_pair("password", password)
            .append_pair("scope", &format!("{service}/.default"))
            .finish();
        let url = format!("{}/{domain}/oauth2/v2.0/token", self.origins.login);
        let headers = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
        let ask = Ask { method: Method::POST, url: &url, headers: &headers, body: form.into() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(self.https.answer(ask, Reach::Anywhere, WAIT)).unwrap();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let token = body["access_token"].as_str();
        assert!(token.is_some(), "{name}: {body}");
        token.unwrap().to_owned()
    }
}

/// Words, those in quotes as one.
fn words(text: &str) -> Vec<String> {
    let parts = text.split('\'').enumerate();
    let words = parts.flat_map(|(nth, part)| {
        let is_quoted = nth % 2 == 1;
        let plain = if is_quoted { "" } else { part };
        let quoted = is_quoted.then(|| part.to_owned());
        plain.split_whitespace().map(str::to_owned).chain(quoted).collect::<Vec<_>>()
    });
    words.collect()
}

fn executable(path: &Path, text: &str) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o755).open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}
