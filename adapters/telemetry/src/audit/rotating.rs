//! A log file that is rotated by size.
//!
//! No crate is used: `tracing-appender` rotates by time only; `rolling-file` numbers its files, deletes the oldest and
//! buffers lines in memory. An audit log keeps everything, reports what it could not write, and its files are named by
//! time and compressed, as the reference's are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A file that lines are appended to. When a line would make it too large it is renamed after the time, as the
/// reference does, and compressed.
pub(super) struct RotatingFile {
    path: PathBuf,
    limit: u64,
    open: Option<(File, u64)>,
}

impl RotatingFile {
    /// Opens or creates the file and its folder.
    pub(super) fn open(path: &Path, limit: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = Self {
            path: path.to_owned(),
            limit,
            open: None,
        };
        file.ensure_open()?;
        Ok(file)
    }

    /// Writes a line; rotates the file before, if the line does not fit any more.
    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let (limit, length) = (self.limit, line.len() as u64);
        let size = self.ensure_open()?.1;
        if size > 0 && size + length > limit {
            self.rotate()?;
        }
        let (file, size) = self.ensure_open()?;
        let written = file.write_all(line);
        *size += length;
        if written.is_err() {
            // Reopened next time: the disk may have been mounted again by then.
            self.open = None;
        }
        written
    }

    fn ensure_open(&mut self) -> io::Result<&mut (File, u64)> {
        if self.open.is_none() {
            let file = private().create(true).append(true).open(&self.path)?;
            let size = file.metadata()?.len();
            self.open = Some((file, size));
        }
        self.open
            .as_mut()
            .ok_or_else(|| io::Error::other("no file is open"))
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.open = None;
        let rotated = self.rotated_path();
        fs::rename(&self.path, &rotated)?;
        if let Err(error) = compress(&rotated) {
            tracing::warn!(file = %rotated.display(), %error, "a rotated audit log could not be compressed");
        }
        Ok(())
    }

    /// `audit.2026-11-24_21-41-26_123456.log` beside `audit.log`.
    fn rotated_path(&self) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = self.path.extension().map(|extension| extension.to_string_lossy());
        let extension = extension
            .map(|extension| format!(".{extension}"))
            .unwrap_or_default();
        loop {
            let time = Utc::now().format("%Y-%m-%d_%H-%M-%S_%6f");
            let rotated = self.path.with_file_name(format!("{stem}.{time}{extension}"));
            if !rotated.exists() && !with_gz(&rotated).exists() {
                return rotated;
            }
        }
    }
}

/// How files are made that only this user may read: entries show who did what, and what was sent. A file that exists
/// keeps its mode, which the operator may have chosen.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn with_gz(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    PathBuf::from(name)
}

/// Replaces a file by its compressed form; the file is removed only once that is on the disk.
fn compress(path: &Path) -> io::Result<()> {
    let target = with_gz(path);
    let compressed = (|| {
        let mut encoder = GzEncoder::new(
            private().create(true).write(true).truncate(true).open(&target)?,
            Compression::default(),
        );
        io::copy(&mut File::open(path)?, &mut encoder)?;
        encoder.finish()?.sync_all()
    })();
    match compressed {
        Ok(()) => fs::remove_file(path),
        Err(error) => {
            // The partial file is useless; when it cannot be removed either, the first error counts.
            let _ = fs::remove_file(&target);
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn unpacked(path: &Path) -> String {
        let mut text = String::new();
        GzDecoder::new(File::open(path).expect("a file"))
            .read_to_string(&mut text)
            .expect("gzip");
        text
    }

    #[test]
    fn full_files_are_rotated_and_compressed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/audit.log");
        let mut file = RotatingFile::open(&path, 20).expect("it opens");
        for line in [
            "one\n",
            "two\n",
            "a long line\n",
            "four\n",
            "a line longer than the limit\n",
        ] {
            file.append(line.as_bytes()).expect("it is written");
        }
        let mut rotated: Vec<_> = fs::read_dir(path.parent().expect("a folder"))
            .expect("a folder")
            .map(|entry| entry.expect("a file").path())
            .filter(|found| *found != path)
            .collect();
        rotated.sort();
        let texts: Vec<_> = rotated.iter().map(|path| unpacked(path)).collect();
        assert_eq!(texts, ["one\ntwo\na long line\n", "four\n"]);
        assert_eq!(
            fs::read_to_string(&path).expect("the newest"),
            "a line longer than the limit\n"
        );
        let name = rotated[0]
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(name.starts_with("audit.2") && name.ends_with(".log.gz"), "{name}");
    }

    #[cfg(unix)]
    #[test]
    fn files_are_made_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        // The lines that are written, and how many files they fill.
        let table: [(&[&str], usize); 4] = [
            (&[], 1),
            (&["one\n"], 1),
            (&["a long line\n", "another line\n"], 2),
            (&["a long line\n", "another line\n", "and a third\n"], 3),
        ];
        for (lines, files) in table {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("audit.log");
            let mut file = RotatingFile::open(&path, 20).expect("it opens");
            for line in lines {
                file.append(line.as_bytes()).expect("it is written");
            }
            let modes: Vec<_> = fs::read_dir(folder.path())
                .expect("a folder")
                .map(|entry| entry.expect("a file").metadata().expect("its mode"))
                .map(|data| format!("{:o}", data.permissions().mode() & 0o777))
                .collect();
            assert_eq!(modes, vec!["600"; files], "{lines:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_mode_that_the_operator_chose_stays() {
        use std::os::unix::fs::PermissionsExt;

        for mode in [0o600, 0o640, 0o644, 0o660] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("audit.log");
            fs::write(&path, "old\n").expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("changed");
            let mut file = RotatingFile::open(&path, 100).expect("it opens");
            file.append(b"new\n").expect("written");
            let found = fs::metadata(&path).expect("its mode").permissions().mode() & 0o777;
            assert_eq!(format!("{found:o}"), format!("{mode:o}"));
        }
    }

    #[test]
    fn an_existing_file_is_appended_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("audit.log");
        fs::write(&path, "old\n").expect("written");
        let mut file = RotatingFile::open(&path, 100).expect("it opens");
        file.append(b"new\n").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "old\nnew\n");
        assert!(
            RotatingFile::open(folder.path(), 100).is_err(),
            "a folder is no file"
        );
    }
}
