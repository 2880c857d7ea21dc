use std::collections::{BTreeSet, HashMap};

use keelson_domain::access::{Permission, Right};
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::user::User;
use serde_json::Value;

use super::{ModelError, Models};

/// Models on one page (the reference's number).
const PAGE: usize = 30;

/// Whose models a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// All that one may see.
    #[default]
    All,
    /// One's own.
    Own,
    /// Others'.
    Shared,
}

/// Which order a list has.
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

/// A question for presets.
#[derive(Debug, Clone, Default)]
pub struct ModelQuery {
    /// Text in the name or in the base's id, whatever its case.
    pub text: Option<String>,
    /// Whose.
    pub whose: Whose,
    /// A tag, whatever its case.
    pub tag: Option<String>,
    /// Order.
    pub order: ModelOrder,
    /// Whether the order is the natural one (A first, oldest first).
    pub ascending: bool,
    /// Page, from 1; 0 and less count as 1.
    pub page: i64,
}

impl ModelQuery {
    fn finds(&self, model: &Model, caller: &Caller) -> bool {
        let whose = match self.whose {
            Whose::All => true,
            Whose::Own => model.owner == *caller.id(),
            Whose::Shared => model.owner != *caller.id(),
        };
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let base = model.base.as_ref().map_or("", ModelId::as_str);
        whose
            && self
                .text
                .as_ref()
                .is_none_or(|part| holds(&model.name, part) || holds(base, part))
            && self
                .tag
                .as_ref()
                .is_none_or(|tag| tags(model).any(|name| name.to_lowercase() == tag.to_lowercase()))
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

fn tags(model: &Model) -> impl Iterator<Item = &str> {
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
    /// Whose it is.
    pub owner: Option<User>,
}

impl Models {
    /// A page of presets, and how many the question finds in all: all for admins, for others their own, public ones
    /// and those that they may change.
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
        found.retain(|model| query.finds(model, caller));
        query.sort(&mut found);
        let total = found.len();
        let page = usize::try_from(query.page.max(1) - 1).unwrap_or(usize::MAX);
        let shown = found
            .into_iter()
            .skip(page.saturating_mul(PAGE))
            .take(PAGE)
            .collect();
        Ok((self.with_owners(shown).await?, total))
    }

    /// The presets that a caller may change, and those others that `also` lets in.
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
        let mut owners = HashMap::new();
        let mut listed = Vec::with_capacity(models.len());
        for model in models {
            if !owners.contains_key(&model.owner) {
                owners.insert(model.owner.clone(), self.users.find(&model.owner).await?);
            }
            let owner = owners.get(&model.owner).cloned().flatten();
            listed.push(ListedModel { model, owner });
        }
        Ok(listed)
    }

    /// The tags of the presets that a caller may change, in alphabetical order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tags(&self, caller: &Caller) -> Result<BTreeSet<String>, ModelError> {
        let models = self.presets(caller, |_| false).await?;
        Ok(models.iter().flat_map(tags).map(str::to_owned).collect())
    }

    /// What the workspace says about providers' models.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but admins.
    pub async fn about_base(&self, caller: &Caller) -> Result<Vec<Model>, ModelError> {
        self.access.of(caller).await?.require_administrator()?;
        let mut models = self.models.all().await?;
        models.retain(|model| model.base.is_none());
        Ok(models)
    }

    /// The presets that a caller may change, to be kept elsewhere.
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

    /// The picture of a model, as its owner named it; none for a model that has none or is none. Pictures stand beside
    /// answers in shared chats too, so that anyone may see them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn picture(&self, id: &ModelId) -> Result<Option<String>, ModelError> {
        let model = self.models.find(id).await?;
        Ok(model.and_then(|model| Some(model.meta.get("profile_image_url")?.as_str()?.to_owned())))
    }
}
