//! Which fields hold secrets, by their names.

/// A name with one of these words is a secret field's.
const SECRET: &[&str] = &[
    "apikey",
    "apikeys",
    "authorization",
    "bearer",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "jwt",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pwd",
    "secret",
    "secrets",
];

/// A name that ends with one of these words is a secret field's.
const LAST: &[&str] = &["auth", "key", "keys", "sk", "token"];

/// … unless the word before says that it is not.
const HARMLESS: &[&str] = &["cache", "foreign", "partition", "primary", "public", "sort"];

/// Counts are `tokens` too, so the word before decides.
const TOKENS_OF: &[&str] = &["access", "api", "auth", "refresh", "session"];

/// Whether a field of this name holds a secret. Names are compared word by word, so that `max_tokens` and
/// `token_type` stay readable.
pub(super) fn is_secret(name: &str) -> bool {
    let words = words(name);
    if words.iter().any(|word| SECRET.contains(&word.as_str())) {
        return true;
    }
    let mut from_end = words.iter().rev().map(String::as_str);
    let (last, before) = (from_end.next(), from_end.next());
    match last {
        Some("tokens") => before.is_some_and(|before| TOKENS_OF.contains(&before)),
        Some(last) => LAST.contains(&last) && !before.is_some_and(|before| HARMLESS.contains(&before)),
        None => false,
    }
}

/// `OPENAI_API_KEY`, `api-key` and `apiKey` in lower-case words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for letter in name.chars() {
        let breaks = !letter.is_alphanumeric() || (letter.is_uppercase() && after_lower);
        if breaks {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        after_lower = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn secret_fields_are_recognized_by_name() {
        for name in [
            "password",
            "new_password",
            "token",
            "id_token",
            "access_tokens",
            "OPENAI_API_KEYS",
            "apiKey",
            "X-API-Key",
            "Authorization",
            "client_secret",
            "app_dn_password",
            "SOUGOU_API_SK",
            "AUTOMATIC1111_API_AUTH",
            "key",
            "set-cookie",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "max_tokens",
            "token_type",
            "prompt_tokens",
            "auth_type",
            "keyboard",
            "sort_key",
            "public_keys",
            "API_KEYS_ALLOWED_ENDPOINTS",
            "content",
            "",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
