//! The metrics, and the port that exports them, which is never the port that people use.
//!
//! `KEELSON_METRICS_PORT` switches it on. Metrics: `keelson_build_info`, `keelson_loop_up`, `keelson_loop_restarts_total`,
//! `keelson_redis_up`, `keelson_sockets_open`, `keelson_tasks_running`.

use std::sync::Arc;
use std::time::Duration;

use keelson_application::task::Tasks;
use keelson_domain::system::COMPATIBLE_VERSION;
use keelson_sockets::Sockets;
use keelson_telemetry::{METRICS_CONTENT_TYPE, Metrics, MetricsError, Observation};
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::{Endpoint, IntoResponse, Response, Route, Server, get, handler};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::supervisor::{LoopStatus, Supervisor};

/// How long a request for metrics may take to finish while the server stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// The components that use Redis, each with whether it works now.
pub type RedisHealth = Arc<dyn Fn() -> Vec<(&'static str, bool)> + Send + Sync>;

/// What metrics are read from.
pub struct MetricSources {
    /// The background loops.
    pub supervisor: Supervisor,
    /// Connected clients.
    pub sockets: Sockets,
    /// Running tasks.
    pub tasks: Arc<Tasks>,
    /// The health of Redis; none without Redis.
    pub redis: Option<RedisHealth>,
}

/// Registers the metrics.
///
/// # Errors
/// When the exporter cannot be created.
pub fn register(sources: MetricSources) -> Result<Metrics, MetricsError> {
    let MetricSources {
        supervisor,
        sockets,
        tasks,
        redis,
    } = sources;
    let metrics = Metrics::new()?;
    metrics.gauge("build_info", "Always 1; the labels say what runs.", || {
        vec![
            Observation::new(1)
                .with_label("version", env!("CARGO_PKG_VERSION"))
                .with_label("compatible_with", COMPATIBLE_VERSION),
        ]
    });
    let loops = supervisor.clone();
    metrics.gauge("loop_up", "1 while a background loop runs.", move || {
        let is_up = |status| matches!(status, LoopStatus::Running(_));
        let states = loops.states().into_iter();
        states
            .map(|state| Observation::from(is_up(state.status)).with_label("loop", state.name))
            .collect()
    });
    metrics.counter(
        "loop_restarts",
        "How often a background loop was started again.",
        move || {
            let states = supervisor.states().into_iter();
            states
                .map(|state| Observation::new(state.restarts).with_label("loop", state.name))
                .collect()
        },
    );
    if let Some(health) = redis {
        metrics.gauge("redis_up", "1 while a use of Redis works.", move || {
            let components = health().into_iter();
            components
                .map(|(name, is_up)| Observation::from(is_up).with_label("use", name))
                .collect()
        });
    }
    metrics.gauge("sockets_open", "Clients connected to this instance.", move || {
        vec![sockets.count().into()]
    });
    metrics.gauge("tasks_running", "Tasks that this instance runs.", move || {
        vec![tasks.count().into()]
    });
    Ok(metrics)
}

/// Exports the metrics at `GET /metrics`, and nothing else.
pub fn endpoint(metrics: Metrics) -> impl Endpoint {
    use poem::EndpointExt;
    Route::new().at("/metrics", get(export)).data(Arc::new(metrics))
}

#[handler]
fn export(metrics: poem::web::Data<&Arc<Metrics>>) -> Response {
    match metrics.encode() {
        Ok(text) => text.with_content_type(METRICS_CONTENT_TYPE).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be exported");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Serves [`endpoint`] until `stop`.
///
/// # Errors
/// When the listener cannot be used (any more).
pub async fn serve(listener: TcpListener, metrics: Metrics, stop: CancellationToken) -> std::io::Result<()> {
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .run_with_graceful_shutdown(endpoint(metrics), stop.cancelled_owned(), Some(SHUTDOWN_TIMEOUT))
        .await
}
