//! From variables to a serving process, and back: named steps, each timed in the log.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keelson_application::config::Settings;
use keelson_application::model::Models;
use keelson_application::system::Readiness;
use keelson_domain::shared::json;
use keelson_persistence_kit::Database;
use poem::EndpointExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::build::App;
use crate::config::{Configuration, StartError};
use crate::gate::StartupGate;
use crate::loops;
use crate::metrics::{self, MetricSources, RedisHealth};
use crate::supervisor::Supervisor;

/// How long open requests and running answers may take to finish on shutdown. Kubernetes kills after 30 s by default.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);

/// The steps of the start that traffic waits for.
const STEPS: [&str; 3] = ["database", "settings", "services"];

/// Serves until the process is told to stop.
///
/// # Errors
/// Whatever keeps the server from starting; nothing was changed then.
pub async fn serve(configuration: Configuration) -> Result<(), StartError> {
    let started = Instant::now();
    let readiness = Readiness::waiting_for(STEPS);
    let stop = CancellationToken::new();
    let (gate, opener) = StartupGate::new(readiness.clone());
    let host = &configuration.http.host;
    let listener = listen(host, configuration.http.port, "PORT").await?;
    let metrics = match configuration.http.metrics_port {
        Some(port) => Some(listen(host, port, "KEELSON_METRICS_PORT").await?),
        None => None,
    };
    let address = listener
        .local_addr()
        .map(|address| address.to_string())
        .unwrap_or_default();
    let server = tokio::spawn(keelson_http::server::serve(
        listener,
        gate.boxed(),
        configuration.http.connections.clone(),
        stop.clone(),
        SHUTDOWN_TIMEOUT,
    ));

    let configuration = Arc::new(configuration);
    let app = start(&configuration, &readiness).await?;
    // Cancelled after answers have finished: until then tasks renew their leases and clients receive events.
    let background = CancellationToken::new();
    let supervisor = Supervisor::new(background.clone(), readiness.clone());
    loops::spawn(&supervisor, &app, &readiness);
    app.wait_for_redis().await;
    opener.open(app.endpoint());
    readiness.done("services");
    if let Some(listener) = metrics {
        serve_metrics(listener, &supervisor, &app, background.clone())?;
    }
    warm_models(app.services.models.clone());
    // Before anybody hears that it is ready: who then asks it to stop is obeyed, not killed.
    let shutdown = shutdown_signal();
    tracing::info!(
        address,
        data = %configuration.deployment.general.data_dir.display(),
        database = ?configuration.database,
        milliseconds = started.elapsed().as_millis(),
        "ready"
    );

    shutdown.await;
    readiness.lack("shutdown");
    tracing::info!("stopping");
    stop.cancel();
    app.close(SHUTDOWN_TIMEOUT).await;
    app.leave_redis().await;
    background.cancel();
    supervisor.wait_until_ended().await;
    if let Err(error) = server.await {
        tracing::error!(%error, "the server task failed");
    }
    app.services.audit.flush().await;
    tracing::info!("stopped");
    Ok(())
}

/// Opens the database, loads the settings, and builds the services.
async fn start(configuration: &Arc<Configuration>, readiness: &Readiness) -> Result<App, StartError> {
    let step = Instant::now();
    let database = Database::open(&configuration.database, &configuration.pool).await?;
    finish_step(readiness, "database", step);

    let step = Instant::now();
    let app = App::build(configuration.clone(), &database, readiness.clone()).await?;
    let settings = &app.services.settings;
    if configuration.reset_settings {
        settings.forget_all().await?;
        tracing::info!("stored settings were removed (RESET_CONFIG_ON_START)");
    }
    import_file(settings, &configuration.deployment.general.data_dir).await?;
    for setting in settings.layers().shadowed(&settings.export().await?.tree) {
        tracing::warn!(
            variable = setting.env,
            "has no effect: the database holds another value (keelson config reset {} lets the variable count)",
            setting.env
        );
    }
    for (variable, oddity) in &configuration.warnings {
        tracing::warn!(variable, "{oddity}");
    }
    for (variable, why) in &configuration.ignored {
        tracing::info!(variable, "has no effect here: {why}");
    }
    finish_step(readiness, "settings", step);
    Ok(app)
}

fn finish_step(readiness: &Readiness, step: &'static str, since: Instant) {
    readiness.done(step);
    tracing::debug!(step, milliseconds = since.elapsed().as_millis(), "step done");
}

/// Imports `config.json` in the data folder, as the reference does: once, then it is renamed.
async fn import_file(settings: &Settings, data_dir: &Path) -> Result<(), StartError> {
    let file = data_dir.join("config.json");
    if !file.is_file() {
        return Ok(());
    }
    let unusable =
        |error: &dyn std::fmt::Display| StartError::Unusable(format!("{}: {error}", file.display()));
    let text = std::fs::read(&file).map_err(|error| unusable(&error))?;
    let tree: Value = json::read(&text).map_err(|error| unusable(&error))?;
    settings.import(tree).await.map_err(|error| unusable(&error))?;
    std::fs::rename(&file, data_dir.join("old_config.json")).map_err(|error| unusable(&error))?;
    tracing::info!(file = %file.display(), "settings were imported");
    Ok(())
}

/// Binds the port that a variable names.
async fn listen(host: &str, port: u16, variable: &str) -> Result<TcpListener, StartError> {
    let host = host.trim_matches(['[', ']']);
    TcpListener::bind((host, port)).await.map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                format!("another process listens there; set {variable} to a free port")
            }
            std::io::ErrorKind::PermissionDenied => {
                format!("ports below 1024 need a privilege; set {variable} to a higher one")
            }
            _ => format!("set HOST to an address of this machine and {variable} to a free port"),
        };
        StartError::Unusable(format!("cannot listen on {host}:{port}: {error}; {hint}"))
    })
}

/// Serves the metrics on a port of their own.
fn serve_metrics(
    listener: TcpListener,
    supervisor: &Supervisor,
    app: &App,
    stop: CancellationToken,
) -> Result<(), StartError> {
    let sources = MetricSources {
        supervisor: supervisor.clone(),
        sockets: app.sockets.clone(),
        tasks: app.services.tasks.clone(),
        redis: app.redis.as_ref().map(|redis| {
            let redis = redis.clone();
            Arc::new(move || {
                redis
                    .health()
                    .iter()
                    .map(|component| (component.name, component.is_up))
                    .collect()
            }) as RedisHealth
        }),
    };
    let metrics = metrics::register(sources).map_err(|error| StartError::Unusable(error.to_string()))?;
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "serving metrics at /metrics");
    }
    tokio::spawn(async move {
        if let Err(error) = metrics::serve(listener, metrics, stop).await {
            tracing::error!(%error, "serving metrics failed");
        }
    });
    Ok(())
}

/// Fills the cache of model lists in the background (`ENABLE_BASE_MODELS_CACHE`).
fn warm_models(models: Arc<Models>) {
    tokio::spawn(async move { models.warm().await });
}

/// Registers for the signals that ask a process to stop, at once; the future ends with the first of them.
fn shutdown_signal() -> impl Future<Output = ()> {
    let listen = |kind: SignalKind, name: &'static str| {
        let listening = signal(kind);
        async move {
            match listening {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(error) => {
                    tracing::error!(%error, "cannot listen for {name}");
                    std::future::pending::<()>().await;
                }
            }
        }
    };
    let terminated = listen(SignalKind::terminate(), "SIGTERM");
    let interrupted = listen(SignalKind::interrupt(), "SIGINT");
    async move {
        tokio::select! {
            () = terminated => {}
            () = interrupted => {}
        }
    }
}
