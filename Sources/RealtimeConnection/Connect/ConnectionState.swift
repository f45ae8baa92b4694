import ConfigSource
import RealtimeEvents

/// Decides what becomes of the connection of a session that the router opens itself: when it dials, waits, goes on or gives up.
///
/// A value without sockets, tasks or time: whoever holds it tells it what happened, and does what it answers.
struct ConnectionState: Sendable {
    /// Which end of which conversation it is.
    enum Kind: Sendable, Hashable {
        /// A session of our own: a new connection is a new session of the server's.
        case own
        /// The control connection of a call that somebody else holds: a new connection finds the same session.
        case sideband
    }

    /// What happened.
    enum Input: Sendable, Hashable {
        /// The handshake is done.
        case opened
        /// There is no connection.
        case failed(DialFailure)
        /// The server has shown that it serves the session: `session.created` came, or on a sideband any event.
        case served
        /// The server said something after which no new connection helps.
        case fatal(FatalError)
        /// The connection has ended.
        case ended(WebSocketEnd)
        /// The connection has ended right behind our configuration, which the server has not confirmed.
        case droppedConfiguration(WebSocketEnd)
        /// No event has come on a sideband for the time after which that is strange.
        case silent
        /// The wait is over.
        case timer
        /// Something else than the connection has failed; the text is for the operator.
        case broken(String)
    }

    /// What to do.
    enum Output: Sendable, Hashable {
        /// Open a connection, and say how that went.
        case dial
        /// Wait, then say `timer`. The reason is for the log.
        case wait(Duration, because: String)
        /// Route what comes. The first connection begins the session, later ones continue it.
        case run(attempt: Int)
        /// Close the connection, if it is open; then dial again, to see whether the call is still there.
        case attachAgain
        /// It is over.
        case stop(Ending)
    }

    /// How it ended.
    enum Ending: Sendable, Hashable {
        /// The server closed the connection in the normal way.
        case closed
        /// The call was hung up.
        case hungUp
        /// It cannot go on; the text is for the operator.
        case failed(String)

        /// Why the session ends; nil for the reason of an error.
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
    /// Attempts since the last connection that served.
    private var attempts = 0
    /// Attempts since the last connection that held for long.
    private var allAttempts = 0
    private var fatal: FatalError?
    /// How many connections in a row have ended right behind our configuration.
    private var droppedConfigurations = 0
    /// Since when the connection that is open serves the session.
    private var servedSince: Duration?
    /// When the first attempt to attach was refused because there was no such call.
    private var missingSince: Duration?

    init(_ kind: Kind, _ policy: ReconnectPolicy) {
        self.kind = kind
        self.policy = policy
    }

    /// - Parameters:
    ///   - now: the time by any clock that does not go back.
    ///   - chance: a random number from 0 to 1, which spreads the waits of many sessions.
    mutating func take(_ input: Input, at now: Duration, chance: Double) -> Output {
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
        case .failed(let failure): return failed(failure, now, chance)
        case .ended(let end):
            droppedConfigurations = 0
            // A connection that held is no part of a series of failures.
            if let since = servedSince, now - since >= policy.steadyAfter { allAttempts = 0 }
            servedSince = nil
            return ended(end, chance)
        // A server that closes in good order drops nothing.
        case .droppedConfiguration(let end) where end.isOrderly: return take(.ended(end), at: now, chance: chance)
        case .droppedConfiguration(let end):
            droppedConfigurations += 1
            servedSince = nil
            guard droppedConfigurations < Self.mostDroppedConfigurations else {
                return .stop(.failed(Self.words(droppedConfigurations, end)))
            }
            return ended(end, chance)
        case .silent: return .attachAgain
        case .timer: return .dial
        case .broken(let reason): return .stop(.failed(reason))
        }
    }

    /// After so many connections in a row that ended right behind our configuration it is the configuration.
    private static let mostDroppedConfigurations = 3

    private static func words(_ count: Int, _ end: WebSocketEnd) -> String {
        """
        the server dropped the connection \(count) times in a row right behind our `session.update`; the last time the connection was \(end)
           help: it seems not to take the configuration: look at `session` in routes.yml, and at the functions that are announced
        """
    }

    private mutating func ended(_ end: WebSocketEnd, _ chance: Double) -> Output {
        if let fatal { return .stop(.failed("\(fatal)")) }
        switch (end, kind) {
        case (.local, _): return .stop(.closed)
        case (.closed(let code?, let reason), _) where Self.isFinal(code):
            return .stop(
                .failed(
                    "the server closed the connection with \(code)" + (reason.isEmpty ? "" : ": \(reason.printable)")))
        case (.closed(1000, _), .own), (.closed(nil, _), .own): return .stop(.closed)
        // Also where a sideband was closed: it may be a restart of the server. If the call is not found then, it was hung up.
        default: return retry("the connection was \(end)", nil, chance)
        }
    }

    /// Whether a close code says that no new connection helps: a broken policy, a refused key, or a shape that is not spoken any more.
    private static func isFinal(_ code: UInt16) -> Bool { code == 1008 || code == 3000 || code == 4000 }

    private mutating func failed(_ failure: DialFailure, _ now: Duration, _ chance: Double) -> Output {
        switch failure {
        case .unusable, .untrusted, .cancelled: return .stop(.failed("\(failure)"))
        case .refused(let refusal): return refused(refusal, now, chance)
        case .unreachable, .violated, .timedOut:
            guard hasConnected else { return .stop(.failed("\(failure)")) }
            return retry("\(failure)", nil, chance)
        }
    }

    private mutating func refused(_ refusal: HandshakeRefusal, _ now: Duration, _ chance: Double) -> Output {
        if kind == .sideband, refusal.status == 404 { return callIsMissing(refusal, now) }
        if let code = refusal.code, FatalError.codes.contains(code) { return .stop(.failed("\(refusal)")) }
        let isPassing = refusal.status == 429 || refusal.status == 408 || refusal.status >= 500
        guard isPassing else { return .stop(.failed("\(refusal)")) }
        return retry("\(refusal)", refusal.retryAfter, chance)
    }

    /// Right behind its creation a call may not be found for a moment.
    private mutating func callIsMissing(_ refusal: HandshakeRefusal, _ now: Duration) -> Output {
        if hasConnected { return .stop(.hungUp) }
        let since = missingSince ?? now
        missingSince = since
        guard now - since < policy.attachPatience else {
            return .stop(
                .failed(
                    """
                    \(refusal)
                       help: the call was not found for \(policy.attachPatience.wholeSeconds) s. It may be over, or not accepted; it may \
                    have been made with an ephemeral key (those cannot be attached to); or this key is another project's
                    """))
        }
        return .wait(.milliseconds(500), because: "the call is not there yet")
    }

    private mutating func retry(_ reason: String, _ retryAfter: Double?, _ chance: Double) -> Output {
        guard attempts < policy.attempts, allAttempts < policy.attemptsInAll else {
            let count = attempts < policy.attempts ? allAttempts : attempts
            let what = attempts < policy.attempts ? "of which none held" : "one after the other"
            return .stop(.failed("gave up after \(count) attempts to connect \(what): \(reason)"))
        }
        attempts += 1
        allAttempts += 1
        let wait = policy.wait(before: attempts, chance: chance)
        let asked = Duration.seconds(min(max(retryAfter ?? 0, 0), 60))
        return .wait(max(wait, asked), because: reason)
    }
}

/// How often, and after which waits, a lost connection is made again.
public struct ReconnectPolicy: Sendable, Hashable {
    /// The most attempts after one loss; 0 for none.
    public var attempts = 8
    /// The most attempts in a row in which no connection holds for ``steadyAfter``.
    public var attemptsInAll = 100
    /// The wait before the first attempt; it doubles with each.
    public var firstWait = Duration.milliseconds(500)
    /// The longest wait.
    public var longestWait = Duration.seconds(30)
    /// A connection that serves for so long begins the count of all attempts anew.
    public var steadyAfter = Duration.seconds(60)
    /// How long a call that a sideband is to attach to may not be found.
    public var attachPatience = Duration.seconds(10)

    /// The defaults.
    public init() {}

    /// The wait before an attempt, counted from 1: between half of it and all of it, by chance.
    func wait(before attempt: Int, chance: Double) -> Duration {
        let full = min(firstWait * (1 << min(attempt - 1, 16)), longestWait)
        return full / 2 + full / 2 * min(max(chance, 0), 1)
    }
}

/// What a server says when no new connection helps.
struct FatalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The codes of errors about the key, the account or the model.
    static let codes: Set<String> = [
        "insufficient_quota", "invalid_api_key", "account_deactivated", "billing_hard_limit_reached",
        "beta_api_shape_disabled", "model_not_found", "invalid_model",
    ]

    let code: String
    let message: String

    /// Such as `the server refuses the session: You exceeded your current quota (insufficient_quota)`.
    var description: String { "the server refuses the session: \(message) (\(code))" }
}
