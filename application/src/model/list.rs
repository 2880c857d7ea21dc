use std::collections::BTreeSet;

use keelson_domain::access::{Permission, Right};
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::user::User;
use serde_json::Value;

use super::{ModelError, Models};
use crate::user::with_owners_of;

/// Models on one page (the reference's number).
const PAGE_SIZE: usize = 30;

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

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ModelOrder {
    /// By name.
    Name,
    /// By the time of creation.
    #[default]
    CreatedAt,
    /// By the last change.
    UpdatedAt,
}

/// Which presets a list shows.
#[derive(Debug, Clone, Default)]
pub struct ModelQuery {
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

impl ModelQuery {
    fn matches(&self, model: &Model, caller: &Caller) -> bool {
        let is_owned = match self.ownership {
            Ownership::Any => true,
            Ownership::Own => model.owner == *caller.id(),
            Ownership::Others => model.owner != *caller.id(),
        };
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let base = model.base.as_ref().map_or("", ModelId::as_str);
        is_owned
            && self
                .text
                .as_ref()
                .is_none_or(|part| holds(&model.name, part) || holds(base, part))
            && self
                .tag
                .as_ref()
                .is_none_or(|tag| tag_names(model).any(|name| name.to_lowercase() == tag.to_lowercase()))
    }

    fn sort(&self, models: &mut [Model]) {
        match self.order {
            ModelOrder::Name => models.sort_by(|a, b| a.name.cmp(&b.name)),
            ModelOrder::CreatedAt => models.sort_by_key(|model| model.created_at),
            ModelOrder::UpdatedAt => models.sort_by_key(|model| model.updated_at),
        }
        if !self.ascending {
            models.reverse();
        }
    }
}

fn tag_names(model: &Model) -> impl Iterator<Item = &str> {
    let tags = model.meta.get("tags").and_then(Value::as_array);
    tags.into_iter()
        .flatten()
        .filter_map(|tag| tag.get("name")?.as_str())
}

/// A model with its owner; none when the account is gone.
#[derive(Debug, Clone)]
pub struct ListedModel {
    /// The model.
    pub model: Model,
    /// Its owner.
    pub owner: Option<User>,
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
        query: &ModelQuery,
    ) -> Result<(Vec<ListedModel>, usize), ModelError> {
        let public = |model: &Model| model.access_control.is_none();
        let mut found = self.presets(caller, public).await?;
        found.retain(|model| query.matches(model, caller));
        query.sort(&mut found);
        let total = found.len();
        let page = usize::try_from(query.page.max(1) - 1).unwrap_or(usize::MAX);
        let shown = found
            .into_iter()
            .skip(page.saturating_mul(PAGE_SIZE))
            .take(PAGE_SIZE)
            .collect();
        Ok((self.with_owners(shown).await?, total))
    }

    /// The presets that a caller may change, and others for which `also` is true.
    async fn presets(
        &self,
        caller: &Caller,
        also: impl Fn(&Model) -> bool,
    ) -> Result<Vec<Model>, ModelError> {
        let mut models = self.models.all().await?;
        models.retain(|model| model.base.is_some());
        let access = self.access.of(caller).await?;
        models.retain(|model| also(model) || access.may(Right::Write, model));
        Ok(models)
    }

    async fn with_owners(&self, models: Vec<Model>) -> Result<Vec<ListedModel>, ModelError> {
        let owned = with_owners_of(self.users.as_ref(), models).await?;
        let listed = owned.into_iter().map(|owned| ListedModel {
            model: owned.object,
            owner: owned.owner,
        });
        Ok(listed.collect())
    }

    /// The tags of the presets that a caller may change, in alphabetical order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list_tags(&self, caller: &Caller) -> Result<BTreeSet<String>, ModelError> {
        let models = self.presets(caller, |_| false).await?;
        Ok(models.iter().flat_map(tag_names).map(str::to_owned).collect())
    }

    /// The workspace's settings of providers' models.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but admins.
    pub async fn list_base(&self, caller: &Caller) -> Result<Vec<Model>, ModelError> {
        self.access.of(caller).await?.require_administrator()?;
        let mut models = self.models.all().await?;
        models.retain(|model| model.base.is_none());
        Ok(models)
    }

    /// The presets that a caller may change, with everything that an import needs.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`].
    pub async fn export(&self, caller: &Caller) -> Result<Vec<Model>, ModelError> {
        self.access
            .of(caller)
            .await?
            .require(Permission::WorkspaceModelsExport)?;
        self.presets(caller, |_| false).await
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

    /// The URL of a model's picture; none when the model has none or does not exist. Any caller may see pictures, because they
    /// stand beside answers in shared chats.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find_image(&self, _caller: &Caller, id: &ModelId) -> Result<Option<String>, ModelError> {
        let model = self.models.find(id).await?;
        Ok(model.and_then(|model| Some(model.meta.get("profile_image_url")?.as_str()?.to_owned())))
    }
}
