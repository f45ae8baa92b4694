import ConfigSource
import EventJSON
import EventRouter
import SchemaValidation

// The reasons for which a call is refused: an unknown function, invalid arguments, limits.
extension FunctionCallRefusal {
    static let notAnObject = FunctionCallRefusal("the arguments are not a JSON object")

    /// The arguments do not fit the schema. Says what is wrong and where, so that the model can correct the call.
    ///
    /// Messages shorten long names and values, and a redactor does not recognise a shortened secret. Values that
    /// contain a secret are therefore left out, and names are redacted before they are shortened.
    ///
    /// - Parameters:
    ///   - arguments: The arguments.
    ///   - violations: The schema violations.
    ///   - redactedArguments: The arguments in redacted form.
    ///   - redaction: The session's redaction.
    static func unfit(
        _ arguments: JSONValue, _ violations: [SchemaViolation], redactedArguments: JSONValue?, _ redaction: Redaction
    ) -> FunctionCallRefusal {
        let sentences = violations.map { violation in
            let isHidden = arguments[violation.path] != redactedArguments?[violation.path]
            let message = isHidden ? violation.messageWithoutValue : violation.message
            let path = violation.path.map { $0.redacted(redaction) }
            return path.isEmpty ? "the arguments \(message)" : "`\(path.text)` \(message)"
        }
        return FunctionCallRefusal("the arguments do not fit: \(sentences.joined(separator: "; "))")
    }

    static func repeated(_ argument: String) -> FunctionCallRefusal {
        FunctionCallRefusal("the arguments name \(quoted(argument)) twice")
    }

    static func unknownFunction(_ name: String) -> FunctionCallRefusal {
        FunctionCallRefusal("unknown function \(quoted(name))")
    }

    static func tooMany(_ limit: Int, in what: String) -> FunctionCallRefusal {
        FunctionCallRefusal("the limit of \(limit) calls in a \(what) is reached")
    }

    static let notApproved = FunctionCallRefusal("the call was not approved")

    static let queueIsFull = FunctionCallRefusal("too many calls are waiting; try again later")

    static let duplicate = FunctionCallRefusal("the same call is being worked on already; wait for its answer")

    static func missing(_ argument: String) -> FunctionCallRefusal {
        FunctionCallRefusal("the argument `\(argument)` is missing")
    }

    static func dash(_ argument: String) -> FunctionCallRefusal {
        FunctionCallRefusal("the argument `\(argument)` may not begin with `-`")
    }

    static func nul(_ argument: String) -> FunctionCallRefusal {
        FunctionCallRefusal("the argument `\(argument)` contains a NUL character")
    }

    static func tooLong(_ argument: String, limit: Int) -> FunctionCallRefusal {
        FunctionCallRefusal("the argument `\(argument)` is longer than \(limit) bytes")
    }
}

extension SchemaViolation {
    /// The message without the actual value: "must be a string".
    fileprivate var messageWithoutValue: String {
        let end = [", and is ", ", and has "].compactMap { message.firstRange(of: $0)?.lowerBound }.min()
        return String(message[..<(end ?? message.endIndex)])
    }
}

extension SchemaPathStep {
    fileprivate var name: String? { if case .key(let name) = self { name } else { nil } }

    fileprivate func redacted(_ redaction: Redaction) -> SchemaPathStep {
        name.map { .key(redaction.redacted($0)) } ?? self
    }
}

extension JSONValue {
    fileprivate subscript(path: [SchemaPathStep]) -> JSONValue? {
        path.reduce(self) { value, step in
            switch step {
            case .key(let name): value?.object?[name]
            case .index(let index): value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
        }
    }
}

extension JSONObject {
    /// A name that occurs twice in one of the nested objects; nil if there is none.
    ///
    /// Refused because a schema, a pattern and a command's own parser could each pick a different one of two members
    /// with the same name.
    var repeatedName: String? {
        var names: Set<[UInt8]> = []
        for (name, value) in self {
            guard names.insert(Array(name.utf8)).inserted else { return name }
            if let inner = value.repeatedName { return inner }
        }
        return nil
    }
}

extension JSONValue {
    fileprivate var repeatedName: String? {
        switch self {
        case .object(let object): object.repeatedName
        case .array(let elements): elements.lazy.compactMap(\.repeatedName).first
        default: nil
        }
    }
}
