import Foundation
import Testing

/// `test` with assertions over whole sessions, and its report for CI servers.
@Suite struct AssertionCommandTests {
    private static let rules = """
        version: 1
        handlers: { log: { type: console } }
        routes:
          - { name: errors, match: { type: error }, to: log }
        tests:
          - { name: an error is logged, event: { type: error }, handlers: [log] }
          - { name: the weather is asked once, assert: [ { call: get_weather, at_most: 1 } ] }
          - { name: nobody is interrupted, assert: [ { never: { type: router.response.interrupted } } ] }

        """

    private func place(_ routes: String = rules) throws -> Workplace {
        let place = try Workplace(routes: routes)
        try place.makeFolder("calls")
        for name in ["interruption", "tool-call"] {
            try place.write(
                "calls/\(name).jsonl", String(contentsOfFile: BuiltProgram.session(name), encoding: .utf8))
        }
        return place
    }

    @Test func session_assertionsRunOnTheGivenFiles() async throws {
        let place = try place()
        let ending = try await place.run("test", "--session", "calls/*.jsonl")
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 1,
                    output: """
                        ok      an error is logged
                        ok      the weather is asked once: calls/interruption.jsonl
                        ok      the weather is asked once: calls/tool-call.jsonl
                        FAILED  nobody is interrupted: calls/interruption.jsonl
                                routes.yml:8:5
                                line 8: 1 event, expected none
                                  + 59.2  3.874  router.response.interrupted  item_CoDk47Mbxsgir3QzY2aWy  turn_detected
                        ok      nobody is interrupted: calls/tool-call.jsonl

                        5 tests: 4 passed, 1 failed

                        """))
        // The shell may have expanded the pattern.
        let expanded = try await place.run(
            "test", "routes.yml", "--session", "calls/interruption.jsonl", "calls/tool-call.jsonl")
        #expect(expanded == ending)
    }

    @Test func session_withoutItAssertionsAreSkipped() async throws {
        let ending = try await place().run("test")
        #expect(
            ending
                == RunningProgram.Ending(
                    code: 0,
                    output: """
                        ok      an error is logged
                        skipped the weather is asked once: give the sessions, `--session 'calls/*.jsonl'`
                        skipped nobody is interrupted: give the sessions, `--session 'calls/*.jsonl'`

                        3 tests: 1 passed, 2 skipped

                        """))
    }

    @Test func session_mistakes() async throws {
        let place = try place()
        let nothing = try await place.run("test", "--session", "none/*.jsonl")
        #expect(nothing.code == 2 && nothing.error == "")
        #expect(nothing.output.contains("routes.yml:7:5: cannot read none/*.jsonl: no file matches this pattern\n"))
        let rules = try await place.run("test", "--session", "calls", "routes.yml")
        #expect(rules.code == 2)
        #expect(
            rules.error.hasPrefix("error: routes.yml is not a session; give the file with the rules before --session\n")
        )
        try place.write("routes.yml", Self.rules.replacing("assert:", with: "session: calls, assert:"))
        #expect(
            try await place.run("test", "--session", "calls")
                == RunningProgram.Ending(
                    code: 2,
                    error:
                        "error: no test of routes.yml has `assert` without `session`, so none is about the files of --session\n"
                ))
        for name in ["-", ""] {
            let report = try await place.run("test", "--junit", name)
            #expect(report.code == 2)
            #expect(
                report.error.hasPrefix(
                    "error: --junit needs the name of a file: the results go to standard output\n"))
        }
    }

    @Test func junit_reportOfEveryEnding() async throws {
        let place = try place(
            Self.rules + """
                  - { name: no such call, session: no.jsonl, expect: no.expected.jsonl }
                  - { name: of nothing, event: { type: error }, unmatched: true }

                """)
        let ending = try await place.run("test", "--junit", "report.xml")
        #expect(ending.code == 2 && ending.output.hasSuffix("5 tests: 1 passed, 1 failed, 2 skipped, 1 not run\n"))
        let report = try #require(place.text("report.xml"))
        #expect(
            report.replacing(#/time="[0-9]+\.[0-9]{3}"/#, with: "time=\"T\"") == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="realtime-router test" tests="5" failures="1" errors="1" skipped="2" time="T">
                  <testsuite name="routes.yml" tests="5" failures="1" errors="1" skipped="2" time="T">
                    <testcase name="an error is logged" classname="routes" file="routes.yml" time="T"/>
                    <testcase name="the weather is asked once" classname="routes" file="routes.yml" time="T">
                      <skipped message="give the sessions, `--session &apos;calls/*.jsonl&apos;`"/>
                    </testcase>
                    <testcase name="nobody is interrupted" classname="routes" file="routes.yml" time="T">
                      <skipped message="give the sessions, `--session &apos;calls/*.jsonl&apos;`"/>
                    </testcase>
                    <testcase name="no such call" classname="routes" file="routes.yml" time="T">
                      <error message="cannot read no.jsonl: No such file or directory" type="not run">error   no such call
                        routes.yml:9:5: cannot read no.jsonl: No such file or directory</error>
                    </testcase>
                    <testcase name="of nothing" classname="routes" file="routes.yml" time="T">
                      <failure message="expected that no route takes it (+ fired)" type="failed">FAILED  of nothing
                        routes.yml:10:5
                        expected that no route takes it (+ fired)
                          + errors</failure>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }

    /// Names, a model's words and file names may contain characters that XML does not allow.
    @Test func junit_reportIsWellFormedWhateverTextsHold() async throws {
        let hostile = [
            "]]><x a='b' c=\"d\">&amp;</x><!--", "\u{1}\u{8}\u{1B}[31m\r\n\t", "\u{FFFE}\u{FFFF}\u{85}\u{2028}\u{202E}",
            "a\u{0}b",
        ]
        let messages = hostile.map { text in
            #"{"type": "error", "error": {"message": \#(json(text))}}"# + "\n"
        }
        let place = try Workplace(
            routes: """
                version: 1
                handlers: { log: { type: console } }
                routes: [ { name: errors, match: { type: error }, to: log } ]
                tests:
                  - { name: "]]> <&\\"' \\x01\\x1B \\uFFFD \\n\\t \\u202E end", assert: [ { never: { type: error } } ] }

                """)
        try place.write("a<b>&\"c'\u{1}.jsonl", messages.joined())
        let ending = try await place.run("test", "--session", "a*", "--junit", "report.xml")
        #expect(ending.code == 1 && ending.error == "")
        let parse = """
            import xml.etree.ElementTree as ElementTree
            suites = ElementTree.parse("report.xml").getroot()
            case = suites.find("testsuite/testcase")
            print([element.tag for element in suites.iter()], suites.attrib["failures"])
            print(case.attrib["name"])
            print(case.find("failure").text)
            """
        try place.write("parse.py", parse)
        let parsed = try await place.shell("python3 parse.py")
        #expect(parsed.error == "")
        let name = "]]> <&\"' ␁␛ \u{FFFD} ␊␉ \u{FFFD} end: a<b>&\"c'␁.jsonl"
        #expect(
            parsed.output == """
                ['testsuites', 'testsuite', 'testcase', 'failure'] 1
                \(name)
                FAILED  \(name)
                        routes.yml:5:5
                        line 5: 4 events, expected none
                          + 1  error  ]]><x a='b' c="d">&amp;</x><!--
                          + 2  error     [31m
                          + 3  error  \u{FFFD}\u{FFFD}
                          + 4  error  a b

                """)
    }

    /// A text as JSON in which every character is escaped.
    private func json(_ text: String) -> String {
        "\""
            + text.utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined() + "\""
    }

    @Test func junit_reportThatCannotBeWritten() async throws {
        let place = try place()
        let ending = try await place.run("test", "--junit", "none/report.xml")
        #expect(ending.code == 2)
        #expect(ending.error == "error: cannot write none/report.xml: No such file or directory\n")
    }
}
