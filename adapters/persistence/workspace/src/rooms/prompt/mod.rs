//! Prompts in the table `prompt`.

mod repository;
mod row;

use std::sync::Arc;

use keelson_domain::prompt::PromptPorts;

use super::{Database, RunQueryDsl, dialect};
use repository::Prompts;

/// The ports of this room over one database.
pub(super) fn ports(database: &Database) -> PromptPorts {
    PromptPorts {
        repository: Arc::new(Prompts::new(database.clone())),
    }
}
