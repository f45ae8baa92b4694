import EventJSON

/// A call as a model may write it, with the expected result.
struct HostileCall: Sendable {
    enum Ending: Sendable, Equatable {
        /// The command runs with these arguments.
        case runs([String])
        /// It does not run, and the model gets this error.
        case refused(String)
    }

    /// The function name from the model.
    var function = "place"
    /// The arguments from the model, as text.
    var arguments: String
    /// The command's expected standard input; nil for the unchanged arguments.
    var input: String?
    var ending: Ending

    init(_ arguments: String, of function: String = "place", input: String? = nil, _ ending: Ending) {
        self.function = function
        self.arguments = arguments
        self.input = input
        self.ending = ending
    }

    /// A call with a text as its only argument.
    init(city: String, of function: String = "place", _ ending: Ending) {
        self.init(JSONValue.object(["city": .string(city)]).description, of: function, ending)
    }
}

extension HostileCall {
    /// Every text as an argument: it is passed unchanged or refused.
    static var texts: [HostileCall] {
        (HostileTexts.shell + HostileTexts.programs + HostileTexts.unicode).map { text in
            HostileCall(city: text, .runs([text, "--city=\(text)"]))
        }
            + HostileTexts.options.map { text in
                HostileCall(city: text, .refused("the argument `city` may not begin with `-`"))
            }
            + HostileTexts.options.map { HostileCall(city: $0, of: "any_place", .runs([$0])) }
    }

    private static let notAnObject = Ending.refused("the arguments are not a JSON object")

    /// Texts that are not a JSON object. The last ones are how some servers write empty arguments.
    static var notObjects: [HostileCall] {
        [
            "{", "{\"", "{\"city\"", "{\"city\":", "{\"city\":\"Os", "{\"city\":\"Oslo\"", "{\"city\":\"Oslo\",}",
            "{city:\"Oslo\"}", "{'city':'Oslo'}", "{\"city\":\"Oslo\"} {}", "{\"city\":\"Oslo\"}; touch ran",
            "{\"city\":\"Oslo\"}\u{0}", "\u{FEFF}{\"city\":\"Oslo\"}", "```json\n{\"city\":\"Oslo\"}\n```",
            "/* x */{\"city\":\"Oslo\"}", "{\"city\":\"Oslo\"} // x", "{\"city\":NaN}", "{\"city\":Infinity}",
            "{\"city\":0x41}", "{\"city\":01}", "{\"city\":+1}", "{\"city\":.5}", "{\"city\":1.}", "{\"city\":True}",
            "{\"city\":undefined}", "{\"city\":\"a\nb\"}", "{\"city\":\"\\x41\"}", "{\"city\":\"\\u00\"}",
            "{\"city\" \"Oslo\"}",
            "{,}", "{null:1}", "[\"Oslo\"]", "[]", "\"Oslo\"", "\"{\\\"city\\\":\\\"Oslo\\\"}\"", "5", "-1", "true",
            "null",
            "Oslo", "-rf", "$(touch ran)", "<city>Oslo</city>", "city=Oslo", "city: Oslo", "\u{A0}", "\u{3000}",
            "{\"city\":" + String(repeating: "[", count: 100_000),
            "{\"city\":" + String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + "}",
            String(repeating: "{\"city\":", count: 10_000), String(repeating: "{", count: 100_000),
        ].map { HostileCall($0, notAnObject) }
            + ["", " ", "\n\t \r\n", "{}", "{ }"].map {
                HostileCall($0, .refused("the argument `city` is missing"))
            }
    }
}
