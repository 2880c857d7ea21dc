use keelson_domain::function::{Function, FunctionKind, FunctionRepository};
use keelson_domain::shared::{StoreError, Timestamp};
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::TestDatabase;

pub(super) async fn suite(functions: &dyn FunctionRepository, on: &TestDatabase) {
    assert_eq!(functions.list().await.unwrap(), []);
    on.run(
        r#"INSERT INTO function (id, user_id, name, type, content, meta, valves, is_active, is_global, created_at, updated_at) VALUES
         ('f1', 'ann', 'One', 'pipe', 'class Pipe: pass', '{"description": "d"}', '{"key": "s"}', TRUE, FALSE, 2, 10),
         ('f2', 'ann', 'Two', 'filter', '', '{}', NULL, FALSE, TRUE, 1, 20),
         ('f3', 'ann', 'Three', 'action', '', '{}', NULL, FALSE, FALSE, 3, 5)"#,
    )
    .await;
    let list = functions.list().await.unwrap();
    let kinds: Vec<(&str, FunctionKind)> = list.iter().map(|it| (it.id.as_str(), it.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("f2", FunctionKind::Filter),
            ("f1", FunctionKind::Pipe),
            ("f3", FunctionKind::Action)
        ],
        "oldest first"
    );
    let one = Function {
        id: "f1".into(),
        owner: "ann".into(),
        name: "One".to_owned(),
        kind: FunctionKind::Pipe,
        content: "class Pipe: pass".to_owned(),
        meta: json!({"description": "d"}),
        is_active: true,
        is_global: false,
        created_at: Timestamp::from_seconds(2),
        updated_at: Timestamp::from_seconds(10),
    };
    assert_eq!(list[1], one);

    for (change, expected) in [
        ("type = 'sink'", ("function", Some("type"), Some("f2"))),
        (
            "type = 'filter', meta = ''",
            ("function", Some("meta"), Some("f2")),
        ),
    ] {
        on.run(&format!("UPDATE function SET {change} WHERE id = 'f2'"))
            .await;
        let refused = functions.list().await;
        let Err(StoreError::Inconsistent {
            table, column, row, ..
        }) = refused
        else {
            panic!("bad data is an error: {refused:?}");
        };
        assert_eq!((table, column.as_deref(), row.as_deref()), expected);
    }
}
