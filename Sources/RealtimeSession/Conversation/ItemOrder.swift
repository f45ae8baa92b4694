/// The order of a conversation's items, as a linked list with a cursor up to which utterances were released.
///
/// Order follows the chain of `previous_item_id`, because events may arrive in another order. Items are identified by
/// their slots; a slot outside the list has no position yet. An item can move until the cursor has passed it.
struct ItemOrder: Sendable {
    /// How well an item's position is known. A better known position replaces a worse one.
    enum Certainty: UInt8, Comparable, Sendable {
        /// No position.
        case none
        /// At the end, because words of the item arrived or a later item named it.
        case assumed
        /// At the end, because the server named no previous item.
        case appended
        /// After the item that the server named.
        case stated

        static func < (left: Certainty, right: Certainty) -> Bool { left.rawValue < right.rawValue }
    }

    private struct Link: Sendable {
        var previous = -1
        var next = -1
        var certainty = Certainty.none
        var isPassed = false
        /// The previous item that the server named and that has no position yet.
        var awaited: IDKey?
    }

    private var links: [Link] = []
    private(set) var first = -1
    private(set) var last = -1
    /// The first item that the cursor has not passed; -1 if it has passed all items.
    private(set) var cursor = -1
    private var awaitedCount = 0

    /// Adds a slot without a position.
    mutating func add(_ slot: Int) {
        while links.count <= slot { links.append(Link()) }
        links[slot] = Link()
    }

    func certainty(_ slot: Int) -> Certainty { links[slot].certainty }
    func isPassed(_ slot: Int) -> Bool { links[slot].isPassed }
    func previous(_ slot: Int) -> Int { links[slot].previous }
    func next(_ slot: Int) -> Int { links[slot].next }

    /// Places an item at the end, unless its position is known at least as well.
    ///
    /// - Parameter key: The item's id. A later item that named it and arrived first stays after it.
    mutating func append(_ slot: Int, key: IDKey, _ certainty: Certainty) {
        guard canMove(slot, to: certainty) else { return }
        unlink(slot)
        let follower = awaitedCount > 0 ? followerAwaiting(key, besides: slot) : -1
        insert(slot, before: follower)
        links[slot].certainty = certainty
        if follower >= 0 { forgetAwaited(follower) }
    }

    /// Places an item after another item, unless the server has stated its position before.
    mutating func place(_ slot: Int, after previous: Int) {
        guard slot != previous, canMove(slot, to: .stated) else { return }
        if links[slot].certainty != .none, links[slot].previous == previous {
            links[slot].certainty = .stated
            return
        }
        unlink(slot)
        insert(slot, before: links[previous].next)
        links[slot].certainty = .stated
    }

    /// Places an item at the end until the previous item that the server named gets a position.
    mutating func append(_ slot: Int, key: IDKey, awaiting previous: IDKey) {
        guard canMove(slot, to: .stated) else { return }
        append(slot, key: key, .stated)
        guard !links[slot].isPassed else { return }
        links[slot].awaited = previous
        awaitedCount += 1
    }

    /// Moves the cursor past its item.
    mutating func advanceCursor() {
        forgetAwaited(cursor)
        links[cursor].isPassed = true
        cursor = links[cursor].next
    }

    /// Removes an item from the list.
    mutating func remove(_ slot: Int) {
        unlink(slot)
        links[slot] = Link()
    }

    private func canMove(_ slot: Int, to certainty: Certainty) -> Bool {
        links[slot].certainty < certainty && !links[slot].isPassed
    }

    private func followerAwaiting(_ key: IDKey, besides slot: Int) -> Int {
        var candidate = cursor
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

    /// Inserts an item before another item, or at the end if `next` is -1. An item inserted before a passed item counts
    /// as passed.
    private mutating func insert(_ slot: Int, before next: Int) {
        let previous = next < 0 ? last : links[next].previous
        links[slot].previous = previous
        links[slot].next = next
        if previous < 0 { first = slot } else { links[previous].next = slot }
        if next < 0 { last = slot } else { links[next].previous = slot }
        links[slot].isPassed = next >= 0 && links[next].isPassed
        if cursor == next, !links[slot].isPassed { cursor = slot }
    }

    private mutating func unlink(_ slot: Int) {
        guard links[slot].certainty != .none else { return }
        forgetAwaited(slot)
        let link = links[slot]
        if link.previous < 0 { first = link.next } else { links[link.previous].next = link.next }
        if link.next < 0 { last = link.previous } else { links[link.next].previous = link.previous }
        if cursor == slot { cursor = link.next }
        links[slot].previous = -1
        links[slot].next = -1
    }
}
