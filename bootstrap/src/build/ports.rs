use std::sync::Arc;

use keelson_application::{Ports, WorkspacePorts};
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::Clock;
use keelson_identity::{Bcrypt, JwtSigner};
use keelson_memory::auth::{MemoryRateLimiter, MemoryRevocations};
use keelson_memory::config::NoFeed;
use keelson_memory::realtime::MemoryPresence;
use keelson_memory::shared::{RandomIds, SystemClock};
use keelson_memory::task::{MemorySignals, MemoryTasks};
use keelson_persistence_kit::Database;

use crate::config::Configuration;

/// Every port, over this database; the rest lives in this process.
pub fn ports(configuration: &Configuration, database: &Database, events: Arc<dyn EventBus>) -> Ports {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    macro_rules! over {
        ($db:expr, $identity:ident: [$users:ident, $accounts:ident, $api_keys:ident, $groups:ident, $catalog:ident], $settings:ident,
         [$shared:ident, $memories:ident, $notes:ident, $channels:ident]) => {{
            use keelson_persistence_workspace as workspace;
            let shared = Arc::new(workspace::$shared($db.clone()));
            let notes = Arc::new(workspace::$notes($db.clone()));
            let channels = Arc::new(workspace::$channels($db.clone()));
            use keelson_persistence_identity as $identity;
            Ports {
                clock: clock.clone(),
                ids: Arc::new(RandomIds),
                settings_store: Arc::new(keelson_persistence_platform::$settings($db.clone())),
                settings_feed: Arc::new(NoFeed),
                tokens: Arc::new(JwtSigner::new(&configuration.deployment.auth.secret_key)),
                revocations: Arc::new(MemoryRevocations::new(clock.clone())),
                hasher: Arc::new(Bcrypt::default()),
                limiter: Arc::new(MemoryRateLimiter::for_sign_in()),
                storage_health: Arc::new(database.clone()),
                accounts: Arc::new($identity::$accounts($db.clone())),
                api_keys: Arc::new($identity::$api_keys($db.clone())),
                groups: Arc::new($identity::$groups($db.clone())),
                group_catalog: Arc::new($identity::$catalog($db.clone())),
                users: Arc::new($identity::$users($db.clone())),
                activity: Arc::new($identity::$users($db.clone())),
                channels: channels.clone(),
                notes: notes.clone(),
                events,
                presence: Arc::new(MemoryPresence::new(clock.clone())),
                task_directory: Arc::new(MemoryTasks::default()),
                task_signals: Arc::new(MemorySignals::default()),
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
            }
        }};
    }
    match database {
        #[cfg(feature = "sqlite")]
        Database::Sqlite(db) => over!(
            db,
            identity: [SqliteUsers, SqliteAccounts, SqliteApiKeys, SqliteGroups, SqliteGroupCatalog],
            SqliteSettings,
            [SqliteShared, SqliteMemories, SqliteNotes, SqliteChannels]
        ),
        #[cfg(feature = "postgres")]
        Database::Postgres(db) => {
            over!(db, identity: [PgUsers, PgAccounts, PgApiKeys, PgGroups, PgGroupCatalog], PgSettings,
            [PgShared, PgMemories, PgNotes, PgChannels])
        }
    }
}
