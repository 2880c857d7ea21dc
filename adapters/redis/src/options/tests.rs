use super::*;

fn parse(url: &str, cluster: bool, sentinels: &str) -> Result<Address, RedisError> {
    Address::parse(&AddressText {
        variable: "REDIS_URL",
        url: &SecretString::from(url),
        cluster,
        sentinel_hosts: sentinels,
        sentinel_port: 26379,
        options: None,
    })
}

fn with_options(url: &str, options: &str) -> Result<Address, RedisError> {
    Address::parse(&AddressText {
        variable: "WEBSOCKET_REDIS_URL",
        url: &SecretString::from(url),
        cluster: false,
        sentinel_hosts: "",
        sentinel_port: 26379,
        options: Some(("WEBSOCKET_REDIS_OPTIONS", &SecretString::from(options))),
    })
}

#[test]
fn options_of_a_variable_count_where_the_address_is_silent() {
    let all = r#"{"socket_connect_timeout": 2.5, "username": "ann", "password": "p@ss", "db": 3, "ssl_ca_certs": "/ca",
        "max_connections": 5, "retry_on_error": ["x"], "socket_keepalive": true, "client_name": null}"#;
    let address = with_options("redis://h", all).unwrap();
    assert_eq!(address.connect_timeout, Some(Duration::from_millis(2500)));
    assert_eq!((address.user.as_deref(), address.database), (Some("ann"), 3));
    assert_eq!(address.password.unwrap().expose_secret(), "p@ss");
    assert_eq!(address.ca_file, Some(PathBuf::from("/ca")));
    let mut ignored = address.ignored;
    ignored.sort();
    assert_eq!(ignored, ["max_connections", "retry_on_error", "socket_keepalive"]);
    let address = with_options("redis://bob:mine@h/1?socket_connect_timeout=7", all).unwrap();
    assert_eq!((address.user.as_deref(), address.database), (Some("bob"), 1));
    assert_eq!(address.password.unwrap().expose_secret(), "mine");
    assert_eq!(address.connect_timeout, Some(Duration::from_secs(7)));
    for (options, says) in [
        ("hunter2", "no JSON object"),
        ("[\"hunter2\"]", "no JSON object"),
        (r#"{"shoes": "hunter2"}"#, "unknown option \"shoes\""),
        (r#"{"password": ["hunter2"]}"#, "must be text"),
        (r#"{"socket_connect_timeout": "hunter2"}"#, "above 0"),
        (r#"{"socket_connect_timeout": 0}"#, "above 0"),
        (r#"{"socket_connect_timeout": -1}"#, "above 0"),
        (r#"{"ssl_cert_reqs": "none"}"#, "ssl_ca_certs"),
    ] {
        let text = with_options("redis://h", options).unwrap_err().to_string();
        assert!(
            text.starts_with("WEBSOCKET_REDIS_OPTIONS: ") && text.contains(says),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn addresses_are_logged_without_credentials() {
    for (url, cluster, sentinels, shown) in [
        ("redis://u:hidden@h:7000/3", false, "", "h:7000/3"),
        ("redis://u:hidden@h", true, "", "the cluster of h:6379"),
        (
            "redis://u:hidden@svc",
            false,
            "a,b:5",
            "svc of the sentinels a:26379, b:5",
        ),
    ] {
        assert_eq!(parse(url, cluster, sentinels).unwrap().to_string(), shown);
    }
}

#[test]
fn the_same_servers_are_known_by_every_part() {
    let same = |one: &str, other: &str| {
        parse(one, false, "")
            .unwrap()
            .is_same(&parse(other, false, "").unwrap())
    };
    for (other, is_same) in [
        ("redis://u:p@h:6379/0", true),
        ("redis://u:p@h", true),
        ("redis://u:p@h?db=0", true),
        ("redis://u:p@h/1", false),
        ("redis://u:q@h", false),
        ("redis://v:p@h", false),
        ("redis://u:p@i", false),
        ("redis://u:p@h:1", false),
        ("rediss://u:p@h", false),
        ("redis://u:p@h?socket_connect_timeout=1", false),
    ] {
        assert_eq!(same("redis://u:p@h", other), is_same, "{other}");
    }
}

#[test]
fn every_part_of_an_address_is_read() {
    let address = parse(
        "rediss://ann:p%40ss@redis.example:7000/3?ssl_ca_certs=/ca.pem",
        false,
        "",
    )
    .unwrap();
    assert_eq!((address.host.as_str(), address.port), ("redis.example", 7000));
    assert!(address.tls);
    assert_eq!(address.user.as_deref(), Some("ann"));
    assert_eq!(address.password.unwrap().expose_secret(), "p@ss");
    assert_eq!((address.database, address.mode), (3, Mode::Standalone));
    assert_eq!(address.ca_file, Some(PathBuf::from("/ca.pem")));
}

#[test]
fn options_of_redis_py_are_taken_or_passed_over() {
    for (query, ignored) in [
        ("socket_timeout=5", vec!["socket_timeout"]),
        (
            "socket_connect_timeout=2&socket_keepalive=True",
            vec!["socket_keepalive"],
        ),
        (
            "retry_on_timeout=true&health_check_interval=30",
            vec!["retry_on_timeout", "health_check_interval"],
        ),
        ("max_connections=10", vec!["max_connections"]),
        (
            "decode_responses=True&encoding=utf-8",
            vec!["decode_responses", "encoding"],
        ),
        ("protocol=3", vec!["protocol"]),
        ("client_name=webui", vec!["client_name"]),
        ("ssl_cert_reqs=required&ssl_check_hostname=true", vec![]),
        ("db=4", vec![]),
    ] {
        let address = parse(&format!("redis://ann:hidden@h/0?{query}"), false, "").expect(query);
        assert_eq!(address.ignored, ignored, "{query}");
        assert_eq!(address.user.as_deref(), Some("ann"), "{query}");
    }
    let address = parse("redis://h/0?username=ann&password=p%40ss", false, "").unwrap();
    assert_eq!(address.user.as_deref(), Some("ann"));
    assert_eq!(address.password.unwrap().expose_secret(), "p@ss");
    let address = parse("redis://bob:mine@h/0?username=ann&password=other", false, "").unwrap();
    assert_eq!(address.user.as_deref(), Some("bob"));
    assert_eq!(address.password.unwrap().expose_secret(), "mine");
}

#[test]
fn missing_parts_have_the_references_defaults() {
    let address = parse("redis://:secret@", false, "");
    assert!(address.is_err(), "a password without a host is no address");
    let address = parse("redis://localhost", false, "").unwrap();
    assert_eq!((address.port, address.database, address.user), (6379, 0, None));
    let address = parse("redis:///2", false, "s1, s2:26380").unwrap();
    assert_eq!(address.host, "mymaster");
    let hosts = vec![("s1".to_owned(), 26379), ("s2".to_owned(), 26380)];
    assert_eq!((address.database, address.mode), (2, Mode::Sentinel { hosts }));
}

#[test]
fn errors_name_what_is_allowed_and_never_show_the_password() {
    for (url, cluster, says) in [
        ("http://u:hunter2@h", false, "redis://"),
        ("redis://u:hunter2@h:port", false, "percent-encode"),
        ("redis://u:hunter2@h/x", false, "0 to 255"),
        ("redis://u:hunter2@h/1", true, "only database 0"),
        ("rediss://u:hunter2@h?ssl_cert_reqs=none", false, "ssl_ca_certs"),
        ("redis://u:hunter2@h?x=1", false, "unknown option"),
        (
            "redis://u:hunter2@h?ssl_certfile=/hunter2",
            false,
            "unknown option",
        ),
        (
            "rediss://u:hunter2@h?ssl_check_hostname=false",
            false,
            "must be true",
        ),
    ] {
        let text = parse(url, cluster, "").unwrap_err().to_string();
        assert!(
            text.starts_with("REDIS_URL: ") && text.contains(says),
            "{url}: {text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn sentinels_take_precedence_over_a_cluster_as_in_the_reference() {
    let address = parse("redis://svc:1", true, "s1").unwrap();
    assert!(matches!(address.mode, Mode::Sentinel { .. }));
    assert_eq!(parse("redis://h:1", true, "").unwrap().mode, Mode::Cluster);
}
