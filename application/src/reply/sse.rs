use bytes::{Bytes, BytesMut};
use keelson_domain::model::ProviderError;

/// Splits a provider's stream of server-sent events into lines; chunks may end anywhere. Each byte is searched once.
pub(crate) struct LineBuffer {
    buffer: BytesMut,
    searched: usize,
    max_line: usize,
}

impl LineBuffer {
    pub(crate) fn new(max_line: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            searched: 0,
            max_line,
        }
    }

    /// Appends a chunk.
    ///
    /// # Errors
    /// [`ProviderError::TooLong`] when the buffer exceeds the limit and holds no whole line.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), ProviderError> {
        self.buffer.extend_from_slice(chunk);
        if self.buffer.len() > self.max_line && memchr::memchr(b'\n', &self.buffer).is_none() {
            return Err(ProviderError::TooLong {
                limit: self.max_line,
                setting: "CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE",
            });
        }
        Ok(())
    }

    /// Takes the next whole line, without its end.
    pub(crate) fn next_line(&mut self) -> Option<Bytes> {
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
    pub(crate) fn take_rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        (!self.buffer.is_empty()).then(|| self.buffer.split().freeze())
    }
}

/// What a line of a stream of server-sent events holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'l> {
    /// Nothing to read: an empty line, a comment, an identity, a delay.
    Empty,
    /// The payload of a `data` field.
    Data(&'l [u8]),
    /// The name of the event whose data follow.
    Name(&'l [u8]),
    /// The payload of an `error` field, by which some servers report what went wrong.
    Error(&'l [u8]),
    /// No field of an event: the reply is of another type.
    Other(&'l [u8]),
}

impl<'l> Line<'l> {
    /// Parses a line without its end.
    pub(super) fn parse(line: &'l [u8]) -> Self {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let field = |name: &[u8]| Some(line.strip_prefix(name)?.strip_prefix(b":")?.trim_ascii());
        if line.trim_ascii().is_empty() || line.starts_with(b":") {
            return Self::Empty;
        }
        if field(b"id").is_some() || field(b"retry").is_some() {
            return Self::Empty;
        }
        field(b"data")
            .map(Self::Data)
            .or_else(|| field(b"event").map(Self::Name))
            .or_else(|| field(b"error").map(Self::Error))
            .unwrap_or(Self::Other(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data_of(line: &[u8]) -> Option<Vec<u8>> {
        match Line::parse(line) {
            Line::Data(data) => Some(data.to_vec()),
            _ => None,
        }
    }

    #[test]
    fn fields_are_told_from_what_is_no_event() {
        for (line, expected) in [
            (&b""[..], Line::Empty),
            (b"  ", Line::Empty),
            (b": OPENROUTER PROCESSING", Line::Empty),
            (b"id: 7", Line::Empty),
            (b"retry: 100", Line::Empty),
            (b"data:{}", Line::Data(b"{}")),
            (b"data: [DONE] ", Line::Data(b"[DONE]")),
            (b"\xef\xbb\xbfdata: {}", Line::Data(b"{}")),
            (b"event: error", Line::Name(b"error")),
            (b"error: {}", Line::Error(b"{}")),
            (b"{\"a\": 1}", Line::Other(b"{\"a\": 1}")),
            (b"database is down", Line::Other(b"database is down")),
        ] {
            assert_eq!(Line::parse(line), expected, "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn lines_are_split_wherever_chunks_end() {
        let text = b"data: one\r\n\r\ndata: two\n\ndata:three";
        for size in 1..text.len() {
            let mut lines = LineBuffer::new(1024);
            let mut found = Vec::new();
            for chunk in text.chunks(size) {
                lines.push(chunk).expect("short lines");
                while let Some(line) = lines.next_line() {
                    found.extend(data_of(&line));
                }
            }
            found.extend(lines.take_rest().and_then(|line| data_of(&line)));
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
