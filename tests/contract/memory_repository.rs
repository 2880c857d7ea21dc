use keelson_domain::memory::{Memory, MemoryRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "memory_repository", run: |on| Box::pin(suite( &*on.ports.workspace.memory.repository, on, )) }
}

async fn suite(memories: &dyn MemoryRepository, on: &TestDatabase) {
    assert_eq!(memories.of_user(&"ann".into()).await.unwrap(), []);
    on.run(
        "INSERT INTO memory (id, user_id, content, created_at, updated_at) VALUES
         ('m1', 'ann', 'likes tea', 20, 21), ('m2', 'bob', 'secret', 5, 5), ('m3', 'ann', 'é', 10, 30)",
    )
    .await;
    let memory = |id: &str, content: &str, created: i64, updated: i64| Memory {
        id: id.into(),
        owner: "ann".into(),
        content: content.to_owned(),
        created_at: Timestamp::from_seconds(created),
        updated_at: Timestamp::from_seconds(updated),
    };
    assert_eq!(
        memories.of_user(&"ann".into()).await.unwrap(),
        [memory("m3", "é", 10, 30), memory("m1", "likes tea", 20, 21)],
        "oldest first, nobody else's"
    );
}
