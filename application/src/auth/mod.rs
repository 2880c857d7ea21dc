//! Who is calling, and how people get in and out.

mod api_key;
mod authenticate;
mod error;
mod manage;
mod ports;
mod profile;
mod revocations;
mod sign_in;
mod sign_out;
mod sign_up;
mod tries;

use std::sync::Arc;

use keelson_domain::access::Permissions;
use keelson_domain::auth::{
    Accounts, ApiKeyRepository, AuthMethod, Caller, PasswordHasher, RateLimiter, TokenRevocations,
    TokenSigner,
};
use keelson_domain::config::Deployment;
use keelson_domain::group::GroupMembership;
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::user::{User, UserRepository};

use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;
use crate::webhook::WebhookNotifier;

pub use authenticate::Authenticator;
pub use error::{AuthError, UnknownProvider};
pub use manage::AddUser;
pub use ports::AuthPorts;
pub use profile::{ChangePassword, UpdateProfile};
pub use revocations::LoggedRevocations;
pub use sign_in::{Proof, SignIn};
pub use sign_up::SignUp;

/// A fresh session: a token, and whose it is.
#[derive(Debug, Clone)]
pub struct Session {
    /// Signed token.
    pub token: String,
    /// When it ends, epoch seconds, if ever.
    pub expires_at: Option<i64>,
    /// Whose it is.
    pub user: Arc<User>,
}

/// The use cases of the room.
pub struct Auth {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    accounts: Arc<dyn Accounts>,
    events: Arc<dyn EventBus>,
    api_keys: Arc<dyn ApiKeyRepository>,
    groups: Arc<dyn GroupMembership>,
    hasher: Arc<dyn PasswordHasher>,
    limiter: Arc<dyn RateLimiter>,
    revocations: Arc<dyn TokenRevocations>,
    tokens: Arc<dyn TokenSigner>,
    users: Arc<dyn UserRepository>,
    authenticator: Arc<Authenticator>,
    access: Arc<AccessControl>,
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
    notifier: WebhookNotifier,
}

impl Auth {
    /// From the ports it needs.
    pub fn new(
        ports: &Ports,
        authenticator: Arc<Authenticator>,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
        deployment: Arc<Deployment>,
    ) -> Self {
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            accounts: ports.identity.accounts.clone(),
            events: ports.realtime.events.clone(),
            api_keys: ports.identity.api_keys.clone(),
            groups: ports.identity.group.membership.clone(),
            hasher: ports.auth.hasher.clone(),
            limiter: ports.auth.limiter.clone(),
            revocations: ports.auth.revocations.clone(),
            tokens: ports.auth.tokens.clone(),
            users: ports.identity.user.repository.clone(),
            authenticator,
            access,
            notifier: WebhookNotifier::new(ports, settings.clone(), deployment.clone()),
            settings,
            deployment,
        }
    }

    /// What the operator fixed at start.
    pub fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// Whether a caller is whom the trusted proxy names, where there is one and it names anybody. A browser keeps the token
    /// of who used it last; API keys stand for themselves.
    ///
    /// # Errors
    /// [`AuthError::OtherUser`].
    pub fn check_vouched<'h>(
        &self,
        caller: &Caller,
        header: impl Fn(&str) -> Option<&'h str>,
    ) -> Result<(), AuthError> {
        let name = self.deployment.auth.trusted_email_header.as_deref();
        let email = name
            .and_then(header)
            .map(str::trim)
            .filter(|email| !email.is_empty());
        let other = email.is_some_and(|email| email.to_lowercase() != caller.user.email.to_lowercase());
        if other && caller.method == AuthMethod::Token {
            return Err(AuthError::OtherUser);
        }
        Ok(())
    }

    /// What an account may do, as clients see it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn permissions(&self, user: &User) -> Result<Permissions, AuthError> {
        Ok(self.access.of_user(user).await?.permissions().clone())
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
