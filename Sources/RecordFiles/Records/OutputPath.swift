/// The path of a file to write to, in which `{session}` and `{date}` stand for what they name.
package struct OutputPath: Sendable {
    package let template: String

    /// A path as it is written.
    package init(template: String) { self.template = template }

    /// Whether the path is the same for every session and day.
    package var isFixed: Bool { !namesSession && !template.contains("{date}") }

    /// Whether it is standard output or standard error.
    package var isStream: Bool { template == "-" || template == LineFile.standardError }

    /// Whether every session has a path of its own.
    package var namesSession: Bool { template.contains("{session}") }

    /// Whether the text has braces that stand for nothing.
    package static func hasOddBraces(_ text: String) -> Bool {
        text.replacing("{session}", with: "").replacing("{date}", with: "").contains { $0 == "{" || $0 == "}" }
    }

    /// The path for a session.
    ///
    /// - Parameter now: the wall clock, in seconds since 1970; the day is that of UTC.
    package func path(session: String, now: Double) -> String {
        template.replacing("{date}", with: Timestamp(unix: now).description.prefix(10))
            .replacing("{session}", with: SafeFileName(session).description)
    }
}
