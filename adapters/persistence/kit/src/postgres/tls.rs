//! TLS as the options say it. Files are read for each connection, as libpq reads them: what was renewed counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, Error, InconsistentKeys, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::verifier::{Trusted, Verifier};
use crate::url::{Roots, TlsMode, TlsOptions};

/// The file of certificates that the machine's user trusts.
const USER_ROOTS: &str = "root.crt";

/// What makes connections encrypted.
///
/// # Errors
/// Says which file cannot be used, and why.
pub(super) fn connector(options: &TlsOptions) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier {
        algorithms: provider.signature_verification_algorithms,
        trusted: trusted(options, &provider)?,
        checks_name: options.mode == TlsMode::VerifyFull,
    };
    let versions: &[_] = if options.only_newest {
        &[&TLS13]
    } else {
        &[&TLS13, &TLS12]
    };
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions)
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match own_files(options) {
        Some((certificate, key)) => {
            let own = own_certificate(&provider, &certificate, &key)?;
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(own)))
        }
        None => builder.with_no_client_auth(),
    };
    if options.direct {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(MakeRustlsConnect::new(config))
}

fn unusable(option: &str, file: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{option} {} cannot be used: {error}", file.display())
}

/// Certificate and key of this client: those named, or those in the user's folder.
fn own_files(options: &TlsOptions) -> Option<(PathBuf, PathBuf)> {
    let of_user = |name: &str| options.folder.as_ref().map(|folder| folder.join(name));
    let certificate = match &options.certificate {
        Some(named) => named.clone(),
        None => of_user("postgresql.crt").filter(|file| file.is_file())?,
    };
    let key = options.key.clone().or_else(|| of_user("postgresql.key"))?;
    Some((certificate, key))
}

/// This client's certificate with its key. One of X.509 version 1, as PostgreSQL's manual makes them, is not read here: the
/// server judges it.
fn own_certificate(
    provider: &CryptoProvider,
    certificate: &Path,
    key: &Path,
) -> Result<CertifiedKey, String> {
    let chain = certificates(certificate, "sslcert")?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable("sslkey", key, &error))?;
    let signing = provider.key_provider.load_private_key(secret);
    let own = CertifiedKey::new(chain, signing.map_err(|error| unusable("sslkey", key, &error))?);
    match own.keys_match() {
        Err(error @ Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(unusable("sslcert", certificate, &error))
        }
        _ => Ok(own),
    }
}

/// Who must have signed the server's certificate. Whoever has root certificates wants them to count, whatever the mode.
fn trusted(options: &TlsOptions, provider: &Arc<CryptoProvider>) -> Result<Option<Trusted>, String> {
    let roots = match &options.roots {
        Roots::System => rustls_native_certs::load_native_certs().certs,
        Roots::File(file) => certificates(file, "sslrootcert")?,
        Roots::OfUser => match options.folder.as_ref().map(|folder| folder.join(USER_ROOTS)) {
            Some(file) if file.is_file() => certificates(&file, "sslrootcert")?,
            _ if options.mode.verifies() => {
                return Err("sslmode=verify-ca and verify-full need root certificates: name their file with sslrootcert, \
                            or set sslrootcert=system"
                    .to_owned());
            }
            _ => return Ok(None),
        },
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots.iter().cloned());
    let mut verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone());
    if let Some(file) = &options.revoked {
        let lists = CertificateRevocationListDer::pem_file_iter(file)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unusable("sslcrl", file, &error))?;
        verifier = verifier.with_crls(lists);
    }
    let verifier = verifier
        .build()
        .map_err(|error| format!("sslrootcert or sslcrl cannot be used: {error}"))?;
    let is_pinned = options.roots != Roots::System && options.revoked.is_none();
    let pinned = if is_pinned { roots } else { Vec::new() };
    Ok(Some(Trusted { verifier, pinned }))
}

fn certificates(file: &Path, option: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.map_err(|error| unusable(option, file, &error))?;
    if read.is_empty() {
        return Err(unusable(option, file, &"it holds no certificate in PEM form"));
    }
    Ok(read)
}
