crate::text_id! {
    /// Names one running process of the fleet; fresh with every start.
    InstanceId
}
