use std::sync::Arc;

use keelson_domain::shared::{Clock, Ids};

use crate::audit::AuditPorts;
use crate::auth::AuthPorts;
use crate::channel::ChannelPorts;
use crate::chat::ChatPorts;
use crate::config::ConfigPorts;
use crate::evaluation::EvaluationPorts;
use crate::file::FilePorts;
use crate::folder::FolderPorts;
use crate::function::FunctionPorts;
use crate::group::GroupPorts;
use crate::knowledge::KnowledgePorts;
use crate::memory::MemoryPorts;
use crate::model::ModelPorts;
use crate::note::NotePorts;
use crate::prompt::PromptPorts;
use crate::realtime::RealtimePorts;
use crate::session::SessionPorts;
use crate::system::SystemPorts;
use crate::tag::TagPorts;
use crate::task::TaskPorts;
use crate::tool::ToolPorts;
use crate::user::UserPorts;
use crate::webhook::WebhookPorts;

/// Every way out of the core, room by room. Bootstrap fills it with adapters.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and randomness.
    pub ids: Arc<dyn Ids>,
    /// The audit log.
    pub audit: AuditPorts,
    /// How people get in and out.
    pub auth: AuthPorts,
    /// Channels.
    pub channel: ChannelPorts,
    /// Chats.
    pub chat: ChatPorts,
    /// Settings.
    pub config: ConfigPorts,
    /// Feedback on answers.
    pub evaluation: EvaluationPorts,
    /// Files.
    pub file: FilePorts,
    /// Folders of chats.
    pub folder: FolderPorts,
    /// Functions.
    pub function: FunctionPorts,
    /// Groups of users.
    pub group: GroupPorts,
    /// Collections of files.
    pub knowledge: KnowledgePorts,
    /// Memories.
    pub memory: MemoryPorts,
    /// Models.
    pub model: ModelPorts,
    /// Notes.
    pub note: NotePorts,
    /// Prompts.
    pub prompt: PromptPorts,
    /// Connected clients.
    pub realtime: RealtimePorts,
    /// Browser sessions.
    pub session: SessionPorts,
    /// The server itself.
    pub system: SystemPorts,
    /// Tags of chats.
    pub tag: TagPorts,
    /// Running tasks.
    pub task: TaskPorts,
    /// Tools.
    pub tool: ToolPorts,
    /// Accounts.
    pub user: UserPorts,
    /// Webhooks.
    pub webhook: WebhookPorts,
}
