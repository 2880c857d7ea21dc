//! Runs diesel's statements: what `diesel_async::RunQueryDsl` does, with futures in a box.
//!
//! diesel's types are deep. In an async function the compiler proves again and again, for each of them, that its future
//! may move between threads; the borrow checker spent 2.7 s on every statement of a repository. A box is proved once.
//! What it costs, one allocation, is nothing beside a statement.

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;
