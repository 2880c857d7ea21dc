use std::collections::BTreeSet;

use keelson_domain::access::{Permission, Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId, ModelOrder, ModelOwner, ModelQuery};

use super::{ModelError, Models};
use crate::user::{Owned, with_owners_of};

/// Models on one page (the reference's number).
const PAGE_SIZE: i64 = 30;

/// Whose models a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ownership {
    /// Anybody's.
    #[default]
    Any,
    /// The caller's own.
    Own,
    /// Other people's.
    Others,
}

/// Which presets a list shows.
#[derive(Debug, Clone, Default)]
pub struct ListModels {
    /// Text in the name or in the base's id, whatever its case.
    pub text: Option<String>,
    /// Whose models.
    pub ownership: Ownership,
    /// A tag, whatever its case.
    pub tag: Option<String>,
    /// Order.
    pub order: ModelOrder,
    /// Whether the order is ascending (A first, oldest first).
    pub ascending: bool,
    /// Page, from 1; 0 and less count as 1.
    pub page: i64,
}

impl ListModels {
    fn into_query(self, caller: &Caller) -> ModelQuery {
        let me = || caller.id().clone();
        ModelQuery {
            text: self.text,
            owner: match self.ownership {
                Ownership::Any => ModelOwner::Any,
                Ownership::Own => ModelOwner::Is(me()),
                Ownership::Others => ModelOwner::IsNot(me()),
            },
            tag: self.tag,
            order: self.order,
            ascending: self.ascending,
            skip: (self.page.max(1) - 1).saturating_mul(PAGE_SIZE),
            limit: PAGE_SIZE,
        }
    }
}

impl Models {
    /// A page of presets, and how many match in all: of all presets for admins, for others of their own, public ones and
    /// those that they may change.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(
        &self,
        caller: &Caller,
        list: ListModels,
    ) -> Result<(Vec<Owned<Model>>, i64), ModelError> {
        let scope = self
            .access
            .of(caller)
            .await?
            .scope(Right::Write, Unset::Public)
            .with_unset();
        let (page, total) = self.lists.page(&scope, &list.into_query(caller)).await?;
        Ok((with_owners_of(self.users.as_ref(), page).await?, total))
    }

    /// The tags of the presets that a caller may change, in alphabetical order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list_tags(&self, caller: &Caller) -> Result<BTreeSet<String>, ModelError> {
        let scope = self.access.of(caller).await?.scope(Right::Write, Unset::Public);
        Ok(self.lists.tags(&scope).await?)
    }

    /// The workspace's settings of providers' models.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but admins.
    pub async fn list_base(&self, caller: &Caller) -> Result<Vec<Model>, ModelError> {
        self.access.of(caller).await?.require_administrator()?;
        Ok(self.lists.provider_settings().await?)
    }

    /// The presets that a caller may change, with everything that an import needs.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`].
    pub async fn export(&self, caller: &Caller) -> Result<Vec<Model>, ModelError> {
        let access = self.access.of(caller).await?;
        access.require(Permission::WorkspaceModelsExport)?;
        let scope = access.scope(Right::Write, Unset::Public);
        Ok(self.lists.presets(&scope).await?)
    }

    /// One model; none when the caller may not see it.
    ///
    /// # Errors
    /// [`ModelError::NotFound`].
    pub async fn get(&self, caller: &Caller, id: &ModelId) -> Result<Option<Model>, ModelError> {
        let model = self.models.find(id).await?.ok_or(ModelError::NotFound)?;
        let seen = self.access.of(caller).await?.may(Right::Read, &model);
        Ok(seen.then_some(model))
    }

    /// The URL of a model's picture; none when the model has none, does not exist, or is not the caller's to use.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find_image(&self, caller: &Caller, id: &ModelId) -> Result<Option<String>, ModelError> {
        let Some(model) = self.models.find(id).await? else {
            return Ok(None);
        };
        let access = self.access.of(caller).await?;
        let is_visible = access.sees_all_models() || access.may(Right::Read, &model);
        let url = model.meta.get("profile_image_url").and_then(|url| url.as_str());
        Ok(url.filter(|_| is_visible).map(str::to_owned))
    }
}
