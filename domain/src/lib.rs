//! What things are in Keelson, and the ports through which the core reaches the world.
//!
//! Pure: no input or output, no clock, no runtime, no randomness. One module a room; a room bears
//! the same name in every ring. To add one: its entities in `entity.rs`, what may go wrong in
//! `error.rs`, what it needs from outside in `ports.rs`, and only those that it needs. Every
//! adapter of a port passes that port's contract suite (`tests/contract/<port>.rs`).

pub mod access;
pub mod audit;
pub mod auth;
pub mod channel;
pub mod chat;
pub mod completion;
pub mod config;
pub mod evaluation;
pub mod file;
pub mod folder;
pub mod function;
pub mod group;
pub mod knowledge;
pub mod memory;
pub mod model;
pub mod note;
pub mod prompt;
pub mod realtime;
pub mod session;
pub mod shared;
pub mod system;
pub mod tag;
pub mod task;
pub mod tool;
pub mod user;
pub mod webhook;

use std::sync::Arc;

/// The ports of accounts and groups, which a database answers.
#[derive(Clone)]
pub struct IdentityPorts {
    /// Makes and deletes accounts.
    pub accounts: Arc<dyn auth::Accounts>,
    /// API keys.
    pub api_keys: Arc<dyn auth::ApiKeyRepository>,
    /// Groups.
    pub group: group::GroupPorts,
    /// Accounts as others see them.
    pub user: user::UserPorts,
}

/// The ports of conversations, which a database answers.
#[derive(Clone)]
pub struct ConversationPorts {
    /// Chats.
    pub chat: chat::ChatPorts,
    /// Folders of chats.
    pub folder: folder::FolderPorts,
    /// Tags of chats.
    pub tag: tag::TagPorts,
}

/// The ports of what people make and share, which a database answers: one field a room.
#[derive(Clone)]
pub struct WorkspacePorts {
    /// Channels.
    pub channel: channel::ChannelPorts,
    /// Feedback on answers.
    pub evaluation: evaluation::EvaluationPorts,
    /// Files.
    pub file: file::FilePorts,
    /// Functions.
    pub function: function::FunctionPorts,
    /// Collections of files.
    pub knowledge: knowledge::KnowledgePorts,
    /// Memories.
    pub memory: memory::MemoryPorts,
    /// Models of the workspace.
    pub model: model::ModelPorts,
    /// Notes.
    pub note: note::NotePorts,
    /// Prompts.
    pub prompt: prompt::PromptPorts,
    /// Tools.
    pub tool: tool::ToolPorts,
}
