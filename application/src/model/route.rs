//! Which connection serves a request, whether it may be used, and by whom: asked by every path to a provider that does
//! not need the whole of a [`ResolvedModel`](super::ResolvedModel).

use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::model::{Connection, ModelProvider};

use super::connections::{self, EnabledConnection};
use super::forward::hide_existence;
use super::{ModelError, Models};

/// Where a request goes.
pub(super) struct Route {
    /// The connection that serves it; it is on.
    pub(super) connection: Arc<Connection>,
    /// The protocol that the connection speaks.
    pub(super) provider: Arc<dyn ModelProvider>,
    /// The id by which the provider knows the model; none for a model that no list names.
    pub(super) upstream_id: Option<String>,
}

/// Which connection serves a model that no list names, for callers who may use every model.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unlisted {
    /// The first one.
    First,
    /// The one to OpenAI itself.
    OpenAi,
}

impl Unlisted {
    fn includes(self, connection: &Connection) -> bool {
        match self {
            Self::First => true,
            Self::OpenAi => connection.url == connections::OPENAI_URL,
        }
    }
}

impl Models {
    /// Where a request of a caller goes that names this model, or none. Connections that are off, and all of them with
    /// `ENABLE_OPENAI_API=false`, serve nobody.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when no connection serves it, [`ModelError::NotAllowed`].
    pub(super) async fn route(
        &self,
        caller: &Caller,
        model: Option<&str>,
        unlisted: Unlisted,
    ) -> Result<Route, ModelError> {
        let Some(model) = model else {
            return self.route_unlisted(caller, unlisted);
        };
        match self.resolve(caller, model).await {
            Ok(model) => Ok(Route {
                connection: model.connection,
                provider: model.provider,
                upstream_id: Some(model.upstream_id),
            }),
            Err(error) if !self.access.of(caller).await?.sees_all_models() => Err(hide_existence(error)),
            Err(ModelError::NotFound) => self.route_unlisted(caller, unlisted),
            Err(error) => Err(error),
        }
    }

    fn route_unlisted(&self, caller: &Caller, unlisted: Unlisted) -> Result<Route, ModelError> {
        let enabled = self.enabled_connections(&self.settings.snapshot());
        let found = enabled
            .into_iter()
            .find(|enabled| unlisted.includes(&enabled.connection))
            .ok_or(ModelError::NotFound)?;
        Ok(Route {
            connection: connections::with_caller_credential(&found.connection, caller),
            provider: self.protocol(&found),
            upstream_id: None,
        })
    }

    /// The protocol that an enabled connection speaks.
    pub(super) fn protocol(&self, enabled: &EnabledConnection) -> Arc<dyn ModelProvider> {
        match enabled.is_demo {
            true => self.demo.clone(),
            false => self.openai.clone(),
        }
    }
}
