//! The files beside an offer, and no others: whoever looks at somebody's offer opens nothing of
//! their own.

use std::{
    fs,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

use model::market::manifest::Manifest;
use template::{lenient, limits::TEMPLATE_BYTES_MAX};
use wire::arm::managed_services::manifest;
use world::offer::Files;

/// The folder of an offer file.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn of(offer: &Path) -> anyhow::Result<Self> {
        let parent = offer.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        let real = folder.canonicalize();
        let real = real.map_err(|error| anyhow::anyhow!("`{}`: {error}", folder.display()))?;
        Ok(Self(real))
    }

    /// The file itself, wherever links lead, if that is in the folder.
    fn find(&self, path: &str) -> Result<PathBuf, String> {
        const OUTSIDE: &str = "it must stand in the offer's folder";
        let inner = Path::new(path);
        let is_plain = |it: Component<'_>| matches!(it, Component::Normal(_) | Component::CurDir);
        if !inner.components().all(is_plain) {
            return Err(OUTSIDE.to_owned());
        }
        let real = self.0.join(inner).canonicalize();
        let real = real.map_err(|error| format!("it cannot be read: {error}"))?;
        if real.starts_with(&self.0) { Ok(real) } else { Err(OUTSIDE.to_owned()) }
    }
}

impl Files for Folder {
    fn bytes(&self, path: &str, bytes_max: usize) -> Result<Vec<u8>, String> {
        let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let file = fs::File::open(self.find(path)?);
        let read = file.and_then(|file| file.take(limit).read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| format!("it cannot be read: {error}"))
    }

    fn manifest(&self, path: &str) -> Result<Manifest, String> {
        let bytes = self.bytes(path, TEMPLATE_BYTES_MAX)?;
        let text = String::from_utf8(bytes).map_err(|_| "it is no text".to_owned())?;
        let document = lenient::read(&text).map_err(|refused| refused.to_string())?;
        manifest::read(document.to_string().as_bytes()).map_err(|refused| refused.to_string())
    }
}
