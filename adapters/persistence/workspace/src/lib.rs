//! Rows of what people share: `tool`, `function`, `prompt`, `knowledge`, `file`, `note`, `memory`, `channel`, `model`.
//!
//! `rooms/` holds the repositories, once for both backends; `rows/` their rows.

#[cfg(feature = "postgres")]
pub mod postgres;
mod rows;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use keelson_domain::channel::{ChannelMembership, ChannelRepository};
use keelson_domain::file::FileRepository;
use keelson_domain::function::FunctionRepository;
use keelson_domain::knowledge::KnowledgeRepository;
use keelson_domain::memory::MemoryRepository;
use keelson_domain::model::ModelRepository;
use keelson_domain::note::{NoteReaders, NoteRepository};
use keelson_domain::prompt::PromptRepository;
use keelson_domain::tool::ToolRepository;
use keelson_persistence_kit::Database;

/// The repositories of this crate over one database.
#[derive(Clone)]
pub struct Repositories {
    /// Channels.
    pub channels: Arc<dyn ChannelRepository>,
    /// Who hears which channel.
    pub channel_members: Arc<dyn ChannelMembership>,
    /// Files.
    pub files: Arc<dyn FileRepository>,
    /// Functions.
    pub functions: Arc<dyn FunctionRepository>,
    /// Collections of files.
    pub knowledge: Arc<dyn KnowledgeRepository>,
    /// Memories.
    pub memories: Arc<dyn MemoryRepository>,
    /// Models.
    pub models: Arc<dyn ModelRepository>,
    /// Notes.
    pub notes: Arc<dyn NoteRepository>,
    /// Who may read which note.
    pub note_readers: Arc<dyn NoteReaders>,
    /// Prompts.
    pub prompts: Arc<dyn PromptRepository>,
    /// Tools.
    pub tools: Arc<dyn ToolRepository>,
}

impl Repositories {
    /// Over the database in use.
    pub fn new(database: &Database) -> Self {
        match database {
            #[cfg(feature = "sqlite")]
            Database::Sqlite(database) => sqlite::repositories(database),
            #[cfg(feature = "postgres")]
            Database::Postgres(database) => postgres::repositories(database),
        }
    }
}
