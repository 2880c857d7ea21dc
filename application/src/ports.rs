use std::sync::Arc;

use keelson_domain::shared::{Clock, Ids};
use keelson_domain::{ConversationPorts, IdentityPorts, WorkspacePorts};

use crate::audit::AuditPorts;
use crate::auth::AuthPorts;
use crate::config::ConfigPorts;
use crate::model::ProviderPorts;
use crate::realtime::RealtimePorts;
use crate::session::SessionPorts;
use crate::system::SystemPorts;
use crate::task::TaskPorts;
use crate::webhook::WebhookPorts;

/// Every way out of the core. Bootstrap fills it with adapters. The ports of a room that a database answers are a field
/// of its family (`ports.workspace.note`).
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and randomness.
    pub ids: Arc<dyn Ids>,
    /// Accounts and groups.
    pub identity: IdentityPorts,
    /// Conversations.
    pub conversations: ConversationPorts,
    /// What people make and share.
    pub workspace: WorkspacePorts,
    /// The audit log.
    pub audit: AuditPorts,
    /// How people get in and out.
    pub auth: AuthPorts,
    /// Settings.
    pub config: ConfigPorts,
    /// Model providers.
    pub providers: ProviderPorts,
    /// Connected clients.
    pub realtime: RealtimePorts,
    /// Browser sessions.
    pub session: SessionPorts,
    /// The server itself.
    pub system: SystemPorts,
    /// Running tasks.
    pub task: TaskPorts,
    /// Webhooks.
    pub webhook: WebhookPorts,
}
