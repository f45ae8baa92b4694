import ConfigSource
import Testing

@Suite struct SectionTests {
    /// One way to read the key `k`, with the value and the expected diagnostic.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let what: String
        let value: Node
        let message: String
        var help: String?
        let read: @Sendable (inout Section) -> Bool
        var testDescription: String { what }

        init(
            _ what: String, _ value: Node, _ message: String, help: String? = nil,
            _ read: @escaping @Sendable (inout Section) -> Bool
        ) {
            (self.what, self.value, self.message, self.help, self.read) = (what, value, message, help, read)
        }
    }

    @Test(arguments: mistakes)
    func wrongValue_isReported(_ it: Mistake) throws {
        let diagnostics = Diagnostics()
        var section = try #require(Section(["k": it.value], what: "it", diagnostics))
        #expect(!it.read(&section))
        section.finish()
        #expect(diagnostics.items.map(\.message) == [it.message])
        #expect(diagnostics.items.map(\.help) == [it.help])
    }

    private static func plain(_ text: String) -> Node { Node(.scalar(Node.Scalar(text, isQuoted: false))) }

    static let days: ClosedRange<Duration> = .seconds(3600) ... .seconds(315_360_000)
    static let durationForms = "a duration such as `250ms`, `5s`, `2m` or `24h`"
    static let sizeForms = "a size such as `4096`, `64KiB`, `1MiB` or `1GiB`"
    static let mistakes: [Mistake] = [
        Mistake("string", 5, "`k` must be a string, and this is the number `5`", help: "quote it: `\"5\"`") {
            $0.string("k") != nil
        },
        Mistake("string", plain(""), "`k` has no value, and must be a string") { $0.string("k") != nil },
        Mistake("string", [], "`k` must be a string, and this is a list") { $0.requiredString("k") != nil },
        Mistake("bool", plain("Yes"), "`k` must be true or false, and this is the string `Yes`", help: "write `true`") {
            $0.bool("k") != nil
        },
        Mistake("bool", "false", "`k` must be true or false, and this is the string `false`", help: "write `false`") {
            $0.bool("k") != nil
        },
        Mistake("bool", 1, "`k` must be true or false, and this is the number `1`") { $0.bool("k") != nil },
        Mistake("int", "5", "`k` must be a whole number, and this is the string `5`", help: "leave out the quotes") {
            $0.int("k") != nil
        },
        Mistake("int", 1.5, "`k` must be a whole number, and this is the number `1.5`") { $0.int("k") != nil },
        Mistake(
            "int", plain("0x10"), "`k` must be a whole number, and this is the string `0x10`",
            help: "write `\"0x10\"` for the string, or `16`"
        ) { $0.int("k") != nil },
        Mistake("int", 9, "`k` must be a whole number from 1 to 8, and this is `9`") { $0.int("k", in: 1...8) != nil },
        Mistake("int", 0, "`k` must be a whole number, at least 1, and this is `0`") {
            $0.int("k", in: 1...Int.max) != nil
        },
        Mistake(
            "int", plain("99999999999999999999"),
            "`k` must be a whole number of at most 64 bits, and this is `99999999999999999999`"
        ) { $0.int("k") != nil },
        Mistake("double", "x", "`k` must be a number, and this is the string `x`") { $0.double("k") != nil },
        Mistake("double", 1.5, "`k` must be a number from 0.0 to 1.0, and this is `1.5`") {
            $0.double("k", in: 0...1) != nil
        },
        Mistake("duration", 5, "`k` must be \(durationForms), and `5` has no unit", help: "add a unit: `5s` or `5ms`") {
            $0.duration("k") != nil
        },
        Mistake("duration", "5 min", "`k` must be \(durationForms), and this is `5 min`", help: "write `5m`") {
            $0.duration("k") != nil
        },
        Mistake("duration", "soon", "`k` must be \(durationForms), and this is `soon`") { $0.duration("k") != nil },
        Mistake(
            "duration", "1h30m", "`k` must be \(durationForms), and this is `1h30m`"
        ) { $0.duration("k") != nil },
        Mistake(
            "duration", 30, "`k` must be a duration such as `24h` or `30d`, and `30` has no unit",
            help: "add a unit: `30d` or `30h`"
        ) { $0.duration("k", in: days) != nil },
        Mistake(
            "duration", 9999, "`k` must be a duration such as `24h` or `30d`, and `9999` has no unit",
            help: "add a unit: `9999h` or `9999m`"
        ) { $0.duration("k", in: days) != nil },
        Mistake(
            "duration", 0, "`k` must be a duration such as `24h` or `30d`, and `0` has no unit",
            help: "write a time from 1h to 3650d"
        ) { $0.duration("k", in: days) != nil },
        Mistake(
            "duration", "1w", "`k` must be a duration such as `24h` or `30d`, and this is `1w`", help: "write `7d`"
        ) { $0.duration("k", in: days) != nil },
        Mistake(
            "duration", "30days", "`k` must be a duration such as `24h` or `30d`, and this is `30days`",
            help: "write `30d`"
        ) { $0.duration("k", in: days) != nil },
        Mistake(
            "duration", "1 Year", "`k` must be a duration such as `24h` or `30d`, and this is `1 Year`",
            help: "write `365d`"
        ) { $0.duration("k", in: days) != nil },
        Mistake("duration", "20y", "`k` must be a duration such as `24h` or `30d`, and this is `20y`") {
            $0.duration("k", in: days) != nil
        },
        Mistake("duration", "5s", "`k` must be from 1h to 3650d, and this is `5s`") {
            $0.duration("k", in: days) != nil
        },
        Mistake("duration", [], "`k` must be \(durationForms), and this is a list") { $0.duration("k") != nil },
        Mistake("duration", "2h", "`k` must be from 1s to 1h, and this is `2h`") {
            $0.duration("k", in: .seconds(1) ... .seconds(3600)) != nil
        },
        Mistake("size", "64KB", "`k` must be \(sizeForms), and this is `64KB`", help: "write `64KiB`") {
            $0.byteSize("k") != nil
        },
        Mistake("size", -1, "`k` must be \(sizeForms), and this is `-1`") { $0.byteSize("k") != nil },
        Mistake("size", true, "`k` must be \(sizeForms), and this is true") { $0.byteSize("k") != nil },
        Mistake("size", "2KiB", "`k` must be from 1 to 1024 bytes, and this is `2KiB`") {
            $0.byteSize("k", in: 1...1024) != nil
        },
        Mistake("list", "x", "`k` must be a list of strings, and this is the string `x`", help: "write `[x]`") {
            $0.stringList("k") != nil
        },
        Mistake(
            "list", ["a", 1], "each element of `k` must be a string, and this is the number `1`",
            help: "quote it: `\"1\"`"
        ) { $0.stringList("k") != ["a"] },
        Mistake("string or list", [:], "`k` must be a string or a list of strings, and this is a mapping") {
            $0.stringOrList("k") != nil
        },
        Mistake("choice", "blok", "`k` must be `block` or `drop`, and this is `blok`", help: "did you mean `block`?") {
            $0.choice("k", among: ["block", "drop"]) != nil
        },
        Mistake("choice", 1, "`k` must be `a`, `b` or `c`, and this is the number `1`") {
            $0.choice("k", among: ["a", "b", "c"]) != nil
        },
        Mistake("mapping", "x", "`k` must be a mapping, and this is the string `x`") { $0.section("k") != nil },
        Mistake("entries", [], "`k` must be a mapping, and this is a list") { $0.entries("k") != nil },
        Mistake("any list", 1, "`k` must be a list, and this is the number `1`") { $0.list("k") != nil },
    ]

    @Test func values_areRead() throws {
        let diagnostics = Diagnostics()
        let node: Node = [
            "s": "x", "b": false, "i": -3, "d": 2, "t": "1.5s", "z": "64KiB", "n": 4096, "l": ["a", "b"], "c": "drop",
            "m": ["k": 1],
        ]
        var it = try #require(Section(node, what: "it", diagnostics))
        #expect(it.string("s") == "x")
        #expect(it.requiredString("s") == "x")
        #expect(it.bool("b") == false)
        #expect(it.int("i") == -3)
        #expect(it.double("d") == 2)
        #expect(it.duration("t") == .milliseconds(1500))
        #expect(it.byteSize("z") == 65_536)
        #expect(it.byteSize("n") == 4096)
        #expect(it.stringList("l") == ["a", "b"])
        #expect(it.stringOrList("l") == ["a", "b"])
        #expect(it.stringOrList("s") == ["x"])
        #expect(it.choice("c", among: ["block", "drop"]) == "drop")
        let section = it.section("m")
        var inner = try #require(section)
        #expect(inner.int("k") == 1)
        #expect(it.string("absent") == nil)
        #expect(it.keys == node.entries?.map(\.name))
        #expect(it.has("s") && !it.has("absent"))
        inner.finish()
        it.finish()
        #expect(diagnostics.rendered() == "")
    }

    @Test func unknownKey_isReported_absentKeyIsNot() throws {
        let diagnostics = Diagnostics()
        var it = try #require(Section(["mach": 1, "zzz": 2, "ours": 3], what: "a route", diagnostics))
        _ = it.node("match")
        _ = it.requiredString("name")
        it.know(["ours"])
        it.finish()
        #expect(
            diagnostics.rendered() == """
                error: a route needs the key `name`

                error: unknown key `mach`
                   help: did you mean `match`?

                error: unknown key `zzz`
                   help: known keys: `match`, `name`, `ours`
                """)
    }

    @Test func misspeltKey_isNotReportedAsMissing() throws {
        let diagnostics = Diagnostics()
        var it = try #require(Section(["nmae": "x"], what: "a route", diagnostics))
        #expect(it.requiredString("name") == nil)
        let hasTarget = it.require("to", help: "name a handler")
        #expect(!hasTarget)
        it.finish()
        #expect(
            diagnostics.rendered() == """
                error: a route needs the key `to`
                   help: name a handler

                error: unknown key `nmae`
                   help: did you mean `name`?
                """)
    }

    @Test func section_rejectsOtherNodes() {
        let diagnostics = Diagnostics()
        #expect(Section([1], what: "a route", diagnostics) == nil)
        #expect(Section(Self.plain("name:x"), what: "a handler", diagnostics) == nil)
        #expect(
            diagnostics.rendered() == """
                error: a route must be a mapping, and this is a list

                error: a handler must be a mapping, and this is the string `name:x`
                   help: put a space after the colon: `name: x`
                """)
    }

    @Test func error_isReportedAtTheKey() throws {
        let file = SourceFile(path: "f", text: "a: b")
        let key = Node(.scalar(Node.Scalar("a", isQuoted: false)), at: SourceLocation(line: 1, column: 1), in: file)
        let value = Node(.scalar(Node.Scalar("b", isQuoted: false)), at: SourceLocation(line: 1, column: 4), in: file)
        let node = Node(.mapping([Node.Entry(key: key, value: value)]), at: key.location, in: file)
        let diagnostics = Diagnostics()
        let it = try #require(Section(node, what: "it", diagnostics))
        it.error("first", at: "a")
        it.error("second", at: "b")
        #expect(it.location(of: "a") == SourceLocation(line: 1, column: 1))
        #expect(it.location(of: "b") == nil)
        #expect(
            diagnostics.rendered() == """
                f:1:1: error: second
                    1 | a: b
                      | ^

                f:1:4: error: first
                    1 | a: b
                      |    ^
                """)
    }
}
