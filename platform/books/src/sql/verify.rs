//! Recomputing the books.
