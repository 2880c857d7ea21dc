//! What the tests share: a server in process over a fresh database.

mod app;
mod postgres;

pub use app::{Answer, TestApp};
pub use postgres::Postgres;
