use keelson_domain::note::{NoteHead, NoteHeads};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "note_heads", run: |on| Box::pin(suite(&*on.ports.workspace.note.heads, on)) }
}

async fn suite(notes: &dyn NoteHeads, on: &TestDatabase) {
    on.run(
        r#"INSERT INTO note (id, user_id, title, access_control, created_at, updated_at) VALUES
         ('shared', 'ann', 'T', '{"read": {"user_ids": ["bob"]}}', 1000000001, 2000000002),
         ('null', 'ann', 'T', 'null', 1, 1)"#,
    )
    .await;
    let shared = NoteHead {
        id: "shared".into(),
        owner: "ann".into(),
        title: "T".to_owned(),
        access_control: Some(json!({"read": {"user_ids": ["bob"]}})),
        created_at: Timestamp::from_nanos(1_000_000_001),
        updated_at: Timestamp::from_nanos(2_000_000_002),
    };
    assert_eq!(notes.head(&"shared".into()).await.unwrap(), Some(shared));
    let null = notes.head(&"null".into()).await.unwrap().unwrap();
    assert_eq!(null.access_control, None, "JSON's null is no value");
    assert_eq!(notes.head(&"nothing".into()).await.unwrap(), None);
}
