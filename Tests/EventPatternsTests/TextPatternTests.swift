import EventPatterns
import Testing

/// Patterns that are looked for anywhere in a text, with the places where they are found.
@Suite struct TextPatternTests {
    /// Looking for `a.*b|…` from every place would take the square of the length.
    @Test(.timeLimit(.minutes(5))) func hostileTextTakesLinearTime() throws {
        let text = String(repeating: "a", count: 10_000)
        for expression in ["a.*b", "(a*)*c", "(a|aa)+b", "a{0,30}b"] {
            let pattern = try TextPattern(regexp: expression)
            #expect(pattern.stretches(in: text) == [])
            #expect(pattern.stretches(in: text + "b").count == (expression == "(a*)*c" ? 0 : 1))
        }
        let phrase = try TextPattern(phrase: "a a a a b")
        #expect(phrase.stretches(in: String(repeating: "a ", count: 5000)) == [])
    }

    /// The stretches are what any match covers, held against trying every substring.
    @Test func stretchesAreThoseOfAllMatches() throws {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for expression in ["ab", "a*b", "(ab|ba)+", "a.c", "b?a{2}", "[ab]c|cc*a", "(a|b(c|a))b"] {
            let pattern = try TextPattern(regexp: expression)
            for _ in 0..<40 {
                let text = (0..<random(9)).map { _ in ["a", "b", "c"][random(3)] }.joined()
                var covered = Set<Int>()
                for start in 0...text.count {
                    for end in start...text.count {
                        let part = String(Array(text)[start..<end])
                        if try matches(#"{"a":[{"regexp":"\#(expression)"}]}"#, #"{"a":"\#(part)"}"#) {
                            covered.formUnion(start..<end)
                        }
                    }
                }
                #expect(Set(pattern.stretches(in: text).flatMap { $0 }) == covered, "\(expression) in \(text)")
            }
        }
    }
}
