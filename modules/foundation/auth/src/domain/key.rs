//! A key's life: issued, rotated, revoked. Its text is not part of it.

use std::time::Duration;

use socle_kernel::{AppId, Cx, Id, Named, Rule, Scope, Text, Timestamp};

use super::{Entropy, Refused, Secret, Tenant};
use crate::Error;

/// Something that programs show to say who they are.
pub enum Key {}
/// The identifier of a key; no secret.
pub type KeyId = Id<Key>;

/// The rule of a key's name.
pub enum NameOfKey {}
/// What people call a key: `checkout`.
pub type KeyName = Text<NameOfKey>;

/// The rule of a prefix.
pub enum PrefixOfKey {}
/// The beginning of a key's text, by which people tell keys apart: `sk_demo_a1b2c3d4`.
pub type Prefix = Text<PrefixOfKey>;

/// The rule of a creator.
pub enum CreatorOfKey {}
/// Who issued a key, as an envelope would tell it: `person per_…`.
pub type Creator = Text<CreatorOfKey>;

impl Named for Key {
    const NAME: &str = "ApiKey";
    const PREFIX: &str = "apk";
}

impl Rule for NameOfKey {
    const NAME: &str = "ApiKeyName";
    const CHARS_MAX: usize = 100;
}

impl Rule for PrefixOfKey {
    const NAME: &str = "ApiKeyPrefix";
    const CHARS_MAX: usize = 60;
}

impl Rule for CreatorOfKey {
    const NAME: &str = "ApiKeyCreator";
    const CHARS_MAX: usize = 120;
}

/// Above what one machine answers in a minute, so that a limit always means something.
const LIMIT_PER_MINUTE_MAX: u32 = 1_000_000;

/// How long an old key may go on beside the new one: longer is forgotten, not planned.
const OVERLAP_MAX: Duration = Duration::from_hours(30 * 24);

/// A key to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    pub name: KeyName,
    pub scopes: Vec<Scope>,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
    /// How many calls it may make in a minute.
    pub limit_per_minute: u32,
}

/// A key as it stands, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: KeyId,
    /// What it stands for; stays the same when the key is rotated.
    pub app: AppId,
    pub name: KeyName,
    pub prefix: Prefix,
    /// Sorted, each once.
    pub scopes: Vec<Scope>,
    pub limit_per_minute: u32,
    pub created_by: Creator,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    /// When another key took its place.
    pub rotated_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// A key of a new app.
    pub(crate) fn issue(
        cx: &Cx,
        tenant: &Tenant,
        new: &NewKey,
        entropy: &Entropy,
    ) -> Result<(Self, Secret), Error> {
        if new.scopes.is_empty() {
            return Err(Error::ScopesMissing);
        }
        if !(1..=LIMIT_PER_MINUTE_MAX).contains(&new.limit_per_minute) {
            return Err(Error::KeyLimit { max: LIMIT_PER_MINUTE_MAX });
        }
        Self::make(cx, tenant, (cx.new_id(), new), entropy)
    }

    fn make(
        cx: &Cx,
        tenant: &Tenant,
        (app, new): (AppId, &NewKey),
        entropy: &Entropy,
    ) -> Result<(Self, Secret), Error> {
        tenant.let_in()?;
        let NewKey { name, mut scopes, expires_at, limit_per_minute } = new.clone();
        scopes.sort();
        scopes.dedup();
        if !scopes.iter().all(|it| cx.may(*it)) {
            return Err(Error::ScopeNotHeld);
        }
        if expires_at.is_some_and(|it| it <= cx.now) {
            return Err(Error::ExpiresTooSoon);
        }
        let text = Secret::new(&tenant.handle, entropy);
        let key = Self {
            id: cx.new_id(),
            app,
            name,
            prefix: text.shown().parse().expect("a prefix of our own making"),
            scopes,
            limit_per_minute,
            created_by: creator(cx),
            created_at: cx.now,
            expires_at,
            last_used_at: None,
            rotated_at: None,
            revoked_at: None,
        };
        Ok((key, text))
    }

    /// Another key of the same app, and this one as it becomes: it ends after `overlap`. The new
    /// one lives as long as this one was meant to. Who has not all its scopes may not rotate it,
    /// because the new text would give them.
    pub(crate) fn rotate(
        self,
        cx: &Cx,
        tenant: &Tenant,
        overlap: Duration,
        entropy: &Entropy,
    ) -> Result<Rotated, Error> {
        if OVERLAP_MAX < overlap {
            return Err(Error::OverlapTooLong);
        }
        if self.rotated_at.is_some() {
            return Err(Error::KeyRotated);
        }
        self.honour(cx.now).map_err(|_| Error::KeyEnded)?;
        let life = |it: Timestamp| it.to_jiff().duration_since(self.created_at.to_jiff());
        let life = self.expires_at.map(|it| Duration::try_from(life(it)).unwrap_or(Duration::ZERO));
        let new = NewKey {
            name: self.name.clone(),
            scopes: self.scopes.clone(),
            expires_at: life.map(|it| cx.now.after(it)),
            limit_per_minute: self.limit_per_minute,
        };
        let (key, text) = Self::make(cx, tenant, (self.app, &new), entropy)?;
        Ok(Rotated { old: self.ending(cx, overlap), key, text })
    }

    /// The one whose place was taken: revoked at once, or with an end that is near.
    fn ending(self, cx: &Cx, overlap: Duration) -> Self {
        let rotated_at = Some(cx.now);
        if overlap.is_zero() {
            return Self { rotated_at, revoked_at: Some(cx.now), ..self };
        }
        let ends_at = cx.now.after(overlap);
        let expires_at = Some(self.expires_at.map_or(ends_at, |it| it.min(ends_at)));
        Self { expires_at, rotated_at, ..self }
    }

    /// Refused when it has ended.
    fn honour(&self, now: Timestamp) -> Result<(), Refused> {
        honour(self.revoked_at, self.expires_at, now)
    }
}

/// What a rotation makes of one key.
#[derive(Debug)]
pub(crate) struct Rotated {
    pub(crate) old: ApiKey,
    pub(crate) key: ApiKey,
    pub(crate) text: Secret,
}

/// Refused when what was revoked or expires then has ended.
pub(crate) fn honour(
    revoked_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refused> {
    if revoked_at.is_some() {
        return Err(Refused::Revoked);
    }
    if expires_at.is_some_and(|it| it <= now) {
        return Err(Refused::Expired);
    }
    Ok(())
}

fn creator(cx: &Cx) -> Creator {
    let told = format!("{} {}", cx.actor.kind(), cx.actor.id());
    told.parse().expect("an actor is named by an identifier or a word of our own")
}
