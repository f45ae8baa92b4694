/// The name that was probably meant, for "did you mean …?"; nil when none is near.
///
/// Case does not count, and neighbouring characters that changed places are one mistake. About a third of a name may be
/// wrong. Of two that are equally near, the alphabetically first is returned. If no name is near, the one shortest name that
/// contains the text as whole words is: `once_per` for `once`, `latency_ms` for `latency`.
public func closest(to text: String, among names: some Sequence<String>) -> String? {
    let names = Array(names)
    return misspelled(text, among: names, mistakes: 5) ?? shortest(containing: text, among: names)
}

/// The name of which a text is a misspelling; nil if none is near.
///
/// - Parameters:
///   - text: The text.
///   - names: The names that it may be.
///   - mistakes: How many characters may be wrong in a long text; in a short one a third, and at least one.
public func misspelled(_ text: String, among names: some Sequence<String>, mistakes: Int) -> String? {
    let wanted = Array(text.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 80 else { return nil }
    let allowed = max(1, min(wanted.count / 3, mistakes))
    var best: (name: String, distance: Int)?
    for name in names where name != text {
        let candidate = Array(name.lowercased().unicodeScalars)
        // A name of one or two letters is near to every other of that length.
        guard abs(candidate.count - wanted.count) <= allowed, candidate.count > 1 else { continue }
        let distance = editDistance(wanted, candidate)
        guard distance <= allowed, distance < max(wanted.count, candidate.count) else { continue }
        if let current = best, (current.distance, current.name) < (distance, name) { continue }
        best = (name, distance)
    }
    return best?.name
}

/// The shortest name among whose words (between `_`, `.`, `-` and blanks) those of a text stand side by side; nil if two are
/// equally short.
private func shortest(containing text: String, among names: [String]) -> String? {
    let wanted = words(of: text)
    guard wanted.reduce(0, { $0 + $1.count }) >= 3 else { return nil }
    let containing = names.filter { name in
        let words = words(of: name)
        return words.count > wanted.count
            && (0...words.count - wanted.count).contains { words[$0...].starts(with: wanted) }
    }
    let length = containing.map(\.utf8.count).min()
    let shortest = containing.filter { $0.utf8.count == length }
    return shortest.count == 1 ? shortest[0] : nil
}

private func words(of text: String) -> [Substring] {
    text.lowercased().split { "_.- ".contains($0) }
}

/// Insertions, deletions, replacements and swaps of neighbours that make one text the other.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        row.reserveCapacity(b.count + 1)
        for j in 1...b.count {
            let replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var cost = min(replaced, last[j] + 1, row[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
            row.append(cost)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}

/// The help for a name that is not among the known ones: the nearest, or all of them.
public func suggestion(for text: String, among names: some Collection<String>, called kind: String) -> String {
    if let near = closest(to: text, among: names) { return "did you mean `\(near)`?" }
    return names.isEmpty ? "there are no \(kind)" : "\(kind): " + names.map { "`\($0)`" }.joined(separator: ", ")
}
