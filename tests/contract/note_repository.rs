use keelson_domain::note::{Note, NoteHead, NoteRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::TestDatabase;

pub(super) async fn suite(notes: &dyn NoteRepository, on: &TestDatabase) {
    assert_eq!(notes.heads().await.unwrap(), []);
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
    let heads = notes.heads().await.unwrap();
    let ids: Vec<&str> = heads.iter().map(|head| head.id.as_str()).collect();
    assert_eq!(ids, ["n2", "n1", "n3"], "newest change first");
    assert_eq!(heads[1], one);
    assert_eq!(heads[0].access_control, None, "JSON's null is no value");
    assert_eq!((heads[2].owner.as_str(), heads[2].title.as_str()), ("", ""));

    let mut loaded = notes
        .load(&["n2".into(), "nothing".into(), "n1".into()])
        .await
        .unwrap();
    loaded.sort_by(|a, b| a.head.id.cmp(&b.head.id));
    let note = |head: &NoteHead, data, meta| Note {
        head: head.clone(),
        data,
        meta,
    };
    assert_eq!(
        loaded,
        [
            note(&one, Some(json!({"content": {"md": "text"}})), None),
            note(&heads[0], None, Some(json!({"m": 1})))
        ]
    );
    assert_eq!(notes.load(&[]).await.unwrap(), []);
}
