//! Splits a provider's stream of server-sent events into its data lines.

use bytes::{Bytes, BytesMut};

/// Puts lines together from chunks that end anywhere. Each byte is looked at once.
pub(super) struct Lines {
    buffer: BytesMut,
    searched: usize,
    longest: usize,
}

/// A line is longer than allowed.
#[derive(Debug, thiserror::Error)]
#[error(
    "a line of the provider's stream is longer than {0} bytes (CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE)"
)]
pub(super) struct TooLong(usize);

impl Lines {
    pub(super) fn new(longest: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            searched: 0,
            longest,
        }
    }

    /// Takes a chunk.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), TooLong> {
        self.buffer.extend_from_slice(chunk);
        if self.buffer.len() > self.longest && memchr::memchr(b'\n', &self.buffer).is_none() {
            return Err(TooLong(self.longest));
        }
        Ok(())
    }

    /// The next whole line, without its end.
    pub(super) fn next(&mut self) -> Option<Bytes> {
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

    /// What is left when the stream has ended without an end of line.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        (!self.buffer.is_empty()).then(|| self.buffer.split().freeze())
    }
}

/// The payload of a `data:` line.
pub(super) fn data(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"data:").map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_together_wherever_chunks_end() {
        let text = b"data: one\r\n\r\ndata: two\n\ndata:three";
        for size in 1..text.len() {
            let mut lines = Lines::new(1024);
            let mut found = Vec::new();
            for chunk in text.chunks(size) {
                lines.push(chunk).expect("short lines");
                while let Some(line) = lines.next() {
                    found.extend(data(&line).map(<[u8]>::to_vec));
                }
            }
            found.extend(lines.rest().and_then(|line| data(&line).map(<[u8]>::to_vec)));
            assert_eq!(
                found,
                [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()],
                "chunks of {size}"
            );
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut lines = Lines::new(8);
        assert!(lines.push(b"data: 12").is_ok());
        assert!(lines.push(b"3").is_err());
    }
}
