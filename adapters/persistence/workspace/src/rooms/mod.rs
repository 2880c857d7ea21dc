//! The rooms of this crate, and their ports.

use keelson_domain::WorkspacePorts;

use super::{Backend, Database, RunQueryDsl, dialect};

mod channel;
mod evaluation;
mod file;
mod function;
mod knowledge;
mod memory;
mod model;
mod note;
mod prompt;
mod tool;

/// The ports of these rooms over one database.
pub(crate) fn ports(database: &Database) -> WorkspacePorts {
    WorkspacePorts {
        channel: channel::ports(database),
        evaluation: evaluation::ports(database),
        file: file::ports(database),
        function: function::ports(database),
        knowledge: knowledge::ports(database),
        memory: memory::ports(database),
        model: model::ports(database),
        note: note::ports(database),
        prompt: prompt::ports(database),
        tool: tool::ports(database),
    }
}
