use std::path::{Path, PathBuf};

use keelson_domain::audit::{AuditLevel, AuditPolicy};
use keelson_telemetry::AuditOptions;

use super::Variables;

/// The reference's default.
const ROTATE_AT: u64 = 10_000_000;
/// The reference's default.
const EXCLUDED: [&str; 3] = ["/chats", "/chat", "/folders"];

/// The audit log: `AUDIT_LOG_LEVEL`, `AUDIT_LOGS_FILE_PATH`, `AUDIT_LOG_FILE_ROTATION_SIZE`, `AUDIT_EXCLUDED_PATHS`,
/// `MAX_BODY_LOG_SIZE`.
#[derive(Debug)]
pub struct AuditConfig {
    /// What is recorded.
    pub policy: AuditPolicy,
    /// The file.
    pub file: AuditOptions,
}

pub(super) fn section(variables: &Variables, data_dir: &Path) -> AuditConfig {
    let level = variables.one_of(
        "AUDIT_LOG_LEVEL",
        &[
            ("NONE", AuditLevel::None),
            ("METADATA", AuditLevel::Metadata),
            ("REQUEST", AuditLevel::Request),
            ("REQUEST_RESPONSE", AuditLevel::RequestResponse),
        ],
        AuditLevel::None,
    );
    // A variable that is set but empty excludes nothing.
    let excluded = match variables.raw("AUDIT_EXCLUDED_PATHS") {
        Some(_) => variables.list("AUDIT_EXCLUDED_PATHS", ','),
        None => EXCLUDED.map(str::to_owned).to_vec(),
    };
    let max_body = variables.number("MAX_BODY_LOG_SIZE", 2048, "a number of bytes");
    let file = variables
        .text("AUDIT_LOGS_FILE_PATH")
        .map_or_else(|| data_dir.join("audit.log"), PathBuf::from);
    AuditConfig {
        policy: AuditPolicy::new(level, &excluded, max_body),
        file: AuditOptions {
            file,
            rotate_at: variables.bytes("AUDIT_LOG_FILE_ROTATION_SIZE", ROTATE_AT),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_level_or_size_is_an_error() {
        let variables = Variables::given(&[
            ("AUDIT_LOG_LEVEL", "EVERYTHING"),
            ("AUDIT_LOG_FILE_ROTATION_SIZE", "1 week"),
            ("MAX_BODY_LOG_SIZE", "-1"),
        ]);
        section(&variables, Path::new("data"));
        let error = variables.finish().expect_err("three are wrong").to_string();
        for part in [
            "AUDIT_LOG_LEVEL is \"EVERYTHING\"; allowed: NONE, METADATA, REQUEST, REQUEST_RESPONSE",
            "AUDIT_LOG_FILE_ROTATION_SIZE is \"1 week\"",
            "MAX_BODY_LOG_SIZE is \"-1\"",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn defaults_are_the_references() {
        let audit = section(
            &Variables::given(&[("AUDIT_LOG_LEVEL", "metadata")]),
            Path::new("data"),
        );
        assert_eq!(audit.policy.max_body, 2048);
        assert_eq!(
            (audit.file.file, audit.file.rotate_at),
            (PathBuf::from("data/audit.log"), 10_000_000)
        );
        assert!(!audit.policy.covers("POST", "/api/v1/folders/", true));
        let all = Variables::given(&[("AUDIT_LOG_LEVEL", "metadata"), ("AUDIT_EXCLUDED_PATHS", "")]);
        assert!(
            section(&all, Path::new("data"))
                .policy
                .covers("POST", "/api/v1/folders/", true)
        );
    }
}
