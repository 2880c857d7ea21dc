use std::sync::Arc;

use keelson_application::{Ports, WorkspacePorts};
use keelson_domain::audit::{AuditLevel, AuditSink};
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::Clock;
use keelson_egress::Egress;
use keelson_identity::{Bcrypt, JwtSigner};
use keelson_memory::audit::NoopAuditSink;
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
                audit,
                settings_store: Arc::new(keelson_persistence_platform::$settings($db.clone())),
                settings_feed: shared_state.settings_feed,
                sessions: shared_state.sessions,
                tokens: Arc::new(JwtSigner::new(&configuration.deployment.auth.secret_key)),
                revocations: shared_state.revocations,
                hasher: Arc::new(Bcrypt::default()),
                limiter: shared_state.limiter,
                storage_health: Arc::new(database.clone()),
                accounts: Arc::new(identity::$accounts($db.clone())),
                api_keys: Arc::new(identity::$api_keys($db.clone())),
                groups: Arc::new(identity::$groups($db.clone())),
                group_catalog: Arc::new(identity::$catalog($db.clone())),
                users: Arc::new(identity::$users($db.clone())),
                activity: Arc::new(identity::$users($db.clone())),
                channels: channels.clone(),
                notes: notes.clone(),
                events,
                presence: shared_state.presence,
                task_directory: shared_state.tasks,
                task_signals: shared_state.signals,
                workspace: WorkspacePorts {
                    tools: shared.clone(),
                    functions: shared.clone(),
                    prompts: shared.clone(),
                    knowledge: shared.clone(),
                    files: shared,
                    memories: Arc::new(workspace::$memories($db.clone())),
                    notes,
                    channels,
                },
                chats: Arc::new(conversations::$chats($db.clone())),
                chat_lists: Arc::new(conversations::$lists($db.clone())),
                chat_messages: Arc::new(conversations::$messages($db.clone())),
                chat_shares: Arc::new(conversations::$shares($db.clone())),
                folders: Arc::new(conversations::$folders($db.clone())),
                tags: Arc::new(conversations::$tags($db.clone())),
                models: Arc::new(workspace::$models($db.clone())),
                openai: Arc::new(openai),
                demo: Arc::new(Demo),
                webhooks: Arc::new(egress),
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
        return Ok(Arc::new(NoopAuditSink));
    }
    let file = AuditFile::open(&configuration.audit.file).map_err(|error| {
        StartError::Unusable(format!("{error}; set AUDIT_LOGS_FILE_PATH to a writable file"))
    })?;
    Ok(Arc::new(file))
}
