use keelson_domain::access::Scope;
use keelson_domain::note::{Note, NoteHead, NoteRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::{TestDatabase, readable};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "note_repository", run: |on| Box::pin(suite(&*on.ports.workspace.note.repository, on)) }
}

async fn suite(notes: &dyn NoteRepository, on: &TestDatabase) {
    assert_eq!(notes.list(&Scope::All, 0, None).await.unwrap(), []);
    on.run(
        r#"INSERT INTO note (id, user_id, title, data, meta, access_control, created_at, updated_at) VALUES
         ('n1', 'ann', 'One', '{"content": {"md": "text"}}', 'null', '{"read": {}}', 1000000001, 2000000002),
         ('n2', 'bob', 'Two', NULL, '{"m": 1}', 'null', 5, 3000000000),
         ('n3', NULL, NULL, NULL, NULL, NULL, NULL, 1)"#,
    )
    .await;
    let one = NoteHead {
        id: "n1".into(),
        owner: "ann".into(),
        title: "One".to_owned(),
        access_control: Some(json!({"read": {}})),
        created_at: Timestamp::from_nanos(1_000_000_001),
        updated_at: Timestamp::from_nanos(2_000_000_002),
    };
    let all = notes.list(&Scope::All, 0, None).await.unwrap();
    let ids: Vec<&str> = all.iter().map(|note| note.head.id.as_str()).collect();
    assert_eq!(ids, ["n2", "n1", "n3"], "newest change first");
    let one = Note {
        head: one,
        data: Some(json!({"content": {"md": "text"}})),
        meta: None,
    };
    assert_eq!(all[1], one);
    assert_eq!(
        (&all[0].head.access_control, &all[0].meta),
        (&None, &Some(json!({"m": 1}))),
        "JSON's null is no value"
    );
    let bare = &all[2].head;
    assert_eq!((bare.owner.as_str(), bare.title.as_str()), ("", ""));
    assert_eq!(notes.list(&Scope::All, 1, Some(1)).await.unwrap(), [one]);
    finds_what_is_granted(notes, on).await;
}

async fn finds_what_is_granted(notes: &dyn NoteRepository, on: &TestDatabase) {
    on.run(
        r#"DELETE FROM note;
         INSERT INTO note (id, user_id, title, access_control, updated_at) VALUES
         ('own', 'ann', 'T', NULL, 1),
         ('null', 'ann', 'T', 'null', 2),
         ('private', 'ann', 'T', '{}', 3),
         ('user', 'ann', 'T', '{"read": {"user_ids": ["bob"], "group_ids": []}}', 4),
         ('group', 'ann', 'T', '{"read": {"group_ids": ["g"]}}', 5),
         ('write', 'ann', 'T', '{"write": {"user_ids": ["bob"], "group_ids": ["g"]}}', 6),
         ('odd', 'ann', 'T', '{"read": {"user_ids": "bob"}}', 7)"#,
    )
    .await;
    for (user, groups, found) in [
        (
            "ann",
            &[][..],
            &["odd", "write", "group", "user", "private", "null", "own"][..],
        ),
        ("bob", &[], &["user"]),
        ("cleo", &["g"], &["group"]),
        ("nobody", &[], &[]),
    ] {
        let listed = notes.list(&readable(user, groups, false), 0, None).await.unwrap();
        let ids: Vec<&str> = listed.iter().map(|note| note.head.id.as_str()).collect();
        assert_eq!(ids, found, "{user}");
    }
}
