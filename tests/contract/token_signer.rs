use keelson_domain::auth::{Claims, TokenSigner};
use keelson_domain::shared::Timestamp;
use keelson_identity::JwtSigner;
use pretty_assertions::assert_eq;
use secrecy::SecretString;

fn claims(token_id: Option<&str>, expires_at: Option<i64>) -> Claims {
    Claims {
        user: "ann".into(),
        token_id: token_id.map(str::to_owned),
        issued_at: expires_at.map(|_| Timestamp::from_seconds(50)),
        expires_at: expires_at.map(Timestamp::from_seconds),
    }
}

/// What every signer must do; `other` has another secret.
fn suite(signer: &dyn TokenSigner, other: &dyn TokenSigner) {
    let (before, end) = (Timestamp::from_seconds(99), Timestamp::from_seconds(100));
    for claims in [
        claims(Some("t1"), Some(100)),
        claims(None, Some(100)),
        claims(Some("t1"), None),
        claims(None, None),
    ] {
        let token = signer.sign(&claims);
        assert_eq!(signer.verify(&token, before), Some(claims.clone()));
        let later = claims.expires_at.is_none().then_some(claims.clone());
        assert_eq!(signer.verify(&token, end), later, "it ends at its end");
        assert_eq!(other.verify(&token, before), None, "another's");
    }
    let token = signer.sign(&claims(None, None));
    let forged = other.sign(&claims(Some("t1"), None));
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (foreign, _) = forged.rsplit_once('.').unwrap();
    for text in [
        "",
        "a",
        "a.b.c",
        head,
        &format!("{head}."),
        &format!("{foreign}.{signature}"),
        // {"alg": "none"}, {"id": "ann"}
        "eyJhbGciOiJub25lIn0.eyJpZCI6ImFubiJ9.",
    ] {
        assert_eq!(signer.verify(text, before), None, "{text}");
    }
}

#[test]
fn jwt() {
    let signer = |secret: &str| JwtSigner::new(&SecretString::from(secret));
    suite(&signer("one"), &signer("two"));
}
