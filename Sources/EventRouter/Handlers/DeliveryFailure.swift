/// An error by which a handler says more than "it failed".
///
/// Any other error is treated as ``retry(after:_:)`` without a delay of its own.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case permanent
        case retry(after: Duration?)
    }

    let kind: Kind
    /// What went wrong, for the dead letter and the log.
    public let description: String

    /// Trying again cannot help: the event becomes a dead letter at once.
    public static func permanent(_ reason: String) -> DeliveryFailure {
        DeliveryFailure(kind: .permanent, description: reason)
    }

    /// Try again after this time instead of the policy's back-off, if the policy allows another attempt.
    public static func retry(after delay: Duration? = nil, _ reason: String) -> DeliveryFailure {
        DeliveryFailure(kind: .retry(after: delay), description: reason)
    }
}
