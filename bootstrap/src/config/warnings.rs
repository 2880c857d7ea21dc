use std::path::Path;

use super::Variables;

/// Names of the reference's variables, one a line.
const REFERENCE: &str = include_str!("reference.txt");

/// Variables of the scripts beside the server, which reach it with their environment.
const SCRIPTS: &[&str] = &["BENCH_", "BIN", "BUILD_CAP", "LOAD", "PEER_PYTHON", "SHARED"];

/// Variables that are read only where others are set: they are known, whether they were read or not.
const DEPENDENT: &[&str] = &["DATABASE_URL", "WEBUI_JWT_SECRET_KEY"];

/// Variables that hold addresses of servers with `;` between them.
const ADDRESSES: &[&str] = &[
    "OLLAMA_BASE_URL",
    "OLLAMA_BASE_URLS",
    "OPENAI_API_BASE_URL",
    "OPENAI_API_BASE_URLS",
    "WEBUI_URL",
];

/// What is likely not meant as it is written: each a variable and what is odd about it. Called when everything else has
/// read its variables, for what nobody read has no effect.
pub(super) fn section(variables: &Variables, build_dir: &Path) -> Vec<(String, String)> {
    for name in DEPENDENT {
        variables.note_known(name);
    }
    let mut warnings = unknown(variables);
    warnings.extend(unbuilt(variables));
    warnings.extend(addresses(variables));
    if !build_dir.join("index.html").is_file() {
        let text = match variables.text("FRONTEND_BUILD_DIR") {
            Some(_) => format!("{} holds no index.html: no front end is served", build_dir.display()),
            None => "no front end is served: set it to the folder of a built front end (`make frontend` fetches it)".to_owned(),
        };
        warnings.push(("FRONTEND_BUILD_DIR".to_owned(), text));
    }
    warnings
}

/// Variables that begin like ours and are none, with the nearest name.
fn unknown(variables: &Variables) -> Vec<(String, String)> {
    const PREFIX: &str = "KEELSON_";
    let is_of_scripts = |name: &str| SCRIPTS.iter().any(|one| name[PREFIX.len()..].starts_with(one));
    let unread = variables.unread(|name| name.starts_with(PREFIX) && !is_of_scripts(name));
    let known = variables.read_names(PREFIX);
    let describe = |name: String| {
        let nearest = known
            .iter()
            .max_by(|one, other| strsim::jaro(&name, one).total_cmp(&strsim::jaro(&name, other)));
        let text = match nearest {
            Some(nearest) => format!("is not known and has no effect; the nearest name is {nearest}"),
            None => "is not known and has no effect".to_owned(),
        };
        (name, text)
    };
    unread.into_iter().map(describe).collect()
}

/// Variables of the reference that nobody reads here, in one line.
fn unbuilt(variables: &Variables) -> Option<(String, String)> {
    let unread = variables.unread(|name| REFERENCE.lines().any(|known| known == name));
    let text = "have no effect yet: what they configure is not built".to_owned();
    (!unread.is_empty()).then(|| (unread.join(", "), text))
}

/// Addresses without a scheme, and commas where semicolons are meant.
fn addresses(variables: &Variables) -> Vec<(String, String)> {
    let mut warnings = Vec::new();
    for name in ADDRESSES {
        for address in variables.list(name, ';') {
            let shown = without_credentials(&address);
            if address.contains(",http://") || address.contains(",https://") || address.contains(", http") {
                warnings.push((
                    (*name).to_owned(),
                    format!("{shown:?} is read as one address; several are written with ; between them"),
                ));
            } else if !address.starts_with("http://") && !address.starts_with("https://") {
                warnings.push((
                    (*name).to_owned(),
                    format!("{shown:?} has no scheme; an address begins with http:// or https://"),
                ));
            }
        }
    }
    warnings
}

/// An address as it may be logged.
fn without_credentials(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(given: &[(&str, &str)]) -> Vec<String> {
        let variables = Variables::given(given);
        let others = [
            "KEELSON_LOG_FORMAT",
            "KEELSON_REDIS_REQUIRED",
            "PORT",
            "FRONTEND_BUILD_DIR",
            "REDIS_KEY_PREFIX",
        ];
        for name in others.iter().chain(ADDRESSES) {
            let _read = variables.raw(name);
        }
        let all = section(&variables, Path::new("/nowhere"));
        let shown = all.into_iter().map(|(name, text)| format!("{name} {text}"));
        shown
            .filter(|text| !text.contains("no front end is served: set it"))
            .collect()
    }

    #[test]
    fn what_is_odd_is_named() {
        for (name, value, expected) in [
            (
                "KEELSON_LOG_FROMAT",
                "json",
                Some(
                    "KEELSON_LOG_FROMAT is not known and has no effect; the nearest name is KEELSON_LOG_FORMAT",
                ),
            ),
            (
                "KEELSON_REDIS_REQUIRE",
                "true",
                Some(
                    "KEELSON_REDIS_REQUIRE is not known and has no effect; the nearest name is KEELSON_REDIS_REQUIRED",
                ),
            ),
            ("KEELSON_LOG_FORMAT", "json", None),
            ("DATABASE_URL", "sqlite:///x", None),
            ("REDIS_KEY_PREFIX", "x", None),
            ("WEBUI_JWT_SECRET_KEY", "x", None),
            ("KEELSON_SHARED", "/x", None),
            ("PORT", "1", None),
            ("UNRELATED", "1", None),
            (
                "ENABLE_OTEL",
                "true",
                Some("ENABLE_OTEL have no effect yet: what they configure is not built"),
            ),
            (
                "OPENAI_API_BASE_URLS",
                "https://a.example/v1;api.example.com/v1",
                Some(
                    "OPENAI_API_BASE_URLS \"api.example.com/v1\" has no scheme; an address begins with http:// or https://",
                ),
            ),
            (
                "OLLAMA_BASE_URL",
                "u:secret@host:11434",
                Some(
                    "OLLAMA_BASE_URL \"…@host:11434\" has no scheme; an address begins with http:// or https://",
                ),
            ),
            (
                "OPENAI_API_BASE_URLS",
                "http://a/v1,http://b/v1",
                Some(
                    "OPENAI_API_BASE_URLS \"http://a/v1,http://b/v1\" is read as one address; several are written with ; between \
                     them",
                ),
            ),
            ("OPENAI_API_BASE_URLS", "http://a/v1;https://b/v1;", None),
            (
                "FRONTEND_BUILD_DIR",
                "/nowhere",
                Some("FRONTEND_BUILD_DIR /nowhere holds no index.html: no front end is served"),
            ),
        ] {
            let given = warnings(&[(name, value)]);
            assert_eq!(
                given,
                expected.map(str::to_owned).into_iter().collect::<Vec<_>>(),
                "{name}={value}"
            );
        }
    }
}
