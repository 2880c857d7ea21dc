use keelson_domain::access::Scope;
use keelson_domain::prompt::{Prompt, PromptRepository};
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::{TestDatabase, readable};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "prompt_repository", run: |on| Box::pin(suite( &*on.ports.workspace.prompt.repository, on, )) }
}

async fn suite(prompts: &dyn PromptRepository, on: &TestDatabase) {
    assert_eq!(prompts.list(&Scope::All).await.unwrap(), []);
    on.run(
        r#"INSERT INTO prompt (id, command, user_id, title, content, timestamp, access_control) VALUES
         (1, '/old', 'ann', 'Old', 'Say {{x}}', 10, 'null'),
         (2, '/new', 'bob', 'New', '', 20, '{"read": {"group_ids": ["g"]}}')"#,
    )
    .await;
    let prompt = |command: &str, owner: &str, title: &str, content: &str, at: i64| Prompt {
        command: command.to_owned(),
        owner: owner.into(),
        title: title.to_owned(),
        content: content.to_owned(),
        updated_at: Timestamp::from_seconds(at),
        access_control: None,
    };
    let shared = Prompt {
        access_control: Some(json!({"read": {"group_ids": ["g"]}})),
        ..prompt("/new", "bob", "New", "", 20)
    };
    assert_eq!(
        prompts.list(&Scope::All).await.unwrap(),
        [shared, prompt("/old", "ann", "Old", "Say {{x}}", 10)],
        "newest change first"
    );
    for (groups, found) in [(&["g"][..], 1), (&["other", "g"], 1), (&["other"], 0), (&[], 0)] {
        let prompts = prompts.list(&readable("cleo", groups, false)).await.unwrap();
        assert_eq!(prompts.len(), found, "{groups:?}");
    }
}
