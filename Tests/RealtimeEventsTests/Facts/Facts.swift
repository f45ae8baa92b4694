import Testing

/// The protocol's schemas as a table, to which the tests compare the models.
///
/// One entry for each event or definition, continued on indented lines: `name @generations: field form, field form`. A
/// form is a JSON type, a definition, `[element]`, `{value}` for arbitrary keys, or alternatives separated by `|`;
/// `string(a b)` lists known values. A field's `@` names the generations that have it when not all of the entry's do.
/// `@wire` marks a field that was seen on the wire and is in no schema. The table leaves out the field `type` of
/// events.
enum Facts {
    struct Entry: Sendable, CustomTestStringConvertible {
        var name: String
        var generations: Set<String>
        var fields: [Field]

        var testDescription: String { name }
    }

    struct Field: Sendable {
        var name: String
        var form: Form
        var generations: Set<String>
    }

    static func entries(_ table: String) -> [Entry] {
        var entries: [String] = []
        for line in table.split(separator: "\n") {
            if line.hasPrefix(" ") {
                entries[entries.count - 1] += " " + line.drop { $0 == " " }
            } else {
                entries.append(String(line))
            }
        }
        return entries.map(entry)
    }

    private static func entry(_ text: String) -> Entry {
        let colon = text.firstRange(of: ": ")!
        let (name, generations) = tagged(text[..<colon.lowerBound])
        let fields = text[colon.upperBound...].split(separator: ", ").map { field in
            let (words, tags) = tagged(field)
            let space = words.firstIndex(of: " ")!
            return Field(
                name: String(words[..<space]), form: Form(words[words.index(after: space)...]),
                generations: tags.isEmpty ? generations : tags)
        }
        return Entry(name: String(name), generations: generations, fields: fields)
    }

    private static func tagged(_ text: Substring) -> (Substring, Set<String>) {
        guard let tag = text.firstRange(of: " @") else { return (text, []) }
        return (text[..<tag.lowerBound], Set(text[tag.upperBound...].split(separator: "+").map(String.init)))
    }
}
