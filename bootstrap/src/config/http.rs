use std::path::{Path, PathBuf};

use keelson_domain::config::deployment::{Egress, Websocket};
use keelson_http::server::ConnectionLimits;
use keelson_http::system::Frontend;
use keelson_http::{BodyLimits, CorsOptions, HttpOptions, SecurityHeaders};
use keelson_sockets::Origins;

use super::Variables;

/// The HTTP server.
#[derive(Debug)]
pub struct HttpConfig {
    /// `HOST`.
    pub host: String,
    /// `PORT`.
    pub port: u16,
    /// Limits of connections.
    pub connections: ConnectionLimits,
    /// `KEELSON_METRICS_PORT`: where metrics are exported, if they are.
    pub metrics_port: Option<u16>,
    /// The HTTP adapter's options.
    pub options: HttpOptions,
    /// Which origins may open sockets.
    pub origins: Origins,
}

pub(super) fn section(variables: &Variables, data_dir: &Path) -> HttpConfig {
    let dev = variables.one_of("ENV", &[("dev", true), ("prod", false), ("test", false)], false);
    let build_dir = build_dir(variables, data_dir);
    let origins = allowed_origins(variables);
    HttpConfig {
        host: variables.text_or("HOST", "0.0.0.0"),
        port: variables.number("PORT", 8080, "a port, 0 to 65535"),
        connections: connections(variables),
        metrics_port: variables
            .text("KEELSON_METRICS_PORT")
            .map(|_| variables.number("KEELSON_METRICS_PORT", 0, "a port, 0 to 65535")),
        origins: if origins.iter().any(|origin| origin == "*") {
            Origins::Any
        } else {
            Origins::Listed(origins.clone())
        },
        options: HttpOptions {
            serve_openapi: dev,
            compression: variables.flag("ENABLE_COMPRESSION_MIDDLEWARE", true),
            bodies: bodies(variables),
            cors: CorsOptions { origins },
            security_headers: SecurityHeaders::from_variables(|name| variables.text(name)),
            frontend: Frontend {
                build_dir: build_dir.join("index.html").is_file().then_some(build_dir),
                static_dir: variables.text("STATIC_DIR").map(PathBuf::from),
            },
        },
    }
}

/// `FRONTEND_BUILD_DIR`: the folder of the built front end.
pub(super) fn build_dir(variables: &Variables, data_dir: &Path) -> PathBuf {
    variables
        .text("FRONTEND_BUILD_DIR")
        .map_or_else(|| data_dir.join("frontend"), PathBuf::from)
}

/// `CORS_ALLOW_ORIGIN`: `*`, or addresses whose scheme is http, https or one of `CORS_ALLOW_CUSTOM_SCHEME`.
fn allowed_origins(variables: &Variables) -> Vec<String> {
    const NAME: &str = "CORS_ALLOW_ORIGIN";
    let mut origins = variables.list(NAME, ';');
    if origins.is_empty() {
        origins.push("*".to_owned());
    }
    let mut schemes = variables.list("CORS_ALLOW_CUSTOM_SCHEME", ';');
    schemes.extend(["http", "https"].map(str::to_owned));
    for origin in origins.iter().filter(|origin| *origin != "*") {
        let valid = origin
            .split_once("://")
            .is_some_and(|(scheme, host)| schemes.iter().any(|known| known == scheme) && !host.is_empty());
        if !valid {
            let allowed = format!(
                "*, or origins such as https://chat.example.org with ; between them, whose scheme is one of {}",
                schemes.join(", ")
            );
            variables.reject(NAME, Some(origin), &allowed);
        }
    }
    origins
}

fn connections(variables: &Variables) -> ConnectionLimits {
    let defaults = ConnectionLimits::default();
    ConnectionLimits {
        head_timeout: variables.positive_seconds("KEELSON_HTTP_HEAD_TIMEOUT", defaults.head_timeout),
        write_timeout: variables.positive_seconds("KEELSON_HTTP_WRITE_TIMEOUT", defaults.write_timeout),
        ..defaults
    }
}

fn bodies(variables: &Variables) -> BodyLimits {
    let defaults = BodyLimits::default();
    BodyLimits {
        size: variables.bytes("KEELSON_HTTP_BODY_LIMIT", defaults.size),
        stall: variables.positive_seconds("KEELSON_HTTP_BODY_TIMEOUT", defaults.stall),
    }
}

pub(super) fn websocket(variables: &Variables) -> Websocket {
    let defaults = Websocket::default();
    Websocket {
        enabled: variables.flag("ENABLE_WEBSOCKET_SUPPORT", true),
        ping_interval: variables.seconds("WEBSOCKET_SERVER_PING_INTERVAL", defaults.ping_interval.as_secs()),
        ping_timeout: variables.seconds("WEBSOCKET_SERVER_PING_TIMEOUT", defaults.ping_timeout.as_secs()),
    }
}

pub(super) fn egress(variables: &Variables) -> Egress {
    Egress {
        private: variables.flag("ENABLE_RAG_LOCAL_WEB_FETCH", false),
        allow: variables.list("KEELSON_EGRESS_ALLOW", ','),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_checked() {
        let variables = Variables::given(&[
            (
                "CORS_ALLOW_ORIGIN",
                "https://a.test; http://localhost:5173 ;app://desk",
            ),
            ("CORS_ALLOW_CUSTOM_SCHEME", "app"),
        ]);
        assert_eq!(
            allowed_origins(&variables),
            ["https://a.test", "http://localhost:5173", "app://desk"]
        );
        variables.finish().expect("all are right");
        assert_eq!(allowed_origins(&Variables::given(&[])), ["*"]);
        for wrong in ["a.test", "app://desk", "https://"] {
            let variables = Variables::given(&[("CORS_ALLOW_ORIGIN", wrong)]);
            allowed_origins(&variables);
            let error = variables.finish().expect_err("it is wrong").to_string();
            assert!(
                error.contains("CORS_ALLOW_ORIGIN") && error.contains(wrong),
                "{error}"
            );
        }
    }

    #[test]
    fn limits_must_be_above_zero() {
        let variables = Variables::given(&[
            ("KEELSON_HTTP_HEAD_TIMEOUT", "0"),
            ("KEELSON_HTTP_BODY_LIMIT", "much"),
        ]);
        connections(&variables);
        bodies(&variables);
        let error = variables.finish().expect_err("both are wrong").to_string();
        assert!(
            error.contains("HEAD_TIMEOUT") && error.contains("BODY_LIMIT"),
            "{error}"
        );
    }

    fn metrics_port(given: &[(&str, &str)]) -> Result<Option<u16>, String> {
        let variables = Variables::given(given);
        let port = section(&variables, Path::new("data")).metrics_port;
        variables.finish().map_err(|error| error.to_string())?;
        Ok(port)
    }

    #[test]
    fn metrics_are_exported_only_on_a_configured_port() {
        assert_eq!(metrics_port(&[]), Ok(None));
        assert_eq!(metrics_port(&[("KEELSON_METRICS_PORT", "")]), Ok(None));
        assert_eq!(metrics_port(&[("KEELSON_METRICS_PORT", "9090")]), Ok(Some(9090)));
        let error = metrics_port(&[("KEELSON_METRICS_PORT", "on")]).expect_err("no port");
        assert!(
            error.contains("KEELSON_METRICS_PORT is \"on\"; allowed: a port"),
            "{error}"
        );
    }
}
