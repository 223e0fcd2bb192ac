//! SQL as tokens: words, values, symbols, and comments apart.
//!
//! It knows how PostgreSQL text is cut, not what it means. The body of a dollar quote is code
//! here, because that is where a function or a `do` block hides its statements.

mod blocks;
mod compares;
mod constraints;
mod detect;
mod tables;
mod tokens;

pub(crate) use blocks::blocks;
pub(crate) use compares::compares;
pub(crate) use constraints::{Constraint, ConstraintKind, comma_separated, constraints};
pub(crate) use detect::is_statement;
pub(crate) use tables::{Class, Table, tables};
pub(crate) use tokens::{Kind, Token, code, statements, tokens};
