/// Finds many texts in bytes by the Aho-Corasick algorithm, in time that is linear in the number of bytes, however many
/// texts there are.
final class SecretSearch: Sendable {
    /// An occurrence of a text.
    struct Match {
        var range: Range<Int>
        /// The index of the text.
        var text: Int
    }

    /// A node of the trie: a prefix of one or more texts.
    private struct Node {
        /// The node of the longest proper suffix that is also a prefix of a text.
        var suffix: Int32 = 0
        var length: Int32
        /// The index of one of the texts with this prefix.
        var owner: Int32
        /// The index of the longest text that is a suffix of this prefix; -1 if there is none.
        var ending: Int32 = -1
        /// Whether a text continues after this prefix.
        var isExtended = false
    }

    private let lengths: [Int]
    private let nodes: [Node]
    /// The next node for a node and a byte; the key is `node << 8 | byte`.
    private let edges: [Int: Int32]
    /// For each byte, whether a text begins with it.
    private let isFirst: [Bool]

    init(_ texts: [[UInt8]]) {
        lengths = texts.map(\.count)
        var (nodes, edges) = ([Node(length: 0, owner: -1)], [Int: Int32]())
        var isFirst = [Bool](repeating: false, count: 256)
        for (number, text) in texts.enumerated() {
            var node = 0
            for byte in text {
                let key = node << 8 | Int(byte)
                if edges[key] == nil {
                    edges[key] = Int32(nodes.count)
                    nodes.append(Node(length: nodes[node].length + 1, owner: Int32(number)))
                    nodes[node].isExtended = true
                }
                node = Int(edges[key] ?? 0)
            }
            if nodes[node].ending < 0 { nodes[node].ending = Int32(number) }
            if let first = text.first { isFirst[Int(first)] = true }
        }
        // Shorter prefixes come first, because a node's suffix is shorter than the node.
        for (key, child) in edges.sorted(by: { nodes[Int($0.value)].length < nodes[Int($1.value)].length }) {
            let (parent, byte) = (key >> 8, key & 0xFF)
            guard parent != 0 else { continue }
            var suffix = Int(nodes[parent].suffix)
            while suffix != 0, edges[suffix << 8 | byte] == nil { suffix = Int(nodes[suffix].suffix) }
            nodes[Int(child)].suffix = edges[suffix << 8 | byte] ?? 0
            if nodes[Int(child)].ending < 0 { nodes[Int(child)].ending = nodes[Int(nodes[Int(child)].suffix)].ending }
        }
        (self.nodes, self.edges, self.isFirst) = (nodes, edges, isFirst)
    }

    /// The occurrences of texts, in order. Overlapping occurrences are joined to one match, which has the index of the
    /// longest of them.
    ///
    /// - Parameter beginning: The minimum length at which a prefix of a text, at the end of the bytes, also counts as a
    ///   match; nil if prefixes do not count.
    func matches(in bytes: [UInt8], beginning: Int? = nil) -> [Match] {
        var matches: [Match] = []
        let last = walk(bytes) { add(Match(range: $1 - lengths[$0]..<$1, text: $0), to: &matches) }
        if let beginning, nodes[last].length >= beginning {
            let range = bytes.count - Int(nodes[last].length)..<bytes.count
            add(Match(range: range, text: Int(nodes[last].owner)), to: &matches)
        }
        return matches
    }

    /// The number of bytes at the end that are the prefix of a longer text.
    func unfinished(in bytes: [UInt8]) -> Int {
        let last = nodes[walk(bytes) { _, _ in }]
        return last.isExtended ? Int(last.length) : 0
    }

    /// Follows the bytes to the node of the longest prefix with which they end.
    ///
    /// - Parameter found: Called for each text that was found, with the offset after it.
    private func walk(_ bytes: [UInt8], _ found: (_ text: Int, _ end: Int) -> Void) -> Int {
        var node = 0
        for (place, byte) in bytes.enumerated() where node != 0 || isFirst[Int(byte)] {
            node = next(node, byte)
            if nodes[node].ending >= 0 { found(Int(nodes[node].ending), place + 1) }
        }
        return node
    }

    private func next(_ node: Int, _ byte: UInt8) -> Int {
        var node = node
        while true {
            if let next = edges[node << 8 | Int(byte)] { return Int(next) }
            if node == 0 { return 0 }
            node = Int(nodes[node].suffix)
        }
    }

    private func add(_ match: Match, to matches: inout [Match]) {
        var match = match
        while let last = matches.last, last.range.upperBound > match.range.lowerBound {
            if lengths[last.text] > lengths[match.text] { match.text = last.text }
            match.range = min(last.range.lowerBound, match.range.lowerBound)..<match.range.upperBound
            matches.removeLast()
        }
        matches.append(match)
    }
}
