//! The protocol of a revocation as a small world that is explored whole: every order in which
//! its steps can happen. The protocol keeps its promises, and each mutant that leaves out a part
//! of it breaks one.
//!
//! The world: two servers with a copy of the log each, the second a synchronous standby that can
//! be promoted when the first is cut off from it; one node that answers Ada's read; one node
//! that writes for Ada; and an owner who takes Ada's access away and, once that was
//! acknowledged, writes a secret.

use std::collections::{HashMap, VecDeque};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Entry {
    /// Ada loses her access.
    Revoke,
    /// The owner writes what Ada may never see.
    Secret,
    /// Something that Ada writes.
    Ada,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Server {
    First,
    Second,
}

/// How far Ada's read has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Read {
    Idle,
    Arrived,
    /// Data and head are in hand; nothing is decided by them yet.
    Loaded,
    Decided,
    Released,
}

/// How far Ada's write has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Write {
    Idle,
    /// It has a permit, given before or after the revocation.
    Permitted {
        before: bool,
    },
    /// It was checked again, apart from the commit.
    Checked,
    Done,
}

/// Who keeps to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    /// As the design says.
    Whole,
    /// Reads are released without asking whether the server read from still leads.
    WithoutQuorum,
    /// The quorum is asked before the read instead of after it: as good, since the data is of a
    /// moment after that.
    QuorumBeforeRead,
    /// The verdict comes first, the data after it, with no second look.
    DecideThenRead,
    /// The head is one that was fetched before the request arrived.
    CachedHead,
    /// A write commits by the permit it once got.
    NoCheckAtCommit,
    /// A write is checked again, and then committed in a second step.
    CheckThenCommit,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "a state space is a product of small facts")]
struct World {
    logs: [Vec<Entry>; 2],
    leader: Server,
    /// The first server hears nothing of the second any more.
    cut_off: bool,
    acknowledged: bool,
    /// Which server the reading node talks to.
    connected: Server,
    /// The reading node's index knows of the revocation.
    applied: bool,
    read: Read,
    /// The read arrived after the owner heard that the revocation is done.
    late: bool,
    allowed: Option<bool>,
    /// Whether the data in hand holds the secret.
    secret: bool,
    /// Whether the head in hand is past the revocation.
    head: Option<bool>,
    confirmed: bool,
    write: Write,
}

impl World {
    fn new() -> Self {
        Self {
            logs: [Vec::new(), Vec::new()],
            leader: Server::First,
            cut_off: false,
            acknowledged: false,
            connected: Server::First,
            applied: false,
            read: Read::Idle,
            late: false,
            allowed: None,
            secret: false,
            head: None,
            confirmed: false,
            write: Write::Idle,
        }
    }

    fn log(&self, server: Server) -> &[Entry] {
        match server {
            Server::First => &self.logs[0],
            Server::Second => &self.logs[1],
        }
    }

    fn has(&self, server: Server, entry: Entry) -> bool {
        self.log(server).contains(&entry)
    }

    /// What the reading node can see of the revocation.
    fn revoked_here(&self) -> bool {
        self.has(self.connected, Entry::Revoke)
    }

    /// The world after the leader has committed, if it can: while the first server leads, the
    /// standby must have the entry too before anybody sees it.
    fn committed(&self, entry: Entry) -> Option<Self> {
        let mut next = self.clone();
        match self.leader {
            Server::First if self.cut_off => return None,
            Server::First => next.logs.iter_mut().for_each(|log| log.push(entry)),
            Server::Second => next.logs[1].push(entry),
        }
        Some(next)
    }

    /// Whether the server that the reading node talks to can still gather a quorum.
    fn quorum(&self) -> bool {
        !(self.connected == Server::First && self.cut_off)
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = self.clone();
        change(&mut next);
        next
    }

    /// The promise that is broken here.
    fn broken(&self) -> Option<&'static str> {
        if self.read == Read::Released && self.late {
            return Some("G1: allowed though the revocation had been acknowledged");
        }
        if self.read == Read::Released && self.secret {
            return Some("G2: released what was written after the revocation");
        }
        let place = |log: &[Entry], entry| log.iter().position(|it| *it == entry);
        let late_write = self.logs.iter().any(|log| {
            let revoked = place(log, Entry::Revoke);
            revoked.is_some() && place(log, Entry::Ada) > revoked
        });
        late_write.then_some("G3: a write was committed after the revocation")
    }
}

type Steps = Vec<(&'static str, World)>;

fn steps(world: &World, protocol: Protocol, fail_over: bool) -> Steps {
    let mut all = owner(world);
    if fail_over {
        all.extend(failures(world));
    }
    all.extend(reader(world, protocol));
    all.extend(writer(world, protocol));
    all
}

fn owner(world: &World) -> Steps {
    let mut steps = Vec::new();
    if !world.has(world.leader, Entry::Revoke) {
        steps.extend(world.committed(Entry::Revoke).map(|next| ("revoke", next)));
    } else if !world.acknowledged {
        steps.push(("acknowledge", world.with(|it| it.acknowledged = true)));
    } else if !world.has(world.leader, Entry::Secret) {
        steps.extend(world.committed(Entry::Secret).map(|next| ("secret", next)));
    }
    steps
}

fn failures(world: &World) -> Steps {
    let mut steps = Vec::new();
    if !world.cut_off {
        steps.push(("cut the first off", world.with(|it| it.cut_off = true)));
    } else if world.leader == Server::First {
        steps.push(("promote the second", world.with(|it| it.leader = Server::Second)));
    }
    if world.read == Read::Idle && world.connected != world.leader {
        steps.push(("reconnect", world.with(|it| it.connected = it.leader)));
    }
    steps
}

fn reader(world: &World, protocol: Protocol) -> Steps {
    let revoked = world.revoked_here();
    let mut steps = Vec::new();
    if !world.applied && revoked {
        steps.push(("catch up", world.with(|it| it.applied = true)));
    }
    match world.read {
        Read::Idle => {
            let cached = protocol == Protocol::CachedHead;
            if cached {
                steps.push(("fetch head", world.with(|it| it.head = Some(revoked))));
            }
            steps.push((
                "arrive",
                world.with(|it| {
                    it.read = Read::Arrived;
                    it.late = it.acknowledged;
                    (it.allowed, it.secret, it.confirmed) = (None, false, false);
                    it.head = it.head.filter(|_| cached);
                }),
            ));
        }
        Read::Arrived => steps.extend(arrived(world, protocol)),
        Read::Loaded => steps.push((
            "decide",
            world.with(|it| {
                it.allowed = Some(!it.applied);
                it.read = Read::Decided;
            }),
        )),
        Read::Decided => steps.extend(decided(world, protocol)),
        Read::Released => steps.push(("finish", idle(world))),
    }
    steps
}

fn arrived(world: &World, protocol: Protocol) -> Steps {
    let revoked = world.revoked_here();
    let decide = |it: &mut World| it.allowed = Some(!it.applied);
    let load = |it: &mut World| {
        it.secret = it.has(it.connected, Entry::Secret);
        it.read = Read::Decided;
    };
    match protocol {
        Protocol::DecideThenRead => vec![match (world.head, world.allowed) {
            (None, _) => (
                "confirm",
                world.with(|it| {
                    it.head = Some(revoked);
                    it.applied |= revoked;
                }),
            ),
            (Some(_), None) => ("decide", world.with(decide)),
            (Some(_), Some(_)) => ("load", world.with(load)),
        }],
        Protocol::CachedHead => vec![match (world.head, world.allowed) {
            (None, _) => ("give up", idle(world)),
            (Some(head), None) if world.applied || !head => ("decide", world.with(decide)),
            (Some(_), None) => return Vec::new(),
            (Some(_), Some(_)) => ("load", world.with(load)),
        }],
        Protocol::QuorumBeforeRead if !world.confirmed => confirm(world),
        Protocol::Whole
        | Protocol::WithoutQuorum
        | Protocol::QuorumBeforeRead
        | Protocol::NoCheckAtCommit
        | Protocol::CheckThenCommit => {
            vec![(
                "load data and head",
                world.with(|it| {
                    it.secret = it.has(it.connected, Entry::Secret);
                    it.head = Some(revoked);
                    it.applied |= revoked;
                    it.read = Read::Loaded;
                }),
            )]
        }
    }
}

fn decided(world: &World, protocol: Protocol) -> Steps {
    let release = || {
        let read = if world.allowed == Some(true) { Read::Released } else { Read::Idle };
        ("release", world.with(|it| it.read = read))
    };
    let mut steps = vec![("give up", idle(world))];
    match protocol {
        Protocol::WithoutQuorum
        | Protocol::CachedHead
        | Protocol::DecideThenRead
        | Protocol::QuorumBeforeRead => steps.push(release()),
        Protocol::Whole | Protocol::NoCheckAtCommit | Protocol::CheckThenCommit => {
            if world.confirmed {
                steps.push(release());
            } else {
                steps.extend(confirm(world));
            }
        }
    }
    steps
}

fn confirm(world: &World) -> Steps {
    let confirmed = || ("ask the quorum", world.with(|it| it.confirmed = true));
    world.quorum().then(confirmed).into_iter().collect()
}

fn idle(world: &World) -> World {
    world.with(|it| {
        it.read = Read::Idle;
        (it.allowed, it.secret, it.head) = (None, false, None);
        (it.late, it.confirmed) = (false, false);
    })
}

fn writer(world: &World, protocol: Protocol) -> Steps {
    let revoked = world.has(world.leader, Entry::Revoke);
    let commit = || {
        let done = |next: World| ("Ada's write", next.with(|it| it.write = Write::Done));
        world.committed(Entry::Ada).map(done)
    };
    match (world.write, protocol) {
        (Write::Idle, _) => {
            let write = Write::Permitted { before: !revoked };
            vec![("get a permit", world.with(|it| it.write = write))]
        }
        (Write::Permitted { before: false } | Write::Done, _) => Vec::new(),
        (Write::Permitted { before: true }, Protocol::CheckThenCommit) => {
            let write = if revoked { Write::Done } else { Write::Checked };
            vec![("check again", world.with(|it| it.write = write))]
        }
        (Write::Permitted { before: true }, Protocol::NoCheckAtCommit) | (Write::Checked, _) => {
            commit().into_iter().collect()
        }
        // Checked while the head is locked: one step with the commit.
        (Write::Permitted { before: true }, _) => {
            commit().filter(|_| !revoked).into_iter().collect()
        }
    }
}

/// How a promise was broken, step by step; or how many worlds there are, none of them bad.
fn explore(protocol: Protocol, fail_over: bool) -> Result<usize, String> {
    let first = World::new();
    let mut came_from: HashMap<World, Option<(World, &'static str)>> =
        HashMap::from([(first.clone(), None)]);
    let mut open = VecDeque::from([first]);
    while let Some(world) = open.pop_front() {
        if let Some(promise) = world.broken() {
            return Err(format!("{promise}: {}", story(&came_from, &world)));
        }
        for (step, next) in steps(&world, protocol, fail_over) {
            if !came_from.contains_key(&next) {
                came_from.insert(next.clone(), Some((world.clone(), step)));
                open.push_back(next);
            }
        }
    }
    Ok(came_from.len())
}

fn story(came_from: &HashMap<World, Option<(World, &'static str)>>, end: &World) -> String {
    let (mut steps, mut world) = (Vec::new(), end);
    while let Some((before, step)) = &came_from[world] {
        steps.push(*step);
        world = before;
    }
    steps.reverse();
    steps.join(", ")
}

#[test]
fn the_protocol_keeps_its_promises_in_every_order_of_steps() {
    for (protocol, fail_over) in
        [(Protocol::Whole, false), (Protocol::Whole, true), (Protocol::QuorumBeforeRead, true)]
    {
        let worlds = explore(protocol, fail_over).unwrap_or_else(|story| panic!("{story}"));
        assert!(worlds > 50, "a world of {worlds} states shows nothing");
    }
    // With one process there is nobody to ask; this is how SQLite runs.
    explore(Protocol::WithoutQuorum, false).unwrap_or_else(|story| panic!("{story}"));
}

#[test]
fn each_part_that_is_left_out_breaks_a_promise() {
    for (protocol, fail_over, promise) in [
        (Protocol::WithoutQuorum, true, "G1"),
        (Protocol::DecideThenRead, false, "G2"),
        (Protocol::CachedHead, false, "G1"),
        (Protocol::NoCheckAtCommit, false, "G3"),
        (Protocol::CheckThenCommit, false, "G3"),
    ] {
        let story = explore(protocol, fail_over).expect_err("no promise was broken");
        assert!(story.starts_with(promise), "{protocol:?}: {story}");
    }
}
