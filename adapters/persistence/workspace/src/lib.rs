//! Rows of what people share: `tool`, `function`, `prompt`, `knowledge`, `file`, `note`, `memory`, `channel`, `model`,
//! `feedback`.
//!
//! `rooms/` holds the repositories, once for both backends; `rows/` their rows.

#[cfg(feature = "postgres")]
pub mod postgres;
mod rows;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;

use keelson_domain::channel::{ChannelMembership, ChannelRepository};
use keelson_domain::evaluation::FeedbackRepository;
use keelson_domain::file::FileRepository;
use keelson_domain::function::FunctionRepository;
use keelson_domain::knowledge::KnowledgeRepository;
use keelson_domain::memory::MemoryRepository;
use keelson_domain::model::{ModelLists, ModelRepository};
use keelson_domain::note::{NoteHeads, NoteRepository};
use keelson_domain::prompt::PromptRepository;
use keelson_domain::tool::ToolRepository;
use keelson_persistence_kit::Database;

/// The repositories of this crate over one database.
#[derive(Clone)]
pub struct Repositories {
    /// Channels.
    pub channels: Arc<dyn ChannelRepository>,
    /// Who is in which channel.
    pub channel_members: Arc<dyn ChannelMembership>,
    /// Feedback on answers.
    pub feedback: Arc<dyn FeedbackRepository>,
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
    /// Lists of models.
    pub model_lists: Arc<dyn ModelLists>,
    /// Notes.
    pub notes: Arc<dyn NoteRepository>,
    /// What access to notes depends on.
    pub note_heads: Arc<dyn NoteHeads>,
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
