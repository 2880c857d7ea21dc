use std::sync::Arc;

use super::{Backend, Database, RunQueryDsl, dialect};
use crate::Repositories;

mod channel;
mod feedback;
mod file;
mod function;
mod knowledge;
mod memory;
mod model;
mod note;
mod prompt;
mod tool;

pub use channel::Channels;
pub use feedback::FeedbackStore;
pub use file::Files;
pub use function::Functions;
pub use knowledge::KnowledgeCollections;
pub use memory::Memories;
pub use model::{ModelLists, Models};
pub use note::Notes;
pub use prompt::Prompts;
pub use tool::Tools;

/// Every repository of these rooms over one database.
pub fn repositories(database: &Database) -> Repositories {
    let channels = Arc::new(Channels::new(database.clone()));
    let notes = Arc::new(Notes::new(database.clone()));
    Repositories {
        channels: channels.clone(),
        channel_members: channels,
        feedback: Arc::new(FeedbackStore::new(database.clone())),
        files: Arc::new(Files::new(database.clone())),
        functions: Arc::new(Functions::new(database.clone())),
        knowledge: Arc::new(KnowledgeCollections::new(database.clone())),
        memories: Arc::new(Memories::new(database.clone())),
        models: Arc::new(Models::new(database.clone())),
        model_lists: Arc::new(ModelLists::new(database.clone())),
        notes: notes.clone(),
        note_heads: notes,
        prompts: Arc::new(Prompts::new(database.clone())),
        tools: Arc::new(Tools::new(database.clone())),
    }
}
