import ConfigSource
import Testing

@Suite struct SuggestionTests {
    static let keys = ["name", "match", "to", "once_per", "stop", "timeout", "max_output", "description"]

    @Test(arguments: [
        ("mach", "match"), ("nmae", "name"), ("Name", "name"), ("timeOut", "timeout"), ("once-per", "once_per"),
        ("max_ouptut", "max_output"), ("descripton", "description"), ("tot", "to"),
    ])
    func closest_findsSimilarNames(_ wrong: String, _ right: String) {
        #expect(closest(to: wrong, among: Self.keys) == right)
    }

    @Test(arguments: ["", "x", "handler", "zzzzz", "abcdefgh", String(repeating: "name", count: 100)])
    func closest_rejectsOtherNames(_ wrong: String) {
        #expect(closest(to: wrong, among: Self.keys) == nil)
    }

    @Test func closest_prefersTheAlphabeticallyFirst() {
        #expect(closest(to: "gone", among: ["tone", "bone", "lone"]) == "bone")
    }

    @Test func suggestion_namesTheClosestOrAll() {
        #expect(suggestion(for: "mach", among: Self.keys, called: "known keys") == "did you mean `match`?")
        #expect(suggestion(for: "zzz", among: ["a1", "b2"], called: "known keys") == "known keys: `a1`, `b2`")
        #expect(suggestion(for: "zzz", among: [], called: "handlers") == "there are no handlers")
    }
}
