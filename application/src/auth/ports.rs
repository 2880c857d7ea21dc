use std::sync::Arc;

use keelson_domain::auth::{PasswordHasher, RateLimiter, TokenRevocations, TokenSigner};

/// The ports through which people get in and out.
#[derive(Clone)]
pub struct AuthPorts {
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Limits tries to sign in.
    pub limiter: Arc<dyn RateLimiter>,
    /// Which tokens were revoked.
    pub revocations: Arc<dyn TokenRevocations>,
    /// Signs and checks session tokens.
    pub tokens: Arc<dyn TokenSigner>,
}
