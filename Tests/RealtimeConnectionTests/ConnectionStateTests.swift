import NIOCore
import Testing

@testable import RealtimeConnection

/// The life of a connection, without a socket and on no clock.
struct ConnectionStateTests {
    private static let lost = WebSocketEnd.lost("the peer closed the connection")

    private static func refusal(
        _ status: Int, _ message: String = "no", code: String? = nil, retryAfter: Double? = nil
    ) -> ConnectionState.Input {
        .failed(
            .refused(
                HandshakeRefusal(status: status, message: message, code: code, requestID: nil, retryAfter: retryAfter)))
    }

    /// Takes inputs in their order, a second apart, and gives the last answer.
    private func last(
        _ kind: ConnectionState.Kind, _ inputs: [ConnectionState.Input], policy: ReconnectPolicy = ReconnectPolicy()
    ) -> ConnectionState.Output? {
        var state = ConnectionState(kind, policy)
        var output: ConnectionState.Output?
        for (second, input) in inputs.enumerated() { output = state.handle(input, at: .seconds(second), jitter: 1) }
        return output
    }

    @Test("The first connection runs; one that is lost is made again, after waits that double")
    func reconnect_waitsDouble() {
        var state = ConnectionState(.own, ReconnectPolicy())
        #expect(state.handle(.opened, at: .zero, jitter: 0) == .run(attempt: 0))
        #expect(state.handle(.served, at: .zero, jitter: 0) == .run(attempt: 0))
        let reason = "the connection was lost without a close frame: the peer closed the connection"
        #expect(state.handle(.ended(Self.lost), at: .zero, jitter: 1) == .wait(.milliseconds(500), because: reason))
        #expect(state.handle(.timer, at: .zero, jitter: 1) == .dial)
        let waits: [Duration] = [
            .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30), .seconds(30),
        ]
        for wait in waits {
            #expect(state.handle(.failed(.unreachable("down")), at: .zero, jitter: 1) == .wait(wait, because: "down"))
        }
        #expect(
            state.handle(.failed(.unreachable("down")), at: .zero, jitter: 1)
                == .stop(.failed("gave up after 8 attempts to connect one after the other: down")))
    }

    @Test("Chance shortens a wait to no less than its half")
    func reconnect_jitter() {
        let policy = ReconnectPolicy()
        #expect(policy.wait(before: 3, jitter: 0) == .seconds(1))
        #expect(policy.wait(before: 3, jitter: 0.5) == .milliseconds(1500))
        #expect(policy.wait(before: 3, jitter: 1) == .seconds(2))
        #expect(policy.wait(before: 1000, jitter: 1) == .seconds(30))
    }

    @Test("A connection that is served begins the count of attempts anew, but not that of the session")
    func reconnect_boundedForTheSession() {
        var policy = ReconnectPolicy()
        policy.maximumConsecutiveAttempts = 3
        var state = ConnectionState(.own, policy)
        for drop in 1...3 {
            _ = state.handle(.opened, at: .zero, jitter: 1)
            _ = state.handle(.served, at: .zero, jitter: 1)
            guard case .wait(.milliseconds(500), _) = state.handle(.ended(Self.lost), at: .zero, jitter: 1) else {
                Issue.record("no wait after drop \(drop)")
                return
            }
            _ = state.handle(.timer, at: .zero, jitter: 1)
        }
        _ = state.handle(.opened, at: .zero, jitter: 1)
        #expect(
            state.handle(.ended(.silent(.seconds(40))), at: .zero, jitter: 1)
                == .stop(
                    .failed(
                        "gave up after 3 attempts to connect of which none held: the connection was lost: no sign of life for 40 s"
                    )))
    }

    @Test("A server that accepts and drops at once does not begin the count anew")
    func reconnect_acceptedIsNotServed() {
        var policy = ReconnectPolicy()
        policy.attempts = 2
        #expect(
            last(
                .own,
                [
                    .opened, .served, .ended(Self.lost), .timer, .opened, .ended(Self.lost), .timer, .opened,
                    .ended(Self.lost),
                ],
                policy: policy)
                == .stop(
                    .failed(
                        "gave up after 2 attempts to connect one after the other: the connection was lost without a close frame: the peer closed the connection"
                    )))
    }

    @Test("A connection that held for a minute begins the count of all attempts anew")
    func reconnect_steadyConnections() {
        var policy = ReconnectPolicy()
        policy.maximumConsecutiveAttempts = 1
        var state = ConnectionState(.own, policy)
        for hour in 0..<5 {
            let begun = Duration.seconds(hour * 3600)
            _ = state.handle(.opened, at: begun, jitter: 1)
            _ = state.handle(.served, at: begun, jitter: 1)
            guard
                case .wait = state.handle(.ended(.closed(code: 1001, reason: "")), at: begun + .seconds(60), jitter: 1)
            else {
                Issue.record("gave up in hour \(hour)")
                return
            }
            _ = state.handle(.timer, at: begun + .seconds(61), jitter: 1)
        }
    }

    @Test("A session of our own ends when the server closes it in the normal way")
    func normalClose() {
        #expect(last(.own, [.opened, .ended(.closed(code: 1000, reason: ""))]) == .stop(.closed))
        #expect(last(.own, [.opened, .ended(.closed(code: nil, reason: ""))]) == .stop(.closed))
        #expect(last(.own, [.opened, .ended(.local(code: 1000))]) == .stop(.closed))
    }

    @Test(
        "A session that the server ends for its own reasons goes on on a new connection",
        arguments: [1001, 1011, 1012, 1013])
    func serverRestart(code: UInt16) {
        let output = last(.own, [.opened, .ended(.closed(code: code, reason: "bye"))])
        #expect(
            output == .wait(.milliseconds(500), because: "the connection was closed by the peer with \(code) (bye)"))
    }

    @Test("Three connections in a row that end right after our configuration are no network failure")
    func droppedConfigurations() {
        let drop = [ConnectionState.Input.opened, .served, .droppedConfiguration(Self.lost), .timer]
        let loss = [ConnectionState.Input.opened, .served, .ended(Self.lost), .timer]
        let words = """
            the server dropped the connection 3 times in a row right after our `session.update`; the last time the connection was \(Self.lost)
               help: the server seems to reject the configuration: check `session` in routes.yml, and the announced functions
            """
        #expect(last(.own, (drop + drop + drop).dropLast()) == .stop(.failed(words)))
        #expect(last(.own, drop + drop + loss + drop + drop) == .dial)
    }

    @Test("Errors about the key, the account or the model stop at once")
    func fatalErrors() {
        let error = FatalError(code: "insufficient_quota", message: "You exceeded your current quota")
        let words = "the server refuses the session: You exceeded your current quota (insufficient_quota)"
        #expect(last(.own, [.opened, .served, .fatal(error)]) == .stop(.failed(words)))
        #expect(last(.own, [.opened, .fatal(error), .ended(Self.lost)]) == .stop(.failed(words)))
        #expect(
            last(.own, [.opened, .ended(.closed(code: 4000, reason: "beta"))])
                == .stop(.failed("the server closed the connection with 4000: beta")))
        #expect(
            last(.own, [Self.refusal(401, "Incorrect API key provided", code: "invalid_api_key")])
                == .stop(.failed("the server answered 401: Incorrect API key provided (invalid_api_key)")))
        #expect(
            last(.own, [Self.refusal(429, "quota", code: "insufficient_quota")])
                == .stop(.failed("the server answered 429: quota (insufficient_quota)")))
    }

    @Test("Refusals that pass are tried again, as late as the server asks")
    func passingRefusals() {
        #expect(last(.own, [Self.refusal(503)]) == .wait(.milliseconds(500), because: "the server answered 503: no"))
        #expect(
            last(.own, [Self.refusal(429, retryAfter: 7)]) == .wait(.seconds(7), because: "the server answered 429: no")
        )
        #expect(
            last(.own, [Self.refusal(429, retryAfter: 86_400)])
                == .wait(.seconds(60), because: "the server answered 429: no"))
    }

    @Test("A server that was never reached is not tried again: the address is likely wrong")
    func firstDial() {
        #expect(last(.own, [.failed(.unreachable("refused"))]) == .stop(.failed("refused")))
        #expect(
            last(.own, [.opened, .ended(Self.lost), .timer, .failed(.untrusted("expired"))])
                == .stop(.failed("expired")))
    }

    @Test("A call that is not found is looked for ten seconds, then the causes are named")
    func sideband_notFound() {
        var state = ConnectionState(.sideband, ReconnectPolicy())
        for second in 0..<10 {
            #expect(
                state.handle(Self.refusal(404), at: .seconds(second), jitter: 1)
                    == .wait(.milliseconds(500), because: "the call is not there yet"))
            #expect(state.handle(.timer, at: .seconds(second), jitter: 1) == .dial)
        }
        #expect(
            state.handle(Self.refusal(404), at: .seconds(10), jitter: 1)
                == .stop(
                    .failed(
                        """
                        the server answered 404: no
                           help: the call was not found for 10 s. It may be over, or not accepted; it may have been made with an \
                        ephemeral key (those cannot be attached to); or this key is another project's
                        """)))
    }

    @Test("A sideband that is closed attaches once more; if the call is gone then, it was hung up")
    func sideband_hangUp() {
        let close = ConnectionState.Input.ended(.closed(code: 1000, reason: ""))
        #expect(
            last(.sideband, [.opened, .served, close])
                == .wait(.milliseconds(500), because: "the connection was closed by the peer with 1000"))
        #expect(last(.sideband, [.opened, .served, close, .timer, Self.refusal(404)]) == .stop(.hungUp))
        #expect(last(.sideband, [.opened, .served, close, .timer, .opened]) == .run(attempt: 1))
        // Without an event in between it does not attach again and again.
        guard case .wait = last(.sideband, [.opened, .served, close, .timer, .opened, close]) else {
            Issue.record("no wait")
            return
        }
    }

    @Test("A silent sideband attaches again to see whether the call is still there")
    func sideband_silence() {
        #expect(last(.sideband, [.opened, .served, .silent]) == .reattach)
        #expect(last(.sideband, [.opened, .served, .silent, Self.refusal(404)]) == .stop(.hungUp))
        #expect(last(.sideband, [.opened, .served, .silent, .opened]) == .run(attempt: 0))
    }

    @Test("Signs are found wherever the type stands, and in no other event")
    func signs() {
        func sign(_ text: String) -> ServerSignal { ServerSignal(.init(string: text)) }
        #expect(sign(#"{"event_id":"e","type" : "session.created","session":{}}"#) == .created)
        let error = FatalError(code: "invalid_api_key", message: "no")
        #expect(sign(#"{"error":{"code":"invalid_api_key","message":"no"},"type":"error"}"#) == .fatal(error))
        #expect(
            sign(
                #"{"type":"response.done","response":{"status_details":{"error":{"code":"invalid_api_key","message":"no"}}}}"#
            )
                == .fatal(error))
        #expect(sign(#"{"type":"error","error":{"code":"response_cancel_not_active"}}"#) == .none)
        #expect(sign(#"{"type":"response.output_text.delta","delta":"session.created \"error\""}"#) == .none)
        #expect(sign(#"{"type":"session.created""#) == .none)
        #expect(sign("") == .none)
    }
}
