//! What the real binary does with what it cannot use: it fails with a line that says what is wrong and what to do, and
//! changes nothing. And what many of it do at once.

mod addresses;
mod crowd;
mod databases;
mod places;
mod variables;
