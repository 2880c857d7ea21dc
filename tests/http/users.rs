use std::time::Duration;

use poem::http::{Method, StatusCode};
use pretty_assertions::{assert_eq, assert_ne};
use serde_json::json;

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

#[tokio::test]
async fn deleting_a_user_deletes_the_shared_copies_of_their_chats() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    let made = app
        .post("/api/v1/chats/new", &ben, json!({"chat": {"title": "Mine"}}))
        .await;
    let id = made["id"].as_str().unwrap();
    let shared = app
        .post(&format!("/api/v1/chats/{id}/share"), &ben, json!({}))
        .await;
    let copy = format!("/api/v1/chats/share/{}", shared["share_id"].as_str().unwrap());
    let before = app.ask(Method::GET, &copy, Some(&admin), None).await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.body);

    let who = app.get("/api/v1/auths/", &ben).await;
    let account = format!("/api/v1/users/{}", who["id"].as_str().unwrap());
    let deleted = app.ask(Method::DELETE, &account, Some(&admin), None).await;
    assert_eq!(deleted.body, json!(true));
    let after = app.ask(Method::GET, &copy, Some(&admin), None).await;
    assert_ne!(after.status, StatusCode::OK, "{}", after.body);
}

#[tokio::test]
async fn lists_show_groups_and_activity_of_each_user() {
    let app = TestApp::start().await;
    let admin = app.sign_up("ada").await;
    let ben = app.add_user(&admin, "ben").await;
    let ben = app.get("/api/v1/auths/", &ben).await["id"].clone();
    let form = json!({"name": "Crew", "description": ""});
    let group = app.post("/api/v1/groups/create", &admin, form).await["id"].clone();
    let group_path = format!("/api/v1/groups/id/{}/users", group.as_str().unwrap());
    let form = json!({"user_ids": [ben, "nobody"]});
    let sized = app.post(&format!("{group_path}/add"), &admin, form).await;
    assert_eq!(sized["member_count"], 1);
    let members = app.post(&group_path, &admin, json!({})).await;
    assert_eq!(members[0]["id"], ben);

    let page = app
        .get("/api/v1/users/?order_by=name&direction=asc", &admin)
        .await;
    let groups: Vec<_> = page["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["group_ids"])
        .collect();
    assert_eq!(groups, [&json!([]), &json!([group])]);
    let found = app.get("/api/v1/users/search?query=ben", &admin).await;
    assert_eq!(found["total"], 1);
    assert_eq!(found["users"][0]["is_active"], true);
}
