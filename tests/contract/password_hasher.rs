use keelson_domain::auth::PasswordHasher;
use keelson_identity::Bcrypt;
use secrecy::SecretString;

/// What every hasher must do.
async fn suite(hasher: &dyn PasswordHasher) {
    let secret = |text: &str| SecretString::from(text);
    let hash = hasher.hash(&secret("one")).await.unwrap();
    assert!(hash.starts_with("$2b$"), "{hash}");
    assert_ne!(
        hasher.hash(&secret("one")).await.unwrap(),
        hash,
        "each has its salt"
    );
    for (password, hash, fits) in [
        ("one", Some(hash.as_str()), true),
        ("One", Some(hash.as_str()), false),
        ("", Some(hash.as_str()), false),
        ("one", Some("no hash"), false),
        ("one", Some(""), false),
        ("one", None, false),
    ] {
        assert_eq!(
            hasher.verify(&secret(password), hash).await.unwrap(),
            fits,
            "{password} {hash:?}"
        );
    }
    let (long, longer) = ("x".repeat(72), "x".repeat(80));
    let hash = hasher.hash(&secret(&long)).await.unwrap();
    assert!(
        hasher.verify(&secret(&longer), Some(&hash)).await.unwrap(),
        "72 bytes count"
    );
    let short = "x".repeat(71);
    assert!(!hasher.verify(&secret(&short), Some(&hash)).await.unwrap());
}

#[tokio::test]
async fn bcrypt() {
    suite(&Bcrypt::with_cost(4)).await;
}
