import ConfigSource
import EventRouter
import SchemaValidation

/// Why a call is not run: it names no function that is here, or its arguments will not do.
///
/// The words are for the model, so that it can correct itself.
struct CallRefusal: FunctionCallError, Hashable, CustomStringConvertible {
    let reasonForModel: String

    var description: String { reasonForModel }

    init(_ reason: String) { reasonForModel = reason }

    static let notAnObject = CallRefusal("the arguments are not a JSON object")

    /// What is wrong with the arguments, and where, so that the model can mend them.
    ///
    /// - Parameter hidden: the names of arguments whose values are not told.
    static func unfit(_ violations: [SchemaViolation], hiding hidden: Set<String> = []) -> CallRefusal {
        let sentences = violations.map { violation in
            if violation.path.isEmpty { return "the arguments \(violation.message)" }
            let isHidden = violation.path.contains {
                if case .key(let name) = $0 { hidden.contains(name) } else { false }
            }
            return isHidden ? violation.withoutValue : violation.description
        }
        return CallRefusal("the arguments do not fit: \(sentences.joined(separator: "; "))")
    }

    static func repeated(_ argument: String) -> CallRefusal {
        CallRefusal("the arguments name \(quoted(argument)) twice")
    }

    static func unknownFunction(_ name: String) -> CallRefusal { CallRefusal("unknown function \(quoted(name))") }

    static func tooMany(_ limit: Int, in what: String) -> CallRefusal {
        CallRefusal("the limit of \(limit) calls in a \(what) is reached")
    }

    static let notApproved = CallRefusal("the call was not approved")

    static let queueIsFull = CallRefusal("too many calls are waiting; try again later")

    static let duplicate = CallRefusal("the same call is being worked on already; wait for its answer")

    static func missing(_ argument: String) -> CallRefusal {
        CallRefusal("the argument `\(argument)` is missing")
    }

    static func dash(_ argument: String) -> CallRefusal {
        CallRefusal("the argument `\(argument)` may not begin with `-`")
    }

    static func nul(_ argument: String) -> CallRefusal {
        CallRefusal("the argument `\(argument)` contains a NUL character")
    }

    static func tooLong(_ argument: String, limit: Int) -> CallRefusal {
        CallRefusal("the argument `\(argument)` is longer than \(limit) bytes")
    }
}

extension SchemaViolation {
    /// The sentence without what the value is: "`pin` must be a string".
    fileprivate var withoutValue: String {
        let text = description
        let end = [", and is ", ", and has "].compactMap { text.firstRange(of: $0)?.lowerBound }.min()
        return String(text[..<(end ?? text.endIndex)])
    }
}
