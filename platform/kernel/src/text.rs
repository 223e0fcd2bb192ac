//! Text that has rules: trimmed, not empty, bounded, without control characters.

mod wire;

use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    str::FromStr,
};

/// What a piece of text must obey.
pub trait Rule: 'static {
    /// What such a text is called, unique in the system.
    const NAME: &str;

    /// The longest text, in characters after trimming.
    const CHARS_MAX: usize;

    /// What such a text looks like, for those who read a description: `admits` says it in code.
    const PATTERN: &str = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";

    /// Whether `character` may stand in it; control characters never may.
    #[must_use]
    fn admits(_character: char) -> bool {
        true
    }
}

/// Text that obeys `R`: `pub type Name = Text<NameRule>`.
pub struct Text<R>(String, PhantomData<fn() -> R>);

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("it cannot be empty")]
    Empty,
    #[error("it has at most {chars_max} characters")]
    TooLong { chars_max: usize },
    #[error("it cannot contain {character:?}")]
    Character { character: char },
}

impl<R: Rule> Text<R> {
    /// The text that obeys the rule, trimmed.
    pub fn try_new(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        let unfit = |it: &char| it.is_control() || !R::admits(*it);
        if let Some(character) = text.chars().find(unfit) {
            return Err(TextError::Character { character });
        }
        match text.chars().count() {
            0 => Err(TextError::Empty),
            count if R::CHARS_MAX < count => Err(TextError::TooLong { chars_max: R::CHARS_MAX }),
            _ => Ok(Self(text.to_owned(), PhantomData)),
        }
    }
}

impl<R: Rule> TryFrom<String> for Text<R> {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_new(&text)
    }
}

impl<R: Rule> FromStr for Text<R> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::try_new(text)
    }
}

impl<R> AsRef<str> for Text<R> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<R> fmt::Display for Text<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<R> fmt::Debug for Text<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// Derives would ask the same of `R`, which is only a rule.
impl<R> Clone for Text<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<R> Eq for Text<R> {}

impl<R> PartialEq for Text<R> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<R> Ord for Text<R> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<R> PartialOrd for Text<R> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<R> Hash for Text<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
