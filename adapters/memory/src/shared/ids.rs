use std::sync::atomic::{AtomicU64, Ordering};

use keelson_domain::shared::Ids;
use rand::Rng;
use uuid::Uuid;

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn secret_bytes(&self) -> [u8; 16] {
        rand::rng().random()
    }

    fn pick(&self, bound: usize) -> usize {
        if bound == 0 {
            0
        } else {
            rand::rng().random_range(0..bound)
        }
    }
}

/// Identifiers that count up from 1, so that tests know them beforehand.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl CountingIds {
    fn next(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

impl Ids for CountingIds {
    fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.next().to_be_bytes()).into_uuid()
    }

    fn secret_bytes(&self) -> [u8; 16] {
        self.next().to_be_bytes()
    }

    fn pick(&self, _bound: usize) -> usize {
        0
    }
}
