use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A PostgreSQL server of its own on a free loopback port; stopped with this value.
pub(crate) struct Postgres {
    server: Child,
    port: u16,
    folder: TempDir,
}

/// The newest installed version's programs.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed (make test installs it)")
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("postgres").is_file())
        .collect();
    versions.sort();
    versions
        .pop()
        .expect("PostgreSQL is installed (make test installs it)")
}

/// PostgreSQL refuses to run as root: there it runs as the user that its package made.
fn command(program: &Path) -> Command {
    let root = Command::new("id").arg("-u").output().expect("id").stdout == b"0\n";
    if root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

impl Postgres {
    /// Starts one with an empty database `keelson`.
    pub(crate) fn start() -> Self {
        let programs = programs();
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let open = Command::new("chmod")
            .arg("777")
            .arg(folder.path())
            .status()
            .expect("chmod");
        assert!(open.success());
        let made = command(&programs.join("initdb"))
            .args(["-A", "trust", "-U", "keelson", "--no-sync", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .expect("initdb runs");
        assert!(made.success(), "initdb failed");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|it| it.local_addr())
            .expect("a port")
            .port();
        let server = command(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let server = Self { server, port, folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !server.sql("postgres", "CREATE DATABASE keelson") {
            assert!(Instant::now() < deadline, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    /// The address of the database.
    pub(crate) fn url(&self) -> String {
        self.url_of("keelson")
    }

    /// The address of another database.
    pub(crate) fn url_of(&self, database: &str) -> String {
        format!("postgresql://keelson@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens on the loopback.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Asks everybody but `keelson` for a password from now on.
    pub(crate) fn ask_passwords(&self) {
        let rules = "host all keelson 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        std::fs::write(self.folder.path().join("data/pg_hba.conf"), rules).expect("the rules");
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.sql_as("ada", "keelson", "SELECT 1") {
            assert!(Instant::now() < deadline, "the rules are not taken up");
            assert!(self.sql("keelson", "SELECT pg_reload_conf()"));
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Runs a statement in a database; whether it went well.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> bool {
        self.sql_as("keelson", database, statement)
    }

    fn sql_as(&self, user: &str, database: &str, statement: &str) -> bool {
        let port = self.port.to_string();
        Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-w",
                "-U",
                user,
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                database,
                "-c",
            ])
            .arg(statement)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// What a query of the database answers: a line a row, with `|` between its cells.
    pub(crate) fn ask(&self, query: &str) -> String {
        let port = self.port.to_string();
        let answered = Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-w",
                "-U",
                "keelson",
                "-d",
                "keelson",
                "-tAX",
                "-c",
            ])
            .arg(query)
            .output()
            .expect("psql runs");
        assert!(
            answered.status.success(),
            "{}",
            String::from_utf8_lossy(&answered.stderr)
        );
        String::from_utf8(answered.stdout).expect("UTF-8")
    }

    /// Runs a file of statements in the database.
    pub(crate) fn run_file(&self, file: &Path) {
        let port = self.port.to_string();
        let done = Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                "keelson",
                "-q",
                "-d",
                "keelson",
                "-f",
            ])
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("psql runs");
        assert!(done.success(), "{} could not be run", file.display());
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
