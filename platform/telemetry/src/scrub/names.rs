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
    NAME_BYTES_MAX < name.len()
        || Words(name).any(|it| is_among(it, &WORDS))
        || name.eq_ignore_ascii_case("key")
        || name.eq_ignore_ascii_case("name")
        || ends_with(name, "name", &PEOPLE)
        || is_secret(name)
}

/// Whether text after `name=` is a secret, whoever wrote the sentence around it.
pub(super) fn is_secret(name: &str) -> bool {
    Words(name).any(|it| is_among(it, &SECRETS)) || ends_with(name, "key", &KEYS)
}

fn ends_with(name: &str, last: &str, before: &[&str]) -> bool {
    let from = name.len().saturating_sub(last.len());
    if !name.as_bytes()[from..].eq_ignore_ascii_case(last.as_bytes()) {
        return false;
    }
    let words = Words(name).fold(("", ""), |(_, before), it| (before, it));
    words.1.eq_ignore_ascii_case(last) && is_among(words.0, before)
}

fn is_among(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// The words of `snake_case`, `kebab-case`, `dotted.names` and `camelCase`.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start_matches(|it: char| !it.is_alphanumeric());
        let mut was_lower = false;
        let is_end = |it: char| {
            let begins_another = was_lower && it.is_uppercase();
            was_lower = it.is_lowercase();
            begins_another || !it.is_alphanumeric()
        };
        let (word, rest) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}
