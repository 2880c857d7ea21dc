//! Models of the workspace, in process memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use keelson_domain::model::{Model, ModelId, ModelRepository, SharedModels};
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use serde_json::Value;

/// Models of this process, in the order in which they were made.
#[derive(Debug, Default)]
pub struct MemoryModels(Mutex<Vec<Model>>);

impl MemoryModels {
    fn models(&self) -> MutexGuard<'_, Vec<Model>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_order(models: &mut [Model]) {
    models.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
}

#[async_trait]
impl ModelRepository for MemoryModels {
    async fn all(&self) -> StoreResult<Vec<Model>> {
        Ok(self.models().clone())
    }

    async fn find(&self, id: &ModelId) -> StoreResult<Option<Model>> {
        Ok(self.models().iter().find(|model| model.id == *id).cloned())
    }

    async fn insert(&self, model: &Model) -> StoreResult<()> {
        let mut models = self.models();
        if models.iter().any(|known| known.id == model.id) {
            return Err(StoreError::Conflict { what: "model" });
        }
        models.push(model.clone());
        in_order(&mut models);
        Ok(())
    }

    async fn update(&self, changed: &Model) -> StoreResult<Option<Model>> {
        let mut models = self.models();
        let known = models.iter_mut().find(|known| known.id == changed.id);
        Ok(known.map(|known| {
            *known = Model {
                owner: known.owner.clone(),
                created_at: known.created_at,
                ..changed.clone()
            };
            known.clone()
        }))
    }

    async fn toggle(&self, id: &ModelId, now: Timestamp) -> StoreResult<Option<Model>> {
        let mut models = self.models();
        let known = models.iter_mut().find(|known| known.id == *id);
        Ok(known.map(|known| {
            known.is_active = !known.is_active;
            known.updated_at = now;
            known.clone()
        }))
    }

    async fn delete(&self, id: &ModelId) -> StoreResult<bool> {
        let mut models = self.models();
        let before = models.len();
        models.retain(|model| model.id != *id);
        Ok(models.len() < before)
    }

    async fn delete_all(&self) -> StoreResult<()> {
        self.models().clear();
        Ok(())
    }

    async fn save_all(&self, new: &[Model], known: &[Model]) -> StoreResult<()> {
        let mut models = self.models();
        let mut wanted = models.clone();
        for added in new {
            if wanted.iter().any(|model| model.id == added.id) {
                return Err(StoreError::Conflict { what: "model" });
            }
            wanted.push(added.clone());
        }
        for changed in known {
            let stored = wanted.iter_mut().find(|model| model.id == changed.id);
            *stored.ok_or(StoreError::Conflict { what: "model" })? = changed.clone();
        }
        in_order(&mut wanted);
        *models = wanted;
        Ok(())
    }

    async fn replace_all(&self, wanted: &[Model]) -> StoreResult<()> {
        let mut models = self.models();
        *models = wanted.to_vec();
        in_order(&mut models);
        Ok(())
    }
}

/// The listings of models of the instances in this process.
#[derive(Debug, Default)]
pub struct MemorySharedModels(Mutex<Vec<Value>>);

impl MemorySharedModels {
    fn listings(&self) -> MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SharedModels for MemorySharedModels {
    async fn replace(&self, models: &[(String, Value)]) -> StoreResult<()> {
        *self.listings() = models.iter().map(|(_, listing)| listing.clone()).collect();
        Ok(())
    }

    async fn all(&self) -> StoreResult<Vec<Value>> {
        Ok(self.listings().clone())
    }
}
