import ConfigSource

/// Messages about colons, brackets and indentation.
extension YAMLErrorMessages {
    /// A colon that does not follow a key.
    func secondColon() -> Message {
        if let bracket = openBrackets.last(where: { isBracket($0.start) }), line(bracket.start) < line(place) {
            return unclosedBracket(bracket.start)
        }
        let start = text.skipBlanks(from: text.lineStart(of: place))
        var first = start
        while first < place, !(text[first] == ":" && text[first + 1].map(YAMLText.isBlank) == true) { first += 1 }
        guard first < place else { return continuedLine() }
        let value = text.run(from: text.skipBlanks(from: first + 1), inFlow: false)
        return (
            "a second `: ` in one line", place,
            "\(YAMLText.quoteHelp(text.string(value))), or put what it holds on lines of its own"
        )
    }

    /// A key in a line that continues the text of an earlier line.
    private func continuedLine() -> Message {
        var above = text.lineStart(of: place)
        repeat { above = text.lineStart(of: above - 1) } while above > 0 && isEmptyLine(above)
        var start = text.skipBlanks(from: above)
        while text[start] == "-", text[start + 1].map(YAMLText.isBlank) == true {
            start = text.skipBlanks(from: start + 1)
        }
        if let message = missingSpace(inLineFrom: start) { return message }
        return (
            "this line continues the text of line \(line(above)), so it cannot have a key",
            text.skipBlanks(from: text.lineStart(of: place)),
            "a key begins in the column of the other keys of its mapping; a text with `: ` in it needs quotes"
        )
    }

    private func isEmptyLine(_ start: Int) -> Bool {
        text[text.skipBlanks(from: start)].map(YAMLText.isLineEnd) ?? true
    }

    /// A key and a value without a space after the colon, from a place to the end of its line: `name:value`.
    private func missingSpace(inLineFrom start: Int) -> Message? {
        let run = text.run(from: start, inFlow: false)
        guard let colon = run.first(where: { text[$0] == ":" }), colon > start, colon + 1 < run.upperBound,
            !run.contains(where: { text[$0] == ":" && text[$0 + 1].map(YAMLText.isBlank) ?? true })
        else { return nil }
        let (key, value) = (text.string(start..<colon), text.string(colon + 1..<run.upperBound))
        return ("there is no space after the colon", colon, "write `\(key): \(value)`")
    }

    /// A line without a key among the keys of a mapping.
    func missingColon() -> Message {
        if let bracket = openBrackets.last(where: { isBracket($0.start) }) { return unclosedBracket(bracket.start) }
        let start = text[origin] == nil ? place : origin
        if let message = missingSpace(inLineFrom: start) { return message }
        let run = text.string(text.run(from: start, inFlow: false))
        return (
            "\(quoted(run)) is not a `key: value` pair, which is expected among keys", start,
            "add a colon and a value, or indent the line if it continues the text above"
        )
    }

    /// An unexpected character between brackets, where a comma or the closing bracket is expected.
    func inBrackets() -> Message {
        let isList = failure.problem.hasSuffix("']'")
        guard let sign = text[place] else { return unclosedBracket(origin) }
        if sign == "]" || sign == "}" {
            let opening = isList ? "[" : "{"
            return (
                "`\(sign)` cannot close the `\(opening)` of line \(line(origin))", place,
                "close it with `\(isList ? "]" : "}")` first"
            )
        }
        if let start = plainTextBefore(place) {
            let run = text.string(text.run(from: start, inFlow: true))
            return (
                "`\(sign)` ends a plain text between brackets, so \(quoted(run)) is not read as one text", start,
                YAMLText.quoteHelp(run)
            )
        }
        if let last, case .scalar(_, let style) = last.kind, style != .plain, last.end == place,
            let message = textAfterValue()
        {
            return message
        }
        if line(place) > line(origin), !text.isClosed(origin) { return unclosedBracket(origin) }
        if sign == ":", let last, case .scalar = last.kind {
            guard line(last.start) == line(place) else { return missingComma(inLineBefore: place) }
            let run = text.string(text.run(from: last.start, inFlow: true))
            return ("a second `: ` in one entry", place, "\(YAMLText.quoteHelp(run)), or put braces around it")
        }
        if text.isFirstInLine(place) { return missingComma(inLineBefore: place) }
        return (
            "a comma is missing before this, between brackets", place,
            "add a comma, or quote the text if it is one"
        )
    }

    private func missingComma(inLineBefore place: Int) -> Message {
        var end = text.lineStart(of: place)
        while end > 0, let before = text[end - 1], YAMLText.isBlank(before) || YAMLText.isLineEnd(before) { end -= 1 }
        return (
            "a comma is missing at the end of this line", end, "every entry between brackets but the last ends with one"
        )
    }

    /// The start of the plain text that ends at a place; nil if no plain text ends there.
    private func plainTextBefore(_ place: Int) -> Int? {
        guard isBracket(place), let last, case .scalar(_, .plain) = last.kind, last.end == place, last.start < place
        else { return nil }
        return last.start
    }

    func unclosedBracket(_ bracket: Int) -> Message {
        let sign = text[bracket] ?? "["
        return (
            "the `\(sign)` that opens here is never closed", bracket,
            text.hasTextLikeComment(from: bracket)
                ? "`#` begins a comment in this line: quote the text that holds it"
                : "close it with `\(sign == "[" ? "]" : "}")`"
        )
    }

    /// A punctuation character where a value is expected.
    func missingValue() -> Message {
        guard let sign = text[place] else {
            return openBrackets.last.map { unclosedBracket($0.start) } ?? ("a value is missing here", place, nil)
        }
        switch sign {
        case "," where isInBrackets(place):
            return ("there is nothing before this comma", place, "remove the comma, or write `\"\"` for an empty text")
        case "]", "}":
            return ("this `\(sign)` closes nothing", place, "remove it, or quote the text that holds it")
        default:
            let run = text.string(text.run(from: place, inFlow: isInBrackets(place)))
            return ("text cannot begin with `\(sign)` here unless it is quoted", place, YAMLText.quoteHelp(run))
        }
    }

    /// A line that is not an entry of the block mapping or list around it.
    func misplaced() -> Message {
        let isList = failure.problem.contains("'-'")
        if let message = textAfterValue() { return message }
        if let sign = text[place], sign == "]" || sign == "}" {
            return ("this `\(sign)` closes nothing", place, "remove it, or quote the text that holds it")
        }
        if text[place] == ":" {
            return ("there is no key before the colon", place, "quote the colon if it is text: `\":\"`")
        }
        guard text.isFirstInLine(place) else {
            return ("this cannot be read as YAML", place, "quote text that contains special characters")
        }
        let (start, column) = (line(origin), text.location(origin).column)
        if isList {
            return (
                "this is not an element of the list that begins in line \(start)", place,
                "begin it with `- ` in column \(column), or put it in the column of what it belongs to"
            )
        }
        if text[place] == "-" {
            return (
                "a list element is among the keys of the mapping that begins in line \(start)", place,
                "give the list a key of its own, with nothing after the colon"
            )
        }
        return (
            "the indentation of this line does not match any line above it", place,
            "the keys of the mapping that begins in line \(start) stand in column \(column)"
        )
    }

    /// Text after a closing quote or bracket in the same line.
    private func textAfterValue() -> Message? {
        guard let last, text.skipBlanks(from: last.end) == place || last.end == place, last.end > last.start else {
            return nil
        }
        switch last.kind {
        case .scalar(_, let style) where style == .singleQuoted || style == .doubleQuoted:
            if line(last.start) < line(last.end) {
                return (
                    "the quote that opens here ends in line \(line(last.end)), where more text follows", last.start,
                    "one of the lines lacks a closing quote"
                )
            }
            let help =
                style == .singleQuoted
                ? "a `'` inside of single quotes is written `''`" : "a `\"` inside of double quotes is written `\\\"`"
            return ("text follows the closing quote", place, "\(help); or quote all of the text")
        case .listEnd, .mappingEnd:
            let sign = text[last.start].map { String($0) } ?? ""
            guard sign == "]" || sign == "}", let behind = text[place] else { return nil }
            if behind == "]" || behind == "}" { return nil }
            return ("text follows the closing `\(sign)`", place, "quote all of it if it is one text")
        case .alias(let name):
            return ("text follows the alias `*\(name)`", place, "quote all of it if it is one text")
        default: return nil
        }
    }

    /// Content after the end of the document.
    func contentAfterDocument() -> Message {
        let before = text.string(0..<place).split(whereSeparator: \.isNewline)
        if before.contains(where: { $0.hasPrefix("...") }) {
            return (
                "a second document begins here, and a file holds one", place,
                "remove the line `...` and what follows, or put it into a file of its own"
            )
        }
        guard let root else { return ("this cannot be read as YAML", place, nil) }
        if let message = textAfterValue() { return message }
        let kind =
            switch root.kind {
            case .mappingStart: "mapping"
            case .listStart: "list"
            default: "text"
            }
        return (
            "this is not part of the \(kind) that begins in line \(line(root.start)) and makes up the file", place,
            kind == "mapping" ? "let its keys stand in column \(text.location(root.start).column)" : nil
        )
    }
}
