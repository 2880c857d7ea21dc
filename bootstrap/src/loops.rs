//! The background loops that run as long as the process.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use keelson_application::config::{ConfigError, Settings};
use keelson_application::system::Readiness;
use keelson_domain::shared::StoreError;
use keelson_redis::Redis;
use tokio_util::sync::CancellationToken;

use crate::build::App;
use crate::supervisor::Supervisor;

/// How often the version of the stored settings is read, for changes made elsewhere.
const SETTINGS_POLL: Duration = Duration::from_secs(5);

/// How often the health of Redis is copied to `/ready`.
const HEALTH_POLL: Duration = Duration::from_millis(250);

/// The name of Redis in `/ready`.
const REDIS: &str = "redis";

/// Starts every loop.
pub(crate) fn spawn(supervisor: &Supervisor, app: &App, readiness: &Readiness) {
    let settings = app.services.settings.clone();
    supervisor.spawn("settings", move |stop| poll_settings(settings.clone(), stop));
    let settings = app.services.settings.clone();
    supervisor.spawn("settings feed", move |stop| {
        let settings = settings.clone();
        async move { settings.follow(&stop).await }
    });
    let tasks = app.services.tasks.clone();
    supervisor.spawn("tasks", move |stop| {
        let tasks = tasks.clone();
        async move { tasks.run(stop).await }
    });
    let (completions, is_alone) = (app.services.completions.clone(), app.redis.is_none());
    supervisor.spawn("answers", move |stop| {
        let completions = completions.clone();
        async move { completions.recover_answers(is_alone, stop).await }
    });
    let sockets = app.sockets.clone();
    supervisor.spawn("sockets", move |stop| {
        let sockets = sockets.clone();
        async move { sockets.listen(&stop).await }
    });
    let (sockets, clock) = (app.sockets.clone(), app.services.ports.clock.clone());
    supervisor.spawn("expired sockets", move |stop| {
        let (sockets, clock) = (sockets.clone(), clock.clone());
        async move {
            sockets.end_expired(&*clock, &stop).await;
            Ok::<(), Infallible>(())
        }
    });
    if let Some(redis) = &app.redis {
        spawn_redis(supervisor, redis, readiness, app.redis_is_required());
    }
}

fn spawn_redis(supervisor: &Supervisor, redis: &Arc<Redis>, readiness: &Readiness, required: bool) {
    for redis_loop in redis.loops() {
        let (name, redis_loop) = (redis_loop.name, Arc::new(redis_loop));
        supervisor.spawn(name, move |stop| {
            let redis_loop = redis_loop.clone();
            async move {
                tokio::select! {
                    () = stop.cancelled() => Ok(()),
                    ended = redis_loop.run() => ended.map_err(StoreError::unavailable),
                }
            }
        });
    }
    let (redis, readiness) = (redis.clone(), readiness.clone());
    supervisor.spawn("redis health", move |stop| {
        report_health(redis.clone(), readiness.clone(), required, stop)
    });
}

/// Copies the health of Redis to `/ready`: without Redis this instance is degraded, and not ready where it is required.
async fn report_health(
    redis: Arc<Redis>,
    readiness: Readiness,
    required: bool,
    stop: CancellationToken,
) -> Result<(), Infallible> {
    loop {
        let is_up = redis.health().iter().all(|component| component.is_up);
        match (is_up, required) {
            (true, true) => readiness.done(REDIS),
            (false, true) => readiness.lack(REDIS),
            (true, false) => readiness.recovered(REDIS),
            (false, false) => readiness.degraded(REDIS),
        }
        if tokio::time::timeout(HEALTH_POLL, stop.cancelled()).await.is_ok() {
            return Ok(());
        }
    }
}

/// Reads settings that were changed elsewhere, as by `keelson config set`. While they cannot be read, those in force
/// stay.
async fn poll_settings(settings: Arc<Settings>, stop: CancellationToken) -> Result<(), ConfigError> {
    while tokio::time::timeout(SETTINGS_POLL, stop.cancelled())
        .await
        .is_err()
    {
        settings.refresh().await?;
    }
    Ok(())
}
