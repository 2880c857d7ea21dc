use super::Variables;

/// What a variable of the reference holds that has no effect here.
enum Holds {
    Flag,
    Number,
    Text,
}

/// Variables that tune the reference's own machinery, and why there is nothing to tune here.
const IDLE: &[(&str, Holds, &str)] = &[
    (
        "AUDIT_UVICORN_LOGGER_NAMES",
        Holds::Text,
        "there are no Python loggers; RUST_LOG chooses what is logged",
    ),
    (
        "CHAT_RESPONSE_STREAM_DELTA_CHUNK_SIZE",
        Holds::Number,
        "events are gathered by time, about 30 a second",
    ),
    (
        "DATABASE_ENABLE_SQLITE_WAL",
        Holds::Flag,
        "SQLite is always opened with a write-ahead log",
    ),
    (
        "ENABLE_REALTIME_CHAT_SAVE",
        Holds::Flag,
        "answers are always saved while they are written",
    ),
    (
        "THREAD_POOL_SIZE",
        Holds::Number,
        "requests are not served by a pool of threads",
    ),
    (
        "UVICORN_WORKERS",
        Holds::Number,
        "one process uses all processors",
    ),
    (
        "WEBSOCKET_SERVER_LOGGING",
        Holds::Flag,
        "packets are never logged, for they hold tokens and conversations",
    ),
];

/// Those that were set, with the reason. They are checked all the same: a typing error is one elsewhere too.
pub(super) fn section(variables: &Variables) -> Vec<(&'static str, &'static str)> {
    let set = IDLE.iter().filter(|(name, ..)| variables.text(name).is_some());
    set.map(|(name, holds, why)| {
        // Only the check counts.
        match holds {
            Holds::Flag => _ = variables.flag(name, false),
            Holds::Number => _ = variables.number(name, 0_u64, "a whole number"),
            Holds::Text => {}
        }
        (*name, *why)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn what_has_no_effect_is_named_and_checked() {
        let values = [("UVICORN_WORKERS", "4"), ("WEBSOCKET_SERVER_LOGGING", "loud")];
        let owned = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let variables = Variables::from(owned.collect::<HashMap<_, _>>());
        let idle = section(&variables);
        assert_eq!(
            idle.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["UVICORN_WORKERS", "WEBSOCKET_SERVER_LOGGING"]
        );
        let error = variables.finish().expect_err("one is wrong").to_string();
        assert!(
            error.contains("WEBSOCKET_SERVER_LOGGING is \"loud\"; allowed: true, false"),
            "{error}"
        );
    }
}
