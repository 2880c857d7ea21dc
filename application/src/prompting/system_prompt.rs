use serde_json::{Value, json};

/// Puts a system prompt in front of the system message, or makes one.
pub(crate) fn prepend_system_prompt(messages: &mut Vec<Value>, prompt: &str) {
    let first = messages.first_mut().filter(|message| message["role"] == "system");
    match first.and_then(|message| message.get_mut("content")) {
        Some(Value::String(content)) => *content = format!("{prompt}\n{content}"),
        Some(Value::Array(parts)) => parts.insert(0, json!({"type": "text", "text": prompt})),
        _ => messages.insert(0, json!({"role": "system", "content": prompt})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_put_before_the_system_message() {
        let mut messages = vec![json!({"role": "user", "content": "q"})];
        prepend_system_prompt(&mut messages, "a");
        prepend_system_prompt(&mut messages, "b");
        assert_eq!(
            messages,
            [
                json!({"role": "system", "content": "b\na"}),
                json!({"role": "user", "content": "q"})
            ]
        );
    }

    #[test]
    fn a_system_message_in_parts_gets_a_part() {
        let mut messages = vec![json!({"role": "system", "content": [{"type": "text", "text": "a"}]})];
        prepend_system_prompt(&mut messages, "b");
        assert_eq!(
            messages,
            [
                json!({"role": "system", "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "a"}]})
            ]
        );
    }
}
