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

# What is compiled goes into one folder for all checkouts of this machine, so that dependencies are built once; a
# checkout's own target/ holds the finished binaries alone, so that one checkout never runs another's. Whoever sets
# CARGO_TARGET_DIR or CARGO_BUILD_BUILD_DIR decides instead.
if [ -z "${CARGO_TARGET_DIR:-}" ]; then
    export CARGO_BUILD_BUILD_DIR=${CARGO_BUILD_BUILD_DIR:-$cache/target}
fi
# The workspace's own crates are compiled by clippy, where it is installed: what is built is linted. Cargo keeps apart what
# wrappers of different paths compile, and knows crates by their paths below the workspace only: without a wrapper of its
# own a checkout would take another's crates for its own. A link, for a shell script would drop cargo's variables with
# dashes in their names.
set_compiler() {
    local driver
    have rustc || return 0
    driver=$(rustc --print sysroot)/bin/clippy-driver
    [ -x "$driver" ] || driver=$(command -v env)
    export RUSTC_WORKSPACE_WRAPPER=$root/target/compiler/${driver##*/}
    mkdir -p "${RUSTC_WORKSPACE_WRAPPER%/*}"
    ln -sfn "$driver" "$RUSTC_WORKSPACE_WRAPPER"
}
set_compiler

# Empties the shared build folder when it has outgrown KEELSON_BUILD_CAP GB: cargo itself never removes what no checkout
# uses any more. Left alone while another cargo works in it.
cap_build_folder() {
    local folder=${CARGO_BUILD_BUILD_DIR:-} lock
    [ -n "$folder" ] && [ -d "$folder/debug" ] || return 0
    [ "$(du -s --block-size=1G "$folder" | cut -f 1)" -gt "${KEELSON_BUILD_CAP:-30}" ] || return 0
    for lock in "$folder"/debug/.cargo*lock; do
        flock --nonblock "$lock" true || return 0
    done
    say "$folder has outgrown KEELSON_BUILD_CAP: emptied, everything is built anew"
    rm -rf "$folder/debug" "$folder/release"
}

# The folder that the built binaries are in.
target_dir() { printf '%s' "${CARGO_TARGET_DIR:-$root/target}"; }

# need_binary: KEELSON_BIN, unless the caller set it, is the build that the tests use too: the same packages and profile.
need_binary() {
    if [ -z "${KEELSON_BIN:-}" ]; then
        need_build_tools
        cargo build --quiet --locked --workspace --bins
        KEELSON_BIN=$(target_dir)/debug/keelson
    fi
}

# python_venv FOLDER REQUIREMENT...: a virtual environment with these, made anew when they change.
python_venv() {
    local venv=$1
    shift
    if [ "$(cat "$venv/requirements" 2>/dev/null)" != "$*" ] || ! "$venv/bin/python" -c '' 2>/dev/null; then
        rm -rf "$venv"
        python3 -m venv "$venv" >/dev/null 2>&1 || { install python3 python3-venv && /usr/bin/python3 -m venv --clear "$venv"; }
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2
        printf '%s' "$*" >"$venv/requirements"
    fi
}

# npm_ci FOLDER: what its package-lock.json names, in its node_modules; done again only when that file changes.
npm_ci() {
    have node && have npm || install nodejs npm
    if ! cmp -s "$1/package-lock.json" "$1/node_modules/.installed"; then
        (cd "$1" && npm ci --no-audit --no-fund >&2)
        cp "$1/package-lock.json" "$1/node_modules/.installed"
    fi
}

# is_ready HOST PORT: whether the server there says so.
is_ready() {
    local line
    (exec 3<>"/dev/tcp/$1/$2" && printf 'GET /ready HTTP/1.0\r\nHost: %s\r\n\r\n' "$1" >&3 &&
        IFS= read -r -t 1 line <&3 && [[ $line == *' 200 '* ]]) 2>/dev/null
}
