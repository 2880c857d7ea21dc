//! Folders, disks and ports that cannot be used.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use crate::support::{Running, keelson, keelson_as_nobody, run};

fn done(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .status()
        .is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout == b"0\n")
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let folder = tempfile::tempdir().expect("a folder");
    run(keelson(folder.path(), &[("PORT", &port)])).refused(&[
        &port,
        "another process listens there",
        "set PORT",
    ]);
    assert!(!folder.path().join("webui.db").exists(), "a database was made");
}

#[test]
fn an_address_of_another_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    run(keelson(folder.path(), &[("HOST", "192.0.2.1")])).refused(&["192.0.2.1", "set HOST"]);
}

#[test]
fn a_data_folder_that_is_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("data");
    std::fs::write(&file, "a file").expect("a file");
    run(keelson(&file, &[])).refused(&["DATA_DIR", "set it to a folder"]);
    assert_eq!(std::fs::read(&file).expect("the file"), b"a file");
}

#[test]
fn a_read_only_folder() {
    if !is_root() {
        eprintln!("left out: only root can become a user without rights");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    assert_eq!(run(config_reset(keelson(&data, &[]))).code, Some(0));
    for path in [folder.path(), &data] {
        assert!(done("chmod", &["755", &path.display().to_string()]));
    }
    let file = data.join("webui.db");
    let before = std::fs::read(&file).expect("a database");
    // The binary itself must be within reach of somebody who may read little.
    let copied = folder.path().join("keelson");
    std::fs::copy(crate::support::binary(), &copied).expect("a copy");
    assert!(done("chmod", &["755", &copied.display().to_string()]));
    run(keelson_as_nobody(&copied, &data, &[])).refused(&[
        "webui.db",
        "cannot be written to",
        "ermission denied",
    ]);
    let fresh = folder.path().join("fresh");
    run(keelson_as_nobody(&copied, &fresh, &[])).refused(&[
        "DATA_DIR",
        "ermission denied",
        "set it to a folder",
    ]);
    assert!(
        before == std::fs::read(&file).expect("a database"),
        "the file was changed"
    );
}

fn config_reset(mut command: Command) -> Command {
    command.args(["config", "reset", "ENABLE_SIGNUP"]);
    command
}

/// A small disk; unmounted with this value. None where mounts are not allowed.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let place = folder.path().display().to_string();
        let option = format!("size={size}");
        let mounted = done("mount", &["-t", "tmpfs", "-o", &option, "tmpfs", &place]);
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        done("umount", &[&self.0.path().display().to_string()]);
    }
}

#[test]
fn a_full_disk() {
    let Some(disk) = Disk::of("96k") else {
        eprintln!("left out: no disk can be mounted here");
        return;
    };
    let ended = run(keelson(disk.path(), &[]));
    ended.refused(&["full", "free some space"]);
    // With room again it starts: what was begun was rolled back.
    assert!(done(
        "mount",
        &["-o", "remount,size=64m", &disk.path().display().to_string()]
    ));
    Running::start(keelson(disk.path(), &[])).stop();
}
