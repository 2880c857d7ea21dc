use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keelson_domain::access::AccessPolicy;
use keelson_domain::config::deployment::{Auth, SameSite};
use secrecy::SecretString;

use super::{StartError, Variables};

/// The file in the data folder that holds the generated key.
const KEY_FILE: &str = ".webui_secret_key";

pub(super) fn section(variables: &Variables) -> Auth {
    let header = |name| variables.text(name).map(|header| header.to_lowercase());
    let same_site = |name, default| {
        let words = [
            ("lax", SameSite::Lax),
            ("strict", SameSite::Strict),
            ("none", SameSite::None),
        ];
        variables.one_of(name, &words, default)
    };
    let session_same_site = same_site("WEBUI_SESSION_COOKIE_SAME_SITE", SameSite::Lax);
    let session_secure = variables.flag("WEBUI_SESSION_COOKIE_SECURE", false);
    let interval = "DATABASE_USER_ACTIVE_STATUS_UPDATE_INTERVAL";
    Auth {
        activity_interval: variables.fractional_seconds(interval, Auth::default().activity_interval),
        enabled: variables.flag("WEBUI_AUTH", true),
        secret_key: SecretString::default(),
        session_cookie_same_site: session_same_site,
        session_cookie_secure: session_secure,
        sessions_in_store: variables.flag("ENABLE_STAR_SESSIONS_MIDDLEWARE", false),
        cookie_same_site: same_site("WEBUI_AUTH_COOKIE_SAME_SITE", session_same_site),
        cookie_secure: variables.flag("WEBUI_AUTH_COOKIE_SECURE", session_secure),
        trusted_email_header: header("WEBUI_AUTH_TRUSTED_EMAIL_HEADER"),
        trusted_name_header: header("WEBUI_AUTH_TRUSTED_NAME_HEADER"),
        trusted_groups_header: header("WEBUI_AUTH_TRUSTED_GROUPS_HEADER"),
        signout_redirect_url: variables.text("WEBUI_AUTH_SIGNOUT_REDIRECT_URL"),
        password_auth: variables.flag("ENABLE_PASSWORD_AUTH", true),
        password_validation: variables.flag("ENABLE_PASSWORD_VALIDATION", false),
        initial_admin_signup: variables.flag("ENABLE_INITIAL_ADMIN_SIGNUP", false),
        signup_password_confirmation: variables.flag("ENABLE_SIGNUP_PASSWORD_CONFIRMATION", false),
    }
}

pub(super) fn access(variables: &Variables) -> AccessPolicy {
    let content = variables.flag("ENABLE_ADMIN_WORKSPACE_CONTENT_ACCESS", true);
    AccessPolicy {
        bypass_model_access_control: variables.flag("BYPASS_MODEL_ACCESS_CONTROL", false),
        bypass_admin_access_control: variables.flag("BYPASS_ADMIN_ACCESS_CONTROL", content),
        admin_export: variables.flag("ENABLE_ADMIN_EXPORT", true),
        admin_chat_access: variables.flag("ENABLE_ADMIN_CHAT_ACCESS", true),
        public_active_users_count: variables.flag("ENABLE_PUBLIC_ACTIVE_USERS_COUNT", true),
    }
}

/// The key in the data folder; generated where there is none. The reference's start script stores its key in the folder
/// that it is started from; that one is used where it exists, so that people stay signed in.
pub(super) fn load_or_create_key(data_dir: &Path) -> Result<SecretString, StartError> {
    let file = data_dir.join(KEY_FILE);
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).ok()?;
        Some(text.trim().to_owned()).filter(|key| !key.is_empty())
    };
    if let Some(key) = read(&file).or_else(|| read(&PathBuf::from(KEY_FILE))) {
        return Ok(SecretString::from(key));
    }
    let fresh: [u8; 32] = rand::random();
    match store_key(&file, &STANDARD.encode(fresh)) {
        Ok(()) => Ok(SecretString::from(STANDARD.encode(fresh))),
        // Another process created it first: its key counts.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(&file)
            .map(SecretString::from)
            .ok_or_else(|| StartError::Unusable(format!("{} is empty; delete it", file.display()))),
        Err(error) => Err(StartError::Unusable(format!(
            "WEBUI_SECRET_KEY is not set and no key can be stored in {}: {error}",
            file.display()
        ))),
    }
}

/// Writes a temporary file first, so that nobody ever reads half a key, and a full disk leaves none.
fn store_key(file: &Path, key: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(key.as_bytes())?;
    fresh.as_file().sync_all()?;
    fresh
        .persist_noclobber(file)
        .map(drop)
        .map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::load_or_create_key;

    #[test]
    fn processes_that_start_at_once_share_one_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let start = || {
            load_or_create_key(folder.path())
                .expect("a key")
                .expose_secret()
                .to_owned()
        };
        let keys: Vec<String> = std::thread::scope(|scope| {
            let processes: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            processes
                .into_iter()
                .map(|it| it.join().expect("no panic"))
                .collect()
        });
        assert!(
            keys.iter().all(|key| *key == keys[0] && key.len() == 44),
            "{keys:?}"
        );
    }

    #[test]
    fn a_key_is_generated_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = load_or_create_key(folder.path()).expect("a key");
        assert_eq!(first.expose_secret().len(), 44);
        let second = load_or_create_key(folder.path()).expect("the same key");
        assert_eq!(first.expose_secret(), second.expose_secret());
    }
}
