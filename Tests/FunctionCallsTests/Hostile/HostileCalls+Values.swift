import EventJSON

extension HostileCall {
    /// Members that are missing, repeated, or have odd names and values.
    static var members: [HostileCall] {
        let missing = Ending.refused("the argument `city` is missing")
        let nul = Ending.refused("the argument `city` contains a NUL character")
        let long = Ending.refused("the argument `city` is longer than 131071 bytes")
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        return [
            HostileCall(#"{"city":null}"#, missing), HostileCall(#"{"City":"Oslo"}"#, missing),
            HostileCall(#"{"city ":"Oslo"}"#, missing), HostileCall(#"{"сity":"Oslo"}"#, missing),
            HostileCall(#"{"\u0063ity\u0000":"Oslo"}"#, missing), HostileCall(#"{"":"Oslo"}"#, missing),
            HostileCall(#"{"__proto__":{"city":"Oslo"}}"#, missing),
            HostileCall(#"{"place":{"city":"Oslo"}}"#, missing),
            HostileCall(#"{"city":"\u0000"}"#, nul), HostileCall(#"{"city":"Oslo\u0000; touch ran"}"#, nul),
            HostileCall(#"{"city":["a\u0000"]}"#, .runs([#"["a\u0000"]"#, #"--city=["a\u0000"]"#])),
            HostileCall(city: String(repeating: "x", count: 131_065), long),
            HostileCall(city: String(repeating: "x", count: 1_000_000), long),
            HostileCall(city: String(repeating: "é", count: 70_000), long),
            HostileCall(#"{"city":"Oslo","city":"Rome"}"#, .refused("the arguments name `city` twice")),
            HostileCall(#"{"city":"Oslo","\u0063ity":"Oslo"}"#, .refused("the arguments name `city` twice")),
            HostileCall(#"{"city":"x","more":[{"a":{"b":1,"b":2}}]}"#, .refused("the arguments name `b` twice")),
            HostileCall(
                #"{"city":"x","\u001b[2J":1,"\u001b[2J":1}"#, .refused("the arguments name `\u{1B}[2J` twice")),
            HostileCall(
                #"{"city":"x","e\u0301":1,"\u00e9":2}"#, input: "{\"city\":\"x\",\"e\u{301}\":1,\"é\":2}",
                .runs(["x", "--city=x"])),
            HostileCall(#"{"city":"x","units":"{city}"}"#, .runs(["x", "--city=x", "--units", "{city}"])),
            HostileCall(#"{"city":"{units}","units":"y"}"#, .runs(["{units}", "--city={units}", "--units", "y"])),
            HostileCall(#"{"city":"x","units":"--help"}"#, .refused("the argument `units` may not begin with `-`")),
            HostileCall(#"{"city":"x","units":null}"#, .runs(["x", "--city=x"])),
            HostileCall(#"{"city":"x","0":"; touch ran"}"#, .runs(["x", "--city=x"])),
            HostileCall(#"{"city":\#(deep)}"#, .runs([deep, "--city=\(deep)"])),
            HostileCall(#"{"city":"\ud83d\ude00"}"#, input: "{\"city\":\"😀\"}", .runs(["😀", "--city=😀"])),
            HostileCall(
                #"{"city":"\ud800"}"#, input: "{\"city\":\"\u{FFFD}\"}", .runs(["\u{FFFD}", "--city=\u{FFFD}"])),
            HostileCall(
                #"{"city":"\udc00\ud800"}"#, input: "{\"city\":\"\u{FFFD}\u{FFFD}\"}",
                .runs(["\u{FFFD}\u{FFFD}", "--city=\u{FFFD}\u{FFFD}"])),
            HostileCall(
                #"{"city":"\u002d\u002dhelp"}"#, .refused("the argument `city` may not begin with `-`")),
            HostileCall(
                #"{"city":"\u003b touch ran"}"#, input: #"{"city":"; touch ran"}"#,
                .runs(["; touch ran", "--city=; touch ran"])),
        ]
    }

    /// Values other than strings are passed as JSON text.
    static var values: [HostileCall] {
        let dash = Ending.refused("the argument `city` may not begin with `-`")
        let digits = String(repeating: "9", count: 10_000)
        return [
            "0", "1e999999999", "1E+2", "1.50", "123456789012345678901234567890", "0.1e-400", digits, "true", "false",
            "[]", "{}", #"["-rf","; touch ran"]"#, #"{"a":"$(touch ran)"}"#, #"{"city":"x"}"#, "[null]", "[[[]]]",
        ].map { HostileCall(#"{"city":\#($0)}"#, .runs([$0, "--city=\($0)"])) }
            + ["-0", "-5", "-1e999999999"].map { HostileCall(#"{"city":\#($0)}"#, dash) }
    }

    /// A schema violation is reported with its path, and quotes only the beginning of the value.
    static var unfit: [HostileCall] {
        let long = String(repeating: "A", count: 1_000_000)
        let many = (0..<10_000).map { #""k\#($0)":1"# }.joined(separator: ",")
        func unfit(_ arguments: String, _ words: String) -> HostileCall {
            HostileCall(arguments, of: "order", .refused("the arguments do not fit: \(words)"))
        }
        return [
            HostileCall(#"{"city":"Oslo","count":2}"#, of: "order", .runs(["--city=Oslo", "--count=2"])),
            HostileCall(#"{"city":"Oslo","count":2.0}"#, of: "order", .runs(["--city=Oslo", "--count=2.0"])),
            unfit(#"{"city":["Oslo"],"count":2}"#, #"`city` must be a string, and is an array"#),
            unfit(#"{"city":{"x":1},"count":2}"#, #"`city` must be a string, and is an object"#),
            unfit(#"{"city":5,"count":2}"#, #"`city` must be a string, and is a number"#),
            unfit(#"{"city":null,"count":2}"#, #"`city` must be a string, and is null"#),
            unfit(#"{"city":"Oslo","count":"2"}"#, #"`count` must be a whole number, and is a string"#),
            unfit(#"{"city":"Oslo","count":2.5}"#, #"`count` must be a whole number, and is 2.5"#),
            unfit(#"{"city":"Oslo","count":-1}"#, #"`count` must be at least 1, and is -1"#),
            unfit(#"{"city":"Oslo","count":1e999999999}"#, #"`count` must be at most 10, and is 1e999999999"#),
            unfit(#"{"city":"Oslo","count":true}"#, #"`count` must be a whole number, and is true"#),
            unfit(#"{"city":"Oslo","count":[2]}"#, #"`count` must be a whole number, and is an array"#),
            unfit(
                #"{"city":"Oslo","count":99999999999999999999}"#,
                #"`count` must be at most 10, and is 99999999999999999999"#),
            unfit(#"{"city":"Oslo"}"#, #"`count` is missing"#),
            unfit("{}", #"`city` is missing; `count` is missing"#),
            unfit("", #"`city` is missing; `count` is missing"#),
            unfit(
                #"{"city":"","count":2}"#,
                #"`city` must have at least 1 character, and has 0; `city` must match the pattern "^[A-Za-z ]+$", and is """#
            ),
            unfit(
                #"{"city":"Osl\u006f; touch ran","count":2}"#,
                #"`city` must match the pattern "^[A-Za-z ]+$", and is "Oslo; touch ran""#),
            unfit(#"{"city":"Οslo","count":2}"#, #"`city` must match the pattern "^[A-Za-z ]+$", and is "Οslo""#),
            unfit(#"{"city":"\#(long)","count":2}"#, #"`city` must have at most 64 characters, and has 1000000"#),
            unfit(
                #"{"city":"\u001b[2J","count":2}"#, #"`city` must match the pattern "^[A-Za-z ]+$", and is "\u001b[2J""#
            ),
            unfit(#"{"city":"Oslo","count":2,"admin":true}"#, #"`admin` is not known; known are `city`, `count`"#),
            unfit(
                #"{"city":"Oslo","count":2,"\u001b[2J\n":1}"#,
                #"`["\u001b[2J\n"]` is not known; known are `city`, `count`"#),
            unfit(
                #"{"city":"Oslo","count":2,"\#(long)":1}"#,
                #"`["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"…]` is not known; known are `city`, `count`"#
            ),
            unfit(
                #"{"city":"Oslo","count":2,\#(many)}"#,
                (0..<8).map { "`k\($0)` is not known; known are `city`, `count`" }.joined(separator: "; ")),
        ]
    }

    /// Functions that do not exist.
    static var names: [HostileCall] {
        let long = String(repeating: "x", count: 60)
        return [
            ("Place", "Place"), ("place ", "place "), ("рlace", "рlace"), ("../place", "../place"),
            ("./record", "./record"), ("/bin/sh", "/bin/sh"), ("place; touch ran", "place; touch ran"),
            ("$(touch ran)", "$(touch ran)"), ("--help", "--help"), ("place\u{0}", "place\u{0}"),
            ("\u{1B}[2J", "\u{1B}[2J"), (String(repeating: "x", count: 1_000_000), long + "…"),
        ].map { HostileCall("{}", of: $0.0, .refused("unknown function `\($0.1)`")) }
    }

    static var all: [HostileCall] { texts + notObjects + members + values + unfit + names }
}
