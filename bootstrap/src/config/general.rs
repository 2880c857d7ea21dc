use std::path::PathBuf;

use keelson_domain::config::deployment::General;
use keelson_telemetry::{LogFormat, LogOptions};

use super::{Variables, time_zone};

/// What the reference's licence requires of servers under another name.
const SUFFIX: &str = " (Open WebUI)";

pub(super) fn section(variables: &Variables) -> General {
    let defaults = General::default();
    let name = variables.text_or("WEBUI_NAME", &defaults.name);
    let client_id = variables.text_or("ONEDRIVE_CLIENT_ID", "");
    General {
        name: if name == defaults.name {
            name
        } else {
            name + SUFFIX
        },
        deployment_id: variables.text_or("DEPLOYMENT_ID", ""),
        build_hash: variables.text_or("WEBUI_BUILD_HASH", &defaults.build_hash),
        data_dir: PathBuf::from(variables.text_or("DATA_DIR", "data")),
        time_zone: time_zone::read(variables).unwrap_or(defaults.time_zone),
        onedrive_personal: variables.flag("ENABLE_ONEDRIVE_PERSONAL", true),
        onedrive_business: variables.flag("ENABLE_ONEDRIVE_BUSINESS", true),
        onedrive_client_id_personal: variables.text_or("ONEDRIVE_CLIENT_ID_PERSONAL", &client_id),
        onedrive_client_id_business: variables.text_or("ONEDRIVE_CLIENT_ID_BUSINESS", &client_id),
    }
}

pub(super) fn log(variables: &Variables) -> LogOptions {
    let level = variables.one_of(
        "GLOBAL_LOG_LEVEL",
        &[
            ("CRITICAL", "error"),
            ("FATAL", "error"),
            ("ERROR", "error"),
            ("WARNING", "warn"),
            ("WARN", "warn"),
            ("INFO", "info"),
            ("DEBUG", "debug"),
            ("NOTSET", "trace"),
        ],
        "info",
    );
    LogOptions {
        level: level.to_owned(),
        filter: variables.text("RUST_LOG"),
        format: variables.one_of(
            "KEELSON_LOG_FORMAT",
            &[("text", LogFormat::Text), ("json", LogFormat::Json)],
            LogFormat::Text,
        ),
    }
}
