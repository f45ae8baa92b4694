import Foundation

/// A text without values that differ between runs: clock times, durations, temporary folders.
func masked(_ text: String, in place: Workplace? = nil) -> String {
    var text = text
    if let place { text = text.replacingOccurrences(of: place.path, with: "PLACE") }
    text = text.replacingOccurrences(of: BuiltProgram.package, with: "PACKAGE")
    text.replace(/"(time|paged_at)":"\d{4}-\d\d-\d\dT[\d:.]+Z"/) { #""\#($0.1)":"TIME""# }
    text.replace(/"(ms|queued_ms|ran_ms|duration_seconds)":[\d.]+/) { #""\#($0.1)":0"# }
    text.replace(/\S+\/(?:quickstart|live-assistant)-\w{6}\b/) { _ in "FOLDER" }
    text.replace(/"routes_fingerprint":"[^"]+"/) { _ in #""routes_fingerprint":"FINGERPRINT""# }
    // The last column of the summary's first line, and durations of tools.
    text.replace(/(?m)^(\d+ events?, .*, )(?:\d+ ms|[\d.]+ s)( \(.*\))?$/) { "\($0.1)0 ms\($0.2 ?? "")" }
    text.replace(/(?m)(  tool    .* )\d+ ms(   \[.*)?$/) { "\($0.1)0 ms\($0.2 ?? "")" }
    return text
}

extension Sequence where Element == String {
    /// Sorts neighbouring lines that match, because they come from calls that run at the same time.
    func sortingNeighbours(where isOne: (String) -> Bool) -> [String] {
        var lines: [String] = []
        var neighbours: [String] = []
        for line in self {
            if isOne(line) {
                neighbours.append(line)
            } else {
                lines += neighbours.sorted() + [line]
                neighbours = []
            }
        }
        return lines + neighbours.sorted()
    }

    /// The lines with those together that have the same value for a key of JSON, in the order of the values.
    func grouped(by key: String) -> [String] {
        let groups = Dictionary(grouping: self) { line in
            line.components(separatedBy: "\"\(key)\":\"").dropFirst().first?.prefix { $0 != "\"" } ?? ""
        }
        return groups.sorted { $0.key < $1.key }.flatMap(\.value)
    }
}
