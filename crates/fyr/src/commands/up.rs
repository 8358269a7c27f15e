//! `fyr up`.

mod detached;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use arm_api::Enforcement;
use ids::clock::{Clock, Random};
use jiff::SignedDuration;
use model::settings::Profile;
use operations::{
    plane::{Plane, Simulated},
    sign_in::SignIn,
    world as apply,
};
use rustls::ServerConfig;
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time};
use world::world::Switches;

pub(super) use self::detached::detached;
use super::say;
use crate::{
    admin,
    authority::Authority,
    cli::{Simulation, Up},
    folder::Folder,
    hands::Hands,
    issuers,
    observe::{self, Metrics, Ready},
    plain,
    ports::{self, Listeners, Ports, Wanted},
    server::{self, Signals, Stop, stopped},
    summary::{self, Account, PlainPort, Summary},
    system::{OsRandom, SystemClock},
    wiring::{self, Ground, Surfaces},
    worlds::{self, Source},
};

/// The data folder unless another is named.
const USUAL: &str = ".fyr";
/// Where MSAL asks about an account, whatever the authority's port is.
const REALM: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 443);
/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_mins(1);

/// How often the signing keys are looked after.
const TENDING: Duration = Duration::from_hours(1);

/// Runs until a signal says stop.
pub(super) fn run(wanted: &Up) -> anyhow::Result<()> {
    let folder = folder(wanted)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(up(wanted, &folder));
    drop(runtime);
    if wanted.ephemeral {
        std::fs::remove_dir_all(folder.path())
            .with_context(|| format!("`{}` was left behind", folder.path().display()))?;
    }
    ended
}

/// Where the data is. What goes at the end is a folder that holds nothing of anybody's.
fn folder(wanted: &Up) -> anyhow::Result<Folder> {
    let path = match (&wanted.folder, wanted.ephemeral) {
        (Some(path), _) => path.clone(),
        (None, false) => USUAL.into(),
        // A name that nobody can have taken beforehand.
        (None, true) => std::env::temp_dir().join(format!("fyr-{}", OsRandom::new().uuid())),
    };
    let folder = Folder::make(&path)?;
    if wanted.ephemeral && !folder.holds_only(&detached::FILES)? {
        anyhow::bail!(
            "`{}` is not empty, and `--ephemeral` removes its folder at the end; name a new one",
            folder.path().display()
        );
    }
    Ok(folder)
}

async fn up(wanted: &Up, folder: &Folder) -> anyhow::Result<()> {
    let mut signals = Signals::open()?;
    let metrics = Metrics::install()?;
    let ground = Ground::open_lagging(folder, lag(&wanted.simulate)).await?;
    let chosen =
        Wanted { arm: wanted.listen, graph: wanted.listen_graph, portal: wanted.listen_portal };
    let (ports, listeners) = ports::open(folder, chosen).await?;
    let plane = ground.plane(ports.origins(), simulated(&wanted.simulate));
    let accounts = begin(wanted, folder, &plane, &ports).await?;
    // Clients judge certificates by their own clocks.
    let tls = Authority::open(folder, SystemClock.now())?.serve(Arc::new(SystemClock))?;
    let tls = Arc::new(tls);

    let (stop, stopping) = watch::channel(false);
    let alive = Arc::new(AtomicBool::new(true));
    let ready: Ready = {
        let (alive, store) = (Arc::clone(&alive), Arc::clone(&ground.store));
        Arc::new(move || alive.load(Ordering::Relaxed) && store.is_answering())
    };
    let mut tasks = JoinSet::new();
    let sign_in = ground.sign_in(&plane, issuers::read(&wanted.trusted_issuers)?).await?;
    let throttled = wanted.simulate.contains(&Simulation::Throttle);
    let enforcement = if throttled { Enforcement::On } else { Enforcement::Off };
    let surfaces = wiring::surfaces(&plane, &sign_in, enforcement);
    serve(surfaces, listeners, &tls, &ready, &metrics, &stopping, &mut tasks);
    let plain_port = if wanted.leave_443 {
        PlainPort::Left
    } else {
        realm(&tls, &ports, &ready, &metrics, &stopping, &mut tasks).await
    };
    tasks.spawn(sweep(Arc::clone(&plane), stopping.clone()));
    tasks.spawn(arm::deployment::work(Arc::clone(&plane), stopping.clone()));
    let means = wiring::means(wanted.certification.into(), &ports);
    tasks.spawn(operations::market::run::work(Arc::clone(&plane), means, stopping.clone()));
    tasks.spawn(tend(Arc::clone(&sign_in), stopping.clone()));
    let hands = Some(Hands { clock: Arc::clone(&ground.clock), sign_in });
    let office = admin::Office { folder: folder.clone(), plane: Arc::clone(&plane), hands };
    match admin::open(folder) {
        Ok(listener) => _ = tasks.spawn(admin::serve(listener, Arc::new(office), stopping)),
        Err(error) => tracing::warn!(%error, "`fyr world apply` cannot reach this server"),
    }
    say(&told(wanted, folder, &plane, accounts, plain_port));

    signals.next().await;
    alive.store(false, Ordering::Relaxed);
    let _nobody_listens = stop.send(true);
    let ended = tokio::select! {
        () = all(&mut tasks) => Ok(()),
        () = signals.next() => Err(anyhow::anyhow!("asked twice to stop: requests were cut short")),
    };
    tasks.shutdown().await;
    ground.store.shutdown().await;
    tracing::info!("stopped");
    ended
}

/// What operations do otherwise than by themselves.
fn simulated(wanted: &[Simulation]) -> Simulated {
    let mut simulated = Simulated::default();
    for it in wanted {
        match it {
            // Requests are counted before there is an operation; what counts is the store's to know.
            Simulation::Throttle | Simulation::Propagation(_) => {}
            Simulation::Operations(length) => simulated.operations = *length,
        }
    }
    simulated
}

/// How much later counts what somebody grants.
fn lag(wanted: &[Simulation]) -> SignedDuration {
    let mut lags = wanted.iter().rev().filter_map(|it| match it {
        Simulation::Propagation(length) => Some(*length),
        Simulation::Throttle | Simulation::Operations(_) => None,
    });
    lags.next().unwrap_or_default()
}

async fn all(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// The switches, and the world of a first start. Answers with who can sign in.
async fn begin(
    wanted: &Up,
    folder: &Folder,
    plane: &Plane,
    ports: &Ports,
) -> anyhow::Result<Option<Vec<Account>>> {
    let profile = wanted.profile.map(Profile::from);
    let last = Source::remembered(folder)?;
    if let (Some(_), Some(file)) = (&last, &wanted.world) {
        let advice = "`fyr world apply` applies a world to a folder that has one";
        tracing::warn!(file = %file.display(), advice, "the world was not applied");
    }
    let source = match (&last, &wanted.world) {
        (Some(last), _) => last.clone(),
        (None, None) => Source::Sample,
        (None, Some(file)) => Source::File(file.canonicalize().unwrap_or_else(|_| file.clone())),
    };
    let world = source.text().and_then(|(text, name)| {
        let world = worlds::parse(&text, &name, plane.clock.now()).map_err(anyhow::Error::msg)?;
        for warning in worlds::warnings(&world, &name) {
            tracing::warn!(warning, "the world is made all the same");
        }
        Ok(world)
    });
    if last.is_none() {
        let world = world.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
        plain::admit(folder, Some(ports), world)?;
        let summary = apply::apply(plane, world).await?;
        source.remember(folder)?;
        tracing::info!(created = summary.created, "the world was made");
    }
    apply::switch(plane, Switches { profile, guest_delegation: None }).await?;
    Ok(world.ok().map(|world| summary::accounts(&world)))
}

fn serve(
    surfaces: Surfaces,
    listeners: Listeners,
    tls: &Arc<ServerConfig>,
    ready: &Ready,
    metrics: &Metrics,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) {
    let all = [
        ("arm", listeners.arm, surfaces.arm),
        ("graph", listeners.graph, surfaces.graph),
        ("portal", listeners.portal, surfaces.portal),
    ];
    for (name, listener, router) in all {
        let router = observe::surface(name, router, Arc::clone(ready), metrics.clone());
        tasks.spawn(server::serve(name, listener, Arc::clone(tls), router, stop.clone()));
    }
}

/// Answers MSAL on port 443, if that can be had.
async fn realm(
    tls: &Arc<ServerConfig>,
    ports: &Ports,
    ready: &Ready,
    metrics: &Metrics,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) -> PlainPort {
    if ports.arm.port() == REALM.port() {
        return PlainPort::Answered;
    }
    let Ok(listener) = TcpListener::bind(REALM).await else { return PlainPort::Taken };
    let router =
        observe::surface("realm", identity_api::realm(), Arc::clone(ready), metrics.clone());
    tasks.spawn(server::serve("realm", listener, Arc::clone(tls), router, stop.clone()));
    PlainPort::Answered
}

async fn sweep(plane: Arc<Plane>, mut stop: Stop) {
    let mut ticks = time::interval(SWEEP);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = plane.store.sweep().await {
            tracing::warn!(%error, "what has expired was not removed");
        }
    }
}

/// Publishes, uses and retires the keys that sign tokens, each in its time.
async fn tend(sign_in: Arc<SignIn>, mut stop: Stop) {
    let mut ticks = time::interval(TENDING);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = sign_in.tend_keys().await {
            tracing::error!(%error, "the signing keys were not looked after");
        }
    }
}

fn told(
    wanted: &Up,
    folder: &Folder,
    plane: &Plane,
    accounts: Option<Vec<Account>>,
    plain_port: PlainPort,
) -> String {
    let usual = wanted.folder.as_ref().is_none_or(|it| it.as_os_str() == USUAL);
    let usual = usual && !wanted.ephemeral;
    let data = (!usual).then(|| folder.path().display().to_string());
    let summary = Summary {
        folder: folder.path(),
        program: std::env::args().next().unwrap_or_else(|| "fyr".to_owned()),
        data,
        origins: &plane.origins,
        profile: plane.index().settings().profile,
        accounts,
        plain_port,
        process: std::process::id(),
    };
    summary.render()
}
