/// The event fields to find while scanning, fixed before the first event.
///
/// A path is a list of keys. Arrays add no key to a path: `["item", "content", "type"]` is the type of every content
/// part. Each path has a slot, a small number that identifies its values in the ``FieldSlots`` that ``scan(_:into:)``
/// fills. A path may be a prefix of another path.
///
/// The paths form a trie in flat arrays. Keys are compared as integers of eight bytes, so scanning creates no strings.
public struct FieldPlan: Sendable {
    /// A node of the trie: the end of one or more paths, or a key on the way to them.
    struct Node: Sendable {
        /// The slot of the path that ends at this node, or -1.
        var slot: Int32 = -1
        /// Whether a path continues after this node.
        var hasChildren = false
        /// The keys that follow this node.
        var children = KeyTable.Region()
    }

    /// The nodes. The first node is the root.
    private(set) var nodes: [Node] = [Node()]
    private(set) var keys = KeyTable()

    /// The number of different paths. Their slots are `0..<slotCount`, in order of first mention.
    public private(set) var slotCount = 0

    /// Creates a plan. A repeated path has one slot.
    ///
    /// - Precondition: No path is empty.
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

    /// The slot of a path; nil if the plan does not contain it.
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
