//! From variables to a serving process, and back: named steps, each timed in the log.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keelson_application::config::Settings;
use keelson_application::system::Readiness;
use keelson_persistence_kit::Database;
use poem::EndpointExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::build::App;
use crate::config::{Configuration, StartError};
use crate::gate::Gate;
use crate::loops;
use crate::supervisor::Supervisor;

/// How long open requests and running answers may take to finish once the server was told to stop. Kubernetes kills
/// after 30 s by default.
const FAREWELL: Duration = Duration::from_secs(20);

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
    let server = tokio::spawn(keelson_http::server::serve(
        listener,
        gate.boxed(),
        configuration.http.patience.clone(),
        stop.clone(),
        FAREWELL,
    ));

    let configuration = Arc::new(configuration);
    let app = start(&configuration, &readiness).await?;
    // Goes on while answers finish: they keep their leases, and their pages hear other instances.
    let background = CancellationToken::new();
    let supervisor = Supervisor::new(background.clone(), readiness.clone());
    loops::keep(&supervisor, &app, &readiness);
    app.settled().await;
    opener.open(app.endpoint());
    readiness.done("services");
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
    background.cancel();
    supervisor.ended().await;
    app.leave().await;
    if let Err(error) = server.await {
        tracing::error!(%error, "the server ended early");
    }
    app.services.audit.flush().await;
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
    for (variable, why) in &configuration.idle {
        tracing::info!(variable, "has no effect here: {why}");
    }
    done(readiness, "settings", step);
    Ok(app)
}

fn done(readiness: &Readiness, step: &'static str, since: Instant) {
    readiness.done(step);
    tracing::debug!(step, milliseconds = since.elapsed().as_millis(), "step done");
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
