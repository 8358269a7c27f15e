//! An order in which each step comes after what it depends on.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// The steps' numbers in an order that respects `depends_on`, as near to the written order as it
/// goes. `Err` holds one of the steps that wait for each other.
pub(crate) fn order(depends_on: &[BTreeSet<usize>]) -> Result<Vec<usize>, usize> {
    let mut waiting: Vec<usize> = depends_on.iter().map(BTreeSet::len).collect();
    let mut followers = vec![Vec::new(); depends_on.len()];
    for (step, dependencies) in depends_on.iter().enumerate() {
        for dependency in dependencies {
            if let Some(followers) = followers.get_mut(*dependency) {
                followers.push(step);
            }
        }
    }
    let none = waiting.iter().enumerate().filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<_> = none.map(|(step, _)| Reverse(step)).collect();
    let mut ordered = Vec::with_capacity(depends_on.len());
    while let Some(Reverse(step)) = ready.pop() {
        ordered.push(step);
        for follower in followers.get(step).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*follower) {
                *count -= 1;
                if *count == 0 {
                    ready.push(Reverse(*follower));
                }
            }
        }
    }
    if ordered.len() == depends_on.len() {
        return Ok(ordered);
    }
    Err(in_a_circle(depends_on, &waiting))
}

/// Follows what is still waited for until a step comes up again.
fn in_a_circle(depends_on: &[BTreeSet<usize>], waiting: &[usize]) -> usize {
    let stuck = |step: &usize| waiting.get(*step).is_some_and(|count| *count > 0);
    let mut at = (0..depends_on.len()).find(stuck).unwrap_or_default();
    let mut seen = BTreeSet::new();
    while seen.insert(at) {
        let next = depends_on.get(at).and_then(|all| all.iter().copied().find(|step| stuck(step)));
        at = next.unwrap_or(at);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_after_what_they_depend_on() {
        let graph = |edges: &[&[usize]]| -> Vec<BTreeSet<usize>> {
            edges.iter().map(|edges| edges.iter().copied().collect()).collect()
        };
        let cases: [(&[&[usize]], _); 6] = [
            (&[], Ok(vec![])),
            (&[&[], &[]], Ok(vec![0, 1])),
            (&[&[1], &[]], Ok(vec![1, 0])),
            (&[&[2], &[], &[1]], Ok(vec![1, 2, 0])),
            (&[&[0]], Err(0)),
            (&[&[1], &[2], &[3], &[2]], Err(2)),
        ];
        for (edges, expected) in cases {
            assert_eq!(order(&graph(edges)), expected, "{edges:?}");
        }
    }
}
