use keelson_domain::access::{Right, Scope};
use keelson_domain::shared::Timestamp;
use keelson_domain::tool::{Tool, ToolRepository};
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::{TestDatabase, granted, readable};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "tool_repository", run: |on| Box::pin(suite(&*on.ports.workspace.tool.repository, on)) }
}

async fn suite(tools: &dyn ToolRepository, on: &TestDatabase) {
    assert_eq!(tools.list(&Scope::All).await.unwrap(), []);
    on.run(
        r#"INSERT INTO tool (id, user_id, name, content, specs, meta, access_control, valves, created_at, updated_at) VALUES
         ('t1', 'ann', 'One', 'class Tools: pass', '[{"name": "f"}]', '{"description": "d"}', 'null', '{"key": "s"}', 1, 10),
         ('t2', 'bob', 'Two', '', '[]', '{}', '{"read": {"user_ids": ["ann"]}}', NULL, 2, 20)"#,
    )
    .await;
    let one = Tool {
        id: "t1".into(),
        owner: "ann".into(),
        name: "One".to_owned(),
        content: "class Tools: pass".to_owned(),
        specs: json!([{"name": "f"}]),
        meta: json!({"description": "d"}),
        access_control: None,
        created_at: Timestamp::from_seconds(1),
        updated_at: Timestamp::from_seconds(10),
    };
    let list = tools.list(&Scope::All).await.unwrap();
    assert_eq!(list[1], one, "JSON's null is no value");
    assert_eq!(list[0].id.as_str(), "t2", "newest change first");
    assert_eq!(
        list[0].access_control,
        Some(json!({"read": {"user_ids": ["ann"]}}))
    );

    let ids = async |scope: Scope| {
        let tools = tools.list(&scope).await.unwrap();
        let ids = tools.into_iter().map(|tool| tool.id.into_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(
        ids(readable("ann", &[], true)).await,
        ["t2", "t1"],
        "named, and her own"
    );
    assert_eq!(ids(readable("cleo", &[], true)).await, ["t1"], "without rules");
    assert_eq!(ids(readable("cleo", &[], false)).await, [""; 0]);
    assert_eq!(
        ids(granted("ann", &[], Right::Write, false)).await,
        ["t1"],
        "her own"
    );

    on.run("UPDATE tool SET specs = '[' WHERE id = 't2'").await;
    let all = tools.list(&Scope::All).await.unwrap();
    let specs = |id: &str| {
        all.iter()
            .find(|tool| tool.id.as_str() == id)
            .map(|tool| tool.specs.clone())
    };
    assert_eq!(specs("t2"), Some(json!([])), "what cannot be read is left out");
}
