//! The services that the operations of the rooms call.

use std::sync::Arc;

use keelson_application::audit::Audit;
use keelson_application::auth::{Auth, Authenticator};
use keelson_application::chat::Chats;
use keelson_application::completion::Completions;
use keelson_application::config::Settings;
use keelson_application::folder::Folders;
use keelson_application::generation::Generations;
use keelson_application::group::Groups;
use keelson_application::model::Models;
use keelson_application::realtime::Realtime;
use keelson_application::system::System;
use keelson_application::task::Tasks;
use keelson_application::user::Users;
use keelson_application::workspace::Workspace;

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
    /// What people share.
    pub workspace: Arc<Workspace>,
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
    /// Folders of conversations.
    pub folders: Arc<Folders>,
}
