#if os(Linux)
    import EventJSON
    import EventRouter
    import Foundation
    import FunctionCalls
    import RealtimeEvents
    import RouterTesting
    import Testing

    /// The time from the event that triggers a call until its command reads the clock, compared with the same command
    /// started directly by `posix_spawn`.
    @Suite(.timeLimit(.minutes(10))) struct StartLatencyTests {
        private static let rounds = ProcessInfo.processInfo.environment["ROUTER_LATENCY"].flatMap(Int.init)
        /// A command that prints the time at which it runs, in nanoseconds.
        private static let command = ["/bin/date", "+%s%N"]

        /// A figure that needs an idle machine and a release build: `ROUTER_LATENCY=500 swift test -c release`.
        @Test(.enabled(if: rounds != nil, "ROUTER_LATENCY says how often it is measured"))
        func startLatency_isShort() async throws {
            let router = Router(
                try RouteTable(
                    handlers: [
                        HandlerBinding("tools", .functionCalls(["now": try CommandExecutor(Self.command)]))
                    ], routes: [Route("tool calls", to: ["tools"])]))
            try await router.start()
            let (source, outbound) = (ScriptedSource(), MemoryOutbound())
            async let running = router.run(source, outbound: outbound)
            source.send(#"{"type":"session.created","session":{"id":"sess_1","type":"realtime"}}"#)
            var (routed, bare): ([Double], [Double]) = ([], [])
            for number in 1...(Self.rounds ?? 1) {
                bare.append(try Self.bareMilliseconds())
                routed.append(try await Self.milliseconds(number, source, outbound))
            }
            source.end()
            _ = try await running
            await router.stop()
            let (own, spawn) = (routed.sorted()[routed.count / 2], bare.sorted()[bare.count / 2])
            print(
                "\(Self.command): median of \(routed.count) starts \(own) ms after the event, \(spawn) ms after posix_spawn"
            )
            #expect(own - spawn < 2)
        }

        /// From the event that makes a call ready to the start of the command.
        private static func milliseconds(
            _ number: Int, _ source: ScriptedSource, _ outbound: MemoryOutbound
        ) async throws -> Double {
            let item =
                #"{"id":"item_\#(number)","type":"function_call","status":"completed","call_id":"call_\#(number)","name":"now","arguments":"{}"}"#
            source.send(#"{"type":"response.created","response":{"id":"resp_\#(number)"}}"#)
            let begin = now()
            source.send(
                #"{"type":"response.output_item.done","response_id":"resp_\#(number)","output_index":0,"item":\#(item)}"#
            )
            let answer = await outbound.events.wait(for: 2 * number - 1)[2 * number - 2].json["item"]?["output"]?.string
            source.send(
                #"{"type":"response.done","response":{"id":"resp_\#(number)","status":"completed","output":[\#(item)]}}"#
            )
            _ = await outbound.events.wait(for: 2 * number)
            return try #require(answer.flatMap(Double.init)) / 1e6 - begin
        }

        private static func bareMilliseconds() throws -> Double {
            var ends: [CInt] = [-1, -1]
            try #require(pipe(&ends) == 0)
            defer { for end in ends { close(end) } }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
            var words = command.map { strdup($0) } + [nil]
            defer { for word in words { free(word) } }
            var variables: [UnsafeMutablePointer<CChar>?] = [nil]
            var pid: pid_t = 0
            let begin = now()
            try #require(posix_spawn(&pid, command[0], &actions, nil, &words, &variables) == 0)
            var text = [UInt8](repeating: 0, count: 64)
            let count = read(ends[0], &text, text.count)
            var status: CInt = 0
            waitpid(pid, &status, 0)
            let nanoseconds = String(decoding: text.prefix(max(0, count)), as: UTF8.self)
            return try #require(Double(nanoseconds.trimmingCharacters(in: .newlines))) / 1e6 - begin
        }

        /// The wall clock in milliseconds, as the command reads it.
        private static func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
        }
    }
#endif
