use keelson_domain::access::Scope;
use keelson_domain::knowledge::{Knowledge, KnowledgeRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::{TestDatabase, readable};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "knowledge_repository", run: |on| Box::pin(suite( &*on.ports.workspace.knowledge.repository, on, )) }
}

async fn suite(collections: &dyn KnowledgeRepository, on: &TestDatabase) {
    assert_eq!(collections.page(&Scope::All, 0, 30).await.unwrap(), (vec![], 0));
    on.run(
        r#"INSERT INTO knowledge (id, user_id, name, description, meta, access_control, created_at, updated_at) VALUES
         ('k1', 'ann', 'One', NULL, 'null', 'null', 5, 10),
         ('k2', 'bob', 'Two', 'd', '{"m": 1}', '{}', 6, 20)"#,
    )
    .await;
    let one = Knowledge {
        id: "k1".into(),
        owner: "ann".into(),
        name: "One".to_owned(),
        description: None,
        meta: None,
        access_control: None,
        created_at: Timestamp::from_seconds(5),
        updated_at: Timestamp::from_seconds(10),
    };
    let two = Knowledge {
        id: "k2".into(),
        owner: "bob".into(),
        name: "Two".to_owned(),
        description: Some("d".to_owned()),
        meta: Some(json!({"m": 1})),
        access_control: Some(json!({})),
        created_at: Timestamp::from_seconds(6),
        updated_at: Timestamp::from_seconds(20),
    };
    assert_eq!(
        collections.page(&Scope::All, 0, 30).await.unwrap(),
        (vec![two, one.clone()], 2),
        "newest change first"
    );
    let second = collections.page(&Scope::All, 1, 1).await.unwrap();
    assert_eq!(second, (vec![one.clone()], 2), "one is skipped, both are counted");
    let others = collections
        .page(&readable("cleo", &[], true), 0, 30)
        .await
        .unwrap();
    assert_eq!(
        others,
        (vec![one], 1),
        "what is private is neither shown nor counted"
    );

    on.run("UPDATE knowledge SET updated_at = NULL WHERE id = 'k1'")
        .await;
    let (list, _) = collections.page(&Scope::All, 0, 30).await.unwrap();
    let one = list.iter().find(|it| it.id.as_str() == "k1").unwrap();
    assert_eq!(one.updated_at, one.created_at, "never changed");
}
