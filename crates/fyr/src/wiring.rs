//! Where the parts meet: the store under the operations, the operations under the surfaces.

use std::sync::Arc;

use access::catalogue::Catalogue;
use anyhow::Context;
use arm::request::NoCaller;
use arm_api::{Bearers, Enforcement, Rates};
use aws_lc_rs::hmac;
use axum::{Router, extract::Path, http::StatusCode, response::Response, routing::get};
use ids::clock::{Clock, Random};
use jiff::Timestamp;
use model::event::Caller;
use operations::{
    plane::{Origins, Plane},
    seal::Seal,
    world as apply,
};
use serde_json::json;
use store::store::Store;
use store_sqlite::engine::Sqlite;

use crate::{
    admin,
    folder::Folder,
    observe,
    ports::Ports,
    system::{OsRandom, SystemClock},
};

/// What is served, each at an origin of its own.
pub struct Surfaces {
    pub arm: Router,
    pub graph: Router,
    pub portal: Router,
}

/// The clock, the randomness and the store: what is there before anyone listens.
pub struct Ground {
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub store: Arc<Store>,
    master: [u8; 32],
}

impl Ground {
    /// Opens the folder's store. One process has it at a time.
    pub async fn open(folder: &Folder) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(OsRandom::new());
        let master = folder.master_key(&*random)?;
        let engine = Sqlite::open(folder.path()).context("the store cannot be opened")?;
        let (now, chance) = (Arc::clone(&clock), Arc::clone(&random));
        let store = Store::open(engine, Catalogue::builtin(), now, chance).await;
        let store = store.context("the store cannot be read")?;
        Ok(Self { clock, random, store, master })
    }

    /// What the operations work on.
    pub fn plane(&self, origins: Origins) -> Arc<Plane> {
        Arc::new(Plane {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            origins,
            seal: Seal::new(&derived(&self.master, "continuations")),
        })
    }
}

/// A key for one purpose, which tells nothing about the others.
fn derived(master: &[u8; 32], purpose: &str) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, master), purpose.as_bytes());
    let mut key = [0; 32];
    key.iter_mut().zip(tag.as_ref()).for_each(|(byte, drawn)| *byte = *drawn);
    key
}

/// Applies a world without a server: nobody listens meanwhile.
pub fn alone(folder: &Folder, name: &str, text: &str) -> anyhow::Result<apply::Summary> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let ground = Ground::open(folder).await?;
        let ports = Ports::remembered(folder)?;
        let nowhere = || ["arm", "login", "graph", "portal"].map(|_| String::new());
        let origins = ports.map_or_else(
            || {
                let [arm, login, graph, portal] = nowhere();
                Origins { arm, login, graph, portal }
            },
            |ports| ports.origins(),
        );
        let applied = admin::apply_text(&ground.plane(origins), name, text).await;
        ground.store.shutdown().await;
        applied.map_err(anyhow::Error::msg)
    })
}

/// The one request that MSAL sends to port 443, having lost the port of the authority: whether
/// an account signs in with a password here.
pub fn realm() -> Router {
    Router::new().route("/common/userrealm/{user}", get(managed))
}

async fn managed(Path(user): Path<String>) -> Response {
    let domain = user.rsplit('@').next().unwrap_or_default();
    let realm = json!({
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": domain,
        "cloud_instance_name": "localhost",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    });
    observe::json(StatusCode::OK, &realm)
}

/// Surfaces that have an address and answer nothing yet.
pub const MISSING: &[&str] = &["graph", "portal"];

/// Everything that is served.
pub fn surfaces(plane: &Arc<Plane>) -> Surfaces {
    let arm = arm_api::routes(arm_api::Surface {
        plane: Arc::clone(plane),
        bearers: Arc::new(Nobody),
        rates: Arc::new(Rates::new(Enforcement::Off)),
    });
    Surfaces { arm, graph: Router::new(), portal: Router::new() }
}

/// Believes no token: there is nobody yet who issues one.
struct Nobody;

impl Bearers for Nobody {
    fn caller(&self, _: &str, _: Timestamp) -> Result<Caller, NoCaller> {
        Err(NoCaller::Invalid("The access token is invalid.".to_owned()))
    }
}
