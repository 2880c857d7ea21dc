//! Rows of the tables: the same types for both backends.

pub(crate) mod channel;
pub(crate) mod feedback;
pub(crate) mod file;
pub(crate) mod function;
pub(crate) mod knowledge;
pub(crate) mod memory;
pub(crate) mod model;
pub(crate) mod note;
pub(crate) mod prompt;
pub(crate) mod tool;
