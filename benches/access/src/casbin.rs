//! Casbin, set up in two ways: with all policies in one enforcer, and as well as it can be.
//!
//! An enforcer evaluates its matcher for each policy it has, so that all in one is slower by as many
//! as there are. Best is an enforcer for each scope, which has only what is given there and around it;
//! choosing it is not counted. Who is in a group and which action is in a role is casbin's own
//! inheritance, and the cheaper look-up stands in front.

use std::{collections::HashMap, time::Instant};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, rhai::ImmutableString};
use ids::scope::Scope;

use crate::{
    ask::Asked,
    engine::{Costs, Kind, Measured},
    facts::{Facts, Given, around, name},
    figures::Figures,
    memory::held,
};

/// Beyond this all in one takes minutes for a few answers.
const WHOLE_MAX: usize = 10_000;
/// So many questions are put to an enforcer that has everything.
const WHOLE_QUESTIONS: usize = 16;
/// About so many scopes have an enforcer of their own.
const CHOSEN: usize = 128;

const MODEL: &str = "
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, role
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = WITHIN g2(r.act, p.role) && g(r.sub, p.sub)
";

/// Both ways; each is held against the right answers first.
pub(crate) fn measure(facts: &Facts, asked: [&[Asked]; 2]) -> Vec<Measured> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut all = vec![runtime.block_on(chosen(facts, asked))];
    if facts.delegations.len() <= WHOLE_MAX {
        all.push(runtime.block_on(whole(facts, asked)));
    }
    all
}

async fn whole(facts: &Facts, asked: [&[Asked]; 2]) -> Measured {
    let before = held();
    let bare = enforcer(facts, facts.members.iter(), &[], true).await;
    let without = held() - before;
    drop(bare);
    let begun = Instant::now();
    let before = held();
    let given: Vec<&Given> = facts.delegations.iter().collect();
    let mut enforcer = enforcer(facts, facts.members.iter(), &given, true).await;
    let build_seconds = begun.elapsed().as_secs_f64();
    let bytes_each = (held() - before).saturating_sub(without) / facts.delegations.len();
    let some = asked.map(|all| &all[..all.len().min(WHOLE_QUESTIONS)]);
    let answers = Kind::ALL.map(|kind| (kind, figures(kind, some, |_| &enforcer))).into();
    let begun = Instant::now();
    let ends = policies(facts, &given[..1]);
    assert!(enforcer.remove_policies(ends).await.unwrap());
    let change_micros = Some(begun.elapsed().as_secs_f64() * 1e6);
    let costs = Costs { build_seconds, bytes_each, change_micros };
    Measured { engine: "casbin, all in one", delegations: facts.delegations.len(), costs, answers }
}

async fn chosen(facts: &Facts, asked: [&[Asked]; 2]) -> Measured {
    let some = asked.map(|all| &all[..all.len().min(CHOSEN / 2)]);
    let mut given: HashMap<&Scope, Vec<&Given>> = HashMap::new();
    for it in &facts.delegations {
        given.entry(&it.scope).or_default().push(it);
    }
    let mut groups: HashMap<&str, Vec<&(String, String)>> = HashMap::new();
    for edge in &facts.members {
        groups.entry(tenant(&edge.0)).or_default().push(edge);
    }
    let (begun, before) = (Instant::now(), held());
    let mut enforcers: HashMap<&Scope, Enforcer> = HashMap::new();
    for it in some.iter().flat_map(|all| all.iter()) {
        let scope = &it.question.scope;
        let near: Vec<&Given> =
            around(scope).flat_map(|at| given.get(&at).cloned().unwrap_or_default()).collect();
        let people = near.iter().flat_map(|it| &it.authorizations).map(|(group, _)| tenant(group));
        let mut people: Vec<&str> = people.collect();
        people.sort_unstable();
        people.dedup();
        let edges = people.iter().flat_map(|tenant| groups[tenant].iter().copied());
        enforcers.insert(scope, enforcer(facts, edges, &near, false).await);
    }
    // Of those that were made: all together would not fit.
    let costs = Costs {
        build_seconds: begun.elapsed().as_secs_f64() * facts.delegations.len() as f64
            / enforcers.len() as f64,
        bytes_each: (held() - before) / enforcers.len(),
        change_micros: None,
    };
    let of = |it: &Asked| &enforcers[&it.question.scope];
    let answers = Kind::ALL.map(|kind| (kind, figures(kind, some, of))).into();
    Measured { engine: "casbin, preselected", delegations: facts.delegations.len(), costs, answers }
}

fn figures<'a>(
    kind: Kind,
    asked: [&'a [Asked]; 2],
    of: impl Fn(&Asked) -> &'a Enforcer + Sync,
) -> Figures {
    let all = asked[usize::from(!kind.is_allowed)];
    let texts = |it: &Asked| (name(it.who), it.question.scope.to_string(), it.action.to_owned());
    let named: Vec<_> = all.iter().map(|it| (of(it), texts(it))).collect();
    let by_name = |(enforcer, (who, scope, action)): &(&Enforcer, (String, String, String))| {
        enforcer.enforce((who, scope, action)).unwrap()
    };
    assert!(named.iter().all(|it| by_name(it) == kind.is_allowed), "it answers as Fyr does");
    if !kind.ids_in {
        return Figures::of(&named, by_name);
    }
    let known: Vec<(&Enforcer, Vec<ImmutableString>)> = named
        .into_iter()
        .map(|(enforcer, (who, scope, action))| {
            (enforcer, [who, scope, action].map(Into::into).into())
        })
        .collect();
    Figures::of(&known, |(enforcer, words)| enforcer.enforce(words.clone()).unwrap())
}

async fn enforcer<'a>(
    facts: &Facts,
    members: impl Iterator<Item = &'a (String, String)>,
    given: &[&Given],
    is_whole: bool,
) -> Enforcer {
    // What was chosen by scope need not be compared with it.
    let within = if is_whole { "within(r.obj, p.obj) &&" } else { "" };
    let model = DefaultModel::from_str(&MODEL.replace("WITHIN", within)).await.unwrap();
    let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
    let within = |inner: casbin::rhai::Dynamic, outer: casbin::rhai::Dynamic| {
        let (inner, outer) = (inner.into_string().unwrap(), outer.into_string().unwrap());
        let rest = inner.strip_prefix(&outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')).into()
    };
    enforcer.add_function("within", casbin::function_map::OperatorFunction::Arg2(within));
    let edges = members.map(|(member, group)| vec![member.clone(), group.clone()]).collect();
    enforcer.add_grouping_policies(edges).await.unwrap();
    let roles = facts.roles.values().flat_map(|(role, gives)| {
        gives.iter().map(|action| vec![(*action).to_owned(), role.clone()])
    });
    enforcer.add_named_grouping_policies("g2", roles.collect()).await.unwrap();
    if !given.is_empty() {
        enforcer.add_policies(policies(facts, given)).await.unwrap();
    }
    enforcer
}

/// Each authorization once, however often it is given at one scope.
fn policies(facts: &Facts, given: &[&Given]) -> Vec<Vec<String>> {
    let of = |it: &&Given| {
        let scope = it.scope.to_string();
        let line = move |(group, role): &(String, _)| {
            vec![group.clone(), scope.clone(), facts.role(*role).to_owned()]
        };
        it.authorizations.iter().map(line).collect::<Vec<_>>()
    };
    let mut all: Vec<Vec<String>> = given.iter().flat_map(of).collect();
    all.sort();
    all.dedup();
    all
}

/// The tenant that somebody's name begins with.
fn tenant(name: &str) -> &str {
    name.split_once('/').map_or(name, |(tenant, _)| tenant)
}
