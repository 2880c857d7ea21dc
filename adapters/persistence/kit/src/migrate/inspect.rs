//! Finds out what a database is, before a byte of it changes.

use crate::DatabaseError;

/// The revision of the reference's schema that we work with.
pub const REVISION: &str = "c440947495f3";

/// The table in which our own migrations are recorded.
pub(super) const RECORDS: &str = "__diesel_schema_migrations";

/// The tables that the rooms use; a database without one of them does not fit.
pub(super) const TABLES: &[&str] = &[
    "api_key",
    "auth",
    "channel",
    "channel_file",
    "channel_member",
    "channel_webhook",
    "chat",
    "chat_file",
    "config",
    "feedback",
    "file",
    "folder",
    "function",
    "group",
    "group_member",
    "knowledge",
    "knowledge_file",
    "memory",
    "message",
    "message_reaction",
    "model",
    "note",
    "oauth_session",
    "prompt",
    "tag",
    "tool",
    "user",
];

/// What a database holds before we touch it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Contents {
    /// Nothing.
    Empty,
    /// The reference's schema at our revision.
    Reference,
    /// The same, and our first migration on record.
    Ours,
}

/// What is seen of a database.
pub(super) struct Inspection {
    /// Names of its tables.
    pub(super) tables: Vec<String>,
    /// Rows of `alembic_version`.
    pub(super) revisions: Vec<String>,
    /// Versions on record in [`RECORDS`].
    pub(super) records: Vec<String>,
}

impl Inspection {
    fn has(&self, table: &str) -> bool {
        self.tables.iter().any(|name| name == table)
    }

    /// Whether it can be served, made or adopted.
    pub(super) fn classify(&self, baseline: &str) -> Result<Contents, DatabaseError> {
        let recorded = self.records.iter().any(|version| version == baseline);
        let foreign = |reason: &str| {
            Err(DatabaseError::OtherSchema {
                reason: reason.to_owned(),
            })
        };
        if self.tables.iter().all(|table| table == RECORDS) {
            return match recorded {
                false => Ok(Contents::Empty),
                true => foreign("it was filled once, but its tables are gone"),
            };
        }
        match self.revisions.as_slice() {
            [revision] if revision == REVISION => {}
            [] if self.has("alembic_version") => {
                return foreign("its alembic_version is empty, so nobody knows which version made it");
            }
            [] => {
                return foreign(
                    "it holds tables but no alembic_version, so it is not a database of Open WebUI (or one of before \
                     0.4)",
                );
            }
            [found] => {
                return Err(DatabaseError::OtherRevision {
                    age: RevisionAge::of(found),
                    found: found.clone(),
                    wanted: REVISION,
                });
            }
            several => {
                return Err(DatabaseError::OtherSchema {
                    reason: format!(
                        "alembic_version names {} revisions at once ({}), as after a migration that was cut short",
                        several.len(),
                        several.join(", ")
                    ),
                });
            }
        }
        let missing: Vec<&str> = TABLES.iter().copied().filter(|table| !self.has(table)).collect();
        if !missing.is_empty() {
            return Err(DatabaseError::OtherSchema {
                reason: format!("missing tables: {}", missing.join(", ")),
            });
        }
        Ok(if recorded {
            Contents::Ours
        } else {
            Contents::Reference
        })
    }
}

/// How old a revision that is not ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionAge {
    /// An older version made it.
    Older,
    /// Nobody before us made it: a newer version, or somebody else.
    Unknown,
}

/// The revisions before ours, oldest first.
const OLDER: &[&str] = &[
    "7e5b5dc7342b",
    "ca81bd47c050",
    "c0fbf31ca0db",
    "6a39f3d8e55c",
    "242a2047eae0",
    "1af9b942657b",
    "3ab32c4b8f59",
    "c69f45358db4",
    "c29facfe716b",
    "af906e964978",
    "4ace53fd72c8",
    "922e7a387820",
    "57c599a3cb57",
    "7826ab40b532",
    "3781e22d8b01",
    "9f0c9cd09105",
    "d31026856c01",
    "018012973d35",
    "3af16a1c9fb6",
    "38d63c18f30f",
    "a5c220713937",
    "37f288994c47",
    "2f1211949ecc",
    "b10670c03dd5",
    "90ef40d4714e",
    "3e0e00844bb0",
    "6283dc0e4d8d",
    "81cc2ce44d79",
];

impl RevisionAge {
    fn of(revision: &str) -> Self {
        if OLDER.contains(&revision) {
            Self::Older
        } else {
            Self::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASELINE: &str = "20261123000000";

    fn inspection(tables: &[&str], revisions: &[&str], records: &[&str]) -> Inspection {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Inspection {
            tables: owned(tables),
            revisions: owned(revisions),
            records: owned(records),
        }
    }

    fn reason(inspection: &Inspection) -> String {
        inspection.classify(BASELINE).expect_err("refused").to_string()
    }

    #[test]
    fn ours_and_the_references_are_told_apart_by_the_record() {
        let with = |records: &[&str]| inspection(TABLES, &[REVISION], records).classify(BASELINE);
        assert_eq!(with(&[]).expect("fits"), Contents::Reference);
        assert_eq!(with(&[BASELINE]).expect("fits"), Contents::Ours);
        assert_eq!(
            inspection(&[], &[], &[]).classify(BASELINE).expect("fits"),
            Contents::Empty
        );
        // As a process leaves it that was killed between two statements of an earlier version.
        assert_eq!(
            inspection(&[RECORDS], &[], &[]).classify(BASELINE).expect("fits"),
            Contents::Empty
        );
    }

    #[test]
    fn other_databases_are_refused_and_told_what_to_do() {
        assert!(reason(&inspection(&["user"], &["9f0c9cd09105"], &[])).contains("older Open WebUI"));
        assert!(reason(&inspection(&["user"], &["abc"], &[])).contains("does not know"));
        assert!(reason(&inspection(&["user"], &[], &[])).contains("no alembic_version"));
        assert!(reason(&inspection(&["user", "alembic_version"], &[], &[])).contains("is empty"));
        assert!(reason(&inspection(TABLES, &[REVISION, "abc"], &[])).contains("2 revisions"));
        assert!(reason(&inspection(&["user"], &[REVISION], &[])).contains("missing tables: api_key"));
        assert!(reason(&inspection(&[RECORDS], &[], &[BASELINE])).contains("tables are gone"));
    }
}
