import ConfigSource
import EventJSON
import EventRouter
import RealtimeEvents

/// A command's program and arguments, with places for the arguments of a call.
///
/// A placeholder is a whole word, `{city}`, or the end of one with a fixed start, `--city={city}`. What the model says is
/// put there as it is, as one argument: there is no shell, and nothing in it is interpreted. A value that is a whole word
/// may not begin with `-`, so that it cannot be taken for an option, unless ``allowsDash`` says otherwise. An argument that
/// has a place must be there; only a group (``CommandPart``) does without.
package struct CommandTemplate: Sendable, Hashable {
    enum Word: Sendable, Hashable {
        case fixed(String)
        case placeholder(Placeholder)
    }

    /// Words that come together or not at all.
    struct Group: Sendable, Hashable {
        var words: [Word]
        var isOptional: Bool

        var arguments: [String] {
            words.compactMap { if case .placeholder(let placeholder) = $0 { placeholder.argument } else { nil } }
        }
    }

    let groups: [Group]

    /// Whether a value that is a whole word may begin with `-`: for programs that take it for no option.
    package var allowsDash = false

    /// Reads the parts of a command.
    ///
    /// - Throws: ``CommandTemplateError`` for the first word that will not do.
    package init(_ parts: [CommandPart], allowsDash: Bool = false) throws(CommandTemplateError) {
        if let problem = Self.problems(in: parts).first { throw problem }
        let words = parts.flatMap(\.words)
        var index = 0
        groups = parts.map { part in
            var group = Group(words: [], isOptional: false)
            if case .group = part { group.isOptional = true }
            for word in part.words {
                if case .placeholder(let placeholder) = Self.reading(of: index, in: words) {
                    group.words.append(.placeholder(placeholder))
                } else {
                    group.words.append(.fixed(word))
                }
                index += 1
            }
            return group
        }
        self.allowsDash = allowsDash
    }

    /// Reads the words of a command without optional groups.
    ///
    /// - Throws: ``CommandTemplateError`` for the first word that will not do.
    package init(_ words: [String], allowsDash: Bool = false) throws(CommandTemplateError) {
        try self.init(words.map(CommandPart.word), allowsDash: allowsDash)
    }

    /// The names of the arguments that have a place in it, in order; a name may come twice.
    package var arguments: [String] { groups.flatMap(\.arguments) }

    /// The program.
    var program: String {
        if case .fixed(let program)? = groups.first?.words.first { program } else { "" }
    }

    /// The words with a call's arguments in their places.
    func filled(with arguments: JSONObject) throws(FunctionCallRefusal) -> [String] {
        var filled: [String] = []
        for group in groups {
            if group.isOptional, group.arguments.contains(where: { arguments[$0]?.isNull ?? true }) { continue }
            for word in group.words {
                switch word {
                case .fixed(let text): filled.append(text)
                case .placeholder(let placeholder):
                    filled.append(try placeholder.filled(with: arguments, allowsDash: allowsDash))
                }
            }
        }
        return filled
    }
}

extension Placeholder {
    /// As many bytes Linux passes as one argument, without the NUL at its end.
    static let argumentLimit = 128 * 1024 - 1

    /// The word with the argument's value in its place.
    func filled(with arguments: JSONObject, allowsDash: Bool) throws(FunctionCallRefusal) -> String {
        let value: String
        switch arguments[argument] {
        case nil, .null?: throw .missing(argument)
        case .string(let text)?: value = text
        case let other?: value = other.description
        }
        if value.utf8.contains(0) { throw .nul(argument) }
        if start.isEmpty, !allowsDash, value.utf8.first == UInt8(ascii: "-") { throw .dash(argument) }
        let word = start + value
        if word.utf8.count > Self.argumentLimit { throw .tooLong(argument, limit: Self.argumentLimit) }
        return word
    }
}

/// A word of a command that will not do.
package struct CommandTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which word, counted from 0, those in groups too; nil when it is the command as a whole.
    package let index: Int?
    /// What is wrong with it.
    package let message: String
    /// What to write instead.
    package let help: String

    /// What is wrong and what to write instead.
    package var description: String { "\(message); \(help)" }
}
