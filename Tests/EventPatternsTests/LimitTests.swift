import EventJSON
import EventPatterns
import Testing

/// The limits of the language: the largest allowed value, and the diagnostic for one more.
struct LimitTests {
    private func nested(_ depth: Int) -> String {
        String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
    }

    @Test func depth_isLimited() throws {
        #expect(try matches(nested(32), nested(32)))
        #expect(diagnosis(nested(33)).hasPrefix("pattern:1:162: error: fields are nested more than 32 deep\n"))
        #expect(diagnosis(nested(400)) == "pattern: error: the pattern is nested too deep")
    }

    @Test func alternatives_areLimited() {
        func pattern(_ count: Int) -> String { #"{"a":["# + (1...count).map(String.init).joined(separator: ",") + "]}" }
        #expect(diagnosis(pattern(1000)) == "")
        #expect(
            diagnosis(pattern(1001)).hasPrefix("pattern:1:6: error: 1001 alternatives for one field: at most 1000\n"))
    }

    @Test func alternativesFromLists_areLimited() {
        let lists: [String: [JSONValue]] = ["many": (0..<600).map { .string("value \($0)") }]
        #expect(
            diagnosis(#"{"a":[{"list":"many"},{"list":"many"}]}"#, lists: lists)
                .hasPrefix("pattern:1:6: error: 1200 alternatives for one field: at most 1000\n"))
        #expect(
            diagnosis(#"{"a":[{"anything-but":[{"list":"many"},{"list":"many"}]}]}"#, lists: lists)
                .hasPrefix("pattern:1:23: error: 1200 values in `anything-but`: at most 1000\n"))
    }

    @Test func strings_areLimited() {
        func pattern(_ count: Int) -> String {
            #"{"a":[{"wildcard":""# + String(repeating: "x", count: count) + #""}]}"#
        }
        #expect(diagnosis(pattern(4096)) == "")
        #expect(
            diagnosis(pattern(4097)).hasPrefix(
                "pattern:1:19: error: a string of 4097 bytes in a pattern: at most 4096\n"))
    }

    @Test func branches_areLimited() throws {
        func choice(_ name: String, _ count: Int) -> String {
            #""\#(name)":{"$or":["# + (0..<count).map { #"{"x\#($0)":[1]}"# }.joined(separator: ",") + "]}"
        }
        let allowed = "{" + choice("a", 32) + "," + choice("b", 32) + "}"
        #expect(try matches(allowed, #"{"a":{"x31":1},"b":{"x7":1}}"#))
        #expect(try !matches(allowed, #"{"a":{"x31":1},"b":{"x32":1}}"#))
        let refused = "{" + choice("a", 32) + "," + choice("b", 33) + "}"
        #expect(
            diagnosis(refused).hasPrefix(
                "pattern:1:1: error: the `$or`s of the pattern make 1056 combinations: at most 1024\n"))
        let countless = "{" + (0..<40).map { choice("f\($0)", 4) }.joined(separator: ",") + "}"
        #expect(
            diagnosis(countless).hasPrefix(
                "pattern:1:1: error: the `$or`s of the pattern make too many combinations: at most 1024\n"))
    }
}
