use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use keelson_domain::auth::{Claims, TokenSigner};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// The claims on the wire.
#[derive(Serialize, Deserialize)]
struct WireClaims {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// From when the token counts; others' tokens may say so, with a fraction.
    #[serde(default, skip_serializing)]
    nbf: Option<f64>,
    /// When the token was issued; others' tokens may say so, with a fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// JWTs signed with HS256, interchangeable with those of the reference.
pub struct JwtSigner {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl JwtSigner {
    /// With the server's secret.
    pub fn new(secret: &SecretString) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        // The end is checked against the core's clock, below.
        validation.validate_exp = false;
        validation.validate_aud = false;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }
}

impl TokenSigner for JwtSigner {
    fn sign(&self, claims: &Claims) -> String {
        let claims = WireClaims {
            id: claims.user.to_string(),
            exp: claims.expires_at.map(Timestamp::seconds),
            nbf: None,
            iat: claims.issued_at.map(seconds),
            jti: claims.token_id.clone(),
        };
        // Signing three short texts with HMAC cannot fail; an empty token would be refused everywhere.
        encode(&Header::default(), &claims, &self.encoding).unwrap_or_default()
    }

    fn verify(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let claims = decode::<WireClaims>(token, &self.decoding, &self.validation)
            .ok()?
            .claims;
        if claims.exp.is_some_and(|end| end <= now.seconds()) {
            return None;
        }
        if claims.nbf.is_some_and(|start| start.ceil() > seconds(now)) {
            return None;
        }
        Some(Claims {
            user: UserId::new(claims.id),
            token_id: claims.jti,
            issued_at: claims.iat.map(whole_seconds),
            expires_at: claims.exp.map(Timestamp::from_seconds),
        })
    }
}

/// A time as the claims count it; exact for some hundred million years.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
fn seconds(at: Timestamp) -> f64 {
    at.seconds() as f64
}

/// A time of the claims without its fraction.
#[expect(clippy::cast_possible_truncation, reason = "the cast keeps to the bounds")]
fn whole_seconds(at: f64) -> Timestamp {
    Timestamp::from_seconds(at as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_tokens_until_they_end_and_no_others() {
        let signer = JwtSigner::new(&SecretString::from("one"));
        let claims = Claims {
            user: UserId::from("u1"),
            token_id: Some("t1".into()),
            issued_at: Some(Timestamp::from_seconds(50)),
            expires_at: Some(Timestamp::from_seconds(100)),
        };
        let token = signer.sign(&claims);
        assert_eq!(signer.verify(&token, Timestamp::from_seconds(99)), Some(claims));
        assert_eq!(signer.verify(&token, Timestamp::from_seconds(100)), None);
        assert_eq!(
            JwtSigner::new(&SecretString::from("two")).verify(&token, Timestamp::from_seconds(1)),
            None
        );
        assert_eq!(signer.verify("a.b.c", Timestamp::from_seconds(1)), None);
    }

    #[test]
    fn reads_tokens_of_the_reference() {
        // Made by PyJWT with the key "peer-secret": {"id": "u1", "jti": "j1"}.
        let token = concat!(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpZCI6InUxIiwianRpIjoiajEifQ.",
            "_SzU36112BmJ9peuwQQEgDKwoTtXQlHsGecmAHopAv0"
        );
        let claims =
            JwtSigner::new(&SecretString::from("peer-secret")).verify(token, Timestamp::from_seconds(1));
        assert_eq!(claims.map(|claims| claims.user), Some(UserId::from("u1")));
    }

    #[test]
    fn a_token_counts_from_its_nbf_on() {
        let key = EncodingKey::from_secret(b"one");
        let signer = JwtSigner::new(&SecretString::from("one"));
        for (nbf, now, counts) in [
            (serde_json::json!(100), 99, false),
            (serde_json::json!(100), 100, true),
            (serde_json::json!(100.5), 100, false),
            (serde_json::json!(100.5), 101, true),
            (serde_json::json!(1e300), 4_000_000_000, false),
            (serde_json::json!(-5), 1, true),
            (serde_json::json!(null), 1, true),
            (serde_json::json!("100"), 200, false),
        ] {
            let claims = serde_json::json!({"id": "u1", "nbf": nbf});
            let token = encode(&Header::default(), &claims, &key).expect("a token");
            let read = signer.verify(&token, Timestamp::from_seconds(now));
            assert_eq!(read.is_some(), counts, "{nbf} at {now}");
        }
    }
}
