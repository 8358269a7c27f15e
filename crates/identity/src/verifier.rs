//! Whether a bearer token can be believed, and whom it names.
//!
//! A verifier belongs to one surface: it knows the surface's audiences and the one set of keys.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use aws_lc_rs::digest::{SHA256, digest};
use ids::guid::{AppId, ObjectId, Principal, RoleId, SessionId, TenantId};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, errors::ErrorKind};
use model::{
    directory::SigningKey,
    event::{Caller, CallerKind},
};
use serde::Deserialize;

use crate::{claims::issuer, client, consent, ended::EndedSessions, refusal::quoted};

/// A token of Entra's with many groups reaches 8 KiB; ours stay below 2.
const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// How far another node's clock may be ahead. Nothing is good for longer because of it: the end
/// of a token is exact.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);
/// So many verified tokens are remembered, about 10 MB.
const REMEMBERED_MAX: usize = 20_000;

/// Why a bearer token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    #[error("the token is not a JWT")]
    Malformed,
    #[error("the token is not signed with RS256")]
    Algorithm,
    #[error("the token is signed with an unknown key")]
    UnknownKey,
    #[error("the token's signature is wrong")]
    Signature,
    /// An id token, for example: it is for the client's eyes and opens nothing.
    #[error("the token is not an access token")]
    NotAnAccessToken,
    #[error("the token is from the wrong issuer `{0}`")]
    Issuer(String),
    #[error("the token is for another audience, `{0}`")]
    Audience(String),
    #[error("the token is not valid before {0}")]
    NotYetValid(Timestamp),
    #[error("the token has expired at {0}")]
    Expired(Timestamp),
    #[error("the session that the token came of has ended")]
    SessionEnded,
    #[error("the person has come to manage the directory, and the client was let have less")]
    Outgrown,
}

/// The directory roles that somebody holds at this moment.
pub type Roles = Arc<dyn Fn(Principal) -> Vec<RoleId> + Send + Sync>;

/// What verifies the tokens of one surface.
pub struct Verifier {
    login: String,
    audiences: HashSet<String>,
    ended: Arc<EndedSessions>,
    roles: Roles,
    keys: RwLock<Arc<HashMap<String, DecodingKey>>>,
    remembered: Mutex<HashMap<[u8; 32], Believed>>,
}

/// A token that was verified, and when it may be believed.
#[derive(Clone)]
struct Believed {
    caller: Arc<Caller>,
    /// None where nobody signed in but an application.
    session: Option<SessionId>,
    /// The roles of its person by which the client was judged.
    judged: Arc<[RoleId]>,
    from: Timestamp,
    until: Timestamp,
}

/// The claims that matter here. Groups and roles in a token are nobody's business.
#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    exp: i64,
    nbf: i64,
    tid: TenantId,
    oid: ObjectId,
    appid: AppId,
    sid: Option<SessionId>,
    idtyp: Option<String>,
    scp: Option<String>,
    unique_name: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    auth_time: Option<i64>,
    #[serde(default)]
    wids: Vec<RoleId>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("audiences", &self.audiences).finish_non_exhaustive()
    }
}

impl Verifier {
    /// A verifier of tokens from that sign-in origin, for these audiences, unless their sessions
    /// have ended, or their persons' roles have outgrown them. It believes nothing before it is
    /// told which keys to [`trust`](Self::trust).
    pub fn new(
        login: &str,
        audiences: impl IntoIterator<Item = String>,
        ended: Arc<EndedSessions>,
        roles: Roles,
    ) -> Self {
        Self {
            login: login.to_owned(),
            audiences: audiences.into_iter().collect(),
            ended,
            roles,
            keys: RwLock::default(),
            remembered: Mutex::default(),
        }
    }

    /// Believes what these keys sign from now on, and nothing else. What was remembered of
    /// others is forgotten.
    pub fn trust(&self, keys: &[SigningKey]) {
        let read = |key: &SigningKey| {
            let public = DecodingKey::from_rsa_components(&key.modulus, &key.exponent).ok()?;
            Some((key.id.clone(), public))
        };
        let keys = keys.iter().filter_map(read).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        self.forget();
    }

    /// Forgets all remembered tokens: each is verified anew.
    pub fn forget(&self) {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whom the token names, if it can be believed at that time.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Caller>, Untrusted> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Untrusted::Malformed);
        }
        let print = print(token);
        if let Some(believed) = self.remembered(&print) {
            return self.still(&believed, now);
        }
        let trusted = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        let believed = self.believe(claims(token, &trusted)?)?;
        let caller = self.still(&believed, now)?;
        self.remember(print, believed, &trusted, now);
        Ok(caller)
    }

    /// Whether a token whose signature is ours is good now.
    fn still(&self, believed: &Believed, now: Timestamp) -> Result<Arc<Caller>, Untrusted> {
        let caller = believed.at(now)?;
        if believed.session.is_some_and(|session| self.ended.contains(session)) {
            return Err(Untrusted::SessionEnded);
        }
        if self.is_outgrown(&caller, &believed.judged) {
            return Err(Untrusted::Outgrown);
        }
        Ok(caller)
    }

    /// Whether the person has come to manage more of the directory than the client was judged by
    /// when it was let have the token: it would be refused now.
    fn is_outgrown(&self, caller: &Caller, judged: &[RoleId]) -> bool {
        let new = |role: &RoleId| consent::manages(*role) && !judged.contains(role);
        caller.kind == CallerKind::User
            && !client::is_first_party(caller.app)
            && (self.roles)(caller.principal).iter().any(new)
    }

    fn remembered(&self, print: &[u8; 32]) -> Option<Believed> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.get(print).cloned()
    }

    /// What the claims come to, once the signature is known to be ours.
    fn believe(&self, claims: Claims) -> Result<Believed, Untrusted> {
        if claims.iss != issuer(&self.login, claims.tid) {
            return Err(Untrusted::Issuer(quoted(&claims.iss)));
        }
        if !self.audiences.contains(&claims.aud) {
            return Err(Untrusted::Audience(quoted(&claims.aud)));
        }
        let at = |second| Timestamp::from_second(second).map_err(|_| Untrusted::Malformed);
        let (from, until) = (at(claims.nbf)?, at(claims.exp)?);
        let (session, judged) = (claims.sid, Arc::from(claims.wids.as_slice()));
        Ok(Believed { caller: Arc::new(caller(claims)?), session, judged, from, until })
    }

    /// Nothing is remembered that was verified with keys which are no longer the trusted ones.
    fn remember(
        &self,
        print: [u8; 32],
        believed: Believed,
        by: &Arc<HashMap<String, DecodingKey>>,
        now: Timestamp,
    ) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let trusted = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&trusted, by) {
            return;
        }
        if remembered.len() >= REMEMBERED_MAX {
            remembered.retain(|_, it| it.until > now);
        }
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(print, believed);
    }
}

impl Believed {
    fn at(&self, now: Timestamp) -> Result<Arc<Caller>, Untrusted> {
        if now >= self.until {
            return Err(Untrusted::Expired(self.until));
        }
        if self.from.duration_since(now) > AHEAD_MAX {
            return Err(Untrusted::NotYetValid(self.from));
        }
        Ok(Arc::clone(&self.caller))
    }
}

fn print(token: &str) -> [u8; 32] {
    let mut print = [0; 32];
    let hash = digest(&SHA256, token.as_bytes());
    print.iter_mut().zip(hash.as_ref()).for_each(|(byte, hashed)| *byte = *hashed);
    print
}

/// The claims, if one of the keys has signed them. The library's own look at the clock is
/// turned off: times are judged by the time that was passed in.
fn claims(token: &str, keys: &HashMap<String, DecodingKey>) -> Result<Claims, Untrusted> {
    let header = jsonwebtoken::decode_header(token).map_err(|error| untrusted(error.kind()))?;
    let key = header.kid.and_then(|kid| keys.get(&kid)).ok_or(Untrusted::UnknownKey)?;
    // The list of algorithms that are believed, whatever the header says: this one.
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let read = jsonwebtoken::decode::<Claims>(token, key, &validation);
    read.map(|token| token.claims).map_err(|error| untrusted(error.kind()))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add to its errors")]
fn untrusted(kind: &ErrorKind) -> Untrusted {
    match kind {
        ErrorKind::InvalidSignature => Untrusted::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => Untrusted::Algorithm,
        // The signature is ours; the claims are another kind of token's.
        ErrorKind::Json(_) => Untrusted::NotAnAccessToken,
        _ => Untrusted::Malformed,
    }
}

fn caller(claims: Claims) -> Result<Caller, Untrusted> {
    let principal = Principal { tenant: claims.tid, object: claims.oid };
    let app = claims.appid;
    match (claims.idtyp.as_deref(), claims.scp, claims.unique_name) {
        (Some("app"), None, _) => {
            let (kind, name) = (CallerKind::Application, app.to_string());
            Ok(Caller {
                principal,
                name,
                kind,
                app,
                methods: vec!["app".to_owned()],
                signed_in: None,
            })
        }
        (None | Some("user"), Some(_), Some(name)) => {
            let signed_in = claims.auth_time.map(Timestamp::from_second).transpose();
            Ok(Caller {
                principal,
                name,
                kind: CallerKind::User,
                app,
                methods: claims.amr,
                signed_in: signed_in.map_err(|_| Untrusted::Malformed)?,
            })
        }
        _ => Err(Untrusted::NotAnAccessToken),
    }
}

#[cfg(test)]
mod tests;
