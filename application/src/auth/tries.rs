use sha2::{Digest, Sha256};

use super::{Auth, AuthError};

/// A secret that somebody tries to know.
#[derive(Debug, Clone, Copy)]
pub(super) enum Secret {
    /// The password of an e-mail address, at sign-in.
    SignIn,
    /// The password of a directory's account (LDAP), at sign-in.
    Directory,
    /// The current password of one's own account, where it is changed.
    Current,
}

impl Secret {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "signin",
            Self::Directory => "ldap",
            Self::Current => "password",
        }
    }
}

/// What tries are counted under: of one length, however long a name somebody sends.
fn key(secret: Secret, whose: &str) -> String {
    format!("{}:{:x}", secret.name(), Sha256::digest(whose.as_bytes()))
}

impl Auth {
    /// Counts a try before the secret is checked: every place that checks one asks here first.
    ///
    /// # Errors
    /// [`AuthError::TooManyTries`].
    pub(super) async fn count_try(&self, secret: Secret, whose: &str) -> Result<(), AuthError> {
        match self.limiter.allow(&key(secret, whose), self.clock.now()).await? {
            true => Ok(()),
            false => Err(AuthError::TooManyTries),
        }
    }

    /// Counts a try to sign in against a directory. This server asks none; whoever guesses is stopped all the same.
    ///
    /// # Errors
    /// [`AuthError::TooManyTries`].
    pub async fn count_directory_try(&self, user: &str) -> Result<(), AuthError> {
        self.count_try(Secret::Directory, &user.trim().to_lowercase())
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_each_is_of_its_own() {
        let names = ["ada@example.test", "ben@example.test", "", &"x".repeat(1_000_000)];
        let secrets = [Secret::SignIn, Secret::Directory, Secret::Current];
        let mut keys: Vec<String> = names
            .iter()
            .flat_map(|name| secrets.map(|secret| key(secret, name)))
            .collect();
        assert!(
            keys.iter().all(|key| key.len() < 80 && !key.contains("example")),
            "{keys:?}"
        );
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), names.len() * secrets.len());
    }
}
