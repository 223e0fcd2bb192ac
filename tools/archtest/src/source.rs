//! A Rust file: its text, its syntax tree, and its tokens without comments.
//!
//! The tree does not look into macro calls, the tokens do: a rule about words or string literals
//! reads tokens, a rule about items reads the tree.

mod token;

pub(crate) use token::{Kind, Token};

/// A Rust file.
pub struct Source {
    /// From the root of the workspace.
    pub path: String,
    pub text: String,
    pub(crate) syntax: syn::File,
    pub(crate) tokens: Vec<Token>,
}

impl Source {
    /// Parses a file.
    ///
    /// # Panics
    ///
    /// When `text` is not Rust: such a file does not compile either.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> Self {
        let stream = text.parse().unwrap_or_else(|error| panic!("{path} is not Rust: {error}"));
        let tokens = token::flatten(stream);
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), text: text.to_owned(), syntax, tokens }
    }

    /// The string literals, those inside macro calls included, documentation excluded.
    pub(crate) fn strings(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|it| it.kind == Kind::Text)
    }
}
