import FunctionCalls
import Testing

/// Which words of a command are placeholders, and which are invalid.
@Suite struct CommandTemplateTests {
    static let accepted: [(words: [String], arguments: [String])] = [
        (["tool"], []), (["tool", "{city}"], ["city"]), (["tool", "--city={city}", "{day}"], ["city", "day"]),
        (["tool", "/c:{city}", "{city}"], ["city", "city"]),
        (["tool", "{max-days}", "{_a.b2}"], ["max-days", "_a.b2"]),
        (["tool", "{}", "{1}", "a{2,3}", #"{"a":1}"#, "{print $1}", "{a,b}", "{city", "city}"], []),
        (["sh", "-c", "echo ${HOME} $1", "sh", "{city}"], ["city"]),
        (["python3", "tool.py", "-c", "{city}"], ["city"]), (["bash", "./run.sh", "-e", "{x}"], ["x"]),
        (["bash", "-eu", "run.sh", "--city={city}"], ["city"]),
    ]

    @Test(arguments: accepted) func template_fillsPlaceholders(words: [String], arguments: [String]) throws {
        #expect(try CommandTemplate(words).arguments == arguments)
    }

    static func forms(_ name: String) -> String {
        "it is a whole argument, `\"{\(name)}\"`, or the end of one with a fixed start, `--\(name)={\(name)}`"
    }

    static func code(_ name: String) -> String {
        "let the code read standard input, or an argument of its own: `[sh, -c, 'echo \"$1\"', sh, \"{\(name)}\"]`"
    }

    static let refused: [(words: [String], index: Int?, message: String, help: String)] = [
        (
            [], nil, "`command` names no program",
            "write a program and its arguments: `[./bin/get-weather, --city, \"{city}\"]`"
        ),
        (
            ["", "x"], 0, "`command` names no program",
            "write a program and its arguments: `[./bin/get-weather, --city, \"{city}\"]`"
        ),
        (["x", "{city}!"], 1, "a placeholder cannot stand where it does in `{city}!`", forms("city")),
        (["x", "a", "--{city}"], 2, "a placeholder cannot stand where it does in `--{city}`", forms("city")),
        (["x", "-{city}"], 1, "a placeholder cannot stand where it does in `-{city}`", forms("city")),
        (["x", "{a}{b}"], 1, "a placeholder cannot stand where it does in `{a}{b}`", forms("a")),
        (["x", "{{city}}"], 1, "a placeholder cannot stand where it does in `{{city}}`", forms("city")),
        (["x", "{ city }"], 1, "a placeholder cannot stand where it does in `{ city }`", forms("city")),
        (["x", "${city}"], 1, "a placeholder cannot stand where it does in `${city}`", forms("city")),
        (["x", "--city=${city}"], 1, "a placeholder cannot stand where it does in `--city=${city}`", forms("city")),
        (
            ["./bin/{tool}", "x"], 0, "the model may not choose the program, and `./bin/{tool}` has a placeholder",
            "placeholders are for the arguments after the program"
        ),
        (
            ["sh", "-c", "echo {city}"], 2,
            "`echo {city}` is code, and with a placeholder in it the model could run anything", code("city")
        ),
        (
            ["/usr/bin/env", "bash", "-o", "pipefail", "-ec", "{script}"], 5,
            "`{script}` is code, and with a placeholder in it the model could run anything", code("script")
        ),
        (
            ["python3", "-c", "print('{city}')"], 2,
            "`print('{city}')` is code, and with a placeholder in it the model could run anything", code("city")
        ),
        (
            ["node", "--eval", "{x}"], 2,
            "`{x}` is code, and with a placeholder in it the model could run anything", code("x")
        ),
        (["x", "a\0"], 1, "a word of `command` contains a NUL character", "remove it: no program can be given one"),
    ]

    @Test func template_groupIsPassedWholeOrNotAtAll() throws {
        let template = try CommandTemplate(["tool", ["--units", "{units}"], ["{a}", "--b={b}"], "{city}"])
        #expect(template.arguments == ["units", "a", "b", "city"])
        let first = #expect(throws: CommandTemplateError.self) { try CommandTemplate([["tool", "{a}"]]) }
        #expect(first?.description == "the program cannot be optional; write it without brackets around it")
        for parts: [CommandPart] in [["tool", ["-v"]], ["tool", []]] {
            let error = #expect(throws: CommandTemplateError.self) { try CommandTemplate(parts) }
            #expect(error?.index == (parts == ["tool", []] ? nil : 1))
            #expect(
                error?.description
                    == "an optional group needs a placeholder; write its words without brackets around them, or `[--units, \"{units}\"]`"
            )
        }
    }

    @Test(arguments: refused) func template_problems(words: [String], index: Int?, message: String, help: String) {
        let error = #expect(throws: CommandTemplateError.self) { try CommandTemplate(words) }
        #expect(error?.index == index)
        #expect(error?.description == "\(message); \(help)")
    }
}
