import ConfigSource
import RealtimeEvents

/// The reconnect logic of a `connect` session: decides when to connect, wait, continue or give up.
///
/// A state machine without sockets, tasks or a clock. The caller passes in each event and performs the returned action.
struct ConnectionState: Sendable {
    /// The kind of session.
    enum Kind: Sendable, Hashable {
        /// A session that the router opened. The server creates a new session for each connection.
        case own
        /// The control connection of a call that another client opened. Each connection attaches to the same session.
        case sideband
    }

    /// An event.
    enum Input: Sendable, Hashable {
        /// The handshake is done.
        case opened
        /// The connection attempt failed.
        case failed(DialFailure)
        /// The server serves the session: it sent `session.created`, or any event on a sideband.
        case served
        /// The server reported an error that a new connection cannot fix.
        case fatal(FatalError)
        /// The connection has ended.
        case ended(WebSocketEnd)
        /// The connection ended shortly after our `session.update`, which the server had not confirmed.
        case droppedConfiguration(WebSocketEnd)
        /// A sideband received no event for ``ConnectOptions/silence``, or else for the router's idle limit.
        case silent
        /// The requested wait has elapsed.
        case timer
        /// Something other than the connection failed; the text is for the operator.
        case sessionFailed(String)
    }

    /// The action to perform.
    enum Output: Sendable, Hashable {
        /// Open a connection, then pass in `opened` or `failed`.
        case dial
        /// Wait, then pass in `timer`. The reason is for the log.
        case wait(Duration, because: String)
        /// Route the incoming messages. The first connection begins the session, later ones continue it.
        case run(attempt: Int)
        /// Close the connection, if it is open, and connect again to see whether the call still exists.
        case reattach
        /// End the session.
        case stop(Ending)
    }

    /// How the session ended.
    enum Ending: Sendable, Hashable {
        /// The server closed the connection normally.
        case closed
        /// The call was hung up.
        case hungUp
        /// The session cannot continue; the text is for the operator.
        case failed(String)

        /// The session's end reason; nil for an error, which carries its own reason.
        var sessionEnd: SessionEndReason? {
            switch self {
            case .closed: .disconnected
            case .hungUp: .hungUp
            case .failed: nil
            }
        }
    }

    private let kind: Kind
    private let policy: ReconnectPolicy
    /// Whether a connection has been open.
    private var hasConnected = false
    /// The number of attempts since the last connection that served the session.
    private var attempts = 0
    /// The number of attempts since the last connection that lasted ``ReconnectPolicy/resetAfter``.
    private var allAttempts = 0
    private var fatal: FatalError?
    /// The number of connections in a row that ended shortly after our `session.update`.
    private var droppedConfigurations = 0
    /// When the open connection began to serve the session.
    private var servedSince: Duration?
    /// When the server first answered that the call does not exist.
    private var missingSince: Duration?

    init(_ kind: Kind, _ policy: ReconnectPolicy) {
        self.kind = kind
        self.policy = policy
    }

    /// Handles an event.
    ///
    /// - Parameters:
    ///   - now: the time of a monotonic clock.
    ///   - jitter: a random number from 0 to 1, which spreads the reconnects of many sessions.
    mutating func handle(_ input: Input, at now: Duration, jitter: Double) -> Output {
        switch input {
        case .opened:
            let attempt = attempts
            hasConnected = true
            missingSince = nil
            return .run(attempt: attempt)
        case .served:
            attempts = 0
            servedSince = servedSince ?? now
            return .run(attempt: 0)
        case .fatal(let error):
            fatal = error
            return .stop(.failed("\(error)"))
        case .failed(let failure): return failed(failure, now, jitter)
        case .ended(let end):
            droppedConfigurations = 0
            // A connection that lasted long enough ends a series of failures.
            if let since = servedSince, now - since >= policy.resetAfter { allAttempts = 0 }
            servedSince = nil
            return ended(end, jitter)
        // A normal close does not mean that the server rejected the configuration.
        case .droppedConfiguration(let end) where end.isOrderly: return handle(.ended(end), at: now, jitter: jitter)
        case .droppedConfiguration(let end):
            droppedConfigurations += 1
            servedSince = nil
            guard droppedConfigurations < Self.mostDroppedConfigurations else {
                return .stop(.failed(Self.words(droppedConfigurations, end)))
            }
            return ended(end, jitter)
        case .silent: return .reattach
        case .timer: return .dial
        case .sessionFailed(let reason): return .stop(.failed(reason))
        }
    }

    /// The number of dropped connections in a row after which the configuration is assumed to be the cause.
    private static let mostDroppedConfigurations = 3

    private static func words(_ count: Int, _ end: WebSocketEnd) -> String {
        """
        the server dropped the connection \(count) times in a row right after our `session.update`; the last time the connection was \(end)
           help: the server seems to reject the configuration: check `session` in routes.yml, and the announced functions
        """
    }

    private mutating func ended(_ end: WebSocketEnd, _ jitter: Double) -> Output {
        if let fatal { return .stop(.failed("\(fatal)")) }
        switch (end, kind) {
        case (.local, _): return .stop(.closed)
        case (.closed(let code?, let reason), _) where Self.isFinal(code):
            return .stop(
                .failed(
                    "the server closed the connection with \(code)" + (reason.isEmpty ? "" : ": \(reason.printable)")))
        case (.closed(1000, _), .own), (.closed(nil, _), .own): return .stop(.closed)
        // A closed sideband is retried, too, because the server may have restarted. If the call is not found then, it
        // was hung up.
        default: return retry("the connection was \(end)", nil, jitter)
        }
    }

    /// Whether a close code means that a new connection cannot help: a policy violation (1008), a rejected key (3000),
    /// or an API version that is no longer supported (4000).
    private static func isFinal(_ code: UInt16) -> Bool { code == 1008 || code == 3000 || code == 4000 }

    private mutating func failed(_ failure: DialFailure, _ now: Duration, _ jitter: Double) -> Output {
        switch failure {
        case .unusable, .untrusted, .cancelled: return .stop(.failed("\(failure)"))
        case .refused(let refusal): return refused(refusal, now, jitter)
        case .unreachable, .violated, .timedOut:
            guard hasConnected else { return .stop(.failed("\(failure)")) }
            return retry("\(failure)", nil, jitter)
        }
    }

    private mutating func refused(_ refusal: HandshakeRefusal, _ now: Duration, _ jitter: Double) -> Output {
        if kind == .sideband, refusal.status == 404 { return callIsMissing(refusal, now) }
        if let code = refusal.code, FatalError.codes.contains(code) { return .stop(.failed("\(refusal)")) }
        let isPassing = refusal.status == 429 || refusal.status == 408 || refusal.status >= 500
        guard isPassing else { return .stop(.failed("\(refusal)")) }
        return retry("\(refusal)", refusal.retryAfter, jitter)
    }

    /// Handles a 404 on a sideband. The server may not find a call for a moment after its creation.
    private mutating func callIsMissing(_ refusal: HandshakeRefusal, _ now: Duration) -> Output {
        if hasConnected { return .stop(.hungUp) }
        let since = missingSince ?? now
        missingSince = since
        guard now - since < policy.callNotFoundTimeout else {
            return .stop(
                .failed(
                    """
                    \(refusal)
                       help: the call was not found for \(policy.callNotFoundTimeout.wholeSeconds) s. It may be over, or not accepted; it may \
                    have been made with an ephemeral key (those cannot be attached to); or this key is another project's
                    """))
        }
        return .wait(.milliseconds(500), because: "the call is not there yet")
    }

    private mutating func retry(_ reason: String, _ retryAfter: Double?, _ jitter: Double) -> Output {
        guard attempts < policy.attempts, allAttempts < policy.maximumConsecutiveAttempts else {
            let count = attempts < policy.attempts ? allAttempts : attempts
            let what = attempts < policy.attempts ? "of which none held" : "one after the other"
            return .stop(.failed("gave up after \(count) attempts to connect \(what): \(reason)"))
        }
        attempts += 1
        allAttempts += 1
        let wait = policy.wait(before: attempts, jitter: jitter)
        let asked = Duration.seconds(min(max(retryAfter ?? 0, 0), 60))
        return .wait(max(wait, asked), because: reason)
    }
}

/// How often, and after which delays, a lost connection is reopened.
public struct ReconnectPolicy: Sendable, Hashable {
    /// The maximum number of attempts after one connection loss; 0 to never reconnect.
    public var attempts = 8
    /// The maximum number of attempts in a row while no connection lasts for ``resetAfter``.
    public var maximumConsecutiveAttempts = 100
    /// The delay before the first attempt; it doubles with each attempt.
    public var initialDelay = Duration.milliseconds(500)
    /// The longest delay.
    public var maximumDelay = Duration.seconds(30)
    /// How long a connection must serve the session to reset the count for ``maximumConsecutiveAttempts``.
    public var resetAfter = Duration.seconds(60)
    /// How long a sideband retries when the server does not find the call.
    public var callNotFoundTimeout = Duration.seconds(10)

    /// The defaults.
    public init() {}

    /// The delay before an attempt, counted from 1: the full delay, reduced by a random part of at most half.
    func wait(before attempt: Int, jitter: Double) -> Duration {
        let full = min(initialDelay * (1 << min(attempt - 1, 16)), maximumDelay)
        return full / 2 + full / 2 * min(max(jitter, 0), 1)
    }
}

/// A server error that a new connection cannot fix.
struct FatalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The error codes about the key, the account or the model.
    static let codes: Set<String> = [
        "insufficient_quota", "invalid_api_key", "account_deactivated", "billing_hard_limit_reached",
        "beta_api_shape_disabled", "model_not_found", "invalid_model",
    ]

    let code: String
    let message: String

    /// A description such as `the server refuses the session: You exceeded your current quota (insufficient_quota)`.
    var description: String { "the server refuses the session: \(message) (\(code))" }
}
