/// The name that was probably meant, for "did you mean …?"; nil if none is similar or contains the text.
///
/// The comparison ignores case, and counts two swapped neighbouring characters as one mistake. Up to about a third of
/// the name may be wrong. Returns the most similar name; of two equally similar ones, the alphabetically first.
/// Otherwise returns the one shortest name that contains the text as whole words: `once_per` for `once`, `latency_ms`
/// for `latency`.
public func closest(to text: String, among names: some Sequence<String>) -> String? {
    let names = Array(names)
    return misspelled(text, among: names, mistakes: 5) ?? shortest(containing: text, among: names)
}

/// The name that a text probably misspells; nil if no name is similar.
///
/// - Parameters:
///   - text: The text.
///   - names: The possible names.
///   - mistakes: The number of wrong characters allowed in a long text. In a short text, a third of the characters may
///     be wrong, and at least one.
public func misspelled(_ text: String, among names: some Sequence<String>, mistakes: Int) -> String? {
    let wanted = Array(text.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 80 else { return nil }
    let allowed = max(1, min(wanted.count / 3, mistakes))
    var best: (name: String, distance: Int)?
    for name in names where name != text {
        let candidate = Array(name.lowercased().unicodeScalars)
        // A name of one character would be similar to every text of two characters that contains it.
        guard abs(candidate.count - wanted.count) <= allowed, candidate.count > 1 else { continue }
        let distance = editDistance(wanted, candidate)
        guard distance <= allowed, distance < max(wanted.count, candidate.count) else { continue }
        if let current = best, (current.distance, current.name) < (distance, name) { continue }
        best = (name, distance)
    }
    return best?.name
}

/// The shortest name that contains the words of a text as consecutive words, which are separated by `_`, `.`, `-` and
/// spaces; nil if there is none, or if two are equally short.
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

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
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

/// The help for an unknown name: the most similar known name, or the list of all known names.
public func suggestion(for text: String, among names: some Collection<String>, called kind: String) -> String {
    if let near = closest(to: text, among: names) { return "did you mean `\(near)`?" }
    return names.isEmpty ? "there are no \(kind)" : "\(kind): " + names.map { "`\($0)`" }.joined(separator: ", ")
}
