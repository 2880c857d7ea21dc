//! Rows of the tables: the same types for both backends.

pub(crate) mod config;
