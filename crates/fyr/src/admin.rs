//! How `fyr world`, `fyr clock`, `fyr access` and `fyr report` reach the running server: a socket in the data folder, which only
//! the folder's owner can open. One request and one answer for each connection.

use std::{
    fs::File,
    io::{self, Read, Write},
    net::Shutdown,
    os::{fd::AsRawFd, unix::net::UnixStream},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use arm::handlers::who_can_delegate;
use ids::guid::SubscriptionId;
use operations::{
    delegation::delegators::{self, PAGE_MAX, Stretch},
    plane::Plane,
    world as apply,
};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream as Connection},
    sync::Semaphore,
    task::JoinSet,
    time::timeout,
};
use wire::access::{DelegatorBody, report::ReportBody};
use world::{export::Export, world::World};

use self::questions::{Inquiry, Reply};

use crate::{
    folder::Folder,
    hands::{Hands, Shown, Turn},
    plain,
    ports::Ports,
    server::{GRACE, Stop, stopped},
    worlds,
};

pub mod questions;
pub mod report;

/// The socket's name in the folder.
const SOCKET: &str = "admin.sock";
/// How long the address of a socket may be, on Linux; other systems allow a little less.
const PATH_BYTES_MAX: usize = 103;
/// Operators at a time.
const CONNECTIONS_MAX: usize = 8;
/// The text of the largest world, as JSON.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Who can delegate, in one answer.
const DELEGATORS_MAX: usize = 5_000;
/// For a client to say what it wants.
const ASKING: Duration = Duration::from_secs(30);
/// For a world of many passwords to be applied.
const ANSWERING: Duration = Duration::from_mins(10);

/// What the owner of the folder can ask for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ask {
    /// Whether somebody is there.
    Ready,
    /// Applies a world file; the name is for messages.
    Apply {
        name: String,
        text: String,
        #[serde(default)]
        leftovers: Leftovers,
    },
    /// A world file of what is there.
    Export { tenants: Vec<String>, names: Names },
    /// The clock.
    Clock(Turn),
    /// Who can delegate the subscription.
    WhoCanDelegate { subscription: SubscriptionId },
    /// A question about access.
    Access(Box<Inquiry>),
    /// What a provider may do at a customer's.
    Report(report::Wanted),
}

/// What becomes of things that world files made before and this one does not declare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Leftovers {
    #[default]
    Kept,
    Removed,
}

/// By which names an export calls things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Names {
    Their,
    Pseudonyms,
}

/// What is answered.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    Ready {
        process: u32,
    },
    Applied(apply::Summary),
    /// The file, and what it leaves out.
    Exported {
        text: String,
        notes: Vec<String>,
    },
    Clock(Shown),
    WhoCanDelegate(Delegators),
    Access(Box<Reply>),
    Report(Box<ReportBody>),
    Refused(String),
}

/// Who can delegate, and whether there are more than are told here.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delegators {
    pub found: Vec<DelegatorBody>,
    pub more: bool,
}

/// Opens the socket. What a killed server left behind is replaced; the store's own lock keeps
/// two servers apart.
pub fn open(folder: &Folder) -> io::Result<UnixListener> {
    match std::fs::remove_file(folder.file(SOCKET)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    at_socket(folder, |path| UnixListener::bind(path))
}

/// Names the socket so that the system takes it: an address of this kind is short, and a data
/// folder may lie deep.
fn at_socket<T>(folder: &Folder, using: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let path = folder.file(SOCKET);
    if path.as_os_str().len() <= PATH_BYTES_MAX {
        return using(&path);
    }
    let opened = File::open(folder.path())?;
    using(&Path::new("/proc/self/fd").join(opened.as_raw_fd().to_string()).join(SOCKET))
}

/// What requests are answered with.
pub struct Office {
    pub folder: Folder,
    pub plane: Arc<Plane>,
    /// The clock, where a server runs by it.
    pub hands: Option<Hands>,
}

/// Answers until told to stop; what is being done by then is given a while to end.
pub async fn serve(listener: UnixListener, office: Arc<Office>, mut stop: Stop) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stopped(&mut stop) => break,
            next = next => next,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((connection, _)) => {
                let (office, stop) = (Arc::clone(&office), stop.clone());
                connections.spawn(async move {
                    let _place = place;
                    if let Err(error) = office.answer(connection, stop).await {
                        tracing::warn!(%error, "an operator's request failed");
                    }
                });
            }
            Err(error) => tracing::warn!(%error, "an operator was not let in"),
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, all).await.is_err() {
        tracing::warn!(left = connections.len(), "operators' requests were cut short");
    }
}

impl Office {
    async fn answer(&self, mut connection: Connection, mut stop: Stop) -> io::Result<()> {
        let mut asked = Vec::new();
        let mut reading = (&mut connection).take(BYTES_MAX);
        tokio::select! {
            // Nothing was asked yet that could be left undone.
            () = stopped(&mut stop) => return Ok(()),
            read = timeout(ASKING, reading.read_to_end(&mut asked)) => { read??; }
        }
        let answer = match serde_json::from_slice(&asked) {
            Ok(Ask::Ready) => Answer::Ready { process: std::process::id() },
            Ok(Ask::Apply { name, text, leftovers }) => {
                match self.apply(&name, &text, leftovers).await {
                    Ok(summary) => Answer::Applied(summary),
                    Err(reason) => Answer::Refused(reason),
                }
            }
            Ok(Ask::Export { tenants, names }) => match self.export(&tenants, names).await {
                Ok(Export { text, notes }) => Answer::Exported { text, notes },
                Err(error) => Answer::Refused(format!("{error:#}")),
            },
            Ok(Ask::Clock(turn)) => match self.turn(turn).await {
                Ok(shown) => Answer::Clock(shown),
                Err(error) => Answer::Refused(format!("{error:#}")),
            },
            Ok(Ask::WhoCanDelegate { subscription }) => {
                match self.who_can_delegate(subscription).await {
                    Ok(found) => Answer::WhoCanDelegate(found),
                    Err(error) => Answer::Refused(format!("{error:#}")),
                }
            }
            Ok(Ask::Access(inquiry)) => match questions::answer(&self.plane, *inquiry).await {
                Ok(reply) => Answer::Access(Box::new(reply)),
                Err(error) => Answer::Refused(format!("{error:#}")),
            },
            Ok(Ask::Report(wanted)) => match report::make(&self.plane, wanted).await {
                Ok(report) => Answer::Report(Box::new(report)),
                Err(error) => Answer::Refused(format!("{error:#}")),
            },
            Err(_) => Answer::Refused("this is not a request that this version knows".to_owned()),
        };
        connection.write_all(&serde_json::to_vec(&answer)?).await?;
        connection.shutdown().await
    }

    async fn turn(&self, turn: Turn) -> anyhow::Result<Shown> {
        let hands = self.hands.as_ref().context("this server's clock is not to be set")?;
        hands.turn(&self.folder, &self.plane, turn).await
    }

    /// A world file of what is there.
    pub async fn export(&self, tenants: &[String], names: Names) -> anyhow::Result<Export> {
        let nouns = apply::nouns(&self.plane, tenants).await?;
        Ok(worlds::export(&nouns, names))
    }

    /// Reads and applies a world; on error, what to show.
    pub async fn apply(
        &self,
        name: &str,
        text: &str,
        leftovers: Leftovers,
    ) -> Result<apply::Summary, String> {
        let world = worlds::parse(text, name, self.plane.clock.now())?;
        self.apply_world(&world, leftovers).await.map_err(|error| match error.downcast_ref() {
            Some(apply::Error::Taken { .. }) => format!("{name}:{error}"),
            Some(_) | None => format!("{error:#}"),
        })
    }

    /// Everyone who can delegate the subscription, as far as one answer tells.
    pub async fn who_can_delegate(
        &self,
        subscription: SubscriptionId,
    ) -> anyhow::Result<Delegators> {
        let mut told = Delegators { found: Vec::new(), more: false };
        let mut after = None;
        loop {
            let wanted = Stretch { subscription, after, limit: PAGE_MAX };
            let page = delegators::of_folder(&self.plane, wanted).await?;
            let Some(page) = page else {
                anyhow::bail!("there is no subscription `{subscription}`")
            };
            let shown = page.found.into_iter().map(|it| who_can_delegate::body(it, subscription));
            told.found.extend(shown);
            after = page.next;
            told.more = after.is_some();
            if !told.more || told.found.len() >= DELEGATORS_MAX {
                return Ok(told);
            }
        }
    }

    async fn apply_world(
        &self,
        world: &World,
        leftovers: Leftovers,
    ) -> anyhow::Result<apply::Summary> {
        let ports = Ports::remembered(&self.folder)?;
        plain::admit(&self.folder, ports.as_ref(), world)?;
        let mut summary = apply::apply(&self.plane, world).await?;
        match leftovers {
            Leftovers::Kept => {}
            Leftovers::Removed => summary.add(apply::prune(&self.plane, world).await?),
        }
        Ok(summary)
    }
}

/// Asks the folder's server; none where none runs.
pub fn ask(folder: &Folder, ask: &Ask) -> io::Result<Option<Answer>> {
    let mut connection = match at_socket(folder, |path| UnixStream::connect(path)) {
        Ok(connection) => connection,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    connection.set_read_timeout(Some(ANSWERING))?;
    connection.write_all(&serde_json::to_vec(ask)?)?;
    connection.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    connection.take(BYTES_MAX).read_to_end(&mut answer)?;
    Ok(Some(serde_json::from_slice(&answer)?))
}
