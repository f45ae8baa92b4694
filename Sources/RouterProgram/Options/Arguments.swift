import ArgumentParser
import RealtimeRouter

/// A replay speed: `max`, `1x`, `10x`, `0.5x`.
struct SpeedArgument: ExpressibleByArgument {
    let pace: RouterOptions.Pace

    init(pace: RouterOptions.Pace) { self.pace = pace }

    init?(argument: String) {
        if argument == "max" {
            pace = .unlimited
        } else if argument.hasSuffix("x"), let factor = Double(argument.dropLast()), factor > 0, factor.isFinite {
            pace = .times(factor)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { "max" }
}

/// A duration: `5s`, `2m`, `24h`.
package struct DurationArgument: ExpressibleByArgument {
    /// The duration.
    package let duration: Duration

    package init(duration: Duration) { self.duration = duration }

    package init?(argument: String) {
        guard let duration = Measure.duration(argument), duration > .zero else { return nil }
        self.duration = duration
    }

    package var defaultValueDescription: String { Measure.text(duration) }
}

/// A label: `name=value`.
struct LabelArgument: ExpressibleByArgument {
    let label: SessionLabel

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        label = SessionLabel(String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }
}

/// A dialect by its name.
struct DialectArgument: ExpressibleByArgument {
    let dialect: Dialect

    init(dialect: Dialect) { self.dialect = dialect }

    init?(argument: String) {
        guard let dialect = Dialect(rawValue: argument) else { return nil }
        self.dialect = dialect
    }

    static var allValueStrings: [String] { Dialect.allCases.map(\.rawValue) }

    var defaultValueDescription: String { dialect.rawValue }
}

/// A transcript format by its name.
struct TranscriptFormatArgument: ExpressibleByArgument {
    let format: TranscriptFormat

    init(format: TranscriptFormat) { self.format = format }

    init?(argument: String) {
        guard let format = TranscriptFormat(rawValue: argument) else { return nil }
        self.format = format
    }

    static var allValueStrings: [String] { TranscriptFormat.allCases.map(\.rawValue) }

    var defaultValueDescription: String { format.rawValue }
}

/// The format of a command's output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// Content that a transcript includes beside the conversation.
struct InclusionArgument: ExpressibleByArgument {
    let inclusion: TranscriptInclusion

    init?(argument: String) {
        guard let inclusion = TranscriptInclusion(rawValue: argument) else { return nil }
        self.inclusion = inclusion
    }

    static var allValueStrings: [String] { TranscriptInclusion.allCases.map(\.rawValue) }
}
