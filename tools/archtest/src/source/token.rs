//! Rust tokens in one flat list, brackets included, documentation left out.

use proc_macro2::{Delimiter, LineColumn, Span, TokenStream, TokenTree};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// A string literal; the text is its value.
    Text,
    /// Any other literal.
    Literal,
    Symbol,
    Open,
    Close,
}

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) start: LineColumn,
    pub(crate) end: LineColumn,
}

impl Token {
    fn new(kind: Kind, text: String, span: Span) -> Self {
        Self { kind, text, start: span.start(), end: span.end() }
    }

    pub(crate) fn line(&self) -> usize {
        self.start.line
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text && self.kind != Kind::Text
    }

    pub(crate) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }
}

pub(crate) fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    push_all(stream, &mut tokens);
    tokens
}

fn push_all(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        match tree {
            TokenTree::Ident(it) => tokens.push(Token::new(Kind::Word, it.to_string(), it.span())),
            TokenTree::Punct(it) => {
                tokens.push(Token::new(Kind::Symbol, it.as_char().to_string(), it.span()));
            }
            TokenTree::Literal(it) => tokens.push(literal(it)),
            TokenTree::Group(it) if is_documentation(tokens, &it) => forget_hash(tokens),
            TokenTree::Group(it) => {
                let (open, close) = brackets(it.delimiter());
                tokens.push(Token::new(Kind::Open, open.to_owned(), it.span_open()));
                push_all(it.stream(), tokens);
                tokens.push(Token::new(Kind::Close, close.to_owned(), it.span_close()));
            }
        }
    }
}

fn literal(it: proc_macro2::Literal) -> Token {
    let (span, text) = (it.span(), it.to_string());
    match syn::Lit::new(it) {
        syn::Lit::Str(it) => Token::new(Kind::Text, it.value(), span),
        _ => Token::new(Kind::Literal, text, span),
    }
}

/// A `///` or `//!` comment reaches us as `#[doc = "…"]` or `#![doc = "…"]`.
fn is_documentation(before: &[Token], group: &proc_macro2::Group) -> bool {
    let is_attribute = match before {
        [.., hash, bang] if bang.is("!") => hash.is("#"),
        [.., hash] => hash.is("#"),
        [] => false,
    };
    let first = group.stream().into_iter().next();
    is_attribute && matches!(first, Some(TokenTree::Ident(it)) if it == "doc")
}

fn forget_hash(tokens: &mut Vec<Token>) {
    while tokens.pop().is_some_and(|it| !it.is("#")) {}
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}
