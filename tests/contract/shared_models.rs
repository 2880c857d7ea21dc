use keelson_domain::model::SharedModels;
use keelson_memory::model::MemorySharedModels;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

async fn ids(models: &dyn SharedModels) -> Vec<String> {
    let all = models.all().await.unwrap();
    let id = |model: &Value| model["id"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> = all.iter().map(id).collect();
    ids.sort();
    ids
}

fn listing(id: &str) -> (String, Value) {
    (
        id.to_owned(),
        json!({"id": id, "name": format!("é {id}"), "n": [1, null, {}]}),
    )
}

/// What every adapter must do; `there` is the same seen from another instance.
pub(super) async fn suite(here: &dyn SharedModels, there: &dyn SharedModels) {
    assert!(ids(there).await.is_empty());
    here.replace(&[listing("a"), listing("b:c.d")]).await.unwrap();
    assert_eq!(ids(here).await, ["a", "b:c.d"]);
    assert_eq!(ids(there).await, ["a", "b:c.d"]);
    there.replace(&[listing("c")]).await.unwrap();
    assert_eq!(ids(here).await, ["c"], "as a whole");
    assert_eq!(here.all().await.unwrap(), [listing("c").1]);
    here.replace(&[]).await.unwrap();
    assert!(ids(there).await.is_empty());
}

#[tokio::test]
async fn memory() {
    let models = MemorySharedModels::default();
    suite(&models, &models).await;
}
