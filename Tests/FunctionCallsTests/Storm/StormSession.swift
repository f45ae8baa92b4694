#if os(Linux)
    import EventJSON
    import EventRouter
    import RealtimeEvents
    import RouterTesting

    /// A session of the load test: a response with several calls, and the answer that follows.
    struct StormSession {
        let key: String
        let calls: [StormCall]

        private func id(_ index: Int) -> String { "\(key)_\(index)" }

        /// Plays the server's part against a router, and returns the errors in what came back.
        func play(_ router: Router) async throws -> [String] {
            let source = ScriptedSource(key: key)
            let outbound = MemoryOutbound()
            async let running = router.run(source, outbound: outbound)
            for line in response { source.send(line) }
            _ = await outbound.events.wait(for: calls.count + 1)
            source.send(#"{"type":"response.created","response":{"id":"resp_2"}}"#)
            source.send(#"{"type":"response.done","response":{"id":"resp_2","status":"completed","output":[]}}"#)
            source.end()
            let report = try await running
            var problems = self.problems(outbound.events.elements)
            if report.lost > 0 || report.failure != nil {
                problems.append("\(key): \(report.lost) deliveries were lost")
            }
            return problems
        }

        private var response: [String] {
            let items = calls.enumerated().map { index, call in
                #"{"id":"item_\#(index)","type":"function_call","status":"completed","call_id":"\#(id(index))","name":"\#(call.rawValue)","arguments":"{\"text\":\"\#(id(index))\"}"}"#
            }
            let done = items.enumerated().map { index, item in
                #"{"type":"response.output_item.done","response_id":"resp_1","output_index":\#(index),"item":\#(item)}"#
            }
            return [
                #"{"type":"session.created","session":{"id":"sess_\#(key)","type":"realtime"}}"#,
                #"{"type":"response.created","response":{"id":"resp_1"}}"#,
            ] + done + [
                #"{"type":"response.done","response":{"id":"resp_1","status":"completed","output":[\#(items.joined(separator: ","))]}}"#
            ]
        }

        /// Every call gets one correct answer, and one `response.create` comes last.
        private func problems(_ events: [ClientEvent]) -> [String] {
            var rest = events.map(\.json)
            var problems: [String] = []
            if rest.popLast()?["type"]?.string != "response.create" {
                problems.append("\(key): the last event is no response.create")
            }
            let answers = rest.map {
                "\($0["item"]?["call_id"]?.string ?? "-"): \($0["item"]?["output"]?.string ?? "-")"
            }
            let expected = calls.enumerated().map { "\(id($0)): \($1.answer(to: id($0)))" }
            if answers.sorted() != expected.sorted() {
                problems.append("\(key): the answers are \(answers.sorted()), and should be \(expected.sorted())")
            }
            return problems
        }
    }
#endif
