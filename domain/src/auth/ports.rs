use crate::shared::Timestamp;
use crate::user::UserId;

/// What a session token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Whose token it is (`id`).
    pub user: UserId,
    /// Names the token (`jti`), so that it can be revoked; old tokens have none.
    pub token_id: Option<String>,
    /// When it ends (`exp`, whole seconds), if ever.
    pub expires_at: Option<Timestamp>,
}

/// Signs and checks session tokens (JWT, HS256).
pub trait TokenSigner: Send + Sync {
    /// Signs claims.
    fn sign(&self, claims: &Claims) -> String;
    /// The claims of a valid token that has not expired at `now`; none for any other text.
    fn verify(&self, token: &str, now: Timestamp) -> Option<Claims>;
}
