//! The placeholders of prompt templates: `{{MESSAGES}}`, `{{MESSAGES:END:6}}`, `{{prompt}}`, `{{prompt:start:100}}`…

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

static MESSAGES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{MESSAGES(?::(START|END|MIDDLETRUNCATE):(\d+))?\}\}").ok());
static PROMPT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{\{(?:prompt|PROMPT)(?::(start|end|middletruncate):(\d+))?\}\}").ok());
/// Blocks of reasoning and tool calls, which are no part of the message's text.
static DETAILS_BLOCKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?s)<details type="(?:reasoning|tool_calls|code_interpreter)".*?</details>\n?"#).ok()
});

/// The text of a message, whose content is text or a list of parts.
pub(crate) fn message_text(message: &Value) -> String {
    let text = match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<&str> = parts.iter().filter_map(|part| part["text"].as_str()).collect();
            texts.join(" ")
        }
        _ => String::new(),
    };
    match &*DETAILS_BLOCKS {
        Some(blocks) => blocks.replace_all(&text, "").into_owned(),
        None => text,
    }
}

/// The text of the user's last message.
pub(super) fn last_user_message(messages: &[Value]) -> String {
    let last = messages.iter().rev().find(|message| message["role"] == "user");
    last.map(message_text).unwrap_or_default()
}

/// The part of a list that a placeholder names.
fn select<T: Clone>(items: &[T], captures: &Captures<'_>) -> Vec<T> {
    let count = captures
        .get(2)
        .and_then(|count| count.as_str().parse().ok())
        .unwrap_or(items.len())
        .min(items.len());
    match captures
        .get(1)
        .map(|mode| mode.as_str().to_lowercase())
        .as_deref()
    {
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

/// Fills the placeholders of a template.
pub(super) fn fill_template(template: &str, messages: &[Value], prompt: &str) -> String {
    let (Some(messages_placeholder), Some(prompt_placeholder)) = (&*MESSAGES, &*PROMPT) else {
        return template.to_owned();
    };
    // Only the template's own placeholders are filled, never those in what people wrote.
    let with_messages = |template: &str| {
        messages_placeholder
            .replace_all(template, |captures: &Captures<'_>| {
                let lines = select(messages, captures);
                let line = |message: &Value| {
                    let role = message["role"].as_str().unwrap_or_default().to_uppercase();
                    format!("{role}: {}", message_text(message))
                };
                lines.iter().map(line).collect::<Vec<_>>().join("\n")
            })
            .into_owned()
    };
    let chars: Vec<char> = prompt.chars().collect();
    let mut filled = String::with_capacity(template.len());
    let mut from = 0;
    for captures in prompt_placeholder.captures_iter(template) {
        let Some(placeholder) = captures.get(0) else {
            continue;
        };
        filled.push_str(&with_messages(&template[from..placeholder.start()]));
        filled.extend(select(&chars, &captures));
        from = placeholder.end();
    }
    filled.push_str(&with_messages(&template[from..]));
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_select_parts() {
        let messages = [
            json!({"role": "user", "content": "First question"}),
            json!({"role": "assistant", "content": "<details type=\"reasoning\" done=\"true\">x</details>\nAn answer"}),
            json!({"role": "user", "content": [{"type": "text", "text": "Second {{prompt}}"}]}),
        ];
        let fill = |template: &str| fill_template(template, &messages, "Second");
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
