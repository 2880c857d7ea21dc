use keelson_domain::access::Scope;
use keelson_domain::model::{Model, ModelLists, ModelOrder, ModelOwner, ModelQuery};
use pretty_assertions::assert_eq;

use super::database::{TestDatabase, readable};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "model_lists", run: |on| Box::pin(suite(&*on.ports.workspace.model.lists, on)) }
}

async fn suite(lists: &dyn ModelLists, on: &TestDatabase) {
    on.run(
        r#"INSERT INTO model (id, user_id, base_model_id, name, meta, params, access_control, is_active, created_at, updated_at) VALUES
         ('m1', 'ann', 'large', 'Writer', '{"tags": [{"name": "Prose"}, "odd", {"name": 3}]}', '{}', NULL, TRUE, 1, 9),
         ('m2', 'bob', 'small', 'coder', '{"tags": [{"name": "code"}, {"name": "prose"}]}', '{}', '{}', TRUE, 2, 8),
         ('m3', 'bob', 'large', 'Reader', '{"tags": "none"}', '{}', '{"read": {"group_ids": ["g"]}}', FALSE, 3, 7),
         ('large', 'ann', NULL, 'Large', '{"tags": [{"name": "base"}]}', '{}', NULL, TRUE, 4, 6)"#,
    )
    .await;
    pages_what_is_selected(lists).await;
    stays_within_scopes(lists).await;
    let settings = lists.provider_settings().await.unwrap();
    assert_eq!(ids(&settings), ["large"], "what has no base");
}

fn ids(models: &[Model]) -> Vec<&str> {
    models.iter().map(|model| model.id.as_str()).collect()
}

fn query() -> ModelQuery {
    ModelQuery {
        ascending: true,
        limit: 30,
        ..ModelQuery::default()
    }
}

async fn selected(lists: &dyn ModelLists, query: ModelQuery) -> (Vec<String>, i64) {
    let (page, total) = lists.page(&Scope::All, &query).await.unwrap();
    (
        page.into_iter().map(|model| model.id.into_string()).collect(),
        total,
    )
}

async fn pages_what_is_selected(lists: &dyn ModelLists) {
    let with = |change: fn(&mut ModelQuery)| {
        let mut query = query();
        change(&mut query);
        query
    };
    for (expected, query) in [
        (vec!["m1", "m2", "m3"], query()),
        (vec!["m3", "m2", "m1"], with(|it| it.ascending = false)),
        (
            vec!["m3", "m2", "m1"],
            with(|it| it.order = ModelOrder::UpdatedAt),
        ),
        (vec!["m1", "m2"], with(|it| it.tag = Some("PROSE".to_owned()))),
        (vec!["m2"], with(|it| it.tag = Some("code".to_owned()))),
        (vec![], with(|it| it.tag = Some("none".to_owned()))),
        (vec!["m2"], with(|it| it.text = Some("COD".to_owned()))),
        (vec!["m1", "m3"], with(|it| it.text = Some("larg".to_owned()))),
        (vec![], with(|it| it.text = Some("%".to_owned()))),
        (vec!["m1"], with(|it| it.owner = ModelOwner::Is("ann".into()))),
        (
            vec!["m2", "m3"],
            with(|it| it.owner = ModelOwner::IsNot("ann".into())),
        ),
    ] {
        let (found, total) = selected(lists, query.clone()).await;
        assert_eq!(found, expected, "{query:?}");
        assert_eq!(total, i64::try_from(expected.len()).unwrap(), "{query:?}");
    }
    let second = with(|it| (it.skip, it.limit) = (1, 1));
    assert_eq!(
        selected(lists, second).await,
        (vec!["m2".to_owned()], 3),
        "all are counted, whatever the page"
    );
}

async fn stays_within_scopes(lists: &dyn ModelLists) {
    let member = readable("cleo", &["g"], true);
    let (page, total) = lists.page(&member, &query()).await.unwrap();
    assert_eq!((ids(&page), total), (vec!["m1", "m3"], 2));
    assert_eq!(ids(&lists.presets(&member).await.unwrap()), ["m1", "m3"]);
    let stranger = readable("cleo", &[], false);
    assert_eq!(lists.presets(&stranger).await.unwrap(), []);
    assert_eq!(lists.tags(&stranger).await.unwrap().len(), 0);
    let tags: Vec<String> = lists.tags(&Scope::All).await.unwrap().into_iter().collect();
    assert_eq!(tags, ["Prose", "code", "prose"], "a base's are not among them");
}
