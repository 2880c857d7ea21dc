/// Follows Markdown text to tell whether its end lies within code: a fenced block or a span between backticks.
#[derive(Default)]
pub(super) struct CodeTracker {
    /// The mark and length of the fence that opened the block.
    fence: Option<(char, usize)>,
    /// The length of the run of backticks that opened the span.
    span: Option<usize>,
    /// The run of marks that the text ends in, and whether the line begins with it.
    run: Option<(char, usize, bool)>,
    has_line_text: bool,
}

impl CodeTracker {
    /// Follows more text.
    pub(super) fn push(&mut self, text: &str) {
        for letter in text.chars() {
            match (letter, &mut self.run) {
                ('`' | '~', Some((mark, length, _))) if *mark == letter => *length += 1,
                ('`' | '~', _) => {
                    self.end_run();
                    self.run = Some((letter, 1, !self.has_line_text));
                    self.has_line_text = true;
                }
                ('\n', _) => {
                    self.end_run();
                    self.span = None;
                    self.has_line_text = false;
                }
                _ => {
                    self.end_run();
                    self.has_line_text |= !letter.is_whitespace();
                }
            }
        }
    }

    /// Begins a line, as after a block of reasoning.
    pub(super) fn begin_line(&mut self) {
        self.push("\n");
    }

    /// Whether the text ends within code.
    pub(super) fn is_in_code(&mut self) -> bool {
        self.end_run();
        self.fence.is_some() || self.span.is_some()
    }

    /// Whether the text ends at the start of a line.
    pub(super) fn is_at_line_start(&self) -> bool {
        !self.has_line_text
    }

    fn end_run(&mut self) {
        let Some((mark, length, begins_line)) = self.run.take() else {
            return;
        };
        let is_fence = begins_line && length >= 3;
        match self.fence {
            Some((opened_by, least)) if is_fence && mark == opened_by && length >= least => self.fence = None,
            Some(_) => {}
            None if is_fence => self.fence = Some((mark, length)),
            None if mark == '`' => match self.span {
                None => self.span = Some(length),
                Some(opened) if opened == length => self.span = None,
                Some(_) => {}
            },
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_text() {
        for (text, is_in_code) in [
            ("", false),
            ("text ", false),
            ("`", true),
            ("`a` ", false),
            ("``a` ", true),
            ("it's a ` left over\n", false),
            ("```\ncode\n", true),
            ("```\ncode\n```\n", false),
            ("````\n```\n", true),
            ("~~~xml\n```\n", true),
            ("~~~xml\n~~~\n", false),
            ("  ```\ncode\n  ```", false),
        ] {
            for size in 1..=text.len().max(1) {
                let mut tracker = CodeTracker::default();
                for part in text.as_bytes().chunks(size) {
                    tracker.push(std::str::from_utf8(part).expect("plain letters"));
                }
                assert_eq!(tracker.is_in_code(), is_in_code, "{text:?} in parts of {size}");
            }
        }
    }
}
