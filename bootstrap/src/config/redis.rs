//! `REDIS_URL`, `REDIS_CLUSTER`, `REDIS_SENTINEL_HOSTS`, `REDIS_SENTINEL_PORT`, `REDIS_SENTINEL_MAX_RETRY_COUNT`,
//! `REDIS_KEY_PREFIX`, `REDIS_SOCKET_CONNECT_TIMEOUT`; `WEBSOCKET_MANAGER`, `WEBSOCKET_REDIS_URL`,
//! `WEBSOCKET_REDIS_CLUSTER`, `WEBSOCKET_REDIS_OPTIONS`, `WEBSOCKET_SENTINEL_HOSTS`, `WEBSOCKET_SENTINEL_PORT`,
//! `WEBSOCKET_REDIS_LOCK_TIMEOUT`; ours: `KEELSON_REDIS_REQUIRED`.

use std::time::Duration;

use keelson_redis::{Address, AddressText, RedisOptions};
use secrecy::{ExposeSecret, SecretString};

use super::Variables;

/// The port of Sentinel.
const SENTINEL_PORT: u16 = 26379;
const PORT: &str = "a port, 1 to 65535";

/// The variable of options for the socket layer's Redis.
const SOCKET_OPTIONS: &str = "WEBSOCKET_REDIS_OPTIONS";

/// None when no Redis is configured: a single instance, everything in its memory.
pub(super) fn section(variables: &Variables) -> Option<RedisOptions> {
    // Everything is read, whether it is used or not, so that it is checked and known.
    let defaults = RedisOptions::at(Address::local());
    let (main, sockets) = (main(variables), sockets(variables));
    let (main, sockets) = match (main, sockets) {
        (Some(main), Some(sockets)) => (main.address(variables), Some(sockets.address(variables))),
        (Some(main), None) => (main.address(variables), None),
        // Without a main Redis the socket layer's serves everything.
        (None, Some(sockets)) => (sockets.address(variables), None),
        (None, None) => (None, None),
    };
    let options = RedisOptions {
        prefix: variables.text_or("REDIS_KEY_PREFIX", &defaults.prefix),
        retries: variables.number(
            "REDIS_SENTINEL_MAX_RETRY_COUNT",
            defaults.retries,
            "a whole number",
        ),
        connect_timeout: connect_timeout(variables, defaults.connect_timeout),
        lock_ttl: variables.seconds("WEBSOCKET_REDIS_LOCK_TIMEOUT", defaults.lock_ttl.as_secs()),
        required: variables.flag("KEELSON_REDIS_REQUIRED", false),
        ..defaults
    };
    let address = main?;
    // The socket layer's own Redis counts only where it is another one.
    let sockets = match sockets {
        Some(sockets) => Some(sockets?).filter(|sockets| !sockets.is_same(&address)),
        None => None,
    };
    Some(RedisOptions {
        address,
        sockets,
        ..options
    })
}

fn main(variables: &Variables) -> Option<RedisVariables> {
    let cluster = variables.flag("REDIS_CLUSTER", false);
    let sentinels = variables.text("REDIS_SENTINEL_HOSTS").unwrap_or_default();
    let sentinel_port = variables.number("REDIS_SENTINEL_PORT", SENTINEL_PORT, PORT);
    Some(RedisVariables {
        variable: "REDIS_URL",
        url: variables.secret("REDIS_URL")?,
        cluster,
        sentinels,
        sentinel_port,
        options: None,
    })
}

/// What is not said of the socket layer's Redis is that of the main one.
fn sockets(variables: &Variables) -> Option<RedisVariables> {
    let uses_manager = variables.one_of("WEBSOCKET_MANAGER", &[("redis", true)], false);
    let cluster = variables.flag("WEBSOCKET_REDIS_CLUSTER", variables.flag("REDIS_CLUSTER", false));
    let sentinels = variables.text("WEBSOCKET_SENTINEL_HOSTS");
    let sentinels = sentinels.or_else(|| variables.text("REDIS_SENTINEL_HOSTS"));
    let sentinel_port = variables.number("REDIS_SENTINEL_PORT", SENTINEL_PORT, PORT);
    let sentinel_port = variables.number("WEBSOCKET_SENTINEL_PORT", sentinel_port, PORT);
    let (url, options) = (
        variables.secret("WEBSOCKET_REDIS_URL"),
        variables.secret(SOCKET_OPTIONS),
    );
    let options = options.filter(|options| !options.expose_secret().trim().is_empty());
    let main = variables.secret("REDIS_URL");
    // Options alone make the main Redis another one for the socket layer.
    let url = url.or_else(|| main.filter(|_| options.is_some()));
    Some(RedisVariables {
        variable: "WEBSOCKET_REDIS_URL",
        url: url.filter(|_| uses_manager)?,
        cluster,
        sentinels: sentinels.unwrap_or_default(),
        sentinel_port,
        options,
    })
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
    options: Option<SecretString>,
}

impl RedisVariables {
    /// None when it is wrong, which is recorded.
    fn address(&self, variables: &Variables) -> Option<Address> {
        let text = AddressText {
            variable: self.variable,
            url: &self.url,
            cluster: self.cluster,
            sentinel_hosts: &self.sentinels,
            sentinel_port: self.sentinel_port,
            options: self.options.as_ref().map(|options| (SOCKET_OPTIONS, options)),
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
    fn options_of_the_socket_layer_are_its_own() {
        let with = |url: Option<&str>, options: &str| {
            let mut given = vec![
                ("REDIS_URL", "redis://a"),
                ("WEBSOCKET_MANAGER", "redis"),
                ("WEBSOCKET_REDIS_OPTIONS", options),
            ];
            given.extend(url.map(|url| ("WEBSOCKET_REDIS_URL", url)));
            let options = section(&Variables::given(&given)).expect("a Redis");
            assert_eq!(
                (options.address.database, options.address.connect_timeout),
                (0, None)
            );
            options
                .sockets
                .map(|sockets| (sockets.host, sockets.database, sockets.connect_timeout))
        };
        let five = Some(Duration::from_secs(5));
        for (url, options, wanted) in [
            (None, "", None),
            (None, "{}", None),
            (None, r#"{"db": 0, "socket_keepalive": true}"#, None),
            (None, r#"{"db": 2}"#, Some(("a".to_owned(), 2, None))),
            (
                None,
                r#"{"socket_connect_timeout": 5}"#,
                Some(("a".to_owned(), 0, five)),
            ),
            (
                Some("redis://a"),
                r#"{"socket_connect_timeout": 5}"#,
                Some(("a".to_owned(), 0, five)),
            ),
            (Some("redis://b"), "", Some(("b".to_owned(), 0, None))),
            (
                Some("redis://b"),
                r#"{"socket_connect_timeout": 5}"#,
                Some(("b".to_owned(), 0, five)),
            ),
        ] {
            assert_eq!(with(url, options), wanted, "{url:?} {options}");
        }
        let alone = Variables::given(&[
            ("WEBSOCKET_MANAGER", "redis"),
            ("WEBSOCKET_REDIS_URL", "redis://b"),
            ("WEBSOCKET_REDIS_OPTIONS", r#"{"db": 2}"#),
        ]);
        let options = section(&alone).expect("a Redis");
        assert_eq!(
            (options.address.host.as_str(), options.address.database),
            ("b", 2)
        );
        let unused = Variables::given(&[
            ("REDIS_URL", "redis://a"),
            ("WEBSOCKET_REDIS_OPTIONS", r#"{"db": 2}"#),
        ]);
        assert!(section(&unused).expect("a Redis").sockets.is_none());
    }

    #[test]
    fn errors_name_the_variable_and_never_show_the_password() {
        let wrong = Variables::given(&[
            ("REDIS_URL", "redis://u:hunter2@h/4"),
            ("REDIS_CLUSTER", "true"),
            ("REDIS_SOCKET_CONNECT_TIMEOUT", "-1"),
            ("WEBSOCKET_MANAGER", "kafka"),
            ("KEELSON_REDIS_REQUIRED", "hunter"),
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
