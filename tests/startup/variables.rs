//! Variables with values that they cannot have.

use crate::support::{keelson, run};

/// Each enumerated variable, and words of its refusal: a value of it that is allowed.
const ENUMERATED: &[(&str, &str)] = &[
    ("ENV", "prod"),
    ("GLOBAL_LOG_LEVEL", "WARNING"),
    ("KEELSON_LOG_FORMAT", "json"),
    ("WEBUI_SESSION_COOKIE_SAME_SITE", "lax"),
    ("WEBUI_AUTH_COOKIE_SAME_SITE", "strict"),
    ("WEBUI_AUTH", "true"),
    ("ENABLE_PERSISTENT_CONFIG", "true"),
    ("ENABLE_SIGNUP", "true or false"),
    ("DEFAULT_USER_ROLE", "pending"),
    ("JWT_EXPIRES_IN", "4w"),
    ("RAG_TOP_K", "a whole number"),
    ("PORT", "0 to 65535"),
    ("DATABASE_POOL_SIZE", "a whole number"),
    ("WEBSOCKET_SERVER_PING_INTERVAL", "a whole number"),
    ("USER_PERMISSIONS", "an object"),
];

#[test]
fn all_invalid_variables_are_named_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let given: Vec<_> = ENUMERATED.iter().map(|(name, _)| (*name, "banana")).collect();
    let ended = run(keelson(&data, &given));
    ended.refused(&["these variables are wrong"]);
    for (name, allowed) in ENUMERATED {
        let line = ended
            .err
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("{name} is not named in {}", ended.err));
        assert!(line.contains("\"banana\"") && line.contains(allowed), "{line}");
    }
    assert!(!data.exists(), "the data folder was made");
}

#[test]
fn an_unreadable_env_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.toml").display().to_string();
    run(keelson(folder.path(), &[("KEELSON_CONFIG_FILE", &missing)]))
        .refused(&["KEELSON_CONFIG_FILE", "missing.toml"]);
    let broken = folder.path().join("broken.toml");
    std::fs::write(&broken, "PORT = = 1").expect("a file");
    let broken = broken.display().to_string();
    run(keelson(folder.path(), &[("KEELSON_CONFIG_FILE", &broken)]))
        .refused(&["KEELSON_CONFIG_FILE", "broken.toml"]);
}

#[test]
fn invalid_command_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = |arguments: &[&str]| {
        let mut command = keelson(folder.path(), &[]);
        command.arg("config").args(arguments);
        run(command)
    };
    config(&["get", "ENABLE_SIGN"]).refused(&["no setting ENABLE_SIGN", "ENABLE_SIGNUP"]);
    config(&["get", "banana"]).refused(&["no setting banana", "keelson config list"]);
    config(&["set", "ENABLE_SIGNUP", "banana"]).refused(&["ENABLE_SIGNUP", "true or false"]);
    config(&["set", "DEFAULT_USER_ROLE", "banana"]).refused(&["DEFAULT_USER_ROLE", "pending"]);
    config(&["set", "JWT_EXPIRES_IN", "banana"]).refused(&["JWT_EXPIRES_IN", "4w"]);
    config(&["set", "RAG_TOP_K", "1.5"]).refused(&["RAG_TOP_K", "a whole number"]);
    config(&["set", "DEFAULT_PROMPT_SUGGESTIONS", "[{"]).refused(&["DEFAULT_PROMPT_SUGGESTIONS", "a list"]);
    assert_eq!(config(&["set", "ENABLE_SIGNUP", "false"]).code, Some(0));
    assert_eq!(config(&["get", "ui.enable_signup"]).out, "false\n");
    assert!(config(&["explain", "ENABLE_SIGNUP"]).out.contains("(database)"));
    assert!(config(&["reset", "ENABLE_SIGNUP"]).out.contains("(default)"));
    let mut unknown = keelson(folder.path(), &[]);
    unknown.arg("banana");
    assert_eq!(run(unknown).code, Some(2));
}

#[test]
fn an_invalid_settings_import_is_refused() {
    for (text, word) in [("[1]", "JSON object"), ("{\"ui\":", "EOF")] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.json");
        std::fs::write(&file, text).expect("a file");
        run(keelson(folder.path(), &[])).refused(&["config.json", word]);
        assert!(file.is_file(), "the file is still there");
    }
}
