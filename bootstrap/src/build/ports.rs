use std::sync::Arc;

use keelson_application::Ports;
use keelson_application::audit::AuditPorts;
use keelson_application::auth::AuthPorts;
use keelson_application::channel::ChannelPorts;
use keelson_application::chat::ChatPorts;
use keelson_application::config::ConfigPorts;
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
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::Clock;
use keelson_egress::Egress;
use keelson_identity::{Bcrypt, JwtSigner};
use keelson_memory::audit::NoAudit;
use keelson_memory::shared::RandomIds;
use keelson_persistence_kit::Database;
use keelson_providers::{Demo, OpenAi};
use keelson_telemetry::AuditFile;

use super::Shared;
use crate::config::{Configuration, StartError};

/// Every port: over this database, and over what instances share.
///
/// # Errors
/// When the clients for providers and webhooks cannot be made, or the audit log cannot be written.
#[expect(clippy::too_many_lines, reason = "one line a port, made for each backend")]
pub fn ports(
    configuration: &Configuration,
    database: &Database,
    events: Arc<dyn EventBus>,
    shared_state: Shared,
    clock: Arc<dyn Clock>,
) -> Result<Ports, StartError> {
    let openai = OpenAi::new(&configuration.deployment.providers)
        .map_err(|error| StartError::Unusable(format!("no HTTP client for providers: {error}")))?;
    let audit = audit_sink(configuration)?;
    let egress = Egress::new(&configuration.deployment.egress)
        .map_err(|error| StartError::Unusable(error.to_string()))?;
    macro_rules! over {
        ($db:expr, [$users:ident, $accounts:ident, $api_keys:ident, $groups:ident, $catalog:ident], $settings:ident,
         [$chats:ident, $lists:ident, $messages:ident, $shares:ident, $folders:ident, $tags:ident],
         [$shared:ident, $memories:ident, $notes:ident, $channels:ident, $models:ident]) => {{
            use keelson_persistence_conversations as conversations;
            use keelson_persistence_identity as identity;
            use keelson_persistence_workspace as workspace;
            let shared = Arc::new(workspace::$shared($db.clone()));
            let notes = Arc::new(workspace::$notes($db.clone()));
            let channels = Arc::new(workspace::$channels($db.clone()));
            Ports {
                clock: clock.clone(),
                ids: Arc::new(RandomIds),
                audit: AuditPorts { sink: audit },
                auth: AuthPorts {
                    accounts: Arc::new(identity::$accounts($db.clone())),
                    api_keys: Arc::new(identity::$api_keys($db.clone())),
                    hasher: Arc::new(Bcrypt::default()),
                    limiter: shared_state.limiter,
                    revocations: shared_state.revocations,
                    tokens: Arc::new(JwtSigner::new(&configuration.deployment.auth.secret_key)),
                },
                channel: ChannelPorts {
                    repository: channels.clone(),
                    membership: channels,
                },
                chat: ChatPorts {
                    repository: Arc::new(conversations::$chats($db.clone())),
                    lists: Arc::new(conversations::$lists($db.clone())),
                    messages: Arc::new(conversations::$messages($db.clone())),
                    shares: Arc::new(conversations::$shares($db.clone())),
                },
                config: ConfigPorts {
                    store: Arc::new(keelson_persistence_platform::$settings($db.clone())),
                    feed: shared_state.settings_feed,
                },
                file: FilePorts {
                    repository: shared.clone(),
                },
                folder: FolderPorts {
                    repository: Arc::new(conversations::$folders($db.clone())),
                },
                function: FunctionPorts {
                    repository: shared.clone(),
                },
                group: GroupPorts {
                    repository: Arc::new(identity::$catalog($db.clone())),
                    membership: Arc::new(identity::$groups($db.clone())),
                },
                knowledge: KnowledgePorts {
                    repository: shared.clone(),
                },
                memory: MemoryPorts {
                    repository: Arc::new(workspace::$memories($db.clone())),
                },
                model: ModelPorts {
                    repository: Arc::new(workspace::$models($db.clone())),
                    openai: Arc::new(openai),
                    demo: Arc::new(Demo),
                },
                note: NotePorts {
                    repository: notes.clone(),
                    readers: notes,
                },
                prompt: PromptPorts {
                    repository: shared.clone(),
                },
                realtime: RealtimePorts {
                    events,
                    presence: shared_state.presence,
                },
                session: SessionPorts {
                    store: shared_state.sessions,
                },
                system: SystemPorts {
                    storage_health: Arc::new(database.clone()),
                },
                tag: TagPorts {
                    repository: Arc::new(conversations::$tags($db.clone())),
                },
                task: TaskPorts {
                    directory: shared_state.tasks,
                    signals: shared_state.signals,
                },
                tool: ToolPorts { repository: shared },
                user: UserPorts {
                    repository: Arc::new(identity::$users($db.clone())),
                    activity: Arc::new(identity::$users($db.clone())),
                },
                webhook: WebhookPorts {
                    sender: Arc::new(egress),
                },
            }
        }};
    }
    let ports = match database {
        #[cfg(feature = "sqlite")]
        Database::Sqlite(db) => over!(
            db,
            [
                SqliteUsers,
                SqliteAccounts,
                SqliteApiKeys,
                SqliteGroups,
                SqliteGroupCatalog
            ],
            SqliteSettings,
            [
                SqliteChats,
                SqliteChatLists,
                SqliteChatMessages,
                SqliteChatShares,
                SqliteFolders,
                SqliteTags
            ],
            [
                SqliteShared,
                SqliteMemories,
                SqliteNotes,
                SqliteChannels,
                SqliteModels
            ]
        ),
        #[cfg(feature = "postgres")]
        Database::Postgres(db) => over!(
            db,
            [PgUsers, PgAccounts, PgApiKeys, PgGroups, PgGroupCatalog],
            PgSettings,
            [
                PgChats,
                PgChatLists,
                PgChatMessages,
                PgChatShares,
                PgFolders,
                PgTags
            ],
            [PgShared, PgMemories, PgNotes, PgChannels, PgModels]
        ),
    };
    Ok(ports)
}

fn audit_sink(configuration: &Configuration) -> Result<Arc<dyn AuditSink>, StartError> {
    if configuration.audit.policy.level == AuditLevel::None {
        return Ok(Arc::new(NoAudit));
    }
    let file = AuditFile::open(&configuration.audit.file).map_err(|error| {
        StartError::Unusable(format!("{error}; set AUDIT_LOGS_FILE_PATH to a writable file"))
    })?;
    Ok(Arc::new(file))
}
