use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ALTERNATIVE_NAMES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// Judges a server's certificate. Against what browsers ask for, that is milder in two ways, as it is for libpq: a
/// certificate without alternative names is known by its common name, and one that `sslrootcert` itself holds is good,
/// whoever signed it.
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
    /// The certificates of `sslrootcert`, of which a server may present one as its own. Empty where revoked certificates
    /// are known, at which only the verifier looks.
    pub(super) pinned: Vec<CertificateDer<'static>>,
}

/// Why a certificate of the oldest form is refused.
#[derive(Debug, thiserror::Error)]
#[error(
    "the server's certificate is of X.509 version 1, which is refused unless sslrootcert names that very certificate; sign \
     one of version 3, as with openssl x509 -req -extfile and a subjectAltName"
)]
struct OldestForm;

fn unreadable() -> Error {
    CertificateError::BadEncoding.into()
}

fn read(certificate: &CertificateDer<'_>) -> Result<Certificate, Error> {
    Certificate::from_der(certificate).map_err(|_| unreadable())
}

/// Whether a certificate is in force.
fn check_validity(own: &Certificate, now: UnixTime) -> Result<(), Error> {
    let lifetime = &own.tbs_certificate.validity;
    if now.as_secs() < lifetime.not_before.to_unix_duration().as_secs() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now.as_secs() > lifetime.not_after.to_unix_duration().as_secs() {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

/// Whether a certificate bears a name: as an alternative name, or, where it has none of those, as its common name.
fn bears_name(certificate: &CertificateDer<'_>, own: &Certificate, name: &ServerName<'_>) -> bool {
    let mut extensions = own.tbs_certificate.extensions.iter().flatten();
    if extensions.any(|extension| extension.extn_id == ALTERNATIVE_NAMES) {
        let parsed = ParsedCertificate::try_from(certificate);
        return parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok());
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

impl Verifier {
    fn check_name(
        &self,
        certificate: &CertificateDer<'_>,
        own: &Certificate,
        name: &ServerName<'_>,
    ) -> Result<(), Error> {
        if !self.checks_name || bears_name(certificate, own, name) {
            return Ok(());
        }
        let expected = name.to_owned();
        let presented = Vec::new();
        Err(CertificateError::NotValidForNameContext { expected, presented }.into())
    }
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
        match &error {
            // Names are looked at last: everything else is well.
            Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => {
                if self.check_name(end_entity, &own, server_name).is_err() {
                    return Err(error);
                }
            }
            _ if trusted.pinned.iter().any(|pinned| pinned == end_entity) => {
                check_validity(&own, now)?;
                self.check_name(end_entity, &own, server_name)?;
            }
            _ if own.tbs_certificate.version == Version::V1 => {
                return Err(Error::Other(OtherError(Arc::new(OldestForm))));
            }
            _ => return Err(error),
        }
        Ok(ServerCertVerified::assertion())
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
