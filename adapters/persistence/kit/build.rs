//! Builds anew when a migration is added: the compiler sees only those that it embedded.

fn main() {
    println!("cargo::rerun-if-changed=../../../migrations");
}
