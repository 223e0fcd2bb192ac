//! Cuts SQL text into tokens.

use std::{iter::Peekable, str::Chars};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name, in lower case; `{schema}` is part of a name, and so is `{{schema}}`,
    /// which is how `format!` spells it.
    Word,
    /// A number, a parameter or a string literal; what a string says is dropped.
    Value,
    Symbol,
    /// The text without its dashes.
    Comment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// Counted from 1 within the text.
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.kind, Kind::Word | Kind::Symbol)
    }

    pub(crate) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }
}

/// Every token, comments included.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { rest: text.chars().peekable(), line: 1, tokens: Vec::new() };
    while cutter.cut_one() {}
    cutter.tokens
}

/// Every token but the comments.
pub(crate) fn code(text: &str) -> Vec<Token> {
    let mut tokens = tokens(text);
    tokens.retain(|it| it.kind != Kind::Comment);
    tokens
}

/// Splits at each semicolon; what is empty is left out.
pub(crate) fn statements(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens.split(|it| it.is(";")).filter(|it| !it.is_empty())
}

struct Cutter<'t> {
    rest: Peekable<Chars<'t>>,
    line: usize,
    tokens: Vec<Token>,
}

impl Cutter<'_> {
    fn cut_one(&mut self) -> bool {
        let line = self.line;
        let Some(first) = self.next() else { return false };
        match first {
            it if it.is_whitespace() => {}
            '-' if self.rest.peek() == Some(&'-') => self.line_comment(line),
            '/' if self.rest.peek() == Some(&'*') => self.block_comment(),
            '\'' => self.quoted('\'', Kind::Value, line),
            '"' => self.quoted('"', Kind::Word, line),
            '$' if self.rest.peek().is_some_and(char::is_ascii_digit) => {
                let text = self.take(first, |it| it.is_ascii_digit());
                self.push(Kind::Value, text, line);
            }
            '$' => self.dollar(line),
            it if it.is_ascii_digit() => {
                let text = self.take(first, |it| it.is_ascii_alphanumeric() || it == '_');
                self.push(Kind::Value, text, line);
            }
            it if it.is_alphabetic() || it == '_' || it == '{' => {
                let inside = |it: char| it.is_alphanumeric() || matches!(it, '_' | '{' | '}');
                let text = self.take(first, inside).to_lowercase();
                self.push(Kind::Word, text.replace("{{", "{").replace("}}", "}"), line);
            }
            it => self.push(Kind::Symbol, it.to_string(), line),
        }
        true
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    fn take(&mut self, first: char, inside: impl Fn(char) -> bool) -> String {
        let mut text = String::from(first);
        while let Some(it) = self.rest.next_if(|it| inside(*it)) {
            text.push(it);
        }
        text
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.tokens.push(Token { kind, text, line });
    }

    fn line_comment(&mut self, line: usize) {
        let text = self.take('-', |it| it != '\n');
        self.push(Kind::Comment, text.trim_start_matches('-').trim().to_owned(), line);
    }

    /// PostgreSQL's block comments nest.
    fn block_comment(&mut self) {
        let (mut depth, mut before) = (0_usize, '/');
        while let Some(it) = self.next() {
            match (before, it) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    before = it;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
            before = ' ';
        }
    }

    /// A doubled quote ends one literal and opens the next, which serves here as well.
    fn quoted(&mut self, quote: char, kind: Kind, line: usize) {
        let mut text = String::new();
        while let Some(it) = self.next() {
            if it == quote {
                break;
            }
            text.push(it);
        }
        let kept = if kind == Kind::Word { text } else { String::from("''") };
        self.push(kind, kept, line);
    }

    /// `$$` or `$tag$`: the mark goes, what stands between two of them stays code.
    fn dollar(&mut self, line: usize) {
        let tag = self.take('$', |it| it.is_alphanumeric() || it == '_');
        let closes = self.rest.next_if_eq(&'$').is_some();
        self.push(Kind::Symbol, if closes { "$$".to_owned() } else { tag }, line);
    }
}
