use serde_json::Value;

use super::code::CodeTracker;

/// The tags between which models write their reasoning into the text.
const TAGS: [(&str, &str); 8] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reason>", "</reason>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<Thought>", "</Thought>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("\u{25c1}think\u{25b7}", "\u{25c1}/think\u{25b7}"),
];

/// The tags by which reasoning is recognized: opening and closing ones.
#[derive(Debug, Clone)]
pub(crate) struct ReasoningTags(Vec<(String, String)>);

impl Default for ReasoningTags {
    fn default() -> Self {
        let tags = TAGS
            .iter()
            .map(|(open, close)| ((*open).to_owned(), (*close).to_owned()));
        Self(tags.collect())
    }
}

impl ReasoningTags {
    /// From the parameter `reasoning_tags`: a list of the opening and the closing tag, or `false` for none. Anything else
    /// means those that models usually write.
    pub(crate) fn from_parameter(parameter: Option<&Value>) -> Self {
        match parameter {
            Some(Value::Bool(false)) => Self(Vec::new()),
            Some(Value::Array(pair)) => match pair.as_slice() {
                [Value::String(open), Value::String(close)] if !open.is_empty() && !close.is_empty() => {
                    Self(vec![(open.clone(), close.clone())])
                }
                _ => Self::default(),
            },
            _ => Self::default(),
        }
    }
}

/// A part of the content.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Text for the user.
    Text(String),
    /// A tag that opens reasoning.
    Open {
        /// The tag.
        tag: String,
        /// Whether it stands where models write it, at the start of a line. In the middle of one it may be text about tags,
        /// and is if no closing tag follows.
        is_certain: bool,
    },
    /// Reasoning.
    Reasoning(String),
    /// A tag that closes reasoning.
    Close,
}

/// Separates reasoning from text in content that arrives in deltas. A tag in code is text.
#[derive(Default)]
pub(super) struct ReasoningSplitter {
    tags: ReasoningTags,
    /// The end of the content, as long as it may be the start of a tag.
    buffer: String,
    closing: Option<String>,
    code: CodeTracker,
}

impl ReasoningSplitter {
    pub(super) fn new(tags: ReasoningTags) -> Self {
        Self {
            tags,
            ..Self::default()
        }
    }

    /// Splits a delta; what may be the start of a tag stays in the buffer.
    pub(super) fn push(&mut self, content: &str) -> Vec<Segment> {
        self.buffer.push_str(content);
        let mut segments = Vec::new();
        while self.split(&mut segments) {}
        segments.retain(
            |segment| !matches!(segment, Segment::Text(text) | Segment::Reasoning(text) if text.is_empty()),
        );
        segments
    }

    /// Takes what is left in the buffer, at the end of the content or before reasoning that is no part of it.
    pub(super) fn take_rest(&mut self) -> Option<Segment> {
        let rest = std::mem::take(&mut self.buffer);
        if rest.is_empty() {
            None
        } else if self.closing.is_some() {
            Some(Segment::Reasoning(rest))
        } else {
            self.code.push(&rest);
            Some(Segment::Text(rest))
        }
    }

    /// Splits up to the next tag; answers whether there may be another one behind it.
    fn split(&mut self, segments: &mut Vec<Segment>) -> bool {
        if let Some(closing) = &self.closing {
            if let Some(at) = self.buffer.find(closing.as_str()) {
                let rest = self.buffer.split_off(at + closing.len());
                self.buffer.truncate(at);
                segments.push(Segment::Reasoning(std::mem::replace(&mut self.buffer, rest)));
                segments.push(Segment::Close);
                self.closing = None;
                self.code.begin_line();
                return true;
            }
            let safe = self.buffer.len() - overlap(&self.buffer, closing);
            let rest = self.buffer.split_off(safe);
            segments.push(Segment::Reasoning(std::mem::replace(&mut self.buffer, rest)));
            return false;
        }
        let (at, tag) = self.find_opening();
        let rest = self.buffer.split_off(at);
        let text = std::mem::replace(&mut self.buffer, rest);
        self.code.push(&text);
        segments.push(Segment::Text(text));
        let Some((open, close)) = tag else {
            return false;
        };
        self.buffer.drain(..open.len());
        if self.code.is_in_code() {
            self.code.push(&open);
            segments.push(Segment::Text(open));
        } else {
            let is_certain = self.code.is_at_line_start();
            segments.push(Segment::Open {
                tag: open,
                is_certain,
            });
            self.closing = Some(close);
        }
        true
    }

    /// Where the text in the buffer ends: at an opening tag, which is answered with its closing one, at what may become one,
    /// or at the end.
    fn find_opening(&self) -> (usize, Option<(String, String)>) {
        for (at, _) in self.buffer.char_indices() {
            let rest = &self.buffer[at..];
            let mut may_become_tag = false;
            for (open, close) in &self.tags.0 {
                if rest.starts_with(open.as_str()) {
                    return (at, Some((open.clone(), close.clone())));
                }
                may_become_tag |= open.starts_with(rest);
            }
            if may_become_tag {
                return (at, None);
            }
        }
        (self.buffer.len(), None)
    }
}

/// How many bytes at the end of `text` may be the start of `tag`.
fn overlap(text: &str, tag: &str) -> usize {
    (1..tag.len())
        .rev()
        .find(|length| tag.is_char_boundary(*length) && text.ends_with(&tag[..*length]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Text as it is, reasoning in brackets; a tag that is not certain as a question mark.
    fn split(tags: &ReasoningTags, content: &str, size: usize) -> String {
        let mut splitter = ReasoningSplitter::new(tags.clone());
        let letters: Vec<char> = content.chars().collect();
        let mut segments: Vec<Segment> = letters
            .chunks(size)
            .flat_map(|chunk| splitter.push(&chunk.iter().collect::<String>()))
            .collect();
        segments.extend(splitter.take_rest());
        let parts = segments.into_iter().map(|segment| match segment {
            Segment::Text(text) | Segment::Reasoning(text) => text,
            Segment::Open { is_certain: true, .. } => "[".to_owned(),
            Segment::Open { .. } => "?[".to_owned(),
            Segment::Close => "]".to_owned(),
        });
        parts.collect()
    }

    #[test]
    fn reasoning_and_text_are_separated_wherever_deltas_end() {
        for (content, expected) in [
            ("plain", "plain"),
            ("<the end", "<the end"),
            ("a < b and b > c", "a < b and b > c"),
            ("\n<think>hm < \u{e9}?</think> Hello", "\n[hm < \u{e9}?] Hello"),
            ("<think>for ever", "[for ever"),
            ("<think>a</think>one<think>b</think>two", "[a]one?[b]two"),
            ("one\n<thinking>b</thinking>\ntwo", "one\n[b]\ntwo"),
            ("<think>a</think>\n<think>b</think>c", "[a]\n[b]c"),
            ("<Thought>a</thought></Thought>b", "[a</thought>]b"),
            ("\u{25c1}think\u{25b7}a\u{25c1}/think\u{25b7}b", "[a]b"),
            ("the tag `<think>` opens", "the tag `<think>` opens"),
            (
                "```html\n<think>\n```\n<think>a</think>",
                "```html\n<think>\n```\n[a]",
            ),
            ("<|begin_of_thought|>a<|end_of_thought|>b", "[a]b"),
        ] {
            for size in 1..30 {
                let found = split(&ReasoningTags::default(), content, size);
                assert_eq!(found, expected, "{content:?} in deltas of {size}");
            }
        }
    }

    #[test]
    fn a_parameter_chooses_the_tags() {
        let content = "<think>a</think><x>b</x>";
        for (parameter, expected) in [
            (None, "[a]<x>b</x>"),
            (Some(json!(null)), "[a]<x>b</x>"),
            (Some(json!(true)), "[a]<x>b</x>"),
            (Some(json!(false)), content),
            (Some(json!(["<x>", "</x>"])), "<think>a</think>?[b]"),
            (Some(json!(["", "</x>"])), "[a]<x>b</x>"),
            (Some(json!(["<x>"])), "[a]<x>b</x>"),
            (Some(json!("<x>")), "[a]<x>b</x>"),
        ] {
            let tags = ReasoningTags::from_parameter(parameter.as_ref());
            assert_eq!(split(&tags, content, 3), expected, "{parameter:?}");
        }
    }
}
