use keelson_domain::note::NoteReaders;
use pretty_assertions::assert_eq;

use super::database::TestDatabase;

pub(super) async fn suite(notes: &dyn NoteReaders, on: &TestDatabase) {
    on.add_users(&["ann", "bob", "cleo"]).await;
    on.add_group("g", &["cleo"]).await;
    on.run(
        r#"INSERT INTO note (id, user_id, title, access_control, updated_at) VALUES
         ('own', 'ann', 'T', NULL, 1),
         ('null', 'ann', 'T', 'null', 1),
         ('private', 'ann', 'T', '{}', 1),
         ('user', 'ann', 'T', '{"read": {"user_ids": ["bob"], "group_ids": []}}', 1),
         ('group', 'ann', 'T', '{"read": {"group_ids": ["g"]}}', 1),
         ('write', 'ann', 'T', '{"write": {"user_ids": ["bob"], "group_ids": ["g"]}}', 1),
         ('odd', 'ann', 'T', '{"read": {"user_ids": "bob"}}', 1)"#,
    )
    .await;
    for (note, bob, cleo) in [
        ("own", false, false),
        ("null", false, false),
        ("private", false, false),
        ("user", true, false),
        ("group", false, true),
        ("write", false, false),
        ("odd", false, false),
    ] {
        let may = async |user: &str| notes.may_read(&user.into(), &note.into()).await.unwrap();
        assert_eq!(may("ann").await, Some(true), "{note}: its owner");
        assert_eq!(may("bob").await, Some(bob), "{note}");
        assert_eq!(may("cleo").await, Some(cleo), "{note}");
        assert_eq!(may("nobody").await, Some(false), "{note}");
    }
    let unknown = notes.may_read(&"ann".into(), &"nothing".into()).await.unwrap();
    assert_eq!(unknown, None);
}
