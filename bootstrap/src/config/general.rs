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
        manifest_url: manifest_url(variables),
        data_dir: PathBuf::from(variables.text_or("DATA_DIR", "data")),
        time_zone: time_zone::read(variables).unwrap_or(defaults.time_zone),
        onedrive_personal: variables.flag("ENABLE_ONEDRIVE_PERSONAL", true),
        onedrive_business: variables.flag("ENABLE_ONEDRIVE_BUSINESS", true),
        onedrive_client_id_personal: variables.text_or("ONEDRIVE_CLIENT_ID_PERSONAL", &client_id),
        onedrive_client_id_business: variables.text_or("ONEDRIVE_CLIENT_ID_BUSINESS", &client_id),
    }
}

/// `EXTERNAL_PWA_MANIFEST_URL`.
fn manifest_url(variables: &Variables) -> Option<String> {
    const NAME: &str = "EXTERNAL_PWA_MANIFEST_URL";
    let url = variables.text(NAME)?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        variables.reject(NAME, None, "an address that begins with http:// or https://");
    }
    Some(url)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_at_an_address() {
        for (given, wanted) in [
            ("", Ok(None)),
            (
                "https://cdn.test/manifest.json",
                Ok(Some("https://cdn.test/manifest.json")),
            ),
            ("http://u:p@cdn.test/m", Ok(Some("http://u:p@cdn.test/m"))),
            (
                "/manifest.json",
                Err("EXTERNAL_PWA_MANIFEST_URL is not valid; allowed: an address"),
            ),
            (
                "file:///etc/passwd",
                Err("EXTERNAL_PWA_MANIFEST_URL is not valid; allowed: an address"),
            ),
        ] {
            let variables = Variables::given(&[("EXTERNAL_PWA_MANIFEST_URL", given)]);
            let url = manifest_url(&variables);
            match (variables.finish(), wanted) {
                (Ok(()), Ok(wanted)) => assert_eq!(url.as_deref(), wanted, "{given}"),
                (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
                (ended, _) => panic!("{given}: {ended:?}"),
            }
        }
    }
}
