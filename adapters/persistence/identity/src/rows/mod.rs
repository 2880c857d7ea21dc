//! Rows of the tables: the same types for both backends.

pub(crate) mod group;
pub(crate) mod user;
