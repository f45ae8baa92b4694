import EventPatterns
import LinearExpressions
import Testing

/// Searching for patterns anywhere in a text.
@Suite struct TextPatternTests {
    /// Searching for `a.*b|…` from every position would take quadratic time.
    @Test(.timeLimit(.minutes(5))) func hostileText_takesLinearTime() throws {
        let text = String(repeating: "a", count: 10_000)
        for expression in ["a.*b", "(a*)*c", "(a|aa)+b", "a{0,30}b"] {
            let pattern = try TextPattern(regexp: expression)
            #expect(pattern.ranges(in: text) == [])
            #expect(pattern.ranges(in: text + "b").count == (expression == "(a*)*c" ? 0 : 1))
        }
        let phrase = try TextPattern(phrase: "a a a a b")
        #expect(phrase.ranges(in: String(repeating: "a ", count: 5000)) == [])
    }

    /// The ranges are the union of all matches. The expected ranges come from trying every substring.
    @Test func ranges_areThoseOfAllMatches() throws {
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
                #expect(Set(pattern.ranges(in: text).flatMap { $0 }) == covered, "\(expression) in \(text)")
            }
        }
    }

    @Test(arguments: [
        ("four eyes", "FOUR  Eyes!", [0..<10]), ("pin 1234", "my PIN: 12 34.", [3..<13]),
        ("pin 1234", "pin 1-2-3-4", [0..<11]),
        ("1234", "１２３４", [0..<12]), ("1234", "12\u{A0}34", [0..<6]), ("1234", "12345", []), ("1234", "01234", []),
        ("1234", "12, 34", []), ("24 7", "24/7", [0..<4]), ("24 7", "247", [0..<3]),
        ("open sesame", "op\u{200B}en sesa\u{AD}me", [0..<16]),
        ("open sesame", "ｏｐｅｎ sesame", [0..<19]), ("a1 2", "a1 2", [0..<4]), ("1 a", "1a", []),
    ])
    func phrase_isFoundHoweverItsDigitsAreGrouped(_ phrase: String, _ text: String, _ ranges: [Range<Int>]) throws {
        #expect(try TextPattern(phrase: phrase).ranges(in: text) == ranges)
    }

    @Test(arguments: [
        ("my pin is", "that is my pi", 8), ("my pin is", "that is my", 8), ("my pin is", "that is my pint", nil),
        ("my pin is", "my pin", 0),
        ("my pin is", "my pin is", 0), ("my pin is", "my pin is ", nil), ("pin 1234", "the pin 12-", 4),
        ("secret*", "a secretive", 2),
        ("1234", "12", 0), ("1234", "a12", nil),
    ])
    func phrase_openEnd(_ phrase: String, _ text: String, _ open: Int?) throws {
        #expect(try TextPattern(phrase: phrase).findings(in: text).openStart == open)
    }

    @Test(arguments: [
        ("[0-9]{4}( ?[0-9]{4}){3}", "card 4111 11", 5), ("[0-9]{4}( ?[0-9]{4}){3}", "card 4111 11x", nil),
        ("[0-9]{4}( ?[0-9]{4}){3}", "123 4", 4), ("a+b", "caaa", 1), ("a+b", "caaab", nil), ("a*c", "b", nil),
        ("a.*b", "ca b c", 1),
    ])
    func regexp_openEnd(_ expression: String, _ text: String, _ open: Int?) throws {
        #expect(try TextPattern(regexp: expression).findings(in: text).openStart == open)
    }
}
