use keelson_domain::model::{Model, ModelId, ModelRepository};
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_memory::model::MemoryModels;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

use super::database::TestDatabase;
use crate::rooms::Suite;

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn model(id: &str, at: i64) -> Model {
    Model {
        id: ModelId::from(id),
        owner: "ann".into(),
        base: Some("base".into()),
        name: format!("Name of {id}"),
        params: fields(json!({"temperature": 0.5, "stop": ["é\n"]})),
        meta: fields(json!({"description": null, "tags": [{"name": "t"}]})),
        access_control: Some(json!({"read": {"group_ids": ["g"]}})),
        is_active: true,
        created_at: Timestamp::from_seconds(at),
        updated_at: Timestamp::from_seconds(at),
    }
}

inventory::submit! {
    Suite { name: "model_repository", run: |on| Box::pin(suite(&*on.ports.workspace.model.repository, on)) }
}

async fn suite(models: &dyn ModelRepository, on: &TestDatabase) {
    keeps_and_changes(models).await;
    saves_all_or_nothing(models).await;
    replaces_all_or_nothing(models).await;
    reads_what_others_left(models, on).await;
}

async fn keeps_and_changes(models: &dyn ModelRepository) {
    let (one, two) = (model("m1", 2), model("m2", 1));
    assert_eq!(models.all().await.unwrap(), []);
    assert_eq!(models.find(&one.id).await.unwrap(), None);
    models.insert(&one).await.unwrap();
    models.insert(&two).await.unwrap();
    let twice = models.insert(&one).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    assert_eq!(
        models.all().await.unwrap(),
        [two.clone(), one.clone()],
        "oldest first"
    );
    assert_eq!(models.find(&one.id).await.unwrap(), Some(one.clone()));

    let changed = Model {
        owner: "bob".into(),
        base: None,
        name: "Renamed".to_owned(),
        params: Map::new(),
        meta: fields(json!({"a": 1})),
        access_control: None,
        is_active: false,
        created_at: Timestamp::from_seconds(77),
        updated_at: Timestamp::from_seconds(9),
        ..one.clone()
    };
    let expected = Model {
        owner: one.owner.clone(),
        created_at: one.created_at,
        ..changed.clone()
    };
    assert_eq!(models.update(&changed).await.unwrap(), Some(expected.clone()));
    assert_eq!(models.find(&one.id).await.unwrap(), Some(expected));
    assert_eq!(models.update(&model("nothing", 1)).await.unwrap(), None);

    let now = Timestamp::from_seconds(10);
    let toggled = models.toggle(&one.id, now).await.unwrap().unwrap();
    assert_eq!((toggled.is_active, toggled.updated_at), (true, now));
    let toggled = models.toggle(&one.id, now).await.unwrap().unwrap();
    assert!(!toggled.is_active);
    assert_eq!(models.toggle(&"nothing".into(), now).await.unwrap(), None);

    assert!(models.delete(&two.id).await.unwrap());
    assert!(!models.delete(&two.id).await.unwrap());
    assert_eq!(models.all().await.unwrap().len(), 1);
    models.delete_all().await.unwrap();
    models.delete_all().await.unwrap();
    assert_eq!(models.all().await.unwrap(), []);
}

async fn saves_all_or_nothing(models: &dyn ModelRepository) {
    models.insert(&model("s1", 1)).await.unwrap();
    models.insert(&model("s2", 2)).await.unwrap();
    let mut known = model("s1", 1);
    known.name = "Replaced".to_owned();
    known.access_control = None;
    let before = models.all().await.unwrap();
    for (new, known) in [
        (vec![model("s3", 3), model("s2", 4)], vec![known.clone()]),
        (vec![model("s3", 3), model("s3", 4)], vec![known.clone()]),
        (vec![model("s3", 3)], vec![known.clone(), model("gone", 1)]),
    ] {
        let refused = models.save_all(&new, &known).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        assert_eq!(models.all().await.unwrap(), before, "all or none");
    }
    let new = [model("s3", 3)];
    let saved = models.save_all(&new, std::slice::from_ref(&known));
    saved.await.unwrap();
    assert_eq!(
        models.all().await.unwrap(),
        [known, model("s2", 2), model("s3", 3)]
    );
    models.delete_all().await.unwrap();
}

async fn replaces_all_or_nothing(models: &dyn ModelRepository) {
    models.insert(&model("m1", 1)).await.unwrap();
    models.insert(&model("m2", 2)).await.unwrap();
    let mut known = model("m1", 5);
    known.name = "Replaced".to_owned();
    let wanted = [known.clone(), model("m3", 3)];
    models.replace_all(&wanted).await.unwrap();
    assert_eq!(models.all().await.unwrap(), [model("m3", 3), known]);
}

async fn reads_what_others_left(models: &dyn ModelRepository, on: &TestDatabase) {
    models.delete_all().await.unwrap();
    let twice = [model("m1", 1), model("m1", 2)];
    models.insert(&model("m0", 1)).await.unwrap();
    let refused = models.replace_all(&twice).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(models.all().await.unwrap(), [model("m0", 1)], "all or none");

    on.run("UPDATE model SET access_control = 'null', base_model_id = NULL WHERE id = 'm0'")
        .await;
    let read = models.find(&"m0".into()).await.unwrap().unwrap();
    assert_eq!((read.access_control, read.base), (None, None));
}

#[tokio::test]
async fn memory() {
    keeps_and_changes(&MemoryModels::default()).await;
    saves_all_or_nothing(&MemoryModels::default()).await;
    replaces_all_or_nothing(&MemoryModels::default()).await;
}
