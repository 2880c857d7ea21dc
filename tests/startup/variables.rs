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

/// Names, and words of what `config explain` says of each.
const EXPLAINED: &[(&str, [&str; 3])] = &[
    (
        "PORT",
        [
            "PORT=0  (environment)",
            "at the start: a change",
            "allowed      a port, 0 to 65535",
        ],
    ),
    (
        "port",
        [
            "PORT=0  (environment)",
            "at the start: a change",
            "a port, 0 to 65535",
        ],
    ),
    (
        "ENV",
        [
            "ENV is not set",
            "at the start: a change",
            "allowed      dev, prod, test",
        ],
    ),
    (
        "ENABLE_COMPRESSION_MIDDLEWARE",
        ["=false  (environment)", "at the start", "true, false"],
    ),
    (
        "KEELSON_REDIS_REQUIRED",
        ["is not set", "at the start", "allowed      true, false"],
    ),
    (
        "WEBSOCKET_REDIS_OPTIONS",
        ["is not set", "at the start", "allowed      text"],
    ),
    (
        "DATABASE_POOL_SIZE",
        ["is not set", "at the start", "a whole number"],
    ),
    (
        "DATABASE_ENABLE_SQLITE_WAL",
        ["is not set", "at the start", "true, false"],
    ),
    (
        "DATABASE_PASSWORD",
        ["DATABASE_PASSWORD=(secret)", "at the start", "text"],
    ),
    ("REDIS_URL", ["REDIS_URL=(secret)", "at the start", "text"]),
    (
        "WEBUI_SECRET_KEY",
        ["WEBUI_SECRET_KEY=(secret)", "at the start", "text"],
    ),
    (
        "OPENAI_API_KEY",
        ["OPENAI_API_KEY=(secret)", "at the start", "text"],
    ),
    (
        "ENABLE_SIGNUP",
        [
            "ENABLE_SIGNUP=false  (environment)",
            "the stored value at once",
            "true or false",
        ],
    ),
    (
        "ui.enable_signup",
        [
            "ENABLE_SIGNUP=false",
            "the variable at the start",
            "allowed      true or false",
        ],
    ),
    (
        "DEFAULT_USER_ROLE",
        ["(default)", "the stored value at once", "pending, user or admin"],
    ),
    (
        "JWT_EXPIRES_IN",
        ["(default)", "the stored value at once", "4w, 12h or 1d12h"],
    ),
    (
        "RAG_TOP_K",
        ["(default)", "the stored value at once", "a whole number"],
    ),
];

/// `config explain` with some variables: what it says, or why it refuses.
#[test]
fn every_variable_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let given = [
        ("DATABASE_PASSWORD", "hunter2"),
        ("OPENAI_API_KEY", "hunter2"),
        ("WEBUI_URL", "https://u:hunter2@chat.test"),
        ("REDIS_URL", "redis://:hunter2@localhost"),
        ("ENABLE_SIGNUP", "false"),
        ("ENABLE_COMPRESSION_MIDDLEWARE", "false"),
    ];
    let explain = |name: &str| {
        let mut command = keelson(&data, &given);
        command.args(["config", "explain", name]);
        run(command)
    };
    for (name, words) in EXPLAINED {
        let ended = explain(name);
        assert_eq!(ended.code, Some(0), "{name}: {ended:?}");
        for word in words {
            assert!(
                ended.out.contains(word),
                "{name}: {word:?} is not said in {}",
                ended.out
            );
        }
        assert!(!ended.out.contains("hunter2"), "{}", ended.out);
    }
    explain("banana").refused(&["no setting BANANA", "keelson config list"]);
    explain("KEELSON_REDIS").refused(&["no setting KEELSON_REDIS", "KEELSON_REDIS_REQUIRED"]);
    assert!(!data.exists(), "whoever only asks makes nothing");
}

#[test]
fn lists_make_nothing_and_mark_hidden_variables() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let config = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = keelson(&data, variables);
        command.arg("config").args(arguments);
        let ended = run(command);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.out
    };
    let all = config(&[], &["list"]);
    assert!(
        all.contains("\nENABLE_SIGNUP=true  (default)\n") && all.lines().count() > 300,
        "{all}"
    );
    assert_eq!(config(&[], &["get", "ENABLE_SIGNUP"]), "true\n");
    assert!(!data.exists(), "a database was made");

    config(&[], &["set", "ENABLE_SIGNUP", "false"]);
    config(&[], &["set", "OPENAI_API_KEYS", "sk-stored"]);
    for (variables, filter, line) in [
        (vec![], "ENABLE_SIGNUP", "ENABLE_SIGNUP=false  (database)"),
        (
            vec![("ENABLE_SIGNUP", "false")],
            "ENABLE_SIGNUP",
            "ENABLE_SIGNUP=false  (database)",
        ),
        (
            vec![("ENABLE_SIGNUP", "true")],
            "ENABLE_SIGNUP",
            "ENABLE_SIGNUP=false  (database; hides the variable, which is true)",
        ),
        (
            vec![("OPENAI_API_KEYS", "hunter2")],
            "OPENAI_API_KEYS",
            "OPENAI_API_KEYS=(secret)  (database; hides the variable, which is (secret))",
        ),
        (
            vec![("ENABLE_SIGNUP", "true"), ("ENABLE_PERSISTENT_CONFIG", "false")],
            "ENABLE_SIGNUP",
            "ENABLE_SIGNUP=true  (environment)",
        ),
    ] {
        let said = config(&variables, &["list", filter]);
        assert!(said.lines().any(|one| one == line), "{variables:?}: {said}");
    }
}
