//! Which addresses users may make the server reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use keelson_domain::config::deployment;

/// An entry of `KEELSON_EGRESS_ALLOW` is not valid.
#[derive(Debug, thiserror::Error)]
#[error("KEELSON_EGRESS_ALLOW holds {0:?}; allowed: host names, addresses and networks such as 10.1.2.0/24")]
pub struct InvalidAllowEntry(String);

/// Which addresses the operator allows. No crate is used: the standard library's `Ipv4Addr::is_global` is unstable.
#[derive(Debug, Clone, Default)]
pub(crate) struct AddressPolicy {
    allows_all: bool,
    hosts: Vec<String>,
    networks: Vec<IpNet>,
}

impl AddressPolicy {
    pub(crate) fn new(options: &deployment::Egress) -> Result<Self, InvalidAllowEntry> {
        let mut policy = Self {
            allows_all: options.private,
            ..Self::default()
        };
        for entry in &options.allow {
            if let Ok(network) = entry.parse::<IpNet>() {
                policy.networks.push(network);
            } else if let Ok(address) = entry.trim_matches(['[', ']']).parse::<IpAddr>() {
                policy.networks.push(address.into());
            } else if !entry.is_empty() && !entry.contains(['/', ' ', ':']) {
                policy.hosts.push(entry.to_lowercase());
            } else {
                return Err(InvalidAllowEntry(entry.clone()));
            }
        }
        Ok(policy)
    }

    /// Whether all addresses of a host are allowed, because the operator named the host.
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        self.allows_all || self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    /// Whether an address is allowed.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        let address = unmap(address);
        self.allows_all
            || is_public(address)
            || self.networks.iter().any(|network| network.contains(&address))
    }
}

/// The IPv4 address of an IPv4-mapped IPv6 address.
fn unmap(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = (a, b, c) == (192, 0, 0);
    let benchmark = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 240
        || shared
        || protocol
        || benchmark
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

/// Only global unicast (2000::/3) without the tunnels that embed an IPv4 address (6to4, Teredo), and public IPv4
/// addresses behind NAT64.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, rest @ ..] = address.segments();
    if (first, second) == (0x64, 0xff9b) && rest[..4] == [0; 4] {
        let [a, b] = rest[4].to_be_bytes();
        let [c, d] = rest[5].to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    let tunnel = first == 0x2002 || (first, second) == (0x2001, 0);
    let documentation = (first, second) == (0x2001, 0xdb8);
    first & 0xe000 == 0x2000 && !tunnel && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str]) -> AddressPolicy {
        AddressPolicy::new(&deployment::Egress {
            private: false,
            allow: allow.iter().map(|entry| (*entry).to_owned()).collect(),
        })
        .expect("the entries are right")
    }

    #[test]
    fn only_public_addresses_are_allowed() {
        let policy = policy(&[]);
        let allowed = |text: &str| policy.allows(text.parse().expect("an address"));
        for text in [
            "1.1.1.1",
            "100.63.0.1",
            "172.32.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
        ] {
            assert!(allowed(text), "{text}");
        }
        for text in [
            "127.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.192",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:0:1::",
            "::7f00:1",
        ] {
            assert!(!allowed(text), "{text}");
        }
    }

    #[test]
    fn operators_allow_networks_addresses_and_hosts() {
        let policy = policy(&["10.1.0.0/16", "127.0.0.1", "Hook.internal", "[fd00::1]"]);
        let allowed = |text: &str| policy.allows(text.parse().expect("an address"));
        assert!(
            allowed("10.1.2.3") && allowed("127.0.0.1") && allowed("::ffff:127.0.0.1") && allowed("fd00::1")
        );
        assert!(!allowed("10.2.0.1") && !allowed("127.0.0.2"));
        assert!(policy.allows_host("hook.INTERNAL") && !policy.allows_host("internal"));
        let wrong = deployment::Egress {
            private: false,
            allow: vec!["10.0.0.0/99".to_owned()],
        };
        assert!(AddressPolicy::new(&wrong).is_err());
    }
}
