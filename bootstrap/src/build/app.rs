use std::sync::Arc;
use std::time::Duration;

use keelson_application::Ports;
use keelson_application::access::AccessControl;
use keelson_application::audit::Audit;
use keelson_application::auth::{Auth, Authenticator};
use keelson_application::completion::{Completions, Dependencies};
use keelson_application::config::Settings;
use keelson_application::generation::Generations;
use keelson_application::model::Models;
use keelson_application::realtime::Realtime;
use keelson_application::system::{Readiness, System};
use keelson_application::task::Tasks;
use keelson_application::user::Users;
use keelson_application::webhook::WebhookNotifier;
use keelson_domain::config::Deployment;
use keelson_domain::shared::{Clock, Ids, InstanceId};
use keelson_http::Services;
use keelson_http::session::{CookieOptions, Sessions};
use keelson_memory::shared::{RandomIds, SystemClock};
use keelson_persistence_kit::Database;
use keelson_redis::Redis;
use keelson_sockets::{Options, RemoteInstances, Sockets, Transport};
use poem::Response;
use poem::endpoint::BoxEndpoint;

use super::{Shared, ports};
use crate::config::{Configuration, StartError};

/// How long the start waits for the state that other instances share.
const REDIS_WAIT: Duration = Duration::from_secs(1);

/// The server's parts, wired.
pub struct App {
    /// What the operations call.
    pub services: Services,
    /// Connected clients.
    pub sockets: Sockets,
    /// What instances share, if they share anything.
    pub redis: Option<Arc<Redis>>,
    configuration: Arc<Configuration>,
}

impl App {
    /// Wires everything over an open database.
    ///
    /// # Errors
    /// When the stored settings cannot be read, or a Redis that is required is absent.
    pub async fn build(
        configuration: Arc<Configuration>,
        database: &Database,
        readiness: Readiness,
    ) -> Result<Self, StartError> {
        let deployment = Arc::new(configuration.deployment.clone());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let redis = connect(&configuration, &clock).await?;
        let shared = match &redis {
            Some(redis) => Shared::through(redis, &clock),
            None => Shared::alone(&clock).with_log(database, &clock).await?,
        };
        let sockets = sockets(&configuration, &shared);
        let ports = ports(&configuration, database, sockets.bus(), shared, clock)?;
        let settings = Arc::new(
            Settings::load(
                ports.config.store.clone(),
                ports.config.feed.clone(),
                configuration.layers.clone(),
            )
            .await?,
        );
        let services = services(&configuration, &ports, settings, deployment, readiness);
        Ok(Self {
            services,
            sockets,
            redis,
            configuration,
        })
    }

    /// The whole way in.
    pub fn endpoint(&self) -> BoxEndpoint<'static, Response> {
        let sockets = self.sockets.endpoint(self.services.realtime.clone());
        keelson_http::endpoint(&self.services, &self.configuration.http.options, Some(sockets))
    }

    /// Whether this instance must not serve without Redis.
    pub fn redis_is_required(&self) -> bool {
        self.configuration
            .redis
            .as_ref()
            .is_some_and(|options| options.required)
    }

    /// Waits, not for long, until what other instances revoked and run is known here. The loops must run.
    pub async fn wait_for_redis(&self) {
        if let Some(redis) = &self.redis
            && !redis.wait_until_restored(REDIS_WAIT).await
        {
            tracing::warn!("Redis does not answer yet: this instance starts with local state only");
        }
    }

    /// Removes this instance's entries from Redis; the loops must still run.
    pub async fn leave_redis(&self) {
        if let Some(redis) = &self.redis {
            redis.close().await;
        }
    }

    /// Ends what runs: answers finish or are stored as far as they came, then clients are disconnected and reconnect elsewhere.
    pub async fn close(&self, within: Duration) {
        self.services.tasks.finish_within(within).await;
        if tokio::time::timeout(within, self.sockets.close()).await.is_err() {
            tracing::warn!("some connections did not close in time");
        }
    }
}

/// The use cases of every room.
fn services(
    configuration: &Configuration,
    ports: &Ports,
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
    readiness: Readiness,
) -> Services {
    let access = Arc::new(AccessControl::new(ports, settings.clone(), deployment.access));
    let authenticator = Arc::new(Authenticator::new(
        ports,
        access.clone(),
        settings.clone(),
        &deployment,
    ));
    let auth = Arc::new(Auth::new(
        ports,
        authenticator.clone(),
        access.clone(),
        settings.clone(),
        deployment.clone(),
    ));
    let models = Arc::new(Models::new(
        ports,
        access.clone(),
        settings.clone(),
        deployment.clone(),
    ));
    let tasks = Arc::new(Tasks::new(ports, access.clone()));
    let generations = Arc::new(Generations::new(models.clone(), settings.clone()));
    let completions = Completions::new(
        ports,
        Dependencies {
            models: models.clone(),
            tasks: tasks.clone(),
            generations: generations.clone(),
            deployment: deployment.clone(),
            notifier: WebhookNotifier::new(ports, settings.clone(), deployment.clone()),
        },
    );
    let users = Arc::new(Users::new(
        ports,
        authenticator.clone(),
        access.clone(),
        settings.clone(),
        deployment.clone(),
    ));
    let realtime = Realtime::from_ports(ports, authenticator.clone(), access.clone(), settings.clone());
    let system = System::new(ports, deployment, settings.clone(), readiness);
    let audit = Audit::new(
        configuration.audit.policy.clone(),
        ports.audit.sink.clone(),
        ports.clock.clone(),
        ports.ids.clone(),
    );
    Services {
        ports: ports.clone(),
        access,
        authenticator,
        audit: Arc::new(audit),
        sessions: Arc::new(sessions(configuration, ports)),
        realtime: Arc::new(realtime),
        settings,
        auth,
        system: Arc::new(system),
        users,
        models,
        completions: Arc::new(completions),
        tasks,
        generations,
    }
}

async fn connect(
    configuration: &Configuration,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Arc<Redis>>, StartError> {
    let Some(options) = &configuration.redis else {
        return Ok(None);
    };
    let instance = InstanceId::new(RandomIds.uuid().to_string());
    let redis = Redis::connect(options, instance, clock.clone())
        .await
        .map_err(|error| StartError::Unusable(error.to_string()))?;
    Ok(Some(Arc::new(redis)))
}

fn sockets(configuration: &Configuration, shared: &Shared) -> Sockets {
    let options = socket_options(configuration);
    match &shared.fanout {
        Some(fanout) => Sockets::with_remote(
            options,
            RemoteInstances {
                fanout: fanout.clone(),
                presence: shared.presence.clone(),
            },
        ),
        None => Sockets::new(options),
    }
}

fn sessions(configuration: &Configuration, ports: &Ports) -> Sessions {
    let auth = &configuration.deployment.auth;
    let cookie = CookieOptions {
        same_site: auth.session_cookie_same_site,
        secure: auth.session_cookie_secure,
    };
    if auth.sessions_in_store {
        Sessions::in_store(
            ports.session.store.clone(),
            ports.ids.clone(),
            cookie,
            ports.clock.clone(),
        )
    } else {
        Sessions::in_cookie(&auth.secret_key, cookie, ports.clock.clone())
    }
}

fn socket_options(configuration: &Configuration) -> Options {
    let websocket = &configuration.deployment.websocket;
    Options {
        transport: if websocket.enabled {
            Transport::Websocket
        } else {
            Transport::Polling
        },
        ping_interval: websocket.ping_interval,
        ping_timeout: websocket.ping_timeout,
        origins: configuration.http.origins.clone(),
    }
}
