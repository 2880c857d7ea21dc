use std::collections::BTreeSet;

use async_trait::async_trait;
use diesel::dsl::count_star;
use diesel::prelude::*;
use keelson_domain::access::Scope;
use keelson_domain::model::{Model, ModelLists as ModelListsPort, ModelOrder, ModelOwner, ModelQuery};
use keelson_domain::shared::StoreResult;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::model;

use super::row::{ModelRow, tag_names};
use super::{Backend, Database, RunQueryDsl, dialect};

/// Lists of the table `model`.
pub(super) struct ModelLists(Database);

impl ModelLists {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// Narrows a query to the presets within a scope that a query selects.
fn narrow<'a, T>(
    rows: model::BoxedQuery<'a, Backend, T>,
    scope: &Scope,
    query: &'a ModelQuery,
) -> model::BoxedQuery<'a, Backend, T> {
    let mut rows = rows
        .filter(model::base_model_id.is_not_null())
        .filter(dialect::is_within(scope, "model"));
    match &query.owner {
        ModelOwner::Any => {}
        ModelOwner::Is(owner) => rows = rows.filter(model::user_id.eq(owner.as_str())),
        ModelOwner::IsNot(owner) => rows = rows.filter(model::user_id.ne(owner.as_str())),
    }
    if let Some(text) = &query.text {
        let in_name = dialect::contains_ignoring_case("model.name", text);
        rows = rows.filter(in_name.or(dialect::contains_ignoring_case("model.base_model_id", text)));
    }
    if let Some(tag) = &query.tag {
        rows = rows.filter(dialect::json_objects_contain("model.meta", "tags", "name", tag));
    }
    rows
}

/// Puts a list into the order that a query asks for.
fn sort<'a, T>(
    rows: model::BoxedQuery<'a, Backend, T>,
    query: &ModelQuery,
) -> model::BoxedQuery<'a, Backend, T> {
    match (query.order, query.ascending) {
        (ModelOrder::Name, true) => rows.order(model::name.asc()),
        (ModelOrder::Name, false) => rows.order(model::name.desc()),
        (ModelOrder::CreatedAt, true) => rows.order(model::created_at.asc()),
        (ModelOrder::CreatedAt, false) => rows.order(model::created_at.desc()),
        (ModelOrder::UpdatedAt, true) => rows.order(model::updated_at.asc()),
        (ModelOrder::UpdatedAt, false) => rows.order(model::updated_at.desc()),
    }
    .then_order_by(model::id.asc())
}

#[async_trait]
impl ModelListsPort for ModelLists {
    async fn page(&self, scope: &Scope, query: &ModelQuery) -> StoreResult<(Vec<Model>, i64)> {
        let mut connection = self.0.read().await?;
        let matching = model::table.select(count_star()).into_boxed();
        let total: i64 = narrow(matching, scope, query)
            .get_result(&mut connection)
            .await
            .map_err(failed("model"))?;
        let matching = model::table.select(ModelRow::as_select()).into_boxed();
        let rows: Vec<ModelRow> = sort(narrow(matching, scope, query), query)
            .offset(query.skip)
            .limit(query.limit)
            .load(&mut connection)
            .await
            .map_err(failed("model"))?;
        Ok((rows.into_iter().map(ModelRow::into_domain).collect(), total))
    }

    async fn presets(&self, scope: &Scope) -> StoreResult<Vec<Model>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<ModelRow> = model::table
            .filter(model::base_model_id.is_not_null())
            .filter(dialect::is_within(scope, "model"))
            .order((model::created_at.asc(), model::id.asc()))
            .select(ModelRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("model"))?;
        Ok(rows.into_iter().map(ModelRow::into_domain).collect())
    }

    async fn tags(&self, scope: &Scope) -> StoreResult<BTreeSet<String>> {
        let mut connection = self.0.read().await?;
        let described: Vec<(String, String)> = model::table
            .filter(model::base_model_id.is_not_null())
            .filter(dialect::is_within(scope, "model"))
            .select((model::id, model::meta))
            .load(&mut connection)
            .await
            .map_err(failed("model"))?;
        let mut tags = BTreeSet::new();
        for (id, meta) in described {
            tags.extend(tag_names(&id, &meta));
        }
        Ok(tags)
    }

    async fn provider_settings(&self) -> StoreResult<Vec<Model>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<ModelRow> = model::table
            .filter(model::base_model_id.is_null())
            .order((model::created_at.asc(), model::id.asc()))
            .select(ModelRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("model"))?;
        Ok(rows.into_iter().map(ModelRow::into_domain).collect())
    }
}
