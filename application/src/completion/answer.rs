use keelson_domain::shared::Timestamp;
use serde_json::Value;

use super::reasoning::{ReasoningSplitter, Segment};

/// Assembles the deltas of one answer: reasoning, then text.
#[derive(Default)]
pub(super) struct Answer {
    splitter: ReasoningSplitter,
    reasoning: String,
    reasoning_since: Option<Timestamp>,
    reasoning_seconds: Option<i64>,
    text: String,
}

impl Answer {
    /// Appends the delta of one chunk; answers whether the answer grew.
    pub(super) fn push(&mut self, delta: &Value, now: Timestamp) -> bool {
        let before = (self.reasoning.len(), self.text.len());
        for name in ["reasoning_content", "reasoning", "thinking"] {
            if let Some(reasoning) = delta[name].as_str().filter(|text| !text.is_empty()) {
                self.push_reasoning(reasoning, now);
                break;
            }
        }
        if let Some(content) = delta["content"].as_str().filter(|content| !content.is_empty()) {
            for segment in self.splitter.push(content) {
                self.push_segment(segment, now);
            }
        }
        before != (self.reasoning.len(), self.text.len())
    }

    /// Ends the answer: nothing is appended any more.
    pub(super) fn finish(&mut self, now: Timestamp) {
        if let Some(segment) = self.splitter.finish() {
            self.push_segment(segment, now);
        }
        self.end_reasoning(now);
        let trimmed = self.text.trim_end().len();
        self.text.truncate(trimmed);
    }

    /// Whether the model is still reasoning. Reasoning is shown in a block that only a whole rendering can change.
    pub(super) fn is_reasoning(&self) -> bool {
        self.reasoning_since.is_some() && self.reasoning_seconds.is_none()
    }

    /// Whether there is neither reasoning nor text.
    pub(super) fn is_empty(&self) -> bool {
        self.reasoning.is_empty() && self.text.is_empty()
    }

    /// The length of the text in bytes.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The length of reasoning and text in bytes.
    pub(super) fn len(&self) -> usize {
        self.reasoning.len() + self.text.len()
    }

    /// The text from a byte on, which must lie between two deltas.
    pub(super) fn text_from(&self, from: usize) -> &str {
        self.text.get(from..).unwrap_or_default()
    }

    /// The answer as it is stored and shown: reasoning in a block that the front end folds.
    pub(super) fn render(&self) -> String {
        if self.reasoning.trim().is_empty() {
            return self.text.clone();
        }
        let mut rendered = String::with_capacity(self.len() + 200);
        match self.reasoning_seconds {
            Some(seconds) => rendered.push_str(&format!(
                "<details type=\"reasoning\" done=\"true\" duration=\"{seconds}\">\n<summary>Thought for {seconds} \
                 s</summary>\n"
            )),
            None => rendered.push_str("<details type=\"reasoning\" done=\"false\">\n<summary>Thinking</summary>\n"),
        }
        for line in self.reasoning.trim().lines() {
            let quote = if line.starts_with('>') { "" } else { "&gt; " };
            rendered.push_str(quote);
            escape(line, &mut rendered);
            rendered.push('\n');
        }
        rendered.push_str("</details>\n");
        rendered.push_str(self.text.trim_start());
        rendered
    }

    /// The text without the reasoning.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    fn push_segment(&mut self, segment: Segment, now: Timestamp) {
        match segment {
            Segment::Reasoning(text) => self.push_reasoning(&text, now),
            Segment::Text(text) => {
                self.end_reasoning(now);
                if self.text.is_empty() {
                    self.text.push_str(text.trim_start());
                } else {
                    self.text.push_str(&text);
                }
            }
        }
    }

    fn push_reasoning(&mut self, text: &str, now: Timestamp) {
        self.reasoning_since.get_or_insert(now);
        self.reasoning.push_str(text);
    }

    fn end_reasoning(&mut self, now: Timestamp) {
        if let (Some(since), None) = (self.reasoning_since, self.reasoning_seconds) {
            self.reasoning_seconds = Some(now.seconds() - since.seconds());
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
    fn reasoning_by_field_and_by_tag_renders_the_same() {
        let expected = "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 s</summary>\n&gt; \
                        a &lt; b\n&gt; c\n</details>\nHello";
        let mut by_field = Answer::default();
        assert!(by_field.push(&json!({"reasoning_content": "a < b\nc"}), at(0)));
        assert!(by_field.is_reasoning());
        assert!(by_field.push(&json!({"content": "Hello"}), at(3)));
        by_field.finish(at(9));
        assert_eq!(by_field.render(), expected);

        let mut by_tag = Answer::default();
        by_tag.push(&json!({"content": "<think>a < b\nc"}), at(0));
        by_tag.push(&json!({"content": "</think>\n\nHello "}), at(3));
        by_tag.finish(at(9));
        assert_eq!(by_tag.render(), expected);
        assert_eq!(by_tag.text(), "Hello");
    }

    #[test]
    fn plain_text_is_unchanged() {
        let mut answer = Answer::default();
        assert!(!answer.push(&json!({"role": "assistant", "content": ""}), at(0)));
        answer.push(&json!({"content": "a"}), at(0));
        answer.push(&json!({"content": " b"}), at(0));
        assert_eq!((answer.render().as_str(), answer.text_from(1)), ("a b", " b"));
    }
}
