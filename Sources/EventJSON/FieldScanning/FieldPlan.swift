/// The fields of an event that somebody wants, fixed before the first event comes.
///
/// A path is a list of keys. Arrays add no step: the path `["item", "content", "type"]` is the type of every content part. Each
/// path has a slot, a small number by which its values are found in the ``FieldSlots`` that ``scan(_:into:)`` fills.
/// A path may also lead through another one.
///
/// The paths stand in a trie over flat arrays, and keys are compared as words of bytes: no string is made while scanning.
public struct FieldPlan: Sendable {
    /// A step on the way to some path.
    struct Node: Sendable {
        /// The slot of the path that ends here, or -1.
        var slot: Int32 = -1
        /// Whether a path goes on.
        var hasChildren = false
        /// The keys by which it goes on.
        var children = KeyTable.Region()
    }

    /// The steps; the first is where every path begins.
    private(set) var nodes: [Node] = [Node()]
    private(set) var keys = KeyTable()

    /// How many different paths there are; their slots are `0..<slotCount`, in order of first mention.
    public private(set) var slotCount = 0

    /// Makes a plan; a path that is named twice has one slot.
    ///
    /// - Precondition: no path is empty.
    public init(_ paths: [[String]]) {
        var children: [[(key: [UInt8], node: Int32)]] = [[]]
        for path in paths {
            precondition(!path.isEmpty, "A field path has at least one key.")
            var node: Int32 = 0
            for key in path {
                let key = Array(key.utf8)
                if let known = children[Int(node)].first(where: { $0.key == key }) {
                    node = known.node
                } else {
                    let made = Int32(nodes.count)
                    nodes.append(Node())
                    children.append([])
                    children[Int(node)].append((key, made))
                    node = made
                }
            }
            if nodes[Int(node)].slot < 0 {
                nodes[Int(node)].slot = Int32(slotCount)
                slotCount += 1
            }
        }
        for (node, children) in zip(nodes.indices, children) {
            nodes[node].hasChildren = !children.isEmpty
            nodes[node].children = keys.add(children.map { ($0.key, $0.node, nodes[Int($0.node)].slot) })
        }
    }

    /// The slot of a path; nil when the plan does not have it.
    public func slot(_ path: [String]) -> Int? {
        var node: Int32 = 0
        for key in path {
            let key = Array(key.utf8)
            node = keys.cells[keys.cell(nodes[Int(node)].children, key.span.bytes, 0, key.count)].node
            guard node >= 0 else { return nil }
        }
        let slot = nodes[Int(node)].slot
        return slot < 0 ? nil : Int(slot)
    }
}
