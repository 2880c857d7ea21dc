//! Rows of the tables: the same types for both backends.

pub(crate) mod answer;
pub(crate) mod chat;
pub(crate) mod folder;
pub(crate) mod tag;
