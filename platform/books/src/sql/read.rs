//! Looking at the books.
