//! Models.

use super::{Backend, Database, RunQueryDsl, dialect};

mod lists;
mod repository;

pub use lists::ModelLists;
pub use repository::Models;
