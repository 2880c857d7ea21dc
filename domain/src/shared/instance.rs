use super::TextId;

/// One running process.
#[derive(Debug)]
pub enum Instance {}

/// Names one running process of the fleet; fresh with every start.
pub type InstanceId = TextId<Instance>;
