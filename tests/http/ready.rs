use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn missing_steps_make_it_unready_and_degraded_ones_do_not() {
    let app = TestApp::start().await;
    let ask = async || {
        let answer = app.ask(Method::GET, "/ready", None, None).await;
        (answer.status, answer.body)
    };
    let ready = |missing: &[&str], degraded: &[&str]| json!({"ready": missing.is_empty(), "missing": missing, "degraded": degraded});
    assert_eq!(ask().await, (StatusCode::OK, ready(&[], &[])));
    app.readiness.degraded("tasks");
    app.readiness.degraded("redis");
    assert_eq!(ask().await, (StatusCode::OK, ready(&[], &["redis", "tasks"])));
    app.readiness.lack("shutdown");
    let answer = (
        StatusCode::SERVICE_UNAVAILABLE,
        ready(&["shutdown"], &["redis", "tasks"]),
    );
    assert_eq!(ask().await, answer);
    app.readiness.done("shutdown");
    app.readiness.recovered("redis");
    app.readiness.recovered("tasks");
    assert_eq!(ask().await, (StatusCode::OK, ready(&[], &[])));
    app.close().await;
}
