use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::model::{Model, ModelId, ModelRepository};
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::model;

use super::row::ModelRow;
use super::{Database, RunQueryDsl};

/// Models in the table `model`.
pub(super) struct Models(Database);

impl Models {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ModelRepository for Models {
    async fn all(&self) -> StoreResult<Vec<Model>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<ModelRow> = model::table
            .select(ModelRow::as_select())
            .order((model::created_at.asc(), model::id.asc()))
            .load(&mut connection)
            .await
            .map_err(failed("model"))?;
        Ok(rows.into_iter().map(ModelRow::into_domain).collect())
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
        Ok(row.map(ModelRow::into_domain))
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
        Ok(row.map(ModelRow::into_domain))
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
        Ok(row.map(ModelRow::into_domain))
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

    async fn save_all(&self, new: &[Model], known: &[Model]) -> StoreResult<()> {
        self.0
            .transaction("model", async |connection| {
                for row in new.iter().map(ModelRow::from) {
                    diesel::insert_into(model::table)
                        .values(row)
                        .execute(connection)
                        .await?;
                }
                for changed in known {
                    let stored = model::table.find(changed.id.as_str());
                    let replaced = diesel::update(stored)
                        .set(ModelRow::from(changed))
                        .execute(connection)
                        .await?;
                    if replaced == 0 {
                        return Err(StoreError::Conflict { what: "model" }.into());
                    }
                }
                Ok(())
            })
            .await
    }

    async fn replace_all(&self, models: &[Model]) -> StoreResult<()> {
        self.0
            .transaction("model", async |connection| {
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
    }
}
