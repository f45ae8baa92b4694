/// The rules in force, with the handlers that run for them.
struct ActiveRules: Sendable {
    let rules: RuleTable
    /// The handlers, as the rules number them.
    let runtimes: [HandlerRuntime]
    let context: DeliveryContext
}
