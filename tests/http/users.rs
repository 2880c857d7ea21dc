use std::time::Duration;

use pretty_assertions::assert_eq;

use crate::support::TestApp;

#[tokio::test]
async fn all_users_come_newest_first() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    // Times are whole seconds.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    app.add_user(&admin, "ben").await;
    let all = app.get("/api/v1/users/all", &admin).await;
    let names: Vec<_> = all["users"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|user| &user["name"])
        .collect();
    assert_eq!(names, ["ben", "ada"]);
}
