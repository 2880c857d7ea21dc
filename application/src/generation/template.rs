//! The gaps of prompt templates: `{{MESSAGES}}`, `{{MESSAGES:END:6}}`, `{{prompt}}`, `{{prompt:start:100}}`…

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

static MESSAGES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{MESSAGES(?::(START|END|MIDDLETRUNCATE):(\d+))?\}\}").ok());
static PROMPT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{(?:prompt|PROMPT)(?::(start|end|middletruncate):(\d+))?\}\}").ok());
/// Blocks of thoughts and tool calls, which are no part of what was said.
static FOLDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?s)<details type="(?:reasoning|tool_calls|code_interpreter)".*?</details>\n?"#).ok()
});

/// The text of a message, whether plain or in parts.
pub(super) fn said(message: &Value) -> String {
    let text = match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            texts.join(" ")
        }
        _ => String::new(),
    };
    match &*FOLDED {
        Some(folded) => folded.replace_all(&text, "").into_owned(),
        None => text,
    }
}

/// The text of the user's last message.
pub(super) fn last_question(messages: &[Value]) -> String {
    let last = messages.iter().rev().find(|message| message["role"] == "user");
    last.map(said).unwrap_or_default()
}

fn part<T: Clone>(items: &[T], captures: &Captures<'_>) -> Vec<T> {
    let count = captures
        .get(2)
        .and_then(|count| count.as_str().parse().ok())
        .unwrap_or(items.len())
        .min(items.len());
    match captures.get(1).map(|how| how.as_str().to_lowercase()).as_deref() {
        Some("start") => items[..count].to_vec(),
        Some("end") => items[items.len() - count..].to_vec(),
        Some(_) => {
            let tail = count / 2;
            let head = count - tail;
            [&items[..head], &items[items.len() - tail..]].concat()
        }
        None => items.to_vec(),
    }
}

/// Fills the gaps.
pub(super) fn filled(template: &str, messages: &[Value], prompt: &str) -> String {
    let (Some(messages_gap), Some(prompt_gap)) = (&*MESSAGES, &*PROMPT) else {
        return template.to_owned();
    };
    // The gaps of the template only: what people wrote is not looked at again.
    let with_messages = |template: &str| {
        messages_gap
            .replace_all(template, |captures: &Captures<'_>| {
                let lines = part(messages, captures);
                let line = |message: &Value| {
                    let role = message["role"].as_str().unwrap_or_default().to_uppercase();
                    format!("{role}: {}", said(message))
                };
                lines.iter().map(line).collect::<Vec<_>>().join("\n")
            })
            .into_owned()
    };
    let letters: Vec<char> = prompt.chars().collect();
    let mut filled = String::with_capacity(template.len());
    let mut from = 0;
    for captures in prompt_gap.captures_iter(template) {
        let Some(gap) = captures.get(0) else { continue };
        filled.push_str(&with_messages(&template[from..gap.start()]));
        filled.extend(part(&letters, &captures));
        from = gap.end();
    }
    filled.push_str(&with_messages(&template[from..]));
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn gaps_take_parts() {
        let messages = [
            json!({"role": "user", "content": "First question"}),
            json!({"role": "assistant", "content": "<details type=\"reasoning\" done=\"true\">x</details>\nAn answer"}),
            json!({"role": "user", "content": [{"type": "text", "text": "Second {{prompt}}"}]}),
        ];
        let fill = |template: &str| filled(template, &messages, "Second");
        assert_eq!(
            fill("{{MESSAGES:END:1}} / {{prompt:start:4}} / {{PROMPT:end:2}}"),
            "USER: Second {{prompt}} / Seco / nd"
        );
        assert_eq!(
            fill("{{MESSAGES:START:2}}"),
            "USER: First question\nASSISTANT: An answer"
        );
        assert_eq!(
            fill("{{MESSAGES:MIDDLETRUNCATE:2}}"),
            "USER: First question\nUSER: Second {{prompt}}"
        );
        assert_eq!(fill("{{prompt:middletruncate:3}}"), "Sed");
    }
}
