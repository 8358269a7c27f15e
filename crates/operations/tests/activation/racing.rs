//! Two say something about one request at once: one of them is heard, and what is is theirs.

use activation::standing::Standing;
use ids::{clock::Revision, guid::Principal};
use model::{
    action::Action,
    activation::{Activation, Side},
    change::{Change, Noun},
    samples::{self, ADA, OLOF, whole},
};
use operations::{
    activation::{Shown, cancel::cancel, decide::Answer, read},
    delegation::end::end,
    error::Error,
};

use super::kit::{Asked, LEA, LEADS, Stage, about};

/// Who approves beside Lea.
const MAX: Principal = samples::principal(samples::PROVIDER, 0x3A);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Lea(Answer),
    Max(Answer),
    Cancel,
}

const WORDS: [Word; 5] = [
    Word::Lea(Answer::Approve),
    Word::Lea(Answer::Deny),
    Word::Max(Answer::Approve),
    Word::Max(Answer::Deny),
    Word::Cancel,
];

async fn stage() -> (Stage, Activation) {
    let more = vec![
        Noun::User(samples::user(MAX, "max")),
        Noun::Membership(samples::membership(LEADS, MAX)),
    ];
    let stage = Stage::with(Asked::Provider, more).await;
    let it = stage.ask(1).await.unwrap().it;
    (stage, it)
}

async fn say(stage: &Stage, it: &Activation, word: Word) -> Result<Shown, Error> {
    match word {
        Word::Lea(answer) => stage.says(LEA, answer, (it, Side::Provider)).await,
        Word::Max(answer) => stage.says(MAX, answer, (it, Side::Provider)).await,
        Word::Cancel => {
            let context = about(ADA, &Action::ACTIVATIONS_CANCEL, &it.id);
            cancel(&stage.plane, &context, it.id.clone()).await
        }
    }
}

/// How often the request took a new form.
async fn written(stage: &Stage) -> usize {
    let entries = stage.plane.store.journal(Revision(0), 10_000).await.unwrap();
    let is_of_it = |change: &Change| matches!(change, Change::Put(Noun::Activation(_)));
    entries.iter().filter(|it| is_of_it(&it.event.change)).count()
}

async fn standing(stage: &Stage, it: &Activation) -> Standing {
    let context = about(ADA, &Action::ACTIVATIONS_READ, &it.id);
    read::get(&stage.plane, &context, it.id.clone()).await.unwrap().standing
}

#[tokio::test]
async fn of_two_words_at_once_one_counts() {
    let becomes = |word: Word| match word {
        Word::Lea(Answer::Approve) | Word::Max(Answer::Approve) => Standing::Active,
        Word::Lea(Answer::Deny) | Word::Max(Answer::Deny) => Standing::Denied,
        Word::Cancel => Standing::Cancelled,
    };
    for (one, other) in WORDS.iter().flat_map(|one| WORDS.map(|other| (*one, other))) {
        let (stage, it) = stage().await;
        let (first, second) = tokio::join!(say(&stage, &it, one), say(&stage, &it, other));
        let heard = match (&first, &second) {
            (Ok(_), Err(_)) => one,
            (Err(_), Ok(_)) => other,
            both => panic!("{one:?} and {other:?}: {both:?}"),
        };
        assert_eq!(standing(&stage, &it).await, becomes(heard), "{one:?} and {other:?}");
        assert_eq!(stage.writes(&whole()), becomes(heard) == Standing::Active);
        assert_eq!(written(&stage).await, 2, "asked for, and one word about it");
    }
}

#[tokio::test]
async fn whoever_approves_while_the_delegation_ends_gives_nothing_that_stays() {
    for is_approval_first in [true, false] {
        let (stage, it) = stage().await;
        let id = samples::assignment(whole()).id;
        let scope = ids::scope::Scope::Resource(id.as_resource().clone());
        let context = testkit::context(OLOF, &Action::ASSIGNMENTS_DELETE, scope);
        let ends = async { end(&stage.plane, &context, id).await.map(|_| ()) };
        let approves = async { say(&stage, &it, Word::Lea(Answer::Approve)).await.map(|_| ()) };
        let ended = if is_approval_first {
            tokio::join!(approves, ends).1
        } else {
            tokio::join!(ends, approves).0
        };
        assert!(ended.is_ok(), "{ended:?}");
        assert!(!stage.writes(&whole()));
        testkit::put(&stage.plane, vec![super::kit::delegation()]).await;
        assert!(!stage.writes(&whole()), "who delegates anew gives nothing old back");
    }
}
