use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::spki::AlgorithmIdentifierOwned;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ALTERNATIVE_NAMES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// Judges a server's certificate as libpq does. Against what browsers ask for, that is milder in two ways, for PostgreSQL's
/// manual has certificates made like that: a certificate without alternative names is known by its common name, and one in
/// the oldest form, or that of an authority, is good when a root certificate signed it itself.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    /// Who must have signed; nobody, when the connection is only encrypted.
    pub(super) trusted: Option<Trusted>,
    /// Whether the certificate must bear the server's name.
    pub(super) checks_name: bool,
}

/// Who is trusted.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) verifier: Arc<WebPkiServerVerifier>,
    pub(super) roots: Vec<CertificateDer<'static>>,
    /// Whether revoked certificates are known, which only the strict way looks at.
    pub(super) knows_revoked: bool,
}

fn unreadable() -> Error {
    CertificateError::BadEncoding.into()
}

fn read(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::from_der(certificate).map_err(|_| unreadable())
}

impl Verifier {
    /// Whether a root certificate signed this one itself, which is in force.
    fn is_signed_by_root(&self, trusted: &Trusted, own: &Certificate, now: UnixTime) -> bool {
        let lifetime = &own.tbs_certificate.validity;
        let from = lifetime.not_before.to_unix_duration().as_secs();
        let until = lifetime.not_after.to_unix_duration().as_secs();
        if !(from..=until).contains(&now.as_secs()) {
            return false;
        }
        let roots = trusted.roots.iter().filter_map(|root| read(root).ok());
        roots
            .filter(|root| root.tbs_certificate.subject == own.tbs_certificate.issuer)
            .any(|root| self.is_signed_by(&root, own).unwrap_or(false))
    }

    /// Whether the key of one certificate signed the other; none where one cannot be read.
    fn is_signed_by(&self, root: &Certificate, own: &Certificate) -> Option<bool> {
        let key = &root.tbs_certificate.subject_public_key_info;
        let (key_algorithm, signature_algorithm) =
            (algorithm(&key.algorithm)?, algorithm(&own.signature_algorithm)?);
        let key = key.subject_public_key.as_bytes()?;
        let (message, signature) = (own.tbs_certificate.to_der().ok()?, own.signature.as_bytes()?);
        Some(self.algorithms.all.iter().any(|known| {
            known.public_key_alg_id().as_ref() == key_algorithm
                && known.signature_alg_id().as_ref() == signature_algorithm
                && known.verify_signature(key, &message, signature).is_ok()
        }))
    }
}

/// The contents of an algorithm's identifier, as it stands in a certificate.
fn algorithm(identifier: &AlgorithmIdentifierOwned) -> Option<Vec<u8>> {
    let mut contents = identifier.oid.to_der().ok()?;
    if let Some(parameters) = &identifier.parameters {
        contents.extend(parameters.to_der().ok()?);
    }
    Some(contents)
}

/// Whether a certificate without alternative names bears a name.
fn bears_name(own: &Certificate, name: &ServerName<'_>) -> bool {
    let mut extensions = own.tbs_certificate.extensions.iter().flatten();
    if extensions.any(|extension| extension.extn_id == ALTERNATIVE_NAMES) {
        return false;
    }
    let wanted = name.to_str().to_ascii_lowercase();
    let fields = own.tbs_certificate.subject.0.iter().flat_map(|one| one.0.iter());
    let names = fields.filter(|field| field.oid == COMMON_NAME);
    let mut names = names.filter_map(|field| std::str::from_utf8(field.value.value()).ok());
    names.any(|one| {
        let one = one.to_ascii_lowercase();
        let parent = wanted.split_once('.').map(|(_, parent)| parent);
        one == wanted
            || (matches!(name, ServerName::DnsName(_))
                && one.strip_prefix("*.").is_some_and(|one| Some(one) == parent))
    })
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trusted) = &self.trusted else {
            return Ok(ServerCertVerified::assertion());
        };
        let verified =
            trusted
                .verifier
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let Err(error) = verified else {
            return verified;
        };
        let own = read(end_entity)?;
        let has_name = || !self.checks_name || bears_name(&own, server_name);
        let is_good = match &error {
            // Names are looked at last: everything else is well.
            Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => has_name(),
            // The form is not that of today.
            Error::InvalidCertificate(CertificateError::Other(_) | CertificateError::BadEncoding)
                if !trusted.knows_revoked =>
            {
                if !self.is_signed_by_root(trusted, &own, now) {
                    return Err(error);
                }
                if !has_name() {
                    return Err(CertificateError::NotValidForName.into());
                }
                true
            }
            _ => false,
        };
        if is_good {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(error)
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // By the key alone: certificates in the oldest form are not read otherwise.
        let key = read(certificate)?.tbs_certificate.subject_public_key_info;
        let key = key.to_der().map_err(|_| unreadable())?;
        let key = SubjectPublicKeyInfoDer::from(key);
        verify_tls13_signature_with_raw_key(message, &key, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
