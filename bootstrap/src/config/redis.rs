//! `REDIS_URL`, `REDIS_CLUSTER`, `REDIS_SENTINEL_HOSTS`, `REDIS_SENTINEL_PORT`, `REDIS_SENTINEL_MAX_RETRY_COUNT`,
//! `REDIS_KEY_PREFIX`, `REDIS_SOCKET_CONNECT_TIMEOUT`; `WEBSOCKET_MANAGER`, `WEBSOCKET_REDIS_URL`,
//! `WEBSOCKET_REDIS_CLUSTER`, `WEBSOCKET_SENTINEL_HOSTS`, `WEBSOCKET_SENTINEL_PORT`, `WEBSOCKET_REDIS_LOCK_TIMEOUT`;
//! ours: `KEELSON_REDIS_REQUIRED`.

use std::time::Duration;

use keelson_redis::{Address, AddressText, RedisOptions};
use secrecy::{ExposeSecret, SecretString};

use super::Variables;

/// The port of Sentinel.
const SENTINEL_PORT: u16 = 26379;

/// None when no Redis is configured: a single instance, everything in its memory.
pub(super) fn section(variables: &Variables) -> Option<RedisOptions> {
    let cluster = variables.flag("REDIS_CLUSTER", false);
    let sentinels = variables.text("REDIS_SENTINEL_HOSTS").unwrap_or_default();
    let port = |name| variables.number(name, SENTINEL_PORT, "a port, 1 to 65535");
    let sentinel_port = port("REDIS_SENTINEL_PORT");
    let main = variables.secret("REDIS_URL").map(|url| RedisVariables {
        variable: "REDIS_URL",
        url,
        cluster,
        sentinels: sentinels.clone(),
        sentinel_port,
    });
    let uses_manager = variables.one_of("WEBSOCKET_MANAGER", &[("redis", true)], false);
    let sockets = variables
        .secret("WEBSOCKET_REDIS_URL")
        .filter(|_| uses_manager)
        .map(|url| RedisVariables {
            variable: "WEBSOCKET_REDIS_URL",
            url,
            cluster: variables.flag("WEBSOCKET_REDIS_CLUSTER", cluster),
            sentinels: variables.text("WEBSOCKET_SENTINEL_HOSTS").unwrap_or(sentinels),
            sentinel_port: variables
                .text("WEBSOCKET_SENTINEL_PORT")
                .map_or(sentinel_port, |_| port("WEBSOCKET_SENTINEL_PORT")),
        });
    // The socket layer's own Redis counts only where it is another one; without a main Redis it serves everything.
    let (main, sockets) = match (main, sockets) {
        (Some(main), Some(sockets)) if sockets.is_same(&main) => (main, None),
        (Some(main), sockets) => (main, sockets),
        (None, sockets) => (sockets?, None),
    };
    let mut options = RedisOptions::at(main.address(variables)?);
    options.sockets = match sockets {
        Some(sockets) => Some(sockets.address(variables)?),
        None => None,
    };
    options.prefix = variables.text_or("REDIS_KEY_PREFIX", &options.prefix);
    options.retries = variables.number(
        "REDIS_SENTINEL_MAX_RETRY_COUNT",
        options.retries,
        "a whole number",
    );
    options.connect_timeout = connect_timeout(variables, options.connect_timeout);
    options.lock_ttl = variables.seconds("WEBSOCKET_REDIS_LOCK_TIMEOUT", options.lock_ttl.as_secs());
    options.required = variables.flag("KEELSON_REDIS_REQUIRED", false);
    Some(options)
}

/// Seconds, with fractions.
fn connect_timeout(variables: &Variables, default: Duration) -> Duration {
    let name = "REDIS_SOCKET_CONNECT_TIMEOUT";
    let allowed = "a number of seconds above 0";
    let seconds = variables.number(name, default.as_secs_f64(), allowed);
    match Duration::try_from_secs_f64(seconds) {
        Ok(timeout) if !timeout.is_zero() => timeout,
        _ => {
            variables.reject(name, Some(&seconds.to_string()), allowed);
            default
        }
    }
}

/// The variables of one Redis.
struct RedisVariables {
    variable: &'static str,
    url: SecretString,
    cluster: bool,
    sentinels: String,
    sentinel_port: u16,
}

impl RedisVariables {
    fn is_same(&self, other: &Self) -> bool {
        self.url.expose_secret() == other.url.expose_secret()
            && self.cluster == other.cluster
            && self.sentinels == other.sentinels
            && self.sentinel_port == other.sentinel_port
    }

    /// None when it is wrong, which is recorded.
    fn address(&self, variables: &Variables) -> Option<Address> {
        let text = AddressText {
            variable: self.variable,
            url: &self.url,
            cluster: self.cluster,
            sentinel_hosts: &self.sentinels,
            sentinel_port: self.sentinel_port,
        };
        Address::parse(&text)
            .inspect_err(|error| variables.add_problem(error.to_string()))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use keelson_redis::Mode;

    use super::*;
    use crate::config::StartError;

    #[test]
    fn without_a_url_there_is_no_redis() {
        assert!(
            section(&Variables::given(&[
                ("REDIS_KEY_PREFIX", "x"),
                ("WEBSOCKET_MANAGER", "redis")
            ]))
            .is_none()
        );
    }

    #[test]
    fn the_socket_layer_may_have_its_own_redis() {
        let same = Variables::given(&[
            ("REDIS_URL", "redis://a"),
            ("WEBSOCKET_MANAGER", "redis"),
            ("WEBSOCKET_REDIS_URL", "redis://a"),
        ]);
        assert!(section(&same).unwrap().sockets.is_none());
        let unused = Variables::given(&[("REDIS_URL", "redis://a"), ("WEBSOCKET_REDIS_URL", "redis://b")]);
        assert!(
            section(&unused).unwrap().sockets.is_none(),
            "WEBSOCKET_MANAGER does not say so"
        );
        let other = Variables::given(&[
            ("REDIS_URL", "redis://mymaster"),
            ("REDIS_SENTINEL_HOSTS", "s1,s2"),
            ("WEBSOCKET_MANAGER", "redis"),
            ("WEBSOCKET_REDIS_URL", "redis://b:7000"),
            ("WEBSOCKET_SENTINEL_HOSTS", "s3"),
            ("WEBSOCKET_SENTINEL_PORT", "5"),
        ]);
        let options = section(&other).unwrap();
        assert!(matches!(options.address.mode, Mode::Sentinel { hosts } if hosts.len() == 2));
        let sockets = options.sockets.unwrap();
        assert!(matches!(sockets.mode, Mode::Sentinel { hosts } if hosts == [("s3".to_owned(), 5)]));
    }

    #[test]
    fn errors_name_the_variable_and_never_show_the_password() {
        let wrong = Variables::given(&[
            ("REDIS_URL", "redis://u:hunter2@h/4"),
            ("REDIS_CLUSTER", "true"),
            ("REDIS_SOCKET_CONNECT_TIMEOUT", "-1"),
            ("WEBSOCKET_MANAGER", "kafka"),
        ]);
        assert!(section(&wrong).is_none());
        let Err(StartError::Variables(problems)) = wrong.finish() else {
            panic!("it is wrong");
        };
        let text = problems.join("\n");
        assert!(
            text.contains("only database 0") && text.contains("WEBSOCKET_MANAGER"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
}
