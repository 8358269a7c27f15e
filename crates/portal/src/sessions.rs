//! Who is signed in to the portal: known by what a browser's cookie hashes to, kept in memory.
//!
//! A start of the server forgets them, and the browser's own sign-in, which is kept, brings each
//! back without a question.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use identity::secret::{draw, fingerprint, successor};
use ids::clock::Random;
use jiff::{SignedDuration, Timestamp};
use operations::sign_in::portal::Visit;

use crate::fields::Fields;

/// How long a session lasts that nobody uses.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(8);
/// So many are kept at a time; those used longest ago end first.
const SESSIONS_MAX: usize = 20_000;
/// So many browsers one person is signed in with.
const PER_PERSON_MAX: usize = 16;
/// What a person did last, for the notifications.
const NOTICES_MAX: usize = 20;
/// How many letters of what was done are kept: names of things may be as long as a form.
const LETTERS_MAX: usize = 300;

/// As much as is kept of a form that somebody comes back to: more than any that is left so can hold.
const LEFT_BYTES_MAX: usize = 8 << 10;

/// Something that was done, for the person who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub words: String,
    pub at: Timestamp,
    /// Whether a page has shown it at its top.
    pub is_seen: bool,
}

/// One browser's session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) visit: Visit,
    /// What forms bring back: other sites cannot know it. It is the same in each session of one
    /// sign-in of the browser's at one directory, so that what was typed before a session ended can
    /// still be sent after it.
    pub(crate) csrf: String,
    pub(crate) notices: VecDeque<Notice>,
    /// A form that was left half filled in, to sign in with more than before.
    left: Option<Left>,
    used: Timestamp,
}

/// A form that somebody comes back to.
#[derive(Clone, Debug)]
struct Left {
    /// The page where it is, with its query.
    page: String,
    fields: Fields,
}

/// All sessions.
#[derive(Default)]
pub struct Sessions {
    all: Mutex<HashMap<String, Session>>,
    /// What forms' words are made with: drawn once, and known to this process alone.
    key: OnceLock<[u8; 32]>,
}

impl Sessions {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session. Its cookie is new, whatever the browser sent: nobody can have planted it.
    pub(crate) fn begin(&self, random: &dyn Random, visit: Visit, now: Timestamp) -> String {
        let cookie = draw(random);
        let csrf = self.csrf(random, &visit);
        let session = Session { visit, csrf, notices: VecDeque::new(), left: None, used: now };
        let mut all = self.all();
        all.retain(|_, it| now.duration_since(it.used) < IDLE_MAX);
        let home = session.visit.home();
        while all.values().filter(|it| it.visit.home() == home).count() >= PER_PERSON_MAX {
            forget_oldest(&mut all, |it| it.visit.home() == home);
        }
        while all.len() >= SESSIONS_MAX {
            forget_oldest(&mut all, |_| true);
        }
        all.insert(fingerprint(&cookie), session);
        cookie
    }

    fn csrf(&self, random: &dyn Random, visit: &Visit) -> String {
        let key = self.key.get_or_init(|| {
            let mut bytes = [0; 32];
            random.fill(&mut bytes);
            bytes
        });
        let whose = visit.home();
        let of = format!("{} {} {} {}", visit.browser(), visit.tenant, whose.tenant, whose.object);
        successor(key, &of)
    }

    /// The session of a cookie, used now.
    pub(crate) fn find(&self, cookie: &str, now: Timestamp) -> Option<Session> {
        let mut all = self.all();
        let session = all.get_mut(&fingerprint(cookie))?;
        if now.duration_since(session.used) >= IDLE_MAX {
            return None;
        }
        session.used = now;
        Some(session.clone())
    }

    /// The same person goes on somewhere else: under a new cookie.
    pub(crate) fn renew(
        &self,
        random: &dyn Random,
        cookie: &str,
        visit: Visit,
        now: Timestamp,
    ) -> String {
        let before = self.end(cookie);
        let renewed = self.begin(random, visit, now);
        if let (Some(before), Some(session)) = (before, self.all().get_mut(&fingerprint(&renewed)))
        {
            session.notices = before.notices;
            session.left = before.left;
        }
        renewed
    }

    /// Ends a session.
    pub(crate) fn end(&self, cookie: &str) -> Option<Session> {
        self.all().remove(&fingerprint(cookie))
    }

    /// Notes something for the next page.
    pub(crate) fn note(&self, cookie: &str, words: String, at: Timestamp) {
        if let Some(session) = self.all().get_mut(&fingerprint(cookie)) {
            session.notices.push_front(Notice { words: cut(words), at, is_seen: false });
            session.notices.truncate(NOTICES_MAX);
        }
    }

    /// Keeps what was filled in on a page, for when its person comes back.
    pub(crate) fn leave(&self, cookie: &str, page: String, fields: Fields) {
        if let Some(session) = self.all().get_mut(&fingerprint(cookie)) {
            session.left = fields.light(LEFT_BYTES_MAX).map(|fields| Left { page, fields });
        }
    }

    /// What was filled in on that page, once.
    pub(crate) fn resume(&self, cookie: &str, page: &str) -> Option<Fields> {
        let mut all = self.all();
        let session = all.get_mut(&fingerprint(cookie))?;
        session.left.take_if(|left| left.page == page).map(|left| left.fields)
    }

    /// Every notice has been shown.
    pub(crate) fn seen(&self, cookie: &str) {
        if let Some(session) = self.all().get_mut(&fingerprint(cookie)) {
            session.notices.iter_mut().for_each(|it| it.is_seen = true);
        }
    }
}

/// As much of a text as is kept of it.
fn cut(words: String) -> String {
    if words.chars().nth(LETTERS_MAX).is_none() {
        return words;
    }
    words.chars().take(LETTERS_MAX.saturating_sub(1)).chain(['…']).collect()
}

fn forget_oldest(all: &mut HashMap<String, Session>, which: impl Fn(&Session) -> bool) {
    let candidates = all.iter().filter(|(_, it)| which(it));
    let oldest = candidates.min_by_key(|(_, it)| it.used).map(|(key, _)| key.clone());
    if let Some(key) = oldest {
        all.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_done_three_hundred_letters_are_kept() {
        for (length, kept) in [(0, 0), (299, 299), (300, 300), (301, 300), (100_000, 300)] {
            let words = cut("ü".repeat(length));
            assert_eq!(words.chars().count(), kept, "{length}");
            assert_eq!(words.ends_with('…'), length > 300, "{length}");
        }
    }
}
