use std::time::Duration;

use keelson::metrics::{self, MetricSources};
use keelson::supervisor::Supervisor;
use keelson_domain::user::UserId;
use poem::http::{Method, StatusCode};
use poem::test::TestClient;
use tokio_util::sync::CancellationToken;

use crate::support::TestApp;

/// Starts a loop that runs and one that fails.
fn supervisor(app: &TestApp, stop: &CancellationToken) -> Supervisor {
    let supervisor = Supervisor::new(stop.clone(), app.readiness.clone());
    supervisor.spawn("good", |stop| async move {
        stop.cancelled().await;
        Ok::<(), std::io::Error>(())
    });
    supervisor.spawn("bad", |_| async { Err(std::io::Error::other("no connection")) });
    supervisor
}

fn sources(app: &TestApp, supervisor: Supervisor) -> MetricSources {
    MetricSources {
        supervisor,
        sockets: app.app.sockets.clone(),
        tasks: app.app.services.tasks.clone(),
        redis: Some(std::sync::Arc::new(|| {
            vec![("events", true), ("sessions", false)]
        })),
    }
}

#[tokio::test]
async fn metrics_show_what_runs_and_what_fails() {
    let app = TestApp::start().await;
    let stop = CancellationToken::new();
    let supervisor = supervisor(&app, &stop);
    let metrics = metrics::register(sources(&app, supervisor.clone())).unwrap();
    let client = TestClient::new(metrics::endpoint(metrics));
    let owner = UserId::from("ann");
    let work = |stop: CancellationToken| async move { stop.cancelled().await };
    app.app.services.tasks.start(&owner, "chat", work).await.unwrap();
    // The bad loop's first restart comes after half a second.
    let mut text = String::new();
    for _ in 0..100 {
        let answer = client.get("/metrics").send().await;
        answer.assert_status_is_ok();
        answer.assert_content_type("text/plain; version=0.0.4");
        text = answer.0.into_body().into_string().await.unwrap();
        if !text.contains("keelson_loop_restarts_total{loop=\"bad\"} 0") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for line in [
        concat!(
            "keelson_build_info{compatible_with=\"0.6.43\",version=\"",
            env!("CARGO_PKG_VERSION"),
            "\"} 1"
        ),
        "keelson_loop_up{loop=\"bad\"} 0",
        "keelson_loop_up{loop=\"good\"} 1",
        "keelson_loop_restarts_total{loop=\"good\"} 0",
        "keelson_redis_up{use=\"events\"} 1",
        "keelson_redis_up{use=\"sessions\"} 0",
        "keelson_sockets_open 0",
        "keelson_tasks_running 1",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(
        !text.contains("keelson_loop_restarts_total{loop=\"bad\"} 0"),
        "restarted by now"
    );
    app.app.services.tasks.finish_within(Duration::ZERO).await;
    stop.cancel();
    supervisor.wait_until_ended().await;
    app.close().await;
}

#[tokio::test]
async fn the_metrics_port_serves_metrics_only_and_the_public_port_none() {
    let app = TestApp::start().await;
    let supervisor = Supervisor::new(CancellationToken::new(), app.readiness.clone());
    let metrics = metrics::register(sources(&app, supervisor)).unwrap();
    let client = TestClient::new(metrics::endpoint(metrics));
    client
        .get("/health")
        .send()
        .await
        .assert_status(StatusCode::NOT_FOUND);
    client
        .post("/metrics")
        .send()
        .await
        .assert_status(StatusCode::METHOD_NOT_ALLOWED);
    let answer = app.ask(Method::GET, "/metrics", None, None).await;
    assert!(
        !answer.body.to_string().contains("keelson_build_info"),
        "{}",
        answer.body
    );
    app.close().await;
}
