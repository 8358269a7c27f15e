//! Whatever somebody may send, thrown at what reads it first: JSON, expressions, filters, ids,
//! conditions, world files, offers, what publishers upload, and what enforcement points ask. A reader answers or refuses; it
//! never panics, and what it has read means one thing.
//!
//! Knows no fuzzer: `fuzz/` runs these functions over bytes that it draws, and a test here runs
//! them over every seed and every finding that was kept. Start with [`TARGETS`].
#![expect(clippy::missing_panics_doc, reason = "a panic is what is looked for")]

use condition::{
    attribute::{Attribute, Source},
    condition::{CHARS_MAX, Condition},
    facts::{Facts, Known},
    refused::Problem,
    truth::Truth,
    value::Value,
};
use ids::{
    guid::{RoleId, TenantId},
    path::Path,
    resource::{ResourceId, ResourceType},
    scope::Scope,
};
use jiff::Timestamp;
use market::{
    audience, html,
    image::{self, Picture},
};
use model::{market::manifest::Manifest, role::RoleDefinition};
use template::{expression, lenient};
use uuid::Uuid;
use wire::{
    authzen::{self, EVALUATIONS_MAX, Evaluation, Evaluations},
    odata,
};
use world::{
    offer::{Files, OfferFile, write::write},
    world::{Roles, Standing, Types, World},
};

/// One thing that reads what others send.
pub type Target = fn(&[u8]);

/// Each by the name of its seeds' folder.
pub const TARGETS: [(&str, Target); 11] = [
    ("json", json),
    ("expression", expression),
    ("filter", filter),
    ("id", id),
    ("condition", condition),
    ("world", world),
    ("offer", offer),
    ("description", description),
    ("picture", picture),
    ("audience", audience),
    ("question", question),
];

const HOME: TenantId = TenantId::new(Uuid::from_u128(0xC));

/// The lenient reader says what strict JSON says, wherever that says anything.
pub fn json(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let read = lenient::read(text);
    let strict: Result<serde_json::Value, _> = serde_json::from_str(text);
    if let (Ok(read), Ok(strict)) = (&read, &strict) {
        assert_eq!(read, strict, "two readings of one text");
    }
    if let (Err(refused), Ok(_)) = (&read, &strict) {
        assert_eq!(refused.problem, lenient::Problem::Depth, "strict JSON is refused");
    }
    let _place = lenient::locate(text, &["resources", "0", "properties"]);
}

/// A text is a literal or an expression; a literal comes back through its escaped form.
pub fn expression(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _read = expression::text(text);
    let _parsed = expression::parse(text);
    let escaped = expression::escape(text);
    let read = expression::text(&escaped);
    let same = matches!(read, expression::Text::Literal(literal) if literal == text);
    assert!(same, "an escaped literal is something else: {escaped:?}");
}

/// A filter is read or refused.
pub fn filter(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _read = odata::parse(text);
}

/// What is shown of an id, and what is kept of it, reads as the same id.
pub fn id(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _path = Path::decode(text, HOME);
    if let Ok(scope) = Scope::parse(text, HOME) {
        assert_eq!(Scope::parse(&scope.to_string(), HOME).as_ref(), Ok(&scope), "shown");
        assert_eq!(Scope::try_from(scope.stored()).as_ref(), Ok(&scope), "kept");
        assert!(scope.lineage().count() <= text.len() + 1, "an id lies in few others");
    }
    if let Ok(id) = ResourceId::parse(text, HOME) {
        assert_eq!(ResourceId::parse(&id.to_string(), HOME).as_ref(), Ok(&id), "shown");
        let whole = ResourceId::new(
            id.scope().clone(),
            &id.kind(),
            &id.names().cloned().collect::<Vec<_>>(),
        );
        assert_eq!(whole.as_ref(), Ok(&id), "put together from its parts");
    }
    let _kind = ResourceType::parse(text);
}

/// A condition is written down so that it reads the same again, or refused at a place in it. Written
/// down in full it may be longer than one that is read. Its contrary is true where it is false, false
/// where it is true, and undecided where it is.
pub fn condition(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match Condition::parse(text) {
        Ok(read) => {
            let written = read.to_string();
            let again = Condition::parse(&written);
            let is_long = written.chars().count() > CHARS_MAX;
            assert!(is_long || again.as_ref() == Ok(&read), "written again: {written}");
            judged(&read, text);
        }
        Err(refused) => {
            let end = text.chars().count() + 1;
            assert!((1..=end).contains(&refused.at), "{refused}");
            assert!(!refused.to_string().contains(char::is_control), "in one line: {refused}");
        }
    }
}

fn judged(read: &Condition, text: &str) {
    let contrary = match Condition::parse(&format!("!({text})")) {
        Ok(contrary) => Some(contrary),
        Err(refused) => {
            let is_bound = matches!(refused.what, Problem::TooLong | Problem::TooDeep);
            assert!(is_bound, "the contrary cannot be read: {refused}");
            None
        }
    };
    for facts in [nothing_there(read), assignment()] {
        let truth = read.truth(&facts);
        assert_eq!(read.holds(&facts), truth == Truth::True, "{read} by {facts:?}");
        let against = contrary.as_ref().map_or(!truth, |it| it.truth(&facts));
        assert_eq!(against, !truth, "the contrary of {read} by {facts:?}");
    }
}

/// That there is nothing of all that a condition asks about.
fn nothing_there(read: &Condition) -> Facts<'static> {
    let nothing = Facts::new("").done_by(Known::Absent);
    let asked = read.attributes().into_iter().cloned();
    asked.fold(nothing, |facts, it| facts.with(it, Known::Absent))
}

/// That a role is assigned to a program, and one attribute of each other kind.
fn assignment() -> Facts<'static> {
    let of =
        |name| Attribute::new(Source::Request, "Microsoft.Authorization/roleAssignments", name);
    let named = |name| Attribute::new(Source::Request, "a", name);
    let text = |it: &str| Value::Text(it.to_owned());
    Facts::new("Microsoft.Authorization/roleAssignments/write")
        .done_by(Known::Is("Blob.List"))
        .with(of("RoleDefinitionId"), Known::Is(vec![Value::Guid(Uuid::from_u128(1))]))
        .with(of("PrincipalType"), Known::Is(vec![text("ServicePrincipal")]))
        .with(named("texts"), Known::Is(vec![text("gehälter"), text("\u{212a}*"), text("")]))
        .with(named("text"), Known::Is(vec![text("É")]))
        .with(named("numbers"), Known::Is(vec![Value::Integer(i64::MIN), Value::Integer(1)]))
        .with(named("truth"), Known::Is(vec![Value::Boolean(true)]))
        .with(named("moment"), Known::Is(vec![Value::Moment(Timestamp::UNIX_EPOCH)]))
}

/// A world file is read, and means the same twice, or every fault has a place in it.
pub fn world(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let read = || World::parse(text, &Nothing, &Nothing, Timestamp::UNIX_EPOCH);
    match read() {
        Ok(world) => {
            assert_eq!(world.nouns.len(), world.places.len(), "each thing stands somewhere");
            assert_eq!(read().as_ref(), Ok(&world), "read twice");
        }
        Err(faults) => assert!(faults.iter().all(|it| it.at.line > 0), "{faults:?}"),
    }
}

/// An offer is read, and written down so that it reads the same again, or every fault has a place
/// in it. A picture that stood in it stands beside it then.
pub fn offer(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match OfferFile::parse(text, &Nothing, &Nothing) {
        Ok(read) if read.pictures.is_empty() => {
            let written = write(&read.id, &read.form, &Nothing);
            let again = OfferFile::parse(&written, &Nothing, &Nothing);
            let same = again.is_ok_and(|it| (it.id, it.form) == (read.id, read.form));
            assert!(same, "written again:\n{written}");
        }
        Ok(_) => {}
        Err(faults) => {
            let is_placed = faults.iter().all(|it| it.at.line > 0);
            assert!(!faults.is_empty() && is_placed, "{faults:?}");
        }
    }
}

/// A description is refused where something is wrong with it, or shown without any other markup,
/// so that it reads the same again.
pub fn description(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match html::parse(text) {
        Ok(read) => {
            let shown = read.to_string();
            assert!(!without_tags(&shown).contains(['<', '>']), "{shown:?}");
            assert_eq!(html::parse(&shown).as_ref(), Ok(&read), "shown");
        }
        Err(faults) => {
            let is_within = |it: &html::Fault| text.is_char_boundary(it.at);
            assert!(!faults.is_empty() && faults.iter().all(is_within), "{faults:?}");
        }
    }
}

fn without_tags(shown: &str) -> String {
    let names = html::ELEMENTS.map(html::Element::name);
    let tags = names.iter().flat_map(|it| [format!("<{it}>"), format!("</{it}>")]);
    tags.chain(["<br>".to_owned()]).fold(shown.to_owned(), |left, tag| left.replace(&tag, " "))
}

/// A picture is refused, or as large as is allowed, and the same once it was written again.
pub fn picture(bytes: &[u8]) {
    let bounds = image::Bounds { bytes_max: 1 << 16, pixels_max: 1 << 12 };
    let Ok(read) = Picture::read(bytes, bounds) else { return };
    assert!(u64::from(read.width()) * u64::from(read.height()) <= bounds.pixels_max, "bounds");
    let (_look, small) = (read.look(), read.in_square(48));
    assert_eq!((small.width(), small.height()), (48, 48));
    let written = read.to_png().map(|file| Picture::read(&file, image::SCREENSHOT));
    assert!(written.is_ok_and(|again| again.as_ref() == Ok(&read)), "written again");
}

/// A list of subscriptions is the same once it was exported, or every fault has its line.
pub fn audience(bytes: &[u8]) {
    match audience::read(bytes, audience::PREVIEW_MAX) {
        Ok(entries) => {
            let list = audience::write(&entries);
            assert_eq!(audience::read(list.as_bytes(), audience::PREVIEW_MAX), Ok(entries));
        }
        Err(faults) => assert!(faults.iter().all(|it| it.line > 0), "{faults:?}"),
    }
}

/// What an enforcement point asks is refused, or means what its fields say once each, asked alone or
/// where several are asked.
pub fn question(bytes: &[u8]) {
    if let Ok(read) = authzen::evaluation(bytes) {
        let Evaluation { subject, action, resource, .. } = &read;
        let body: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let says = |path: &str, text: &str| body.pointer(path).is_some_and(|it| it == text);
        assert!(says("/subject/type", &subject.kind) && says("/subject/id", &subject.id));
        assert!(says("/resource/type", &resource.kind) && says("/resource/id", &resource.id));
        assert!(says("/action/name", &action.name) && !action.name.is_empty());
        if body.get("evaluations").is_none_or(serde_json::Value::is_null) {
            let several = authzen::evaluations(bytes);
            assert!(matches!(several, Err(_) | Ok(Evaluations::One(_))), "{several:?}");
            assert!(several.is_err() || several == Ok(Evaluations::One(read)), "asked alone");
        }
    }
    if let Ok(Evaluations::Many(batch)) = authzen::evaluations(bytes) {
        assert!((1..=EVALUATIONS_MAX).contains(&batch.items.len()), "bounds");
    }
    let _subjects = authzen::subject_search(bytes);
    let _resources = authzen::resource_search(bytes);
    let _actions = authzen::action_search(bytes);
}

/// No role, every type, and no file.
struct Nothing;

impl Files for Nothing {
    fn bytes(&self, _: &str, _: usize) -> Result<Vec<u8>, String> {
        Err("there is none".to_owned())
    }

    fn manifest(&self, _: &str) -> Result<Manifest, String> {
        Err("there is none".to_owned())
    }
}

impl Roles for Nothing {
    fn find(&self, name: &str) -> Option<RoleId> {
        name.parse().ok()
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn definition(&self, _: RoleId) -> Option<&RoleDefinition> {
        None
    }
}

impl Types for Nothing {
    fn standing(&self, _: &ResourceType) -> Standing {
        Standing::Kept
    }

    fn names(&self, _: &ResourceType) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;

    /// Seeds lie in `fuzz/seeds`, and beside them what a fuzzer once found.
    fn seeds(name: &str) -> Vec<Vec<u8>> {
        let seeds = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        let files = fs::read_dir(seeds.join(name)).unwrap();
        files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }

    #[test]
    fn every_seed_and_every_kept_finding_is_read_or_refused() {
        for (name, target) in TARGETS {
            let files = seeds(name);
            assert!(files.len() > 2, "{name} has few seeds");
            for bytes in files {
                target(&bytes);
                for cut in [1, 2, bytes.len() / 2, bytes.len().saturating_sub(1)] {
                    target(bytes.get(..cut).unwrap_or_default());
                }
            }
        }
    }

    #[test]
    fn the_conditions_among_the_seeds_are_true_and_false_and_undecided() {
        let read = seeds("condition").into_iter().filter_map(|it| {
            let text = String::from_utf8(it).ok()?;
            Condition::parse(&text).ok()
        });
        let truths: Vec<Truth> =
            read.flat_map(|it| [it.truth(&nothing_there(&it)), it.truth(&assignment())]).collect();
        for truth in [Truth::True, Truth::False, Truth::Unknown] {
            assert!(truths.contains(&truth), "{truth:?} among {truths:?}");
        }
    }
}
