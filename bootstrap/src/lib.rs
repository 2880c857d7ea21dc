//! Wires adapters into the application: the only crate that knows them all.
