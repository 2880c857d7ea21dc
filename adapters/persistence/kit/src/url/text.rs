use percent_encoding::percent_decode_str;
use url::form_urlencoded;

/// What the text of a server's address says, part by part. Not printable: it holds the password.
#[derive(Default)]
pub(super) struct ServerText {
    pub(super) user: Option<String>,
    pub(super) password: Option<Vec<u8>>,
    /// Hosts with their ports as they are written, and a comma between them.
    pub(super) authority: String,
    pub(super) name: Option<String>,
    /// The options behind the `?`.
    pub(super) options: Vec<(String, String)>,
    /// Whether an `@` stands where none belongs, so that what follows the `?` may be a part of the password.
    pub(super) may_show_password: bool,
}

impl ServerText {
    /// Takes apart `user:password@host:port/name?options`. A password may hold any character but `@` as it is, as it may
    /// for the reference; and an `@` too, where what follows cannot be meant otherwise.
    pub(super) fn parse(rest: &str) -> Self {
        let (user_info, rest) = split_user_info(rest);
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, name) = before.split_once('/').unwrap_or((before, ""));
        let (user, password) = match user_info.map(|info| info.split_once(':').unwrap_or((info, ""))) {
            Some((user, password)) => (user, password),
            None => ("", ""),
        };
        let mut text = Self {
            user: given(user),
            password: Some(percent_decode_str(password).collect()).filter(|it: &Vec<u8>| !it.is_empty()),
            authority: authority.to_owned(),
            name: given(name),
            options: Vec::new(),
            may_show_password: query.contains('@'),
        };
        text.add_options(query);
        text
    }

    /// Adds what stands behind a `?`.
    pub(super) fn add_options(&mut self, query: &str) {
        let pairs = form_urlencoded::parse(query.as_bytes());
        self.options
            .extend(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    }
}

/// A part that may hold special characters as %XX; none when it is empty.
pub(super) fn given(part: &str) -> Option<String> {
    let plain = percent_decode_str(part).decode_utf8_lossy();
    Some(plain.into_owned()).filter(|part| !part.is_empty())
}

/// What stands before the `@` that ends the user's part, if there is one, and what stands behind it.
fn split_user_info(rest: &str) -> (Option<&str>, &str) {
    let first = rest.find([':', '/', '@']).map(|at| (at, &rest[at..=at]));
    let from = match first {
        Some((at, "@" | ":")) => at,
        _ => return (None, rest),
    };
    let Some(mut at) = rest[from..].find('@').map(|at| from + at) else {
        return (None, rest);
    };
    if is_port_then_options(&rest[from..at]) {
        return (None, rest);
    }
    while let Some(further) = misplaced_at(&rest[at + 1..]) {
        at += 1 + further;
    }
    (Some(&rest[..at]), &rest[at + 1..])
}

/// Whether `:5432/name?option=x` stands before an `@`: that of an option's value.
fn is_port_then_options(text: &str) -> bool {
    let Some((before, _)) = text.split_once('?') else {
        return false;
    };
    let port = before
        .trim_start_matches(':')
        .split('/')
        .next()
        .unwrap_or_default();
    !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
}

/// The last `@` where none can stand: in a host, in a database's name, in the name of an option.
fn misplaced_at(rest: &str) -> Option<usize> {
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    before.rfind('@').or_else(|| {
        let name = query.split(['=', '&']).next().unwrap_or_default();
        name.rfind('@').map(|at| before.len() + 1 + at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found() {
        for (rest, user, password, authority, name) in [
            ("me:secret@db:5432/owui", "me", "secret", "db:5432", "owui"),
            ("me@db/owui", "me", "", "db", "owui"),
            ("db/owui", "", "", "db", "owui"),
            ("db:5432/owui", "", "", "db:5432", "owui"),
            ("me:secret@/owui", "me", "secret", "", "owui"),
            ("/owui", "", "", "", "owui"),
            ("", "", "", "", ""),
            // Raw characters in the password.
            ("me:p#w@db/owui", "me", "p#w", "db", "owui"),
            ("me:p/w@db/owui", "me", "p/w", "db", "owui"),
            ("me:p?w@db/owui", "me", "p?w", "db", "owui"),
            ("me:p:w@db/owui", "me", "p:w", "db", "owui"),
            ("me:100%@db/owui", "me", "100%", "db", "owui"),
            ("me:p%zz@db/owui", "me", "p%zz", "db", "owui"),
            ("me:p%40w+x@db/owui", "me", "p@w+x", "db", "owui"),
            ("me:p w&=[]@db/owui", "me", "p w&=[]", "db", "owui"),
            ("me:5432/x@db/owui", "me", "5432/x", "db", "owui"),
            // Even an @, where nothing else can be meant.
            ("me:p@w@db/owui", "me", "p@w", "db", "owui"),
            ("me:@@@db/owui", "me", "@@", "db", "owui"),
            ("me:p@a/b@db/owui", "me", "p@a/b", "db", "owui"),
            ("me:p@a?b@db/owui", "me", "p@a?b", "db", "owui"),
            ("me%40corp:p@db/owui", "me@corp", "p", "db", "owui"),
            // Hosts as they are.
            ("me:p@[::1]:5433/owui", "me", "p", "[::1]:5433", "owui"),
            ("me:p@a:1,b:2/owui", "me", "p", "a:1,b:2", "owui"),
            ("me:p@%2Fvar%2Frun/owui", "me", "p", "%2Fvar%2Frun", "owui"),
            // An @ of an option is none of the password.
            ("me:p@db/owui?user=a@b", "me", "p", "db", "owui"),
            ("db:5432/owui?user=a@b", "", "", "db:5432", "owui"),
            ("/owui?user=a@b", "", "", "", "owui"),
        ] {
            let text = ServerText::parse(rest);
            assert_eq!(text.user.as_deref().unwrap_or_default(), user, "{rest}");
            let found = text.password.unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&found), password, "{rest}");
            assert_eq!(text.authority, authority, "{rest}");
            assert_eq!(text.name.as_deref().unwrap_or_default(), name, "{rest}");
        }
    }

    #[test]
    fn options_are_a_form() {
        let text = ServerText::parse("me@db/x?application_name=my+app%26you&host=a&host=b&empty=");
        let given: Vec<_> = text
            .options
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let wanted = [
            ("application_name", "my app&you"),
            ("host", "a"),
            ("host", "b"),
            ("empty", ""),
        ];
        assert_eq!(given, wanted);
    }
}
