//! What the operations of the rooms are built from.

use std::sync::Arc;

use keelson_application::Ports;
use keelson_application::access::AccessControl;
use keelson_application::audit::Audit;
use keelson_application::auth::{Auth, Authenticator};
use keelson_application::completion::Completions;
use keelson_application::config::Settings;
use keelson_application::generation::Generations;
use keelson_application::model::Models;
use keelson_application::realtime::Realtime;
use keelson_application::system::System;
use keelson_application::task::Tasks;
use keelson_application::user::Users;

use crate::session::Sessions;

/// What the rooms' operations are built from. A service that one room alone calls is built by that room; those that
/// several call, or that run loops, are built once and stand here.
#[derive(Clone)]
pub struct Services {
    /// Every way out of the core.
    pub ports: Ports,
    /// Who may do what.
    pub access: Arc<AccessControl>,
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
    /// Which models there are.
    pub models: Arc<Models>,
    /// Answers of models.
    pub completions: Arc<Completions>,
    /// What runs.
    pub tasks: Arc<Tasks>,
    /// What models write in the background.
    pub generations: Arc<Generations>,
}
