//! From variables to a serving process, and back: named steps, each timed in the log.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keelson_application::config::Settings;
use keelson_application::model::Models;
use keelson_application::system::Readiness;
use keelson_application::task::Tasks;
use keelson_domain::config::Deployment;
use keelson_persistence_kit::Database;
use poem::Server;
use poem::listener::TcpAcceptor;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::build::App;
use crate::config::{Configuration, StartError};
use crate::gate::Gate;

/// How long open requests and running answers may take to finish once the server was told to stop. Kubernetes kills
/// after 30 s by default.
const FAREWELL: Duration = Duration::from_secs(20);

/// How often the version of the stored settings is looked at, for changes made elsewhere.
const SETTINGS_POLL: Duration = Duration::from_secs(5);

/// The pause before a loop that failed starts again; doubles with each failure.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

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
    let (gate, opener) = Gate::new(readiness.clone());
    let listener = listen(&configuration.http.host, configuration.http.port).await?;
    let address = listener
        .local_addr()
        .map(|address| address.to_string())
        .unwrap_or_default();
    let acceptor = TcpAcceptor::from_tokio(listener)
        .map_err(|error| StartError::Unusable(format!("cannot listen: {error}")))?;
    let server = tokio::spawn(Server::new_with_acceptor(acceptor).run_with_graceful_shutdown(
        gate,
        stop.clone().cancelled_owned(),
        Some(FAREWELL),
    ));

    let configuration = Arc::new(configuration);
    let app = start(&configuration, &readiness).await?;
    opener.open(app.endpoint());
    readiness.done("services");
    follow_settings(app.services.settings.clone(), stop.clone());
    attend_tasks(app.services.tasks.clone(), stop.clone());
    warm_models(app.services.models.clone());
    tracing::info!(
        address,
        data = %configuration.deployment.general.data_dir.display(),
        database = ?configuration.database,
        milliseconds = started.elapsed().as_millis(),
        "ready"
    );

    told_to_stop().await;
    readiness.lack("shutdown");
    tracing::info!("stopping");
    stop.cancel();
    app.close(FAREWELL).await;
    match server.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the server did not close cleanly"),
        Err(error) => tracing::error!(%error, "the server ended early"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// Opens the database, brings the settings in force, and wires the services.
async fn start(configuration: &Arc<Configuration>, readiness: &Readiness) -> Result<App, StartError> {
    let step = Instant::now();
    let database = Database::open(&configuration.database, &configuration.pool).await?;
    done(readiness, "database", step);

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
    warn_of_missing(&configuration.deployment);
    done(readiness, "settings", step);
    Ok(app)
}

fn done(readiness: &Readiness, step: &'static str, since: Instant) {
    readiness.done(step);
    tracing::debug!(step, milliseconds = since.elapsed().as_millis(), "step done");
}

/// Variables that people bring along, and that have no effect yet.
fn warn_of_missing(_deployment: &Deployment) {
    let redis = ["REDIS_URL", "WEBSOCKET_REDIS_URL"];
    if redis
        .iter()
        .any(|name| std::env::var(name).is_ok_and(|url| !url.is_empty()))
    {
        tracing::warn!("Redis is not used yet: run one instance of Keelson a database");
    }
}

/// Takes over `config.json` in the data folder, as the reference does: imported once, then renamed.
async fn import_file(settings: &Settings, data_dir: &Path) -> Result<(), StartError> {
    let file = data_dir.join("config.json");
    if !file.is_file() {
        return Ok(());
    }
    let unusable =
        |error: &dyn std::fmt::Display| StartError::Unusable(format!("{}: {error}", file.display()));
    let text = std::fs::read(&file).map_err(|error| unusable(&error))?;
    let tree: Value = serde_json::from_slice(&text).map_err(|error| unusable(&error))?;
    settings.import(tree).await?;
    std::fs::rename(&file, data_dir.join("old_config.json")).map_err(|error| unusable(&error))?;
    tracing::info!(file = %file.display(), "settings were imported");
    Ok(())
}

async fn listen(host: &str, port: u16) -> Result<TcpListener, StartError> {
    let host = host.trim_matches(['[', ']']);
    TcpListener::bind((host, port)).await.map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another process listens there; set PORT to a free one",
            std::io::ErrorKind::PermissionDenied => {
                "ports below 1024 need a privilege; set PORT to a higher one"
            }
            _ => "set HOST to an address of this machine and PORT to a free port",
        };
        StartError::Unusable(format!("cannot listen on {host}:{port}: {error}; {hint}"))
    })
}

/// Looks for settings that were changed elsewhere, as by `keelson config set`.
fn follow_settings(settings: Arc<Settings>, stop: CancellationToken) {
    tokio::spawn(async move {
        let mut failing = false;
        while tokio::time::timeout(SETTINGS_POLL, stop.cancelled())
            .await
            .is_err()
        {
            match settings.refresh().await {
                Ok(()) if failing => {
                    failing = false;
                    tracing::info!("the stored settings can be read again");
                }
                Ok(()) => {}
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(%error, "the stored settings cannot be read; those in force stay");
                }
                Err(_) => {}
            }
        }
    });
}

/// Fetches lists of models that are kept (`ENABLE_BASE_MODELS_CACHE`); nothing waits for it.
fn warm_models(models: Arc<Models>) {
    tokio::spawn(async move { models.warm().await });
}

/// Keeps the books of running tasks; starts again when that ends by an error.
fn attend_tasks(tasks: Arc<Tasks>, stop: CancellationToken) {
    tokio::spawn(async move {
        let mut pause = FIRST_PAUSE;
        while !stop.is_cancelled() {
            match tasks.attend(stop.clone()).await {
                Ok(()) => pause = FIRST_PAUSE,
                Err(error) => {
                    tracing::warn!(%error, "the books of tasks cannot be kept; trying again");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            if tokio::time::timeout(pause, stop.cancelled()).await.is_ok() {
                return;
            }
        }
    });
}

async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = terminated => {}
        interrupted = tokio::signal::ctrl_c() => {
            if let Err(error) = interrupted {
                tracing::error!(%error, "SIGINT cannot be heard");
            }
        }
    }
}
