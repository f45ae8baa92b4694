import ConfigSource
import EventJSON
import EventRouter
import SchemaValidation

// Why calls are not run: they name no function that is here, or their arguments will not do.
extension FunctionCallRefusal {
    static let notAnObject = FunctionCallRefusal("the arguments are not a JSON object")

    /// What is wrong with the arguments, and where, so that the model can mend them.
    ///
    /// Sentences cut long names and values, and half of a secret is not recognised: a value with one in it is not told, and names
    /// are redacted first.
    ///
    /// - Parameters:
    ///   - arguments: The arguments.
    ///   - violations: What is wrong with them.
    ///   - written: The arguments as they may be written.
    ///   - redaction: What the session takes out of what is written.
    static func unfit(
        _ arguments: JSONValue, _ violations: [SchemaViolation], written: JSONValue?, _ redaction: Redaction
    ) -> FunctionCallRefusal {
        let sentences = violations.map { violation in
            let isHidden = arguments[violation.path] != written?[violation.path]
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
    /// The message without what the value is: "must be a string".
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
    /// A name that an object in it has twice; nil when there is none.
    ///
    /// Of two members with one name a schema, a pattern and a command's own parser may each see another one.
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
