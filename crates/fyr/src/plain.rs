//! Passwords in plain, as world files give them: whoever has the file can sign in, and everyone
//! has the sample. So they are taken where nobody but this machine can ask, and a folder that
//! has taken them is served to nobody else from then on.

use world::world::World;

use crate::{
    folder::{Folder, Unusable},
    ports::Ports,
};

/// What remembers that the folder has taken some.
const MARK: &str = "plain-secrets";

/// Why a world is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(
        "a world with plain passwords is taken on loopback addresses only; this Fyr listens at {0}"
    )]
    Public(std::net::SocketAddr),
    #[error(transparent)]
    Folder(#[from] Unusable),
}

/// Whether passwords of the folder have stood in a world file.
pub fn are_kept(folder: &Folder) -> Result<bool, Unusable> {
    Ok(folder.read(MARK)?.is_some())
}

/// Whether the world may be applied where Fyr listens. If it brings secrets, the folder
/// remembers it from before the first of them is kept.
pub fn admit(folder: &Folder, ports: Option<&Ports>, world: &World) -> Result<(), Refused> {
    if world.secrets.is_empty() && world.seeds.is_empty() {
        return Ok(());
    }
    match ports.and_then(Ports::public) {
        Some(at) => Err(Refused::Public(at)),
        None => Ok(folder.write(MARK, b"a world file gave passwords to this folder\n")?),
    }
}
