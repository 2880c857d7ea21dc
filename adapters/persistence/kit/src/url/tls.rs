use std::path::{Path, PathBuf};

/// Whether the connection is encrypted, and what is checked (`sslmode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted only where the server insists.
    Allow,
    /// Encrypted where the server can.
    #[default]
    Prefer,
    /// Always encrypted.
    Require,
    /// And signed by one of the root certificates.
    VerifyCa,
    /// And the certificate bears the server's name.
    VerifyFull,
}

impl TlsMode {
    const ALLOWED: &str = "disable, allow, prefer, require, verify-ca, verify-full";

    fn parse(value: &str) -> Result<Self, String> {
        match value {
            "disable" => Ok(Self::Disable),
            "allow" => Ok(Self::Allow),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(format!("sslmode is none of {}", Self::ALLOWED)),
        }
    }

    /// Whether a certificate that nobody signed is refused.
    pub(crate) fn verifies(self) -> bool {
        matches!(self, Self::VerifyCa | Self::VerifyFull)
    }
}

/// The root certificates that are trusted (`sslrootcert`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Roots {
    /// Those of the user's `.postgresql/root.crt`, if it is there.
    #[default]
    OfUser,
    /// Those of a file.
    File(PathBuf),
    /// Those that the machine trusts.
    System,
}

/// What is said about TLS. Files are read when a connection is made, so that renewed ones count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TlsOptions {
    pub(crate) mode: TlsMode,
    has_mode: bool,
    pub(crate) roots: Roots,
    /// The client's certificate and key; those of the user where none are named.
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    /// Certificates that were revoked.
    pub(crate) revoked: Option<PathBuf>,
    /// Refuses what is older than TLS 1.3.
    pub(crate) only_newest: bool,
    /// Begins with TLS, without asking the server.
    pub(crate) direct: bool,
    /// The folder `.postgresql` of the user.
    pub(crate) folder: Option<PathBuf>,
}

impl TlsOptions {
    /// Takes an option in; whether it is one of TLS.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<bool, String> {
        match name {
            "sslmode" => {
                self.mode = TlsMode::parse(value)?;
                self.has_mode = true;
            }
            "sslrootcert" if value == "system" => self.roots = Roots::System,
            "sslrootcert" => self.roots = Roots::File(value.into()),
            "sslcert" => self.certificate = Some(value.into()),
            "sslkey" => self.key = Some(value.into()),
            "sslcrl" => self.revoked = Some(value.into()),
            "ssl_min_protocol_version" => match value {
                "TLSv1.3" => self.only_newest = true,
                // Older ones are never spoken.
                "TLSv1" | "TLSv1.1" | "TLSv1.2" => self.only_newest = false,
                _ => {
                    return Err(
                        "ssl_min_protocol_version is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3".to_owned(),
                    );
                }
            },
            "sslnegotiation" => match value {
                "direct" => self.direct = true,
                "postgres" => self.direct = false,
                _ => return Err("sslnegotiation is none of postgres, direct".to_owned()),
            },
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Checks what depends on several options.
    pub(super) fn finish(mut self, home: Option<&Path>) -> Result<Self, String> {
        self.folder = home.map(|home| home.join(".postgresql"));
        if self.roots == Roots::System {
            if !self.has_mode {
                self.mode = TlsMode::VerifyFull;
            }
            if self.mode != TlsMode::VerifyFull {
                return Err("sslrootcert=system goes with sslmode=verify-full alone".to_owned());
            }
        }
        if self.direct && matches!(self.mode, TlsMode::Disable | TlsMode::Allow | TlsMode::Prefer) {
            return Err(
                "sslnegotiation=direct goes with sslmode=require, verify-ca or verify-full alone".to_owned(),
            );
        }
        if self.certificate.is_some() != self.key.is_some() && self.folder.is_none() {
            return Err("sslcert and sslkey go together".to_owned());
        }
        Ok(self)
    }
}
