import EventJSON
import Foundation
import Testing

/// `report`: the page has the figures of the summary, and escapes what was said.
@Suite struct ReportTests {
    private static let routes = """
        version: 1
        handlers:
          meter:
            type: metrics
            prices: [ { model: gpt*, text: { input: 4, cached: 0.4, output: 16 }, audio: { input: 32, cached: 0.4, output: 64 } } ]
        routes: [ { name: all, to: meter } ]
        """

    private func tiles(_ page: String) -> [String: String] {
        let tile = /<span>([a-z0-9 -]+)<\/span><b style="--n:[0-9]+">([^<]*)<\/b>/
        return page.matches(of: tile).reduce(into: [:]) { tiles, match in
            tiles[String(match.1)] = String(match.2).replacing("\u{202F}", with: "").replacing(" ms", with: "")
        }
    }

    private func sum(_ value: JSONValue?) -> Int { value?.object?.reduce(0) { $0 + ($1.value.int ?? 0) } ?? 0 }

    @Test(arguments: BuiltProgram.sessions) func report_figuresEqualSummary(_ session: String) async throws {
        let place = try Workplace(routes: Self.routes)
        let report = try await place.run("report", BuiltProgram.session(session), "-o", "out/report.html")
        #expect(report.code == 0, "\(report.error)")
        let page = try #require(place.text("out/report.html"))
        let run = try await place.run("run", BuiltProgram.session(session), "--summary", "json")
        let figures = try #require(try JSONValue(parsing: run.output)["metrics"]?["meter"])
        let latency = figures["turn_latency_ms"]
        let shown = tiles(page)
        #expect(shown["turns"] == figures["turns"]?.description)
        #expect(shown["median latency"] == latency?["p50"]?.description ?? "–")
        #expect(shown["p95 latency"] == latency?["p95"]?.description ?? "–")
        #expect(shown["responses"] == "\(sum(figures["responses"]))")
        let events = try await place.run("inspect", BuiltProgram.session(session), "--json", "--derived").output
        let calls = events.components(separatedBy: #""type":"router.function_call.ready""#).count - 1
        #expect(shown["calls"] == "\(max(calls, sum(figures["function_calls"])))")
        #expect(shown["barge-ins"] == figures["interruptions"]?.description)
        #expect(shown["errors"] == "\(sum(figures["errors"]))")
        #expect(shown["tokens"] == figures["tokens"]?["total"]?.description)
        let cost = figures["cost_dollars"]?.double
        #expect(shown["cost"] == cost.map { "$" + String(format: $0 < 0.1 ? "%.4f" : "%.2f", $0) } ?? "–")
        // The histogram has one turn per latency.
        let charted = page.matches(of: /title="[0-9]+ to [0-9]+ ms: ([0-9]+) turns?"/).compactMap { Int($0.1) }
        #expect(charted.reduce(0, +) == latency?["count"]?.int ?? 0)
        #expect(isHarmless(page))
    }

    @Test func report_severalSessions() async throws {
        let place = try Workplace(routes: Self.routes)
        let sessions = ["quickstart", "interruption"].map(BuiltProgram.session)
        let report = try await place.run(["report"] + sessions + ["-o", "-"])
        #expect(report.output.contains("<th><a href=\"#s1\">interruption</a></th>"))
        #expect(report.output.contains("<i class=\"cut\""))
        for entry in ["What&#39;s the weather in Lisbon?", "get_weather"] { #expect(report.output.contains(entry)) }
        #expect(isHarmless(report.output))
    }

    @Test("Several sessions have a row of totals, with the percentiles of all turns")
    func severalSessions_haveTotals() async throws {
        let place = try Workplace(routes: Self.routes)
        let sessions = ["quickstart", "interruption", "spoken-turn"].map(BuiltProgram.session)
        let page = try await place.run(["report"] + sessions + ["-o", "-"]).output
        func cells(_ row: String) throws -> [String] {
            let cells = try #require(
                page.components(separatedBy: "<tr>").first { $0.hasPrefix("<th>") && $0.contains(row) }
            )
            .matches(of: /<td>([^<]*)<\/td>/).map { String($0.1) }
            try #require(cells.count == 9)
            return cells
        }
        let rows = try ["#s0", "#s1", "#s2"].map(cells)
        let totals = try cells("<th>all</th>")
        // Turns, responses, calls, barge-ins and errors are sums. Calls without an outcome count too.
        for column in [0, 3, 4, 5, 6] {
            #expect(totals[column] == "\(rows.reduce(0) { $0 + (Int($1[column]) ?? 0) })", "\(column)")
        }
        #expect(totals[4] == "1")
        var latencies: [Int] = []
        for session in sessions {
            let events = try await place.run("inspect", session, "--json", "--derived").output
            latencies += try lineList(events).map { try JSONValue(parsing: $0) }.compactMap { $0["latency_ms"]?.int }
        }
        latencies.sort()
        #expect(totals[1] == "\(latencies[(latencies.count + 1) / 2 - 1]) ms")
        #expect(totals[2] == "\(latencies[latencies.count - 1]) ms")
    }

    @Test("A long session has an overview whose pieces lead to their places in the timeline")
    func longSession_hasOverview() async throws {
        let place = try Workplace(routes: Self.routes)
        let short = try await place.run("report", BuiltProgram.session("quickstart"), "-o", "-").output
        #expect(!short.contains("class=\"overview\""))
        let lines = (0..<36).flatMap { turn in
            [("started", 0), ("stopped", 4)].map { kind, second in
                #"{"at":\#(turn * 10 + second),"direction":"server","event":{"type":"input_audio_buffer.speech_\#(kind)"}}"#
            }
        }
        try place.write("long.jsonl", lines.joined(separator: "\n") + "\n")
        let page = try await place.run("report", "long.jsonl", "-o", "-").output
        let links = page.matches(of: /<a href="#(s0t[0-9]+)" title="show from ([0-9:]+)"/).map {
            (String($0.1), String($0.2))
        }
        #expect(links.count == 24 && links.last?.1 == "5:45")
        for (name, _) in links {
            #expect(page.contains("id=\"\(name)\"") && page.contains("view-timeline:--\(name) inline"))
        }
        #expect(page.matches(of: /<i class="caller"/).count == 36)
        #expect(isHarmless(page))
    }

    @Test("Out-of-band text is on the page only if it is asked for, and its tokens are counted either way")
    func outOfBandText_isLeftOutOfTheReport() async throws {
        func response(_ type: String, _ id: String, _ conversation: String, _ text: String = "") -> String {
            let output =
                text.isEmpty
                ? ""
                : #"{"id":"\#(id)-item","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"\#(text)"}]}"#
            return
                #"{"type":"\#(type)","response":{"id":"\#(id)","status":"completed","conversation_id":\#(conversation),"output":[\#(output)],"usage":{"input_tokens":5,"output_tokens":2}}}"#
        }
        let place = try Workplace(routes: Self.routes)
        let lines = [
            #"{"type":"session.created","session":{"id":"sess_1"}}"#, response("response.created", "r1", #""conv_1""#),
            response("response.done", "r1", #""conv_1""#, "Sorry to hear that."),
            response("response.created", "r2", "null"),
            response("response.done", "r2", "null", "churn risk"),
        ]
        try place.write("call.jsonl", lines.joined(separator: "\n") + "\n")
        let page = try await place.run("report", "call.jsonl", "-o", "-").output
        #expect(page.contains("Sorry to hear that."))
        #expect(!page.contains("churn risk"))
        #expect(tiles(page)["tokens"] == "14")
        let whole = try await place.run("report", "call.jsonl", "-o", "-", "--include", "out_of_band").output
        #expect(whole.contains("churn risk"))
        #expect(whole.contains("out of band"))
    }

    private static let hostile =
        "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&lt;\u{202E}\u{1B}[2J"

    @Test func report_escapesText() async throws {
        let place = try Workplace(routes: Self.routes)
        let text = JSONValue.string(Self.hostile).description
        let arguments = JSONValue.string(JSONValue.object(["a": .string(Self.hostile)]).description).description
        try place.write(
            "<b>\"'.jsonl",
            """
            {"type":"session.created","session":{"id":"s","model":\(text)}}
            {"type":"conversation.item.added","previous_item_id":null,"item":{"id":"u1","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":\(text)}]}}
            {"type":"response.created","response":{"id":"r1"}}
            {"type":"response.output_item.done","response_id":"r1","item":{"id":"f1","type":"function_call","status":"completed","call_id":"c1","name":\(text),"arguments":\(arguments)}}
            {"type":"response.done","response":{"id":"r1","status":\(text),"usage":{"total_tokens":5,"input_tokens":5}}}
            {"type":"conversation.item.added","item":{"id":"o1","type":"function_call_output","call_id":"c1","output":\(text)}}
            {"type":"error","error":{"type":\(text),"code":\(text),"message":\(text)}}

            """)
        let report = try await place.run("report", "<b>\"'.jsonl", "-o", "-")
        #expect(report.code == 0, "\(report.error)")
        #expect(report.output.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img"))
        #expect(report.output.contains("<title>&lt;b&gt;&quot;&#39;</title>"))
        #expect(!report.output.contains("\u{202E}") && !report.output.contains("\u{1B}"))
        #expect(isHarmless(report.output))
    }

    /// A recording with huge times does not make the page large.
    @Test(arguments: ["1e12", "1e308"]) func report_hugeTimes_keepPageSmall(_ end: String) async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write(
            "long.jsonl",
            """
            {"at":0,"direction":"server","event":{"type":"response.created","response":{"id":"r1"}}}
            {"at":\(end),"direction":"server","event":{"type":"response.done","response":{"id":"r1","status":"completed"}}}

            """)
        let report = try await place.run("report", "long.jsonl", "-o", "-")
        #expect(report.code == 0, "\(report.error)")
        #expect(report.output.components(separatedBy: "<i class=\"grid\"").count == 2001)
    }

    @Test func report_redactsSecrets() async throws {
        let place = try Workplace(
            routes: Self.routes + "\nprivacy: { redact: [ { phrase: \"weather\" }, { field: city } ] }\n")
        let report = try await place.run("report", BuiltProgram.session("quickstart"), "-o", "-")
        #expect(report.output.contains("What&#39;s the *** in Lisbon?"))
        #expect(!report.output.contains("the weather"))
    }

    @Test func report_showsStalledTurn() async throws {
        let place = try Workplace(routes: Self.routes)
        func line(_ at: Double, _ event: String) -> String {
            #"{"at":\#(at),"direction":"server","event":{\#(event)}}"#
        }
        let lines = [
            line(1, #""type":"input_audio_buffer.speech_started","item_id":"u1""#),
            line(3, #""type":"input_audio_buffer.speech_stopped","item_id":"u1""#),
            line(15, #""type":"response.created","response":{"id":"r1"}"#),
            line(16.5, #""type":"response.output_text.delta","response_id":"r1","item_id":"a1","delta":"Sorry.""#),
            line(16.8, #""type":"response.done","response":{"id":"r1","status":"completed"}"#),
        ]
        try place.write("silent.jsonl", lines.joined(separator: "\n") + "\n")
        let report = try await place.run("report", "silent.jsonl", "-o", "-")
        #expect(report.output.contains("<em>silence</em></div><p>Nothing came for 12 s after the caller spoke.</p>"))
        #expect(report.output.contains("<span>turns</span><b style=\"--n:1\">1</b><small>1 silence</small>"))
        #expect(tiles(report.output)["median latency"] == "13.5 s")
    }

    @Test func report_emptySession() async throws {
        let place = try Workplace(routes: Self.routes)
        try place.write("empty.jsonl", "")
        let report = try await place.run("report", "empty.jsonl", "-o", "-")
        #expect(report.code == 0, "\(report.error)")
        #expect(report.output.contains("<li class=\"none\">Nobody said anything.</li>"))
        #expect(!report.output.contains("class=\"columns\"") && !report.output.contains("<h2>Timeline"))
        #expect(tiles(report.output)["median latency"] == "–")
        #expect(isHarmless(report.output))
    }

    @Test func report_unusableFile_isAnError() async throws {
        let place = try Workplace(routes: Self.routes)
        #expect(try await place.run("report", "none.jsonl").code == 2)
        let session = BuiltProgram.session("quickstart")
        #expect(
            try await place.run("report", session, "-o", "Examples")
                == .init(
                    code: 2, error: "error: cannot write Examples: it is a symbolic link, which is not followed\n"))
        #expect(try await place.run("report", session, "--routes", "none.yml").code == 2)
        try FileManager.default.removeItem(atPath: place.path + "/routes.yml")
        #expect(try await place.run("report", session) == .init(code: 0, error: "wrote report.html\n"))
        let attributes = try FileManager.default.attributesOfItem(atPath: place.path + "/report.html")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    /// Whether a page has only expected tags and attributes, none of which loads or runs anything.
    private func isHarmless(_ page: String) -> Bool {
        let body = page.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "")
        let tags: Set = [
            "html", "head", "meta", "title", "body", "main", "header", "footer", "section", "div", "span", "a", "b",
            "i", "p",
            "em", "small", "time", "ol", "li", "h1", "h2", "table", "tr", "th", "td",
        ]
        let attributes: Set = [
            "lang", "charset", "name", "content", "http-equiv", "class", "id", "style", "title", "href", "tabindex",
        ]
        for match in body.matches(of: /<\/?([^\s>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*>/) where match.1 != "!DOCTYPE" {
            guard tags.contains(String(match.1)) else { return false }
            for attribute in match.2.matches(of: /([^\s=]+)="([^"]*)"/) {
                guard attributes.contains(String(attribute.1)) else { return false }
                if attribute.1 == "href", !attribute.2.hasPrefix("#s") { return false }
            }
        }
        // Every `<` begins one of them.
        let rest = body.replacing(/<\/?[a-z!][^\s>]*(?:\s+[^\s=>]+(?:="[^"<>]*")?)*\s*>/.ignoresCase(), with: "")
        return !rest.contains("<") && !page.contains("url(") && !page.contains("@import")
    }
}
