import ConfigSource

/// Converts libyaml's syntax errors to diagnostics that say what to write instead.
///
/// libyaml reports what its grammar expected. The text around the error shows the author's mistake.
struct YAMLErrorMessages {
    let text: YAMLText
    let failure: YAMLFailure
    /// The first event of the document's value.
    let root: YAMLEvent?
    /// The last event before the failure.
    let last: YAMLEvent?
    /// The collections in brackets that are still open according to the events. libyaml may have read ahead of the events.
    let openBrackets: [YAMLEvent]

    /// A message, its place, and the help.
    typealias Message = (text: String, place: Int, help: String?)

    func diagnostic() -> Diagnostic {
        if let byte = failure.byte {
            let location = text.file.location(ofByte: text.file.textStart + byte)
            return Diagnostic(
                .error, "the file is not UTF-8 here", at: location, in: text.file, help: "save the file as UTF-8")
        }
        let message = message()
        return Diagnostic(.error, message.text, at: text.location(message.place), in: text.file, help: message.help)
    }

    /// The place of the error.
    var place: Int { failure.place }
    /// The place where the construct began that libyaml was parsing.
    var origin: Int { failure.contextPlace }

    private func message() -> Message {
        switch failure.problem {
        case "found character that cannot start any token": cannotStart()
        case "did not find expected alphabetic or numeric character": reference()
        case "did not find expected comment or line break", "found an indentation indicator equal to 0": blockHeader()
        case "found a tab character where an indentation space is expected",
            "found a tab character that violates indentation":
            tab(place)
        case "found unexpected end of stream", "found unexpected document indicator": unclosedQuote(origin)
        case "found unknown escape character", "did not find expected hexdecimal number",
            "found invalid Unicode character escape code":
            escape()
        case "mapping values are not allowed in this context": secondColon()
        case "could not find expected ':'": missingColon()
        case "found unexpected ':'": missingSpace()
        case "block sequence entries are not allowed in this context": inlineDash()
        case "mapping keys are not allowed in this context": questionMark()
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'": inBrackets()
        case "did not find expected node content": missingValue()
        case "did not find expected key", "did not find expected '-' indicator": misplaced()
        case "did not find expected <document start>": contentAfterDocument()
        default: other()
        }
    }

    private func other() -> Message {
        if failure.context.contains("tag") || failure.problem.contains("tag") {
            let start = text[origin] == "!" ? origin : place
            let run = text.string(text.run(from: start, inFlow: isInBrackets(start)))
            return ("tags such as \(quoted(run)) are not supported", start, YAMLText.quoteHelp(run))
        }
        if failure.context.contains("directive") || failure.problem.contains("YAML document") {
            return (
                "a line that begins with `%` is a directive, and only `%YAML 1.1` and `%YAML 1.2` are known",
                text.lineStart(of: place), "quote the text if it is one"
            )
        }
        return ("this cannot be read as YAML", place, "quote text that contains special characters")
    }

    /// Whether a place is between brackets, according to the events or to its line.
    func isInBrackets(_ place: Int) -> Bool {
        openBrackets.contains { isBracket($0.start) } || text.isInsideBracketsOfLine(place)
    }

    func isBracket(_ place: Int) -> Bool { text[place] == "[" || text[place] == "{" }

    func line(_ place: Int) -> Int { text.location(place).line }
}

/// Messages about special characters, quotes and escapes.
extension YAMLErrorMessages {
    /// A character that cannot begin a plain text.
    func cannotStart() -> Message {
        guard let sign = text[place] else { return ("the file ends too early", place, nil) }
        if sign == "\t" { return tab(place) }
        let run = text.string(text.run(from: place, inFlow: isInBrackets(place)))
        return ("text cannot begin with \(name(sign)) unless it is quoted", place, YAMLText.quoteHelp(run))
    }

    private func name(_ sign: Unicode.Scalar) -> String { sign == "`" ? "a back quote" : "`\(sign)`" }

    func tab(_ place: Int) -> Message {
        ("a tab cannot indent a line", place, "use spaces")
    }

    /// A text that looks like an alias or an anchor: `*refund*`, `& x`.
    func reference() -> Message {
        let run = text.string(text.run(from: origin, inFlow: isInBrackets(origin)))
        let sign = text[origin] ?? "*"
        let meaning =
            sign == "&"
            ? "`&` at the start of a text names an anchor" : "`*` at the start of a text refers to an anchor"
        return ("\(quoted(run)) is not read as text: \(meaning)", origin, YAMLText.quoteHelp(run))
    }

    /// A text that looks like the start of a block of text: `- >= 5`, `a: |x`.
    func blockHeader() -> Message {
        let run = text.string(text.run(from: origin, inFlow: false))
        let sign = text[origin] ?? ">"
        return (
            "\(quoted(run)) is not read as text: `\(sign)` at the start begins a block of text on the next lines",
            origin,
            YAMLText.quoteHelp(run)
        )
    }

    func unclosedQuote(_ start: Int) -> Message {
        text[start] == "'"
            ? ("the quote that opens here is never closed", start, "close it with `'`; a `'` inside is written `''`")
            : (
                "the quote that opens here is never closed", start,
                "close it with `\"`; a `\"` inside is written `\\\"`"
            )
    }

    func escape() -> Message {
        var start = place
        // libyaml's place is on the backslash or after the letter.
        while start > origin, text[start] != "\\" { start -= 1 }
        let letter = text[start + 1].map { String($0) } ?? ""
        let width = ["x": 2, "u": 4, "U": 8][letter]
        guard let width else {
            return (
                "\(quoted("\\" + letter)) is not an escape in double quotes", start,
                "write `\\\\\(letter)` for a backslash, or put the text into single quotes"
            )
        }
        if failure.problem == "found invalid Unicode character escape code" {
            return (
                "\(quoted(text.string(start..<start + 2 + width))) is no character", start,
                surrogatePair(start).map { "write \($0)" } ?? "write the character itself"
            )
        }
        return (
            "\(quoted("\\" + letter)) needs \(width) hexadecimal digits after it", start,
            "write `\\\\\(letter)` for a backslash, or put the text into single quotes"
        )
    }

    /// The YAML escape for a JSON surrogate pair such as `\\uD83D\\uDE00`; nil if there is no pair.
    private func surrogatePair(_ start: Int) -> String? {
        guard text[start + 1] == "u", text[start + 6] == "\\", text[start + 7] == "u",
            let high = UInt32(text.string(start + 2..<start + 6), radix: 16), 0xD800..<0xDC00 ~= high,
            let low = UInt32(text.string(start + 8..<start + 12), radix: 16), 0xDC00..<0xE000 ~= low,
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { return nil }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "`\(scalar)`, or `\\U\(String(repeating: "0", count: 8 - digits.count))\(digits)` for both"
    }

    /// A colon without a space after it: `{b:[c]}`.
    func missingSpace() -> Message {
        let behind = text.string(text.run(from: place + 1, inFlow: true))
        let key = text.string(origin..<place)
        let help = behind.isEmpty ? "write `\(key): ` and a value" : "put a space after the colon: `\(key): \(behind)`"
        return ("there is no space after the colon", place, help)
    }

    func inlineDash() -> Message {
        let run = text.string(text.run(from: place, inFlow: false))
        let element = text.string(text.run(from: text.skipBlanks(from: place + 1), inFlow: false))
        return (
            "a list with dashes cannot begin in the line of its key", place,
            "put \(quoted(run)) on the next line, or write `[\(element)]`"
        )
    }

    func questionMark() -> Message {
        let run = text.string(text.run(from: place, inFlow: isInBrackets(place)))
        return ("text cannot begin with `? ` unless it is quoted", place, YAMLText.quoteHelp(run))
    }
}
