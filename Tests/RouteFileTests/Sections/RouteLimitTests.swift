import ConfigSource
import EventRouter
import Foundation
import RouteFile
import Testing

/// The limits for large, generated routes.yml files, with locations.
@Suite(.timeLimit(.minutes(5)))
struct RouteLimitTests {
    private func file(_ routes: some Sequence<String>) -> String {
        "version: 1\nhandlers: {out: {type: console}}\nroutes:\n" + routes.map { "  - \($0)\n" }.joined()
    }

    private func route(_ number: Int) -> String {
        "{name: r\(number), match: {type: error, error: {code: c\(number)}}, to: out}"
    }

    @Test func limits_tenThousandRoutesAreRead() throws {
        let (configuration, diagnostics) = load(file((0..<10_000).map(route)))
        #expect(diagnostics.rendered() == "")
        #expect(configuration?.table.routes.count == 10_000)
    }

    @Test("10,000 routes of 1.3 MB that all stop: read whole, and a repetition is found at the end")
    func tenThousandLongRoutes_areReadAndCompared() throws {
        let long = { (number: Int) in
            "{name: route number \(number), to: out, stop: true, match: {type: response.done, "
                + "response: {status: failed, id: \(number % 9_999 + 100_000_000_000)}}}"
        }
        let text = file((0..<10_000).map { long($0).replacing("id: ", with: "id: resp_") })
        #expect(text.utf8.count > 1_200_000)
        let (configuration, diagnostics) = load(text)
        #expect(configuration?.table.routes.count == 10_000)
        #expect(
            diagnostics.items.map(\.message) == [
                "the route `route number 9999` never fires: `route number 0` in line 4 takes all its events, and stops them"
            ])
    }

    @Test func limits_oneMoreRouteIsAnError() {
        let (configuration, diagnostics) = load(file((0...10_000).map(route)))
        #expect(configuration == nil)
        #expect(
            diagnostics.rendered() == """
                routes.yml:10004:5: error: 10001 routes, and there may be 10000
                10004 |   - {name: r10000, match: {type: error, error: {code: c10000}}, to: out}
                      |     ^
                   help: put values that are routed alike into one list: `field: [a, b]`, or `[{list: NAME}]`
                """)
    }

    @Test(arguments: [
        (
            "a: [\((0...1000).map(String.init).joined(separator: ", "))]",
            "6:29: error: 1001 alternatives for one field: at most 1000"
        ),
        ("a: \(String(repeating: "x", count: 4097))", "6:29: error: a string of 4097 bytes in a pattern: at most 4096"),
        (
            "$or: [\((0...1024).map { "{a: \($0)}" }.joined(separator: ", "))]",
            "6:12: error: the `$or`s of the pattern make 1025 combinations: at most 1024"
        ),
        ("a: [{wildcard: '*a*b*c*d*e*f*g*h*'}]", "6:41: error: 9 stars in a wildcard: at most 8"),
    ])
    func limits_largePatternsAreReported(_ match: String, _ message: String) {
        let (configuration, diagnostics) = load(
            file([
                #"{name: all, to: out, match: {type: error}}"#,
                "name: a\n    match: {type: error, \(match)}\n    to: out",
            ]))
        #expect(configuration == nil)
        #expect(diagnostics.rendered().components(separatedBy: "\n")[0] == "routes.yml:" + message)
    }
}
