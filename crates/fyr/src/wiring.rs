//! Where the parts meet: the store under the operations, the operations under the surfaces.

use std::sync::Arc;

use access::catalogue::Catalogue;
use anyhow::Context;
use arm_api::{Enforcement, Rates};
use axum::Router;
use identity::{
    resource::{Api, Apis},
    secret::MasterKey,
};
use ids::clock::{Clock, Random};
use jiff::SignedDuration;
use operations::{
    decisions::known::Known,
    market::{
        Operations,
        leads::LeadSender,
        run::{Certification, Means},
    },
    plane::{Origins, Plane, Simulated},
    seal::Seal,
    sign_in::{SignIn, issuers::Issuers, seeds::SeedSeal},
};
use store::store::Store;
use store_sqlite::engine::Sqlite;

use crate::{
    admin::Office,
    folder::Folder,
    hands,
    leads::{Courier, Nobody},
    outgoing::{Https, Reach},
    ports::Ports,
    system::{OsRandom, SettableClock},
    tokens::Tokens,
};

/// What is served, each at an origin of its own.
pub struct Surfaces {
    pub arm: Router,
    pub graph: Router,
    pub portal: Router,
}

/// The clock, the randomness and the store: what is there before anyone listens.
pub struct Ground {
    pub clock: Arc<SettableClock>,
    pub random: Arc<dyn Random>,
    pub store: Arc<Store>,
    master: MasterKey,
}

impl Ground {
    /// Opens the folder's store. One process has it at a time.
    pub async fn open(folder: &Folder) -> anyhow::Result<Self> {
        Self::open_lagging(folder, SignedDuration::ZERO).await
    }

    /// The same, where what a caller grants counts only so much later.
    pub async fn open_lagging(folder: &Folder, lag: SignedDuration) -> anyhow::Result<Self> {
        let clock = Arc::new(hands::remembered(folder)?);
        let random: Arc<dyn Random> = Arc::new(OsRandom::new());
        let master = MasterKey::new(folder.master_key(&*random)?);
        let engine = Sqlite::open(folder.path()).context("the store cannot be opened")?;
        let (now, chance) = (Arc::clone(&clock) as Arc<dyn Clock>, Arc::clone(&random));
        let store = Store::open_lagging(engine, Catalogue::builtin(), now, chance, lag).await;
        let store = store.context("the store cannot be read")?;
        // The folder is this process's alone.
        store.jobs().end_leases().await.context("the jobs cannot be taken up again")?;
        Ok(Self { clock, random, store, master })
    }

    /// What the operations work on.
    pub fn plane(&self, origins: Origins, simulated: Simulated) -> Arc<Plane> {
        Arc::new(Plane {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            random: Arc::clone(&self.random),
            origins,
            simulated,
            seal: Seal::of_continuations(&self.master),
            seeds: SeedSeal::new(&self.master),
            taken: None,
        })
    }

    /// What signs people and applications in to the plane.
    pub async fn sign_in(
        &self,
        plane: &Arc<Plane>,
        issuers: Issuers,
    ) -> anyhow::Result<Arc<SignIn>> {
        let (apis, master) = (apis(&plane.origins), self.master.clone());
        let opened = SignIn::open_for(Arc::clone(plane), master, apis, issuers).await;
        opened.context("the signing keys cannot be opened")
    }
}

/// The names of the surfaces: their origins, and for ARM Azure's own, which the SDKs ask for
/// unless they are told otherwise (`contracts`: ARM, audiences).
fn apis(origins: &Origins) -> Apis {
    let azures = ["https://management.azure.com", "https://management.core.windows.net"];
    let own = Apis::new(&origins.arm, &origins.graph);
    azures.into_iter().fold(own, |apis, name| apis.also(name, Api::Arm))
}

/// Does something with the folder's data without a server: nobody listens meanwhile.
pub fn alone<T>(
    folder: &Folder,
    work: impl AsyncFnOnce(&Office) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
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
        let office = Office {
            folder: folder.clone(),
            plane: ground.plane(origins, Simulated::default()),
            hands: None,
        };
        let done = work(&office).await;
        ground.store.shutdown().await;
        done
    })
}

/// Every action that is known, which what a manifest gives is asked of.
pub fn operations() -> Operations {
    arm::known_operations::shared()
}

/// The same, and those that are done to what resources hold, for whoever asks by their names.
fn known() -> Arc<Known> {
    let (control, data) = (arm::known_operations::actions(), arm::known_operations::data_actions());
    Arc::new(Known::new(control, data))
}

/// What the marketplace's work takes, for a server that listens there.
pub fn means(certification: Certification, ports: &Ports) -> Means {
    let sender: Arc<dyn LeadSender> = match Https::of_this_machine() {
        Ok(https) => Arc::new(Courier { https: Arc::new(https), reach: reach(ports) }),
        Err(error) => {
            tracing::warn!(%error, "leads are not delivered");
            Arc::new(Nobody)
        }
    };
    Means { sender, certification, operations: operations() }
}

/// Where leads may go: to this machine and its network only where nobody from elsewhere can say so.
fn reach(ports: &Ports) -> Reach {
    match ports.public() {
        None => Reach::Anywhere,
        Some(_) => Reach::Public,
    }
}

/// Everything that is served. The sign-in endpoints and the decisions share ARM's origin, the
/// marketplace Graph's.
pub fn surfaces(plane: &Arc<Plane>, sign_in: &Arc<SignIn>, enforcement: Enforcement) -> Surfaces {
    let arm = arm_api::routes(arm_api::Surface {
        plane: Arc::clone(plane),
        bearers: Arc::new(Tokens(sign_in.verifier(Api::Arm))),
        rates: Arc::new(Rates::new(enforcement)),
    });
    let login = identity_api::routes(identity_api::Surface { sign_in: Arc::clone(sign_in) });
    let metadata = identity_api::metadata(plane.origins.clone());
    let decisions = decision_api::routes(decision_api::Surface {
        sign_in: Arc::clone(sign_in),
        known: known(),
    });
    let graph = graph_api::routes(graph_api::Surface { sign_in: Arc::clone(sign_in) });
    let market = market_api::routes(market_api::Surface {
        sign_in: Arc::clone(sign_in),
        operations: operations(),
    });
    let portal = portal::routes(portal::Surface {
        sign_in: Arc::clone(sign_in),
        operations: operations(),
        sessions: Arc::default(),
    });
    Surfaces {
        arm: login.merge(metadata).merge(decisions).fallback_service(arm),
        graph: market.fallback_service(graph),
        portal,
    }
}

#[cfg(test)]
mod tests {
    use identity::resource::for_application;

    use super::*;

    #[test]
    fn leads_leave_this_machines_network_alone_as_soon_as_others_can_reach_any_surface() {
        let here = Ports {
            arm: "127.0.0.1:8443".parse().unwrap(),
            graph: "[::1]:8444".parse().unwrap(),
            portal: "127.0.0.2:8445".parse().unwrap(),
        };
        assert_eq!(reach(&here), Reach::Anywhere);
        for open in ["0.0.0.0:9443", "[::]:9443", "192.168.1.4:9443", "[::ffff:127.0.0.1]:9443"] {
            let open = open.parse().unwrap();
            let some = [
                Ports { arm: open, ..here },
                Ports { graph: open, ..here },
                Ports { portal: open, ..here },
            ];
            assert!(some.iter().all(|ports| reach(ports) == Reach::Public), "{open}");
        }
    }

    #[test]
    fn tokens_for_azures_own_names_of_arm_are_good_for_arm_and_for_nothing_else() {
        let at = |port: u16| format!("https://localhost:{port}");
        let origins = Origins { arm: at(8443), login: at(8443), graph: at(8444), portal: at(8445) };
        let apis = apis(&origins);
        for name in ["management.azure.com", "management.core.windows.net"] {
            for slash in ["", "/"] {
                let audience = format!("https://{name}{slash}");
                let asked = for_application(&format!("{audience}/.default"), &apis).unwrap();
                assert_eq!((asked.api, &asked.audience), (Api::Arm, &audience));
                assert!(apis.audiences(Api::Arm).contains(&audience));
                assert!(!apis.audiences(Api::Graph).contains(&audience));
                assert!(!apis.audiences(Api::Decision).contains(&audience));
            }
        }
    }
}
