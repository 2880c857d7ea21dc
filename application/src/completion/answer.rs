//! An answer as it grows: thoughts, then text.

use keelson_domain::shared::Timestamp;
use serde_json::Value;

use super::think::{Piece, Splitter};

/// What has been said so far. Text that was rendered once is not rendered again.
#[derive(Default)]
pub(super) struct Answer {
    splitter: Splitter,
    thought: String,
    thinking_since: Option<Timestamp>,
    thought_seconds: Option<i64>,
    text: String,
}

impl Answer {
    /// Takes the delta of one chunk; answers whether anything was said.
    pub(super) fn take(&mut self, delta: &Value, now: Timestamp) -> bool {
        let before = (self.thought.len(), self.text.len());
        for name in ["reasoning_content", "reasoning", "thinking"] {
            if let Some(thought) = delta[name].as_str().filter(|thought| !thought.is_empty()) {
                self.think(thought, now);
                break;
            }
        }
        if let Some(content) = delta["content"].as_str().filter(|content| !content.is_empty()) {
            for piece in self.splitter.push(content) {
                self.add(piece, now);
            }
        }
        before != (self.thought.len(), self.text.len())
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self, now: Timestamp) {
        if let Some(piece) = self.splitter.finish() {
            self.add(piece, now);
        }
        self.stop_thinking(now);
        let said = self.text.trim_end().len();
        self.text.truncate(said);
    }

    /// Whether it holds thoughts: these are shown in a block that only a whole rendering can change.
    pub(super) fn is_thinking(&self) -> bool {
        self.thinking_since.is_some() && self.thought_seconds.is_none()
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.thought.is_empty() && self.text.is_empty()
    }

    /// How long the text is, in bytes.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// How long everything is, in bytes.
    pub(super) fn len(&self) -> usize {
        self.thought.len() + self.text.len()
    }

    /// The text from a byte on that was said before.
    pub(super) fn text_from(&self, from: usize) -> &str {
        self.text.get(from..).unwrap_or_default()
    }

    /// Everything as it is stored and shown: thoughts in a block that the front end folds.
    pub(super) fn render(&self) -> String {
        if self.thought.trim().is_empty() {
            return self.text.clone();
        }
        let mut rendered = String::with_capacity(self.len() + 200);
        match self.thought_seconds {
            Some(seconds) => rendered.push_str(&format!(
                "<details type=\"reasoning\" done=\"true\" duration=\"{seconds}\">\n<summary>Thought for {seconds} \
                 s</summary>\n"
            )),
            None => rendered.push_str("<details type=\"reasoning\" done=\"false\">\n<summary>Thinking</summary>\n"),
        }
        for line in self.thought.trim().lines() {
            let quote = if line.starts_with('>') { "" } else { "&gt; " };
            rendered.push_str(quote);
            escape(line, &mut rendered);
            rendered.push('\n');
        }
        rendered.push_str("</details>\n");
        rendered.push_str(self.text.trim_start());
        rendered
    }

    /// What was said without what was thought.
    pub(super) fn said(&self) -> &str {
        self.text.trim()
    }

    fn add(&mut self, piece: Piece, now: Timestamp) {
        match piece {
            Piece::Thought(thought) => self.think(&thought, now),
            Piece::Text(text) => {
                self.stop_thinking(now);
                if self.text.is_empty() {
                    self.text.push_str(text.trim_start());
                } else {
                    self.text.push_str(&text);
                }
            }
        }
    }

    fn think(&mut self, thought: &str, now: Timestamp) {
        self.thinking_since.get_or_insert(now);
        self.thought.push_str(thought);
    }

    fn stop_thinking(&mut self, now: Timestamp) {
        if let (Some(since), None) = (self.thinking_since, self.thought_seconds) {
            self.thought_seconds = Some(now.seconds() - since.seconds());
        }
    }
}

fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#x27;"),
            other => into.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn thoughts_of_both_kinds_are_folded() {
        let expected = "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 s</summary>\n&gt; \
                        a &lt; b\n&gt; c\n</details>\nHello";
        let mut by_field = Answer::default();
        assert!(by_field.take(&json!({"reasoning_content": "a < b\nc"}), at(0)));
        assert!(by_field.is_thinking());
        assert!(by_field.take(&json!({"content": "Hello"}), at(3)));
        by_field.finish(at(9));
        assert_eq!(by_field.render(), expected);

        let mut by_tag = Answer::default();
        by_tag.take(&json!({"content": "<think>a < b\nc"}), at(0));
        by_tag.take(&json!({"content": "</think>\n\nHello "}), at(3));
        by_tag.finish(at(9));
        assert_eq!(by_tag.render(), expected);
        assert_eq!(by_tag.said(), "Hello");
    }

    #[test]
    fn plain_text_is_as_it_came() {
        let mut answer = Answer::default();
        assert!(!answer.take(&json!({"role": "assistant", "content": ""}), at(0)));
        answer.take(&json!({"content": "a"}), at(0));
        answer.take(&json!({"content": " b"}), at(0));
        assert_eq!((answer.render().as_str(), answer.text_from(1)), ("a b", " b"));
    }
}
