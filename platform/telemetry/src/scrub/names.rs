//! Names of fields whose values are not written down, whatever they are.

/// Words that make a name private wherever they stand in it.
const WORDS: [&str; 26] = [
    "authorization",
    "birthday",
    "birthdate",
    "card",
    "cookie",
    "credential",
    "credentials",
    "customer",
    "cvc",
    "cvv",
    "email",
    "iban",
    "mail",
    "pan",
    "passphrase",
    "passwd",
    "password",
    "person",
    "phone",
    "pwd",
    "recipient",
    "secret",
    "ssn",
    "telephone",
    "token",
    "username",
];

/// Those among them that mean a secret, also in the middle of a sentence.
const SECRETS: [&str; 11] = [
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "signature",
    "token",
];

/// What makes a `…_key` secret and a `…_name` that of a person; alone, both are private as well.
const KEYS: [&str; 8] =
    ["access", "api", "encryption", "idempotency", "master", "private", "secret", "signing"];
const PEOPLE: [&str; 9] =
    ["display", "family", "first", "full", "given", "last", "legal", "middle", "user"];

/// Words are looked for in names this long; a longer one is no name of ours and is private.
const NAME_BYTES_MAX: usize = 128;

/// Whether a field of this name is replaced: `email`, `customer_id`, `apiKey`, `set-cookie`.
pub(crate) fn is_private(name: &str) -> bool {
    if NAME_BYTES_MAX < name.len() {
        return true;
    }
    let name = Name::of(name);
    name.has(&WORDS) || name.has(&SECRETS) || name.is("key") || name.is("name") || {
        name.ends_with("key", &KEYS) || name.ends_with("name", &PEOPLE)
    }
}

/// Whether text after `name=` is a secret, whoever wrote the sentence around it.
pub(super) fn is_secret(name: &str) -> bool {
    let name = Name::of(name);
    name.has(&SECRETS) || name.ends_with("key", &KEYS)
}

/// A name as words in lower case, each followed by a blank.
struct Name(String);

impl Name {
    fn of(name: &str) -> Self {
        let mut words = String::with_capacity(name.len() + 8);
        let mut was_lower = false;
        for it in name.chars() {
            if !it.is_alphanumeric() || (it.is_uppercase() && was_lower) {
                words.push(' ');
            }
            if it.is_alphanumeric() {
                words.extend(it.to_lowercase());
            }
            was_lower = it.is_lowercase();
        }
        Self(words)
    }

    fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split(' ').filter(|it| !it.is_empty())
    }

    fn has(&self, words: &[&str]) -> bool {
        self.words().any(|it| words.contains(&it))
    }

    fn is(&self, word: &str) -> bool {
        self.0.trim() == word
    }

    fn ends_with(&self, last: &str, before: &[&str]) -> bool {
        let mut words = self.words().rev();
        words.next() == Some(last) && words.next().is_some_and(|it| before.contains(&it))
    }
}
