use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use keelson_domain::model::{Model, ModelId, ModelRepository};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::model;
use serde_json::{Map, Value};

/// A row of `model`; its parameters and description are JSON kept as text.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone)]
#[diesel(table_name = model, treat_none_as_null = true)]
struct ModelRow {
    id: String,
    user_id: String,
    base_model_id: Option<String>,
    name: String,
    meta: String,
    params: String,
    created_at: i64,
    updated_at: i64,
    access_control: Option<Value>,
    is_active: bool,
}

fn fields(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}

fn text(fields: &Map<String, Value>) -> String {
    Value::Object(fields.clone()).to_string()
}

impl From<ModelRow> for Model {
    fn from(row: ModelRow) -> Self {
        Self {
            id: ModelId::new(row.id),
            owner: UserId::new(row.user_id),
            base: row.base_model_id.map(ModelId::new),
            name: row.name,
            params: fields(&row.params),
            meta: fields(&row.meta),
            access_control: row.access_control.filter(|rules| !rules.is_null()),
            is_active: row.is_active,
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at),
        }
    }
}

impl From<&Model> for ModelRow {
    fn from(model: &Model) -> Self {
        Self {
            id: model.id.to_string(),
            user_id: model.owner.to_string(),
            base_model_id: model.base.as_ref().map(ToString::to_string),
            name: model.name.clone(),
            meta: text(&model.meta),
            params: text(&model.params),
            created_at: model.created_at.seconds(),
            updated_at: model.updated_at.seconds(),
            access_control: model.access_control.clone(),
            is_active: model.is_active,
        }
    }
}

macro_rules! model_rows {
    ($name:ident, $db:ty, $transaction:ident) => {
        /// Models in the table `model`.
        pub struct $name(pub $db);

        #[async_trait]
        impl ModelRepository for $name {
            async fn all(&self) -> StoreResult<Vec<Model>> {
                let mut connection = self.0.read().await?;
                let rows: Vec<ModelRow> = model::table
                    .select(ModelRow::as_select())
                    .order((model::created_at.asc(), model::id.asc()))
                    .load(&mut connection)
                    .await
                    .map_err(failed("model"))?;
                Ok(rows.into_iter().map(Model::from).collect())
            }

            async fn find(&self, id: &ModelId) -> StoreResult<Option<Model>> {
                let mut connection = self.0.read().await?;
                let row: Option<ModelRow> = model::table
                    .find(id.as_str())
                    .select(ModelRow::as_select())
                    .first(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("model"))?;
                Ok(row.map(Model::from))
            }

            async fn insert(&self, new: &Model) -> StoreResult<()> {
                let mut connection = self.0.write().await?;
                diesel::insert_into(model::table)
                    .values(ModelRow::from(new))
                    .execute(&mut connection)
                    .await
                    .map(drop)
                    .map_err(failed("model"))
            }

            async fn update(&self, changed: &Model) -> StoreResult<Option<Model>> {
                let mut connection = self.0.write().await?;
                let row = ModelRow::from(changed);
                let row: Option<ModelRow> = diesel::update(model::table.find(changed.id.as_str()))
                    .set((
                        model::base_model_id.eq(row.base_model_id),
                        model::name.eq(row.name),
                        model::meta.eq(row.meta),
                        model::params.eq(row.params),
                        model::access_control.eq(row.access_control),
                        model::is_active.eq(row.is_active),
                        model::updated_at.eq(row.updated_at),
                    ))
                    .returning(ModelRow::as_returning())
                    .get_result(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("model"))?;
                Ok(row.map(Model::from))
            }

            async fn toggle(&self, id: &ModelId, now: Timestamp) -> StoreResult<Option<Model>> {
                let mut connection = self.0.write().await?;
                let row: Option<ModelRow> = diesel::update(model::table.find(id.as_str()))
                    .set((
                        model::is_active.eq(diesel::dsl::not(model::is_active)),
                        model::updated_at.eq(now.seconds()),
                    ))
                    .returning(ModelRow::as_returning())
                    .get_result(&mut connection)
                    .await
                    .optional()
                    .map_err(failed("model"))?;
                Ok(row.map(Model::from))
            }

            async fn delete(&self, id: &ModelId) -> StoreResult<bool> {
                let mut connection = self.0.write().await?;
                diesel::delete(model::table.find(id.as_str()))
                    .execute(&mut connection)
                    .await
                    .map(|deleted| deleted > 0)
                    .map_err(failed("model"))
            }

            async fn delete_all(&self) -> StoreResult<()> {
                let mut connection = self.0.write().await?;
                diesel::delete(model::table)
                    .execute(&mut connection)
                    .await
                    .map(drop)
                    .map_err(failed("model"))
            }

            async fn replace_all(&self, models: &[Model]) -> StoreResult<()> {
                let mut connection = self.0.write().await?;
                connection
                    .$transaction(async |connection| {
                        diesel::delete(model::table).execute(connection).await?;
                        for row in models.iter().map(ModelRow::from) {
                            diesel::insert_into(model::table)
                                .values(row)
                                .execute(connection)
                                .await?;
                        }
                        Ok(())
                    })
                    .await
                    .map_err(failed("model"))
            }
        }
    };
}

#[cfg(feature = "sqlite")]
model_rows!(
    SqliteModels,
    keelson_persistence_kit::SqliteDb,
    immediate_transaction
);
#[cfg(feature = "postgres")]
model_rows!(PgModels, keelson_persistence_kit::PgDb, transaction);
