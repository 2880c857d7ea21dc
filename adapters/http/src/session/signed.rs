//! Sessions in a cookie, signed as the reference signs them (itsdangerous' `TimestampSigner` around base64 of JSON), so
//! that either server reads what the other wrote.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};

/// The salt and the suffix from which itsdangerous derives the key of a signature.
const SALT: &[u8] = b"itsdangerous.Signersigner";

/// Signs sessions and checks signatures.
pub(super) struct Signer {
    key: SecretString,
    /// How long a signature is valid, in seconds.
    life: i64,
}

impl Signer {
    pub(super) fn new(key: &SecretString, life: i64) -> Self {
        Self {
            key: key.clone(),
            life,
        }
    }

    /// What the cookie holds.
    pub(super) fn sign(&self, data: &Map<String, Value>, now: i64) -> String {
        let payload = STANDARD.encode(Value::Object(data.clone()).to_string());
        let time = now.max(0).to_be_bytes();
        let zeros = time.iter().take_while(|byte| **byte == 0).count();
        let signed = format!("{payload}.{}", URL_SAFE_NO_PAD.encode(&time[zeros..]));
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&signed).finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    /// What a cookie holds; none when it was not signed by this key, or too long ago, or later than now.
    pub(super) fn read(&self, cookie: &str, now: i64) -> Option<Map<String, Value>> {
        let (signed, signature) = cookie.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).ok()?;
        self.mac(signed).verify_slice(&signature).ok()?;
        let (payload, time) = signed.rsplit_once('.')?;
        let time = URL_SAFE_NO_PAD.decode(time).ok()?;
        let mut whole = [0; 8];
        whole
            .get_mut(8_usize.checked_sub(time.len())?..)?
            .copy_from_slice(&time);
        let age = now.checked_sub(i64::from_be_bytes(whole))?;
        if !(0..=self.life).contains(&age) {
            return None;
        }
        serde_json::from_slice(&STANDARD.decode(payload).ok()?).ok()
    }

    fn mac(&self, signed: &str) -> Hmac<Sha1> {
        let key = Sha1::new()
            .chain_update(SALT)
            .chain_update(self.key.expose_secret())
            .finalize();
        // Keys shorter than a block, as a digest is, are filled with zeros: this is HMAC's own rule.
        let mut block = [0_u8; 64];
        block[..key.len()].copy_from_slice(&key);
        let mut mac = Hmac::<Sha1>::new(&block.into());
        mac.update(signed.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Written by starlette 0.50.0 with itsdangerous 2.2.0 at second 1,700,000,000 under the key `conformance-secret`.
    const GOLDEN: &str = "eyJfc3RhdGVfb2lkY194IjogeyJkYXRhIjogeyJub25jZSI6ICJcdTAwZTkifSwgImV4cCI6IDEuNX0sICJuIjogbnVsbH0=\
         .ZVPxAA.3GE82hZIG1o3JBY3I0jQHensD60";
    const THEN: i64 = 1_700_000_000;
    const LIFE: i64 = 14 * 24 * 3600;

    fn signer(key: &str) -> Signer {
        Signer::new(&SecretString::from(key), LIFE)
    }

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn what_the_reference_wrote_is_read() {
        let expected = map(json!({"_state_oidc_x": {"data": {"nonce": "é"}, "exp": 1.5}, "n": null}));
        let signer = signer("conformance-secret");
        assert_eq!(signer.read(GOLDEN, THEN), Some(expected.clone()));
        assert_eq!(signer.read(GOLDEN, THEN + LIFE), Some(expected));
        assert_eq!(signer.read(GOLDEN, THEN + LIFE + 1), None);
        assert_eq!(signer.read(GOLDEN, THEN - 1), None);
    }

    #[test]
    fn what_is_written_is_what_the_reference_would_write() {
        let data = map(json!({"a": 1}));
        let signer = signer("conformance-secret");
        let cookie = signer.sign(&data, THEN);
        assert_eq!(
            cookie, "eyJhIjoxfQ==.ZVPxAA.s5TX3MOypNOMc-NhyjkNXa97w1s",
            "starlette signs the same bytes so"
        );
        assert_eq!(signer.read(&cookie, THEN + 5), Some(data));
    }

    #[test]
    fn what_was_tampered_with_counts_as_nothing() {
        let cookie = signer("one").sign(&map(json!({"a": 1})), THEN);
        assert_eq!(signer("other").read(&cookie, THEN), None);
        let (payload, rest) = cookie.split_once('.').expect("a dot");
        let forged = STANDARD.encode(r#"{"a":2}"#);
        assert_ne!(payload, forged);
        for wrong in [
            format!("{forged}.{rest}"),
            cookie.replace('.', ""),
            "null".into(),
            String::new(),
        ] {
            assert_eq!(signer("one").read(&wrong, THEN), None, "{wrong}");
        }
    }
}
