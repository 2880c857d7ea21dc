use bytes::{Bytes, BytesMut};

/// Splits a provider's stream of server-sent events into lines; chunks may end anywhere. Each byte is searched once.
pub(super) struct LineBuffer {
    buffer: BytesMut,
    searched: usize,
    max_line: usize,
}

/// A line exceeds the limit.
#[derive(Debug, thiserror::Error)]
#[error(
    "a line of the provider's stream is longer than {0} bytes (CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE)"
)]
pub(super) struct LineTooLong(usize);

impl LineBuffer {
    pub(super) fn new(max_line: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            searched: 0,
            max_line,
        }
    }

    /// Appends a chunk.
    ///
    /// # Errors
    /// [`LineTooLong`] when the buffer exceeds the limit and holds no whole line.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), LineTooLong> {
        self.buffer.extend_from_slice(chunk);
        if self.buffer.len() > self.max_line && memchr::memchr(b'\n', &self.buffer).is_none() {
            return Err(LineTooLong(self.max_line));
        }
        Ok(())
    }

    /// Takes the next whole line, without its end.
    pub(super) fn next_line(&mut self) -> Option<Bytes> {
        match memchr::memchr(b'\n', &self.buffer[self.searched..]) {
            Some(end) => {
                let line = self.buffer.split_to(self.searched + end + 1).freeze();
                self.searched = 0;
                let end = line.len() - 1;
                let end = if line[..end].ends_with(b"\r") {
                    end - 1
                } else {
                    end
                };
                Some(line.slice(..end))
            }
            None => {
                self.searched = self.buffer.len();
                None
            }
        }
    }

    /// Takes the last line, which has no end, when the stream has ended.
    pub(super) fn take_rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        (!self.buffer.is_empty()).then(|| self.buffer.split().freeze())
    }
}

/// The payload of a `data:` line; none for other lines.
pub(super) fn parse_data(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"data:").map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_wherever_chunks_end() {
        let text = b"data: one\r\n\r\ndata: two\n\ndata:three";
        for size in 1..text.len() {
            let mut lines = LineBuffer::new(1024);
            let mut found = Vec::new();
            for chunk in text.chunks(size) {
                lines.push(chunk).expect("short lines");
                while let Some(line) = lines.next_line() {
                    found.extend(parse_data(&line).map(<[u8]>::to_vec));
                }
            }
            found.extend(
                lines
                    .take_rest()
                    .and_then(|line| parse_data(&line).map(<[u8]>::to_vec)),
            );
            assert_eq!(
                found,
                [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()],
                "chunks of {size}"
            );
        }
    }

    #[test]
    fn a_line_above_the_limit_is_refused() {
        let mut lines = LineBuffer::new(8);
        assert!(lines.push(b"data: 12").is_ok());
        assert!(lines.push(b"3").is_err());
    }
}
