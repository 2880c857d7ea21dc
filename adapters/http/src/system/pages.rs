//! Small documents that browsers ask for.

use html_escape::encode_double_quoted_attribute;
use serde_json::{Map, Value, json};

/// The OpenSearch description; `base` is the address of the site, without a trailing slash.
pub(super) fn opensearch(name: &str, base: &str) -> String {
    let (name, base) = (
        encode_double_quoted_attribute(name),
        encode_double_quoted_attribute(base),
    );
    format!(
        r#"<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/" xmlns:moz="http://www.mozilla.org/2006/browser/search/">
<ShortName>{name}</ShortName>
<Description>Ask {name}</Description>
<InputEncoding>UTF-8</InputEncoding>
<Image width="16" height="16" type="image/x-icon">{base}/static/favicon.png</Image>
<Url type="text/html" method="get" template="{base}/?q={{searchTerms}}"/>
<moz:SearchForm>{base}</moz:SearchForm>
</OpenSearchDescription>
"#
    )
}

/// Our changelog: `{version: {date, added: [{title, content, raw}], …}}`, newest first.
pub(super) fn changelog() -> Value {
    parse_changelog(include_str!("../../../../CHANGELOG.md"))
}

/// Reads the format of keepachangelog.com: `## [version] - date`, `### Section`, `- **Title.** Text`.
fn parse_changelog(text: &str) -> Value {
    let mut versions = Map::new();
    let (mut version, mut section) = (String::new(), String::new());
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let (name, date) = heading.split_once(" - ").unwrap_or((heading, ""));
            version = name.trim_matches(['[', ']', ' ']).to_owned();
            versions.insert(version.clone(), json!({"date": date.trim()}));
        } else if let Some(heading) = line.strip_prefix("### ") {
            section = heading.trim().to_lowercase();
        } else if let Some(item) = line.strip_prefix("- ") {
            let Some(Value::Object(entry)) = versions.get_mut(&version) else {
                continue;
            };
            let list = entry.entry(section.clone()).or_insert_with(|| json!([]));
            let (title, content) = match item.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
                Some((title, content)) => (title.trim(), content.trim()),
                None => ("", item.trim()),
            };
            if let Some(list) = list.as_array_mut() {
                list.push(json!({"title": title, "content": content, "raw": item.trim()}));
            }
        }
    }
    Value::Object(versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_changelog() {
        let parsed =
            parse_changelog("# Log\n\n## [0.1.0] - 2026-11-23\n\n### Added\n- **One.** Text\n- plain\n");
        assert_eq!(
            parsed,
            json!({"0.1.0": {"date": "2026-11-23", "added": [
                {"title": "One.", "content": "Text", "raw": "**One.** Text"},
                {"title": "", "content": "plain", "raw": "plain"},
            ]}})
        );
    }

    #[test]
    fn escapes_names() {
        assert!(opensearch("A & B", "http://x").contains("A &amp; B"));
    }
}
