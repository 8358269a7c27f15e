//! Where each surface listens, the same at every start: clients keep the addresses.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use operations::plane::Origins;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::{
    folder::{Folder, Unusable},
    plain,
};

const FILE: &str = "ports.json";
/// Where ARM and sign-in listen unless told otherwise.
const FIRST: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8443);
/// How many ports after the first are tried for each surface.
const TRIES_MAX: u16 = 100;

/// The addresses of the surfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    pub arm: SocketAddr,
    pub graph: SocketAddr,
    pub portal: SocketAddr,
}

/// What the command line asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub arm: Option<SocketAddr>,
    pub graph: Option<SocketAddr>,
    pub portal: Option<SocketAddr>,
}

/// The open listeners.
#[derive(Debug)]
pub struct Listeners {
    pub arm: TcpListener,
    pub graph: TcpListener,
    pub portal: TcpListener,
}

/// Why nothing listens.
#[derive(Debug, thiserror::Error)]
pub enum NoPorts {
    #[error("`{0}` is in use or not to be had; choose another with `{1} ADDRESS`")]
    Taken(SocketAddr, &'static str, #[source] io::Error),
    #[error("no port is free after {0}")]
    NoneFree(SocketAddr),
    #[error(
        "this folder has passwords that a world file gave, which open it on loopback addresses \
         only; {0} needs a folder of its own, begun with a world without passwords"
    )]
    Public(SocketAddr),
    #[error("`{FILE}` in the data folder cannot be read")]
    Garbled(#[source] serde_json::Error),
    #[error(transparent)]
    Folder(#[from] Unusable),
}

impl Ports {
    /// The addresses of the last start; none before the first.
    pub fn remembered(folder: &Folder) -> Result<Option<Self>, NoPorts> {
        let text = folder.read(FILE)?;
        text.map(|text| serde_json::from_str(&text).map_err(NoPorts::Garbled)).transpose()
    }

    /// The first address that others than this machine can reach, if any.
    pub fn public(&self) -> Option<SocketAddr> {
        [self.arm, self.graph, self.portal].into_iter().find(|at| !at.ip().is_loopback())
    }

    /// What clients are told: the certificate is for `localhost`.
    pub fn origins(&self) -> Origins {
        let origin = |at: SocketAddr| format!("https://localhost:{}", at.port());
        Origins {
            login: origin(self.arm),
            arm: origin(self.arm),
            graph: origin(self.graph),
            portal: origin(self.portal),
        }
    }
}

/// Opens the listeners: where the command line says, else where they were, else at free ports
/// one after the other. Remembers them, unless others could reach what opens with passwords
/// that a world file gave.
pub async fn open(folder: &Folder, wanted: Wanted) -> Result<(Ports, Listeners), NoPorts> {
    let (last, has_plain) = (Ports::remembered(folder)?, plain::are_kept(folder)?);
    let arm = first(wanted.arm, last.map(|it| it.arm)).await?;
    let at = address(&arm, "--listen")?;
    let graph = near(wanted.graph, last.map(|it| it.graph), at, "--listen-graph").await?;
    let next = address(&graph, "--listen-graph")?;
    let portal = near(wanted.portal, last.map(|it| it.portal), next, "--listen-portal").await?;
    let ports = Ports { arm: at, graph: next, portal: address(&portal, "--listen-portal")? };
    if let Some(at) = ports.public().filter(|_| has_plain) {
        return Err(NoPorts::Public(at));
    }
    let text = serde_json::to_string_pretty(&ports).map_err(NoPorts::Garbled)?;
    folder.write(FILE, text.as_bytes())?;
    Ok((ports, Listeners { arm, graph, portal }))
}

fn address(listener: &TcpListener, flag: &'static str) -> Result<SocketAddr, NoPorts> {
    listener.local_addr().map_err(|error| NoPorts::Taken(FIRST, flag, error))
}

async fn bind(at: SocketAddr, flag: &'static str) -> Result<TcpListener, NoPorts> {
    TcpListener::bind(at).await.map_err(|error| NoPorts::Taken(at, flag, error))
}

async fn first(
    wanted: Option<SocketAddr>,
    last: Option<SocketAddr>,
) -> Result<TcpListener, NoPorts> {
    match (settled(wanted, last), wanted) {
        (Some(at), _) | (None, Some(at)) => bind(at, "--listen").await,
        (None, None) => match bind(FIRST, "--listen").await {
            Ok(listener) => Ok(listener),
            Err(_) => free_after(FIRST).await,
        },
    }
}

async fn near(
    wanted: Option<SocketAddr>,
    last: Option<SocketAddr>,
    neighbour: SocketAddr,
    flag: &'static str,
) -> Result<TcpListener, NoPorts> {
    match (settled(wanted, last), wanted) {
        (Some(at), _) | (None, Some(at)) => bind(at, flag).await,
        (None, None) => free_after(neighbour).await,
    }
}

/// Port 0 means "any": the one of the last start, if there was one at that address.
fn settled(wanted: Option<SocketAddr>, last: Option<SocketAddr>) -> Option<SocketAddr> {
    match wanted {
        None => last,
        Some(any) if any.port() == 0 => last.filter(|it| it.ip() == any.ip()),
        wanted => wanted,
    }
}

async fn free_after(neighbour: SocketAddr) -> Result<TcpListener, NoPorts> {
    for step in 1..=TRIES_MAX {
        let Some(port) = neighbour.port().checked_add(step) else { break };
        if let Ok(listener) = TcpListener::bind(SocketAddr::new(neighbour.ip(), port)).await {
            return Ok(listener);
        }
    }
    Err(NoPorts::NoneFree(neighbour))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    #[tokio::test]
    async fn the_ports_of_the_first_start_are_the_ports_of_every_start() {
        let around = tempfile::tempdir().unwrap();
        let folder = Folder::make(&around.path().join("data")).unwrap();
        let any = Wanted { arm: Some(ANY), ..Wanted::default() };
        let (first, listeners) = open(&folder, any).await.unwrap();
        assert!(first.arm.port() != 0 && first.graph != first.arm && first.portal != first.graph);
        assert_eq!(first.origins().graph, format!("https://localhost:{}", first.graph.port()));
        drop(listeners);
        for wanted in [any, Wanted::default()] {
            let (again, listeners) = open(&folder, wanted).await.unwrap();
            assert_eq!(again, first);
            drop(listeners);
        }
    }

    #[tokio::test]
    async fn a_port_in_use_is_refused_with_the_flag_that_chooses_another() {
        let around = tempfile::tempdir().unwrap();
        let folder = Folder::make(&around.path().join("data")).unwrap();
        let other = TcpListener::bind(ANY).await.unwrap();
        let wanted = Wanted { arm: Some(other.local_addr().unwrap()), ..Wanted::default() };
        let refused = open(&folder, wanted).await.unwrap_err().to_string();
        assert!(refused.contains("--listen ADDRESS"), "{refused}");
    }
}
