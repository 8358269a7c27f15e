//! Where a management group may stand: the tree and a wish in, verdict out.

use ids::name::Name;
use model::tree::ManagementGroup;

use super::Refused;

/// Azure's bound, the root not counted.
pub const LEVELS_MAX: usize = 6;
/// Azure's bound on the id of a group.
pub const NAME_CHARS_MAX: usize = 90;
/// Azure's bound on what people call a group.
pub const DISPLAY_NAME_CHARS_MAX: usize = 90;

/// Whether a group may be called that.
pub fn named(name: &Name, display_name: &str) -> Result<(), Refused> {
    let legal = |c: char| c.is_alphanumeric() || "-_.()".contains(c);
    if name.as_str().chars().count() > NAME_CHARS_MAX || !name.as_str().chars().all(legal) {
        return Err(Refused::BadName(name.clone()));
    }
    let fits = (1..=DISPLAY_NAME_CHARS_MAX).contains(&display_name.chars().count());
    if fits && !display_name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Refused::BadDisplayName)
    }
}

/// Whether the group, with all that stands in it, may stand in that parent. None is the root.
pub fn placed(
    tree: &[ManagementGroup],
    group: &Name,
    parent: Option<&Name>,
) -> Result<(), Refused> {
    let above = match parent {
        Some(parent) if !tree.iter().any(|it| it.name == *parent) => {
            return Err(Refused::NoParent(parent.clone()));
        }
        Some(parent) => chain(tree, parent),
        None => Vec::new(),
    };
    if let Some(parent) = parent.filter(|_| above.contains(&group)) {
        return Err(Refused::Circular { group: group.clone(), parent: parent.clone() });
    }
    // The deepest group in this one counts, itself included.
    let inside = tree.iter().filter_map(|it| {
        let chain = chain(tree, &it.name);
        chain.iter().position(|name| *name == group)
    });
    let height = inside.max().unwrap_or(0).saturating_add(1);
    if above.len().saturating_add(height) > LEVELS_MAX { Err(Refused::TooDeep) } else { Ok(()) }
}

/// A group and each around it, innermost first; of a circle, which no tree has, each once.
fn chain<'a>(tree: &'a [ManagementGroup], name: &Name) -> Vec<&'a Name> {
    let mut found: Vec<&Name> = Vec::new();
    let mut next = tree.iter().find(|it| it.name == *name);
    while let Some(group) = next.filter(|group| !found.contains(&&group.name)) {
        found.push(&group.name);
        let parent = group.parent.as_ref();
        next = parent.and_then(|parent| tree.iter().find(|it| it.name == *parent));
    }
    found
}

#[cfg(test)]
mod tests {
    use model::samples::CUSTOMER;

    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    /// `a` in the root, `b` in `a`, and so on down to `e`; and `x` with `y` beside it.
    fn tree() -> Vec<ManagementGroup> {
        let group = |(it, parent): (&str, &str)| ManagementGroup {
            tenant: CUSTOMER,
            name: name(it),
            display_name: it.to_owned(),
            parent: (!parent.is_empty()).then(|| name(parent)),
        };
        [("a", ""), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("x", ""), ("y", "x")]
            .map(group)
            .to_vec()
    }

    #[test]
    fn a_group_stands_in_no_circle_and_not_too_deep() {
        let circular = |group: &str, parent: &str| {
            Err(Refused::Circular { group: name(group), parent: name(parent) })
        };
        let cases = [
            ("new", None, Ok(())),
            ("new", Some("e"), Ok(())),
            ("new", Some("nowhere"), Err(Refused::NoParent(name("nowhere")))),
            ("y", Some("e"), Ok(())),
            ("x", Some("d"), Ok(())),
            ("x", Some("e"), Err(Refused::TooDeep)),
            ("a", Some("a"), circular("a", "a")),
            ("a", Some("E"), circular("a", "E")),
            ("b", None, Ok(())),
            ("B", Some("Y"), Ok(())),
            ("a", Some("y"), Err(Refused::TooDeep)),
        ];
        for (group, parent, expected) in cases {
            let parent = parent.map(name);
            let answer = placed(&tree(), &name(group), parent.as_ref());
            assert_eq!(answer, expected, "{group} in {parent:?}");
        }
    }

    #[test]
    fn names_are_bounded() {
        assert_eq!(named(&name("corp-1"), "Corporate, all of it"), Ok(()));
        assert_eq!(named(&name("a b"), "x"), Err(Refused::BadName(name("a b"))));
        let long = name(&"a".repeat(91));
        assert_eq!(named(&long, "x"), Err(Refused::BadName(long.clone())));
        for bad in ["", "a\nb", &"x".repeat(91)] {
            assert_eq!(named(&name("corp"), bad), Err(Refused::BadDisplayName), "{bad:?}");
        }
    }
}
