/// The order of a conversation's items, as a chain with a mark up to which utterances were let go.
///
/// Arrival says little about order: the chain of `previous_item_id` does. Items are known here by their slots; a slot that is
/// not in the chain has no place yet. Moving an item is possible until the mark has passed it.
struct ItemOrder: Sendable {
    /// How well an item's place is known; a better known place replaces a worse one.
    enum Certainty: UInt8, Comparable, Sendable {
        /// No place.
        case none
        /// At the end, because its words came or a follower named it.
        case assumed
        /// At the end, because the server named no previous item.
        case appended
        /// Behind the item that the server named.
        case told

        static func < (left: Certainty, right: Certainty) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Link: Sendable {
        var previous = -1
        var next = -1
        var certainty = Certainty.none
        var isPassed = false
        /// The previous item that the server named and that has no place yet.
        var awaited: IDKey?
    }

    private var links: [Link] = []
    private(set) var first = -1
    private(set) var last = -1
    /// The first item that the mark has not passed; -1 when it has passed all.
    private(set) var mark = -1
    private var awaitedCount = 0

    /// Makes a slot known, without a place.
    mutating func add(_ slot: Int) {
        while links.count <= slot { links.append(Link()) }
        links[slot] = Link()
    }

    func certainty(_ slot: Int) -> Certainty { links[slot].certainty }
    func isPassed(_ slot: Int) -> Bool { links[slot].isPassed }
    func previous(_ slot: Int) -> Int { links[slot].previous }
    func next(_ slot: Int) -> Int { links[slot].next }

    /// Puts an item at the end, unless its place is known at least as well.
    ///
    /// - Parameter key: The item's id: a follower that named it and came first stays behind it.
    mutating func append(_ slot: Int, key: IDKey, _ certainty: Certainty) {
        guard canMove(slot, to: certainty) else { return }
        unlink(slot)
        let follower = awaitedCount > 0 ? followerAwaiting(key, besides: slot) : -1
        insert(slot, before: follower)
        links[slot].certainty = certainty
        if follower >= 0 { forgetAwaited(follower) }
    }

    /// Puts an item behind another one, unless it has been told its place before.
    mutating func place(_ slot: Int, behind previous: Int) {
        guard slot != previous, canMove(slot, to: .told) else { return }
        if links[slot].certainty != .none, links[slot].previous == previous {
            links[slot].certainty = .told
            return
        }
        unlink(slot)
        insert(slot, before: links[previous].next)
        links[slot].certainty = .told
    }

    /// Puts an item at the end for as long as the item that the server named as its previous one has no place.
    mutating func append(_ slot: Int, key: IDKey, awaiting previous: IDKey) {
        guard canMove(slot, to: .told) else { return }
        append(slot, key: key, .told)
        guard !links[slot].isPassed else { return }
        links[slot].awaited = previous
        awaitedCount += 1
    }

    /// Moves the mark over the item at it.
    mutating func passMark() {
        forgetAwaited(mark)
        links[mark].isPassed = true
        mark = links[mark].next
    }

    /// Takes an item out of the chain.
    mutating func remove(_ slot: Int) {
        unlink(slot)
        links[slot] = Link()
    }

    private func canMove(_ slot: Int, to certainty: Certainty) -> Bool {
        links[slot].certainty < certainty && !links[slot].isPassed
    }

    private func followerAwaiting(_ key: IDKey, besides slot: Int) -> Int {
        var candidate = mark
        while candidate >= 0, links[candidate].awaited != key || candidate == slot {
            candidate = links[candidate].next
        }
        return candidate
    }

    private mutating func forgetAwaited(_ slot: Int) {
        guard links[slot].awaited != nil else { return }
        links[slot].awaited = nil
        awaitedCount -= 1
    }

    /// Links an item in before another one, or at the end before -1. What lands before an item that the mark has passed
    /// counts as passed.
    private mutating func insert(_ slot: Int, before next: Int) {
        let previous = next < 0 ? last : links[next].previous
        links[slot].previous = previous
        links[slot].next = next
        if previous < 0 { first = slot } else { links[previous].next = slot }
        if next < 0 { last = slot } else { links[next].previous = slot }
        links[slot].isPassed = next >= 0 && links[next].isPassed
        if mark == next, !links[slot].isPassed { mark = slot }
    }

    private mutating func unlink(_ slot: Int) {
        guard links[slot].certainty != .none else { return }
        forgetAwaited(slot)
        let link = links[slot]
        if link.previous < 0 { first = link.next } else { links[link.previous].next = link.next }
        if link.next < 0 { last = link.previous } else { links[link.next].previous = link.previous }
        if mark == slot { mark = link.next }
        links[slot].previous = -1
        links[slot].next = -1
    }
}
