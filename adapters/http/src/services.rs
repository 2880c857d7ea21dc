//! The services that the operations of the rooms call.

use std::sync::Arc;

use keelson_application::audit::Audit;
use keelson_application::auth::{Auth, Authenticator};
use keelson_application::channel::Channels;
use keelson_application::chat::Chats;
use keelson_application::completion::Completions;
use keelson_application::config::Settings;
use keelson_application::evaluation::Evaluations;
use keelson_application::file::Files;
use keelson_application::folder::Folders;
use keelson_application::function::Functions;
use keelson_application::generation::Generations;
use keelson_application::group::Groups;
use keelson_application::knowledge::KnowledgeCollections;
use keelson_application::memory::Memories;
use keelson_application::model::Models;
use keelson_application::note::Notes;
use keelson_application::prompt::Prompts;
use keelson_application::realtime::Realtime;
use keelson_application::system::System;
use keelson_application::task::Tasks;
use keelson_application::tool::Tools;
use keelson_application::user::Users;

use crate::session::Sessions;

/// What the rooms' operations call.
#[derive(Clone)]
pub struct Services {
    /// Who is calling.
    pub authenticator: Arc<Authenticator>,
    /// What browsers have to remember between requests.
    pub sessions: Arc<Sessions>,
    /// What is written down of requests.
    pub audit: Arc<Audit>,
    /// Open pages.
    pub realtime: Arc<Realtime>,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// Signing in and out.
    pub auth: Arc<Auth>,
    /// The server itself.
    pub system: Arc<System>,
    /// People.
    pub users: Arc<Users>,
    /// Groups of people.
    pub groups: Arc<Groups>,
    /// Tools.
    pub tools: Arc<Tools>,
    /// Functions.
    pub functions: Arc<Functions>,
    /// Prompts.
    pub prompts: Arc<Prompts>,
    /// Collections of files.
    pub knowledge: Arc<KnowledgeCollections>,
    /// Files.
    pub files: Arc<Files>,
    /// Memories.
    pub memories: Arc<Memories>,
    /// Notes.
    pub notes: Arc<Notes>,
    /// Channels.
    pub channels: Arc<Channels>,
    /// Which models there are.
    pub models: Arc<Models>,
    /// Answers of models.
    pub completions: Arc<Completions>,
    /// What runs.
    pub tasks: Arc<Tasks>,
    /// What models write in the background.
    pub generations: Arc<Generations>,
    /// Conversations.
    pub chats: Arc<Chats>,
    /// Feedback on answers.
    pub evaluations: Arc<Evaluations>,
    /// Folders of conversations.
    pub folders: Arc<Folders>,
}
