/// Decodes the escapes that people type into fields of a page: `\n`, `\t`, `\\`, `\x41`, `\u7ec8`. Anything else stays as it
/// is, letters of any script above all.
pub(super) fn unescape(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = decode(rest).unwrap_or(('\\', 1));
        decoded.push(letter);
        rest = &rest[length..];
    }
    decoded + rest
}

/// The letter that the escape at the start of a text stands for, and the length of the escape in bytes.
fn decode(escape: &str) -> Option<(char, usize)> {
    let letter = match escape.as_bytes().get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'\\' => '\\',
        b'"' => '"',
        b'\'' => '\'',
        b'x' => return Some((char::from_u32(hex(escape, 2, 2)?)?, 4)),
        b'U' => return Some((char::from_u32(hex(escape, 2, 8)?)?, 10)),
        b'u' => return decode_unit(escape),
        _ => return None,
    };
    Some((letter, 2))
}

/// Decodes `\uXXXX`, or two of them that are one letter.
fn decode_unit(escape: &str) -> Option<(char, usize)> {
    let first = hex(escape, 2, 4)?;
    if let Some(letter) = char::from_u32(first) {
        return Some((letter, 6));
    }
    let second = escape
        .get(6..8)
        .filter(|start| *start == "\\u")
        .and_then(|_| hex(escape, 8, 4))?;
    let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let letter = char::decode_utf16(units).next()?.ok()?;
    Some((letter, 12))
}

fn hex(text: &str, from: usize, length: usize) -> Option<u32> {
    let digits = text.get(from..from + length)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_escapes_are_decoded() {
        for (typed, expected) in [
            ("", ""),
            ("plain 终", "plain 终"),
            ("\\n", "\n"),
            ("a\\r\\n\\tb", "a\r\n\tb"),
            ("\\\\n", "\\n"),
            ("\\\"\\'", "\"'"),
            ("\\x41\\u7ec8", "A终"),
            ("\\ud83d\\ude00", "\u{1f600}"),
            ("\\U0001F600", "\u{1f600}"),
            ("\\ud83d", "\\ud83d"),
            ("\\ud83d\\n", "\\ud83d\n"),
            ("\\u12", "\\u12"),
            ("\\u+123", "\\u+123"),
            ("\\xé", "\\xé"),
            ("\\d \\终 \\", "\\d \\终 \\"),
        ] {
            assert_eq!(unescape(typed), expected, "{typed}");
        }
    }
}
