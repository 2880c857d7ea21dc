# Shared by the scripts beside it: `. "$(dirname "$0")/lib.sh"` puts the caller in the project's root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
cache=${XDG_CACHE_HOME:-$HOME/.cache}/keelson

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# install PACKAGE...: from Debian's or Ubuntu's packages, where this user may; else says the command and stops.
install() {
    local as=()
    if [ "$(id -u)" != 0 ]; then
        # With a password only where somebody can type it.
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as=(sudo); else
            fail "Needed first: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
        fi
    fi
    command -v apt-get >/dev/null || fail "Needed first, by the names Debian gives them: $*"
    say "Installing $*"
    local log
    log=$(mktemp)
    {
        "${as[@]}" apt-get update -qq &&
            "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    } >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "apt-get could not install: $*"; }
    rm -f "$log"
}

have() { command -v "$1" >/dev/null 2>&1; }

# What compiling needs: Rust, and a C compiler for SQLite and ring.
need_build_tools() {
    have cargo || fail "Rust $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or later is needed (https://www.rust-lang.org/tools/install)."
    have cc || install gcc libc6-dev
}

# The folder that the built binaries are in.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$root/target}"; }
