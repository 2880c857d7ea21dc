use std::sync::Arc;

use keelson_application::Ports;
use keelson_application::audit::AuditPorts;
use keelson_application::auth::AuthPorts;
use keelson_application::channel::ChannelPorts;
use keelson_application::chat::ChatPorts;
use keelson_application::config::ConfigPorts;
use keelson_application::evaluation::EvaluationPorts;
use keelson_application::file::FilePorts;
use keelson_application::folder::FolderPorts;
use keelson_application::function::FunctionPorts;
use keelson_application::group::GroupPorts;
use keelson_application::knowledge::KnowledgePorts;
use keelson_application::memory::MemoryPorts;
use keelson_application::model::ModelPorts;
use keelson_application::note::NotePorts;
use keelson_application::prompt::PromptPorts;
use keelson_application::realtime::RealtimePorts;
use keelson_application::session::SessionPorts;
use keelson_application::system::SystemPorts;
use keelson_application::tag::TagPorts;
use keelson_application::task::TaskPorts;
use keelson_application::tool::ToolPorts;
use keelson_application::user::UserPorts;
use keelson_application::webhook::WebhookPorts;
use keelson_domain::audit::{AuditLevel, AuditSink};
use keelson_domain::auth::{PasswordHasher, TokenSigner};
use keelson_domain::config::Deployment;
use keelson_domain::model::ModelProvider;
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::webhook::Webhooks;
use keelson_egress::Egress;
use keelson_identity::{Bcrypt, JwtSigner};
use keelson_memory::audit::NoopAuditSink;
use keelson_memory::realtime::EventRecorder;
use keelson_memory::shared::RandomIds;
use keelson_persistence_conversations::Repositories as Conversations;
use keelson_persistence_identity::Repositories as Identity;
use keelson_persistence_kit::Database;
use keelson_persistence_platform::Repositories as Platform;
use keelson_persistence_workspace::Repositories as Workspace;
use keelson_providers::{Demo, OpenAi};
use keelson_telemetry::AuditFile;

use super::Shared;
use crate::config::{Configuration, StartError};

/// The ports that belong to this instance alone.
struct Own {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    audit: Arc<dyn AuditSink>,
    hasher: Arc<dyn PasswordHasher>,
    tokens: Arc<dyn TokenSigner>,
    openai: Arc<dyn ModelProvider>,
    webhooks: Arc<dyn Webhooks>,
    events: Arc<dyn EventBus>,
}

impl Own {
    fn new(
        deployment: &Deployment,
        audit: Arc<dyn AuditSink>,
        events: Arc<dyn EventBus>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let openai = OpenAi::new(&deployment.providers)
            .map_err(|error| StartError::Unusable(format!("no HTTP client for providers: {error}")))?;
        let egress =
            Egress::new(&deployment.egress).map_err(|error| StartError::Unusable(error.to_string()))?;
        Ok(Self {
            clock,
            ids: Arc::new(RandomIds),
            audit,
            hasher: Arc::new(Bcrypt::default()),
            tokens: Arc::new(JwtSigner::new(&deployment.auth.secret_key)),
            openai: Arc::new(openai),
            webhooks: Arc::new(egress),
            events,
        })
    }
}

/// Every port: over this database, and over what instances share.
///
/// # Errors
/// When the clients for providers and webhooks cannot be made, or the audit log cannot be written.
pub fn ports(
    configuration: &Configuration,
    database: &Database,
    events: Arc<dyn EventBus>,
    shared: Shared,
    clock: Arc<dyn Clock>,
) -> Result<Ports, StartError> {
    let own = Own::new(
        &configuration.deployment,
        audit_sink(configuration)?,
        events,
        clock,
    )?;
    Ok(assemble(database, own, shared))
}

/// Every port without a file or a server: repositories over SQLite in memory, everything else in this process. Events go
/// to a recorder.
///
/// # Errors
/// When the clients for providers and webhooks cannot be made.
#[cfg(feature = "sqlite")]
pub async fn in_memory_ports(deployment: &Deployment, clock: Arc<dyn Clock>) -> Result<Ports, StartError> {
    let database = Database::in_memory().await?;
    let shared = Shared::alone(&clock);
    let events = Arc::new(EventRecorder::default());
    let own = Own::new(deployment, Arc::new(NoopAuditSink), events, clock)?;
    Ok(assemble(&database, own, shared))
}

/// One line a room.
#[expect(clippy::too_many_lines, reason = "a list of the rooms, and nothing else")]
fn assemble(database: &Database, own: Own, shared: Shared) -> Ports {
    let conversations = Conversations::new(database);
    let identity = Identity::new(database);
    let platform = Platform::new(database);
    let workspace = Workspace::new(database);
    Ports {
        clock: own.clock,
        ids: own.ids,
        audit: AuditPorts { sink: own.audit },
        auth: AuthPorts {
            accounts: identity.accounts,
            api_keys: identity.api_keys,
            hasher: own.hasher,
            limiter: shared.limiter,
            revocations: shared.revocations,
            tokens: own.tokens,
        },
        channel: ChannelPorts {
            repository: workspace.channels,
            membership: workspace.channel_members,
        },
        chat: ChatPorts {
            repository: conversations.chats,
            answer_checkpoints: conversations.answer_checkpoints,
            lists: conversations.chat_lists,
            messages: conversations.chat_messages,
            shares: conversations.chat_shares,
        },
        config: ConfigPorts {
            store: platform.settings,
            feed: shared.settings_feed,
        },
        evaluation: EvaluationPorts {
            feedback: workspace.feedback,
        },
        file: FilePorts {
            repository: workspace.files,
        },
        folder: FolderPorts {
            repository: conversations.folders,
        },
        function: FunctionPorts {
            repository: workspace.functions,
        },
        group: GroupPorts {
            repository: identity.groups,
            membership: identity.group_members,
        },
        knowledge: KnowledgePorts {
            repository: workspace.knowledge,
        },
        memory: MemoryPorts {
            repository: workspace.memories,
        },
        model: ModelPorts {
            repository: workspace.models,
            lists: workspace.model_lists,
            openai: own.openai,
            demo: Arc::new(Demo),
        },
        note: NotePorts {
            repository: workspace.notes,
            heads: workspace.note_heads,
        },
        prompt: PromptPorts {
            repository: workspace.prompts,
        },
        realtime: RealtimePorts {
            events: own.events,
            presence: shared.presence,
        },
        session: SessionPorts {
            store: shared.sessions,
        },
        system: SystemPorts {
            storage_health: Arc::new(database.clone()),
        },
        tag: TagPorts {
            repository: conversations.tags,
        },
        task: TaskPorts {
            directory: shared.tasks,
            signals: shared.signals,
        },
        tool: ToolPorts {
            repository: workspace.tools,
        },
        user: UserPorts {
            repository: identity.users,
            activity: identity.user_activity,
        },
        webhook: WebhookPorts { sender: own.webhooks },
    }
}

fn audit_sink(configuration: &Configuration) -> Result<Arc<dyn AuditSink>, StartError> {
    if configuration.audit.policy.level == AuditLevel::None {
        return Ok(Arc::new(NoopAuditSink));
    }
    let file = AuditFile::open(&configuration.audit.file).map_err(|error| {
        StartError::Unusable(format!("{error}; set AUDIT_LOGS_FILE_PATH to a writable file"))
    })?;
    Ok(Arc::new(file))
}
