/// What the operator fixed at start, one struct a section; filled by `bootstrap/src/config`.
#[derive(Debug, Clone, Default)]
pub struct Deployment {}
