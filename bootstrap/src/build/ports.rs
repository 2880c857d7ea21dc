use std::sync::Arc;

use keelson_application::Ports;
use keelson_application::audit::AuditPorts;
use keelson_application::auth::AuthPorts;
use keelson_application::config::ConfigPorts;
use keelson_application::model::ProviderPorts;
use keelson_application::realtime::RealtimePorts;
use keelson_application::session::SessionPorts;
use keelson_application::system::SystemPorts;
use keelson_application::task::TaskPorts;
use keelson_application::webhook::WebhookPorts;
use keelson_domain::audit::{AuditLevel, AuditSink};
use keelson_domain::auth::{PasswordHasher, TokenSigner};
use keelson_domain::config::Deployment;
use keelson_domain::model::ModelProvider;
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::system::OperatorDocuments;
use keelson_domain::webhook::Webhooks;
use keelson_egress::Egress;
use keelson_identity::{Bcrypt, JwtSigner};
use keelson_memory::audit::NoopAuditSink;
use keelson_memory::realtime::EventRecorder;
use keelson_memory::shared::RandomIds;
use keelson_persistence_kit::Database;
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
    documents: Arc<dyn OperatorDocuments>,
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
        let egress = Arc::new(egress);
        Ok(Self {
            clock,
            ids: Arc::new(RandomIds),
            audit,
            hasher: Arc::new(Bcrypt::default()),
            tokens: Arc::new(JwtSigner::new(&deployment.auth.secret_key)),
            openai: Arc::new(openai),
            webhooks: egress.clone(),
            documents: egress,
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

/// Adapters of every port.
fn assemble(database: &Database, own: Own, shared: Shared) -> Ports {
    Ports {
        clock: own.clock,
        ids: own.ids,
        identity: keelson_persistence_identity::ports(database),
        conversations: keelson_persistence_conversations::ports(database),
        workspace: keelson_persistence_workspace::ports(database),
        audit: AuditPorts { sink: own.audit },
        auth: AuthPorts {
            hasher: own.hasher,
            limiter: shared.limiter,
            revocations: shared.revocations,
            tokens: own.tokens,
        },
        config: ConfigPorts {
            store: keelson_persistence_platform::settings_store(database),
            feed: shared.settings_feed,
        },
        providers: ProviderPorts {
            openai: own.openai,
            demo: Arc::new(Demo),
            shared: shared.models,
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
            documents: own.documents,
        },
        task: TaskPorts {
            directory: shared.tasks,
            signals: shared.signals,
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
