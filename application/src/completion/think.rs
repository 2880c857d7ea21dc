//! Reasoning that a model writes into its text between tags.

/// The tags that models use.
const TAGS: [(&str, &str); 6] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<reason>", "</reason>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
];

/// A piece of what was said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Said to the user.
    Text(String),
    /// Thought.
    Thought(String),
}

/// Tells thoughts from text in pieces that end anywhere. Tags count only at the start of what is said, as models write
/// them: a tag in the middle of an answer, in code for instance, is text.
#[derive(Default)]
pub(super) struct Splitter {
    held: String,
    closing: Option<&'static str>,
    decided: bool,
}

impl Splitter {
    /// Takes a piece of content; what may be the start of a tag is held back.
    pub(super) fn push(&mut self, content: &str) -> Vec<Piece> {
        self.held.push_str(content);
        let mut pieces = Vec::new();
        loop {
            if let Some(closing) = self.closing {
                if let Some(at) = self.held.find(closing) {
                    let rest = self.held.split_off(at + closing.len());
                    self.held.truncate(at);
                    pieces.push(Piece::Thought(std::mem::replace(&mut self.held, rest)));
                    self.closing = None;
                    continue;
                }
                let safe = self.held.len() - overlap(&self.held, closing);
                let rest = self.held.split_off(safe);
                pieces.push(Piece::Thought(std::mem::replace(&mut self.held, rest)));
                break;
            }
            if self.decided {
                pieces.push(Piece::Text(std::mem::take(&mut self.held)));
                break;
            }
            let start = self.held.trim_start();
            if let Some((opening, closing)) = TAGS.iter().find(|(opening, _)| start.starts_with(opening)) {
                let skip = self.held.len() - start.len() + opening.len();
                self.held.drain(..skip);
                self.closing = Some(closing);
                continue;
            }
            if start.is_empty() || TAGS.iter().any(|(opening, _)| opening.starts_with(start)) {
                break;
            }
            self.decided = true;
        }
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) | Piece::Thought(text) if text.is_empty()));
        pieces
    }

    /// What was held back, when nothing more comes.
    pub(super) fn finish(&mut self) -> Option<Piece> {
        let held = std::mem::take(&mut self.held);
        if held.is_empty() {
            None
        } else if self.closing.is_some() {
            Some(Piece::Thought(held))
        } else {
            Some(Piece::Text(held))
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
        let mut splitter = Splitter::default();
        let (mut text, mut thought) = (String::new(), String::new());
        let letters: Vec<char> = content.chars().collect();
        let mut pieces: Vec<Piece> = letters
            .chunks(size)
            .flat_map(|chunk| splitter.push(&chunk.iter().collect::<String>()))
            .collect();
        pieces.extend(splitter.finish());
        for piece in pieces {
            match piece {
                Piece::Text(piece) => text.push_str(&piece),
                Piece::Thought(piece) => thought.push_str(&piece),
            }
        }
        (text, thought)
    }

    #[test]
    fn thoughts_and_text_part_wherever_pieces_end() {
        for size in 1..30 {
            let both = split("\n<think>hm < \u{e9}?</think> Hello, <think> is a tag", size);
            assert_eq!(both.0, " Hello, <think> is a tag", "pieces of {size}");
            assert_eq!(both.1, "hm < \u{e9}?", "pieces of {size}");
            assert_eq!(split("<the end", size), ("<the end".to_owned(), String::new()));
            assert_eq!(
                split("<think>for ever", size),
                (String::new(), "for ever".to_owned())
            );
        }
    }
}
