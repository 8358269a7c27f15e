//! How `fyr world apply` reaches the running server: a socket in the data folder, which only
//! the folder's owner can open. One request and one answer for each connection.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::unix::net::UnixStream,
    sync::Arc,
    time::Duration,
};

use operations::{plane::Plane, world as apply};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream as Connection},
    time::timeout,
};

use crate::{
    folder::Folder,
    server::{Stop, stopped},
    worlds,
};

/// The socket's name in the folder.
const SOCKET: &str = "admin.sock";
/// The text of the largest world, as JSON.
const BYTES_MAX: u64 = 64 * 1024 * 1024;
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
    Apply { name: String, text: String },
}

/// What is answered.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    Ready { process: u32 },
    Applied(apply::Summary),
    Refused(String),
}

/// Opens the socket. What a killed server left behind is replaced; the store's own lock keeps
/// two servers apart.
pub fn open(folder: &Folder) -> io::Result<UnixListener> {
    let path = folder.file(SOCKET);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    UnixListener::bind(path)
}

/// Answers until told to stop.
pub async fn serve(listener: UnixListener, plane: Arc<Plane>, mut stop: Stop) {
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stop) => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((connection, _)) => {
                if let Err(error) = answer(connection, &plane).await {
                    tracing::warn!(%error, "an operator's request failed");
                }
            }
            Err(error) => tracing::warn!(%error, "an operator was not let in"),
        }
    }
}

async fn answer(mut connection: Connection, plane: &Plane) -> io::Result<()> {
    let mut asked = Vec::new();
    let mut reading = (&mut connection).take(BYTES_MAX);
    timeout(ASKING, reading.read_to_end(&mut asked)).await??;
    let answer = match serde_json::from_slice(&asked) {
        Ok(Ask::Ready) => Answer::Ready { process: std::process::id() },
        Ok(Ask::Apply { name, text }) => match apply_text(plane, &name, &text).await {
            Ok(summary) => Answer::Applied(summary),
            Err(reason) => Answer::Refused(reason),
        },
        Err(_) => Answer::Refused("this is not a request that this version knows".to_owned()),
    };
    connection.write_all(&serde_json::to_vec(&answer)?).await?;
    connection.shutdown().await
}

/// Reads and applies a world; on error, what to show.
pub async fn apply_text(plane: &Plane, name: &str, text: &str) -> Result<apply::Summary, String> {
    let world = worlds::parse(text, name, plane.clock.now())?;
    apply::apply(plane, &world).await.map_err(|error| format!("{:#}", anyhow::Error::new(error)))
}

/// Asks the folder's server; none where none runs.
pub fn ask(folder: &Folder, ask: &Ask) -> io::Result<Option<Answer>> {
    let mut connection = match UnixStream::connect(folder.file(SOCKET)) {
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
