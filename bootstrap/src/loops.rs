//! What runs beside the requests, as long as the process.

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

/// How often the version of the stored settings is looked at, for changes made elsewhere.
const SETTINGS_POLL: Duration = Duration::from_secs(5);

/// How often the state of Redis is taken over into `/ready`.
const HEALTH_POLL: Duration = Duration::from_millis(250);

/// The name of Redis in `/ready`.
const REDIS: &str = "redis";

/// Starts every loop.
pub(crate) fn keep(supervisor: &Supervisor, app: &App, readiness: &Readiness) {
    let settings = app.services.settings.clone();
    supervisor.keep("settings", move |stop| poll_settings(settings.clone(), stop));
    let settings = app.services.settings.clone();
    supervisor.keep("settings feed", move |stop| {
        let settings = settings.clone();
        async move { settings.follow(&stop).await }
    });
    let tasks = app.services.tasks.clone();
    supervisor.keep("tasks", move |stop| {
        let tasks = tasks.clone();
        async move { tasks.attend(stop).await }
    });
    let sockets = app.sockets.clone();
    supervisor.keep("sockets", move |stop| {
        let sockets = sockets.clone();
        async move { sockets.listen(&stop).await }
    });
    if let Some(redis) = &app.redis {
        keep_redis(supervisor, redis, readiness, app.redis_is_required());
    }
}

fn keep_redis(supervisor: &Supervisor, redis: &Arc<Redis>, readiness: &Readiness, required: bool) {
    for one in redis.loops() {
        let (name, one) = (one.name, Arc::new(one));
        supervisor.keep(name, move |stop| {
            let one = one.clone();
            async move {
                tokio::select! {
                    () = stop.cancelled() => Ok(()),
                    ended = one.run() => ended.map_err(StoreError::unavailable),
                }
            }
        });
    }
    let (redis, readiness) = (redis.clone(), readiness.clone());
    supervisor.keep("redis health", move |stop| {
        report(redis.clone(), readiness.clone(), required, stop)
    });
}

/// Takes the state of Redis over into `/ready`: without it this instance is degraded, and not ready where it is required.
async fn report(
    redis: Arc<Redis>,
    readiness: Readiness,
    required: bool,
    stop: CancellationToken,
) -> Result<(), Infallible> {
    loop {
        let up = redis.health().iter().all(|one| one.up);
        match (up, required) {
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

/// Looks for settings that were changed elsewhere, as by `keelson config set`. While they cannot be read, those in
/// force stay.
async fn poll_settings(settings: Arc<Settings>, stop: CancellationToken) -> Result<(), ConfigError> {
    while tokio::time::timeout(SETTINGS_POLL, stop.cancelled())
        .await
        .is_err()
    {
        settings.refresh().await?;
    }
    Ok(())
}
