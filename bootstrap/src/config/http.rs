use std::path::{Path, PathBuf};

use keelson_domain::config::deployment::{Egress, Websocket};
use keelson_http::system::Frontend;
use keelson_http::{CorsOptions, HttpOptions, SecurityHeaders};
use keelson_sockets::Origins;

use super::Variables;

/// The way in.
#[derive(Debug)]
pub struct HttpConfig {
    /// `HOST`.
    pub host: String,
    /// `PORT`.
    pub port: u16,
    /// What the HTTP adapter needs to know.
    pub options: HttpOptions,
    /// Whose pages may open sockets.
    pub origins: Origins,
}

pub(super) fn section(variables: &Variables, data_dir: &Path) -> HttpConfig {
    let dev = variables.one_of("ENV", &[("dev", true), ("prod", false), ("test", false)], false);
    let build_dir = variables
        .text("FRONTEND_BUILD_DIR")
        .map_or_else(|| data_dir.join("frontend"), PathBuf::from);
    let mut origins = variables.list("CORS_ALLOW_ORIGIN", ';');
    if origins.is_empty() {
        origins.push("*".to_owned());
    }
    HttpConfig {
        host: variables.text_or("HOST", "0.0.0.0"),
        port: variables.number("PORT", 8080, "a port, 0 to 65535"),
        origins: if origins.iter().any(|origin| origin == "*") {
            Origins::Any
        } else {
            Origins::Listed(origins.clone())
        },
        options: HttpOptions {
            serve_openapi: dev,
            compression: variables.flag("ENABLE_COMPRESSION_MIDDLEWARE", true),
            cors: CorsOptions { origins },
            security_headers: SecurityHeaders::from_variables(|name| variables.text(name)),
            frontend: Frontend {
                build_dir: build_dir.join("index.html").is_file().then_some(build_dir),
                static_dir: variables.text("STATIC_DIR").map(PathBuf::from),
            },
        },
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
