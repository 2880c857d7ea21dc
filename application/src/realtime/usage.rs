use keelson_domain::auth::Caller;

use super::{Connection, Realtime, RealtimeError};

/// How long after their last activity people count as active, in seconds: the reference's three minutes.
const ACTIVE_SECONDS: i64 = 180;

/// The longest model id that is recorded; longer ones are no models.
const MAX_MODEL_ID: usize = 256;

/// Current usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Models in use, sorted.
    pub model_ids: Vec<String>,
    /// People active in the last three minutes.
    pub user_count: u64,
}

impl Realtime {
    /// The current usage, for those who may see it.
    ///
    /// # Errors
    /// [`RealtimeError::AdminsOnly`] when the count is not public.
    pub async fn usage(&self, caller: &Caller) -> Result<Usage, RealtimeError> {
        if !self.dependencies.public_user_count && !caller.is_admin() {
            return Err(RealtimeError::AdminsOnly);
        }
        let since = self.dependencies.clock.now().plus_seconds(-ACTIVE_SECONDS);
        Ok(Usage {
            model_ids: self.dependencies.presence.models_in_use().await?,
            user_count: self.dependencies.activity.count_since(since).await?,
        })
    }

    /// A client says that it uses a model; ignored unless its user is signed in.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn use_model(&self, connection: &dyn Connection, model: &str) -> Result<(), RealtimeError> {
        if model.len() <= MAX_MODEL_ID {
            self.dependencies
                .presence
                .use_model(&connection.id(), model)
                .await?;
        }
        Ok(())
    }
}
