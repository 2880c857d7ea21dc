use super::AuditLevel;

/// Methods that change something.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// Recorded also without a credential and whatever is excluded.
const ALWAYS: [&str; 3] = [
    "/api/v1/auths/signin",
    "/api/v1/auths/signout",
    "/api/v1/auths/signup",
];

/// Which requests are recorded, and how much of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPolicy {
    /// How much.
    pub level: AuditLevel,
    /// Excluded paths, below `/api` or `/api/v1`, without a slash at the start.
    excluded: Vec<String>,
    /// How many bytes of a body are recorded.
    pub max_body: usize,
}

impl AuditPolicy {
    /// Excludes the given paths and what is below them; `/chats`, `chats` and `/api/v1/chats` mean the same.
    pub fn new(level: AuditLevel, excluded: &[String], max_body: usize) -> Self {
        let excluded = excluded
            .iter()
            .map(|path| below_api(path).trim_matches('/').to_owned())
            .filter(|path| !path.is_empty())
            .collect();
        Self {
            level,
            excluded,
            max_body,
        }
    }

    /// Whether a request is recorded.
    pub fn covers(&self, method: &str, path: &str, with_credential: bool) -> bool {
        if self.level == AuditLevel::None || !METHODS.contains(&method) {
            return false;
        }
        let lower = path.to_lowercase();
        if ALWAYS.iter().any(|always| lower.starts_with(always)) {
            return true;
        }
        // The socket layer's own traffic is no operation of a user.
        with_credential && !path.starts_with("/ws/") && !self.excludes(path)
    }

    fn excludes(&self, path: &str) -> bool {
        let path = below_api(path).trim_start_matches('/');
        self.excluded.iter().any(|excluded| {
            path.strip_prefix(excluded.as_str())
                .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
        })
    }
}

/// A path without the `/api` or `/api/v1` that it may start with.
fn below_api(path: &str) -> &str {
    let path = path.trim();
    ["/api/v1/", "/api/"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(excluded: &[&str]) -> AuditPolicy {
        let excluded: Vec<_> = excluded.iter().map(|path| (*path).to_owned()).collect();
        AuditPolicy::new(AuditLevel::Metadata, &excluded, 2048)
    }

    #[test]
    fn changes_by_signed_in_users_are_covered() {
        let policy = policy(&["/chats", "/chat", "folders"]);
        assert!(policy.covers("POST", "/api/v1/prompts/create", true));
        assert!(policy.covers("DELETE", "/openai/x", true));
        assert!(!policy.covers("GET", "/api/v1/prompts/", true));
        assert!(!policy.covers("POST", "/api/v1/prompts/create", false));
        assert!(!policy.covers("POST", "/ws/socket.io/", true));
        assert!(policy.covers("POST", "/api/v1/auths/signin", false));
        assert!(policy.covers("POST", "/API/v1/auths/SignUp", false));
    }

    #[test]
    fn excluded_paths_include_what_is_below_them() {
        let policy = policy(&["/chats", " /chat ", "/api/v1/folders/"]);
        for path in [
            "/api/v1/chats/new",
            "/api/chat/completions",
            "/api/v1/folders/",
            "/api/v1/chats",
        ] {
            assert!(!policy.covers("POST", path, true), "{path}");
        }
        assert!(policy.covers("POST", "/api/v1/chatsx", true));
        assert!(policy.covers("POST", "/api/v1/channels/create", true));
    }

    #[test]
    fn no_exclusion_excludes_nothing_and_no_level_covers_nothing() {
        assert!(policy(&["", "/"]).covers("POST", "/api/v1/chats/new", true));
        let off = AuditPolicy::new(AuditLevel::None, &[], 0);
        assert!(!off.covers("POST", "/api/v1/auths/signin", true));
    }
}
