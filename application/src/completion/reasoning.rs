/// The tags between which models write their reasoning into the text.
const TAGS: [(&str, &str); 6] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reason>", "</reason>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
];

/// A part of the content.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Text for the user.
    Text(String),
    /// Reasoning.
    Reasoning(String),
}

/// Separates reasoning from text in content that arrives in deltas. Tags count only at the start of the content, where
/// models write them: a tag in the middle of an answer, in code for instance, is text.
#[derive(Default)]
pub(super) struct ReasoningSplitter {
    buffer: String,
    closing: Option<&'static str>,
    is_text: bool,
}

impl ReasoningSplitter {
    /// Splits a delta; what may be the start of a tag stays in the buffer.
    pub(super) fn push(&mut self, content: &str) -> Vec<Segment> {
        self.buffer.push_str(content);
        let mut segments = Vec::new();
        loop {
            if let Some(closing) = self.closing {
                if let Some(at) = self.buffer.find(closing) {
                    let rest = self.buffer.split_off(at + closing.len());
                    self.buffer.truncate(at);
                    segments.push(Segment::Reasoning(std::mem::replace(&mut self.buffer, rest)));
                    self.closing = None;
                    continue;
                }
                let safe = self.buffer.len() - overlap(&self.buffer, closing);
                let rest = self.buffer.split_off(safe);
                segments.push(Segment::Reasoning(std::mem::replace(&mut self.buffer, rest)));
                break;
            }
            if self.is_text {
                segments.push(Segment::Text(std::mem::take(&mut self.buffer)));
                break;
            }
            let start = self.buffer.trim_start();
            if let Some((opening, closing)) = TAGS.iter().find(|(opening, _)| start.starts_with(opening)) {
                let skip = self.buffer.len() - start.len() + opening.len();
                self.buffer.drain(..skip);
                self.closing = Some(closing);
                continue;
            }
            if start.is_empty() || TAGS.iter().any(|(opening, _)| opening.starts_with(start)) {
                break;
            }
            self.is_text = true;
        }
        segments.retain(
            |segment| !matches!(segment, Segment::Text(text) | Segment::Reasoning(text) if text.is_empty()),
        );
        segments
    }

    /// Takes what is left in the buffer at the end of the content.
    pub(super) fn finish(&mut self) -> Option<Segment> {
        let rest = std::mem::take(&mut self.buffer);
        if rest.is_empty() {
            None
        } else if self.closing.is_some() {
            Some(Segment::Reasoning(rest))
        } else {
            Some(Segment::Text(rest))
        }
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
    use super::*;

    fn split(content: &str, size: usize) -> (String, String) {
        let mut splitter = ReasoningSplitter::default();
        let (mut text, mut reasoning) = (String::new(), String::new());
        let letters: Vec<char> = content.chars().collect();
        let mut segments: Vec<Segment> = letters
            .chunks(size)
            .flat_map(|chunk| splitter.push(&chunk.iter().collect::<String>()))
            .collect();
        segments.extend(splitter.finish());
        for segment in segments {
            match segment {
                Segment::Text(part) => text.push_str(&part),
                Segment::Reasoning(part) => reasoning.push_str(&part),
            }
        }
        (text, reasoning)
    }

    #[test]
    fn reasoning_and_text_are_separated_wherever_deltas_end() {
        for size in 1..30 {
            let both = split("\n<think>hm < \u{e9}?</think> Hello, <think> is a tag", size);
            assert_eq!(both.0, " Hello, <think> is a tag", "deltas of {size}");
            assert_eq!(both.1, "hm < \u{e9}?", "deltas of {size}");
            assert_eq!(split("<the end", size), ("<the end".to_owned(), String::new()));
            assert_eq!(
                split("<think>for ever", size),
                (String::new(), "for ever".to_owned())
            );
        }
    }
}
