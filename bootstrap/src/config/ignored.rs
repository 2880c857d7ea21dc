use super::Variables;

/// The type of an ignored variable.
enum Type {
    Flag,
    Number,
    Text,
}

/// Variables of the reference that have no effect here, and why.
const IGNORED: &[(&str, Type, &str)] = &[
    (
        "AUDIT_UVICORN_LOGGER_NAMES",
        Type::Text,
        "there are no Python loggers; RUST_LOG chooses what is logged",
    ),
    (
        "CHAT_RESPONSE_STREAM_DELTA_CHUNK_SIZE",
        Type::Number,
        "events are gathered by time, about 30 a second",
    ),
    (
        "ENABLE_REALTIME_CHAT_SAVE",
        Type::Flag,
        "answers are always saved while they are written",
    ),
    (
        "THREAD_POOL_SIZE",
        Type::Number,
        "requests are not served by a pool of threads",
    ),
    ("UVICORN_WORKERS", Type::Number, "one process uses all processors"),
    (
        "WEBSOCKET_SERVER_LOGGING",
        Type::Flag,
        "packets are never logged, for they hold tokens and conversations",
    ),
];

/// Those that are set, with the reason. They are checked all the same: a typing error is one elsewhere too.
pub(super) fn section(variables: &Variables) -> Vec<(&'static str, &'static str)> {
    let set = IGNORED.iter().filter(|(name, ..)| variables.text(name).is_some());
    set.map(|(name, value_type, why)| {
        // Read only to be checked.
        match value_type {
            Type::Flag => _ = variables.flag(name, false),
            Type::Number => _ = variables.number(name, 0_u64, "a whole number"),
            Type::Text => {}
        }
        (*name, *why)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_variables_are_named_and_checked() {
        let variables = Variables::given(&[("UVICORN_WORKERS", "4"), ("WEBSOCKET_SERVER_LOGGING", "loud")]);
        let ignored = section(&variables);
        assert_eq!(
            ignored.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            ["UVICORN_WORKERS", "WEBSOCKET_SERVER_LOGGING"]
        );
        let error = variables.finish().expect_err("one is wrong").to_string();
        assert!(
            error.contains("WEBSOCKET_SERVER_LOGGING is \"loud\"; allowed: true, false"),
            "{error}"
        );
    }
}
