//! What operators can measure, and the port that shows it: never the port that people use.
//!
//! `KEELSON_METRICS_PORT` switches it on. Metrics: `keelson_build_info`, `keelson_loop_up`, `keelson_loop_restarts_total`,
//! `keelson_redis_up`, `keelson_sockets_open`, `keelson_tasks_running`.

use std::sync::Arc;
use std::time::Duration;

use keelson_application::task::Tasks;
use keelson_domain::system::COMPATIBLE_VERSION;
use keelson_sockets::Sockets;
use keelson_telemetry::{METRICS_CONTENT_TYPE, Metrics, MetricsError, Reading};
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::{Endpoint, IntoResponse, Response, Route, Server, get, handler};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::supervisor::{Standing, Supervisor};

/// How long somebody may still be told metrics while the server stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// What Redis is used for, each with whether that works now.
pub type RedisUses = Arc<dyn Fn() -> Vec<(&'static str, bool)> + Send + Sync>;

/// What is measured.
pub struct Measured {
    /// The background loops.
    pub supervisor: Supervisor,
    /// Open pages.
    pub sockets: Sockets,
    /// Running tasks.
    pub tasks: Arc<Tasks>,
    /// What Redis is used for; none without Redis.
    pub redis: Option<RedisUses>,
}

/// Begins to measure.
///
/// # Errors
/// When metrics cannot be made.
pub fn measure(measured: Measured) -> Result<Metrics, MetricsError> {
    let Measured {
        supervisor,
        sockets,
        tasks,
        redis,
    } = measured;
    let metrics = Metrics::new()?;
    metrics.gauge("build_info", "Always 1; the labels say what runs.", || {
        vec![
            Reading::new(1)
                .of("version", env!("CARGO_PKG_VERSION"))
                .of("compatible_with", COMPATIBLE_VERSION),
        ]
    });
    let loops = supervisor.clone();
    metrics.gauge("loop_up", "1 while a background loop runs.", move || {
        let up = |standing| matches!(standing, Standing::Running(_));
        let states = loops.states().into_iter();
        states
            .map(|it| Reading::from(up(it.standing)).of("loop", it.name))
            .collect()
    });
    metrics.counter(
        "loop_restarts",
        "How often a background loop was started again.",
        move || {
            let states = supervisor.states().into_iter();
            states
                .map(|it| Reading::new(it.restarts).of("loop", it.name))
                .collect()
        },
    );
    if let Some(uses) = redis {
        metrics.gauge("redis_up", "1 while a use of Redis works.", move || {
            let uses = uses().into_iter();
            uses.map(|(name, up)| Reading::from(up).of("use", name)).collect()
        });
    }
    metrics.gauge("sockets_open", "Pages connected to this instance.", move || {
        vec![sockets.open().into()]
    });
    metrics.gauge("tasks_running", "Tasks that this instance runs.", move || {
        vec![tasks.count().into()]
    });
    Ok(metrics)
}

/// Shows metrics at `GET /metrics`, and nothing else.
pub fn endpoint(metrics: Metrics) -> impl Endpoint {
    use poem::EndpointExt;
    Route::new().at("/metrics", get(show)).data(Arc::new(metrics))
}

#[handler]
fn show(metrics: poem::web::Data<&Arc<Metrics>>) -> Response {
    match metrics.text() {
        Ok(text) => text.with_content_type(METRICS_CONTENT_TYPE).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be shown");
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
        .run_with_graceful_shutdown(endpoint(metrics), stop.cancelled_owned(), Some(FAREWELL))
        .await
}
