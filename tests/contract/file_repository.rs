use keelson_domain::access::OwnerScope;
use keelson_domain::file::{File, FileRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::TestDatabase;
use crate::rooms::Suite;

async fn list(files: &dyn FileRepository, owner: Option<&str>, content: bool) -> Vec<File> {
    let owners = match owner {
        Some(owner) => OwnerScope::Of(owner.into()),
        None => OwnerScope::Everyone,
    };
    files.list(&owners, content).await.unwrap()
}

inventory::submit! {
    Suite { name: "file_repository", run: |on| Box::pin(suite(&*on.ports.workspace.file.repository, on)) }
}

async fn suite(files: &dyn FileRepository, on: &TestDatabase) {
    assert_eq!(list(files, None, true).await, []);
    on.run(
        r#"INSERT INTO file (id, user_id, filename, hash, path, data, meta, access_control, created_at, updated_at) VALUES
         ('f1', 'ann', 'a.txt', 'h', '/data/f1', '{"status": "done", "content": "long text"}', '{"size": 3}', '{}', 20, 30),
         ('f2', 'ann', 'b.txt', NULL, NULL, 'null', 'null', 'null', 10, NULL),
         ('f3', 'bob', 'c.txt', NULL, NULL, NULL, NULL, NULL, 15, 15)"#,
    )
    .await;
    let whole = File {
        id: "f1".into(),
        owner: "ann".into(),
        filename: "a.txt".to_owned(),
        hash: Some("h".to_owned()),
        path: Some("/data/f1".to_owned()),
        data: Some(json!({"status": "done", "content": "long text"})),
        meta: Some(json!({"size": 3})),
        access_control: Some(json!({})),
        created_at: Timestamp::from_seconds(20),
        updated_at: Timestamp::from_seconds(30),
    };
    let brief = File {
        data: Some(json!({"status": "done"})),
        ..whole.clone()
    };
    let bare = File {
        id: "f2".into(),
        owner: "ann".into(),
        filename: "b.txt".to_owned(),
        hash: None,
        path: None,
        data: None,
        meta: None,
        access_control: None,
        created_at: Timestamp::from_seconds(10),
        updated_at: Timestamp::from_seconds(10),
    };
    assert_eq!(
        list(files, Some("ann"), true).await,
        [bare.clone(), whole],
        "oldest first"
    );
    assert_eq!(list(files, Some("ann"), false).await, [bare, brief]);
    let all = list(files, None, true).await;
    let ids: Vec<&str> = all.iter().map(|file| file.id.as_str()).collect();
    assert_eq!(ids, ["f2", "f3", "f1"], "everyone's");
    assert_eq!(list(files, Some("nobody"), true).await, []);
}
