use keelson_domain::function::{Function, FunctionKind, FunctionRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "function_repository", run: |on| Box::pin(suite( &*on.ports.workspace.function.repository, on, )) }
}

async fn suite(functions: &dyn FunctionRepository, on: &TestDatabase) {
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

    for (change, is_on) in [("type = 'sink'", false), ("type = 'filter', meta = ''", true)] {
        on.run(&format!(
            "UPDATE function SET is_active = TRUE, {change} WHERE id = 'f2'"
        ))
        .await;
        let list = functions.list().await.unwrap();
        let odd = list.iter().find(|function| function.id.as_str() == "f2").unwrap();
        assert_eq!(odd.is_active, is_on, "{change}: what is of no known kind is off");
        assert_eq!(list.len(), 3, "{change}: the others are listed with it");
    }
}
