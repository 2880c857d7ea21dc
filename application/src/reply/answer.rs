use keelson_domain::shared::Timestamp;
use serde_json::Value;

use super::content::{Fragment, fragments};
use super::reasoning::{ReasoningSplitter, ReasoningTags, Segment};

/// Assembles the deltas of one answer: blocks of reasoning and of text, in the order in which they came.
#[derive(Default)]
pub(crate) struct Answer {
    splitter: ReasoningSplitter,
    blocks: Vec<Block>,
    /// The length of all blocks in bytes.
    len: usize,
}

enum Block {
    Text(String),
    Reasoning(Reasoning),
}

struct Reasoning {
    text: String,
    since: Timestamp,
    /// How long it took; none while it goes on.
    seconds: Option<i64>,
    /// The tag that opened it, where that tag is text unless a closing one follows.
    uncertain_tag: Option<String>,
}

/// What a delta did to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// It held neither text nor reasoning.
    Nothing,
    /// It held text, which may be the start of a tag.
    Held,
    /// The answer grew.
    Grown,
}

impl Answer {
    /// With the tags by which reasoning is recognized.
    pub(super) fn new(tags: ReasoningTags) -> Self {
        Self {
            splitter: ReasoningSplitter::new(tags),
            ..Self::default()
        }
    }

    /// Appends the delta of one chunk, or a whole message.
    pub(super) fn push(&mut self, delta: &Value, now: Timestamp) -> Growth {
        let (before, blocks) = (self.len, self.blocks.len());
        let fragments = fragments(delta);
        let has_any = !fragments.is_empty();
        for fragment in fragments {
            match fragment {
                Fragment::Reasoning(text) => {
                    if let Some(segment) = self.splitter.take_rest() {
                        self.push_segment(segment, now);
                    }
                    self.push_reasoning(&text, now);
                }
                Fragment::Content(text) => {
                    for segment in self.splitter.push(&text) {
                        self.push_segment(segment, now);
                    }
                }
            }
        }
        match has_any {
            false => Growth::Nothing,
            true if (before, blocks) == (self.len, self.blocks.len()) => Growth::Held,
            true => Growth::Grown,
        }
    }

    /// Ends the answer: nothing is appended any more.
    pub(crate) fn finish(&mut self, now: Timestamp) {
        if let Some(segment) = self.splitter.take_rest() {
            self.push_segment(segment, now);
        }
        self.restore_uncertain_text();
        self.end_reasoning(now);
        if let Some(Block::Text(text)) = self.blocks.last_mut() {
            let trimmed = text.trim_end().len();
            self.len -= text.len() - trimmed;
            text.truncate(trimmed);
        }
    }

    /// Whether the model is still reasoning. Reasoning is shown in a block that only a whole rendering can change.
    pub(crate) fn is_reasoning(&self) -> bool {
        matches!(self.blocks.last(), Some(Block::Reasoning(reasoning)) if reasoning.seconds.is_none())
    }

    /// Whether there is neither reasoning nor text.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many blocks there are.
    pub(crate) fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The length of the last block in bytes, if it is text.
    pub(crate) fn text_len(&self) -> usize {
        self.last_text().len()
    }

    /// The length of reasoning and text in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The text of the last block from a byte on, which must lie between two deltas.
    pub(crate) fn text_from(&self, from: usize) -> &str {
        self.last_text().get(from..).unwrap_or_default()
    }

    /// The answer as it is stored and shown: reasoning in blocks that the front end folds, each on lines of its own.
    pub(crate) fn render(&self) -> String {
        let mut rendered = String::with_capacity(self.len + 200);
        for block in &self.blocks {
            match block {
                Block::Text(text) => rendered.push_str(text),
                Block::Reasoning(reasoning) => {
                    let shown = rendered.trim_end().len();
                    rendered.truncate(shown);
                    reasoning.render(&mut rendered);
                }
            }
        }
        rendered
    }

    /// The text without the reasoning.
    pub(crate) fn text(&self) -> String {
        let texts = self.blocks.iter().filter_map(|block| match block {
            Block::Text(text) => Some(text.trim()),
            Block::Reasoning(_) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The reasoning without the text.
    pub(crate) fn reasoning(&self) -> String {
        let texts = self.blocks.iter().filter_map(|block| match block {
            Block::Reasoning(reasoning) => Some(reasoning.text.trim()),
            Block::Text(_) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    fn last_text(&self) -> &str {
        match self.blocks.last() {
            Some(Block::Text(text)) => text,
            _ => "",
        }
    }

    fn push_segment(&mut self, segment: Segment, now: Timestamp) {
        match segment {
            Segment::Text(text) => self.push_text(&text, now),
            Segment::Reasoning(text) => self.push_reasoning(&text, now),
            Segment::Open { tag, is_certain } => {
                self.end_reasoning(now);
                self.begin_reasoning(now, (!is_certain).then_some(tag));
            }
            Segment::Close => self.end_reasoning(now),
        }
    }

    fn push_text(&mut self, text: &str, now: Timestamp) {
        if let Some(Block::Text(last)) = self.blocks.last_mut() {
            last.push_str(text);
            self.len += text.len();
            return;
        }
        let text = text.trim_start();
        // White space between two blocks of reasoning is no text.
        if !text.is_empty() {
            self.end_reasoning(now);
            self.blocks.push(Block::Text(text.to_owned()));
            self.len += text.len();
        }
    }

    fn push_reasoning(&mut self, text: &str, now: Timestamp) {
        if !self.is_reasoning() {
            self.begin_reasoning(now, None);
        }
        if let Some(Block::Reasoning(reasoning)) = self.blocks.last_mut() {
            reasoning.text.push_str(text);
            self.len += text.len();
        }
    }

    fn begin_reasoning(&mut self, now: Timestamp, uncertain_tag: Option<String>) {
        self.blocks.push(Block::Reasoning(Reasoning {
            text: String::new(),
            since: now,
            seconds: None,
            uncertain_tag,
        }));
    }

    fn end_reasoning(&mut self, now: Timestamp) {
        if let Some(Block::Reasoning(reasoning)) = self.blocks.last_mut() {
            let seconds = now.seconds() - reasoning.since.seconds();
            reasoning.seconds.get_or_insert(seconds);
        }
    }

    /// Makes text again of what follows an opening tag that was never closed, in the middle of a line.
    fn restore_uncertain_text(&mut self) {
        if !self.is_reasoning() {
            return;
        }
        let tag = match self.blocks.last_mut() {
            Some(Block::Reasoning(reasoning)) => reasoning.uncertain_tag.take(),
            _ => None,
        };
        let Some(tag) = tag else {
            return;
        };
        if let Some(Block::Reasoning(reasoning)) = self.blocks.pop() {
            let restored = tag.clone() + &reasoning.text;
            self.len += tag.len();
            match self.blocks.last_mut() {
                Some(Block::Text(text)) => text.push_str(&restored),
                _ => self.blocks.push(Block::Text(restored)),
            }
        }
    }
}

impl Reasoning {
    fn render(&self, rendered: &mut String) {
        if self.text.trim().is_empty() {
            return;
        }
        if !rendered.is_empty() && !rendered.ends_with('\n') {
            rendered.push('\n');
        }
        match self.seconds {
            Some(seconds) => rendered.push_str(&format!(
                "<details type=\"reasoning\" done=\"true\" duration=\"{seconds}\">\n<summary>Thought for {seconds} \
                 s</summary>\n"
            )),
            None => rendered.push_str("<details type=\"reasoning\" done=\"false\">\n<summary>Thinking</summary>\n"),
        }
        for line in self.text.trim().lines() {
            let quote = if line.starts_with('>') { "" } else { "&gt; " };
            rendered.push_str(quote);
            escape(line, rendered);
            rendered.push('\n');
        }
        rendered.push_str("</details>\n");
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

    fn block(lines: &[&str]) -> String {
        let quoted: String = lines.iter().map(|line| format!("&gt; {line}\n")).collect();
        format!(
            "<details type=\"reasoning\" done=\"true\" duration=\"0\">\n<summary>Thought for 0 s</summary>\n{quoted}</details>\n"
        )
    }

    fn assemble(deltas: &[Value]) -> Answer {
        let mut answer = Answer::default();
        for delta in deltas {
            answer.push(delta, at(0));
        }
        answer.finish(at(0));
        answer
    }

    #[test]
    fn reasoning_by_field_tag_and_part_renders_the_same() {
        let expected = "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 s</summary>\n&gt; \
                        a &lt; b\n&gt; c\n</details>\nHello";
        for (reasoning, text) in [
            (
                json!({"reasoning_content": "a < b\nc"}),
                json!({"content": "Hello"}),
            ),
            (
                json!({"reasoning": "a < b\nc", "content": ""}),
                json!({"content": "Hello ", "reasoning": null}),
            ),
            (
                json!({"content": "<think>a < b\nc"}),
                json!({"content": "</think>\n\nHello "}),
            ),
            (
                json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "a < b\nc"}]}]}),
                json!({"content": [{"type": "text", "text": "Hello"}]}),
            ),
        ] {
            let mut answer = Answer::default();
            assert_eq!(answer.push(&reasoning, at(0)), Growth::Grown, "{reasoning}");
            assert!(answer.is_reasoning());
            assert_eq!(answer.push(&text, at(3)), Growth::Grown, "{text}");
            answer.finish(at(9));
            assert_eq!(answer.render(), expected, "{reasoning}");
            assert_eq!(answer.text(), "Hello");
        }
    }

    #[test]
    fn blocks_alternate_as_they_came() {
        let (a, b) = (block(&["a"]), block(&["b"]));
        for (deltas, expected) in [
            (
                vec![
                    json!({"reasoning_content": "a"}),
                    json!({"content": "one"}),
                    json!({"reasoning_content": "b"}),
                    json!({"content": "two"}),
                ],
                format!("{a}one\n{b}two"),
            ),
            (
                vec![json!({"content": "<think>a</think>one<think>b</think>two"})],
                format!("{a}one\n{b}two"),
            ),
            (
                vec![
                    json!({"content": "one\n\n<think>b</thi"}),
                    json!({"content": "nk>\n\ntwo\n"}),
                ],
                format!("one\n{b}two"),
            ),
            (
                vec![json!({"content": [
                    {"type": "text", "text": "one"}, {"type": "thinking", "thinking": "b"}, {"type": "text", "text": "two"},
                ]})],
                format!("one\n{b}two"),
            ),
            (
                vec![
                    json!({"content": "<think>a</think>\n"}),
                    json!({"content": "<think>b</think>"}),
                ],
                format!("{a}{b}"),
            ),
            (
                vec![
                    json!({"reasoning": "a"}),
                    json!({"content": "<think>b</think>two"}),
                ],
                format!("{a}{b}two"),
            ),
            (
                vec![
                    json!({"reasoning": "a"}),
                    json!({"content": "\n"}),
                    json!({"reasoning": "a"}),
                ],
                block(&["aa"]),
            ),
            (
                vec![json!({"content": "a <"}), json!({"reasoning": "b"})],
                format!("a &lt;\n{b}").replace("&lt;", "<"),
            ),
            (
                vec![json!({"content": "<think>\n\n</think>\n\ntwo"})],
                "two".to_owned(),
            ),
            (
                vec![
                    json!({"content": "Hello, <think> is"}),
                    json!({"content": " a tag "}),
                ],
                "Hello, <think> is a tag".to_owned(),
            ),
            (vec![json!({"content": "<think>b"})], b.clone()),
        ] {
            assert_eq!(assemble(&deltas).render(), expected, "{deltas:?}");
        }
    }

    #[test]
    fn plain_text_is_unchanged() {
        let mut answer = Answer::default();
        assert_eq!(
            answer.push(&json!({"role": "assistant", "content": ""}), at(0)),
            Growth::Nothing
        );
        answer.push(&json!({"content": "a"}), at(0));
        answer.push(&json!({"content": " b"}), at(0));
        assert_eq!((answer.render().as_str(), answer.text_from(1)), ("a b", " b"));
        assert_eq!(answer.push(&json!({"content": "<thi"}), at(0)), Growth::Held);
        assert_eq!(answer.push(&json!({"content": "s>"}), at(0)), Growth::Grown);
        assert_eq!((answer.render().as_str(), answer.len()), ("a b<this>", 9));
    }
}
