import SeededNumbers
import Testing

@testable import RealtimeSession

@Suite struct ItemOrderTests {
    /// The items in order, as slots.
    private func order(_ order: ItemOrder) -> [Int] {
        var result: [Int] = []
        var slot = order.first
        while slot >= 0 {
            result.append(slot)
            slot = order.next(slot)
        }
        return result
    }

    private func keys(_ count: Int) -> [IDKey] { (0..<count).map { IDKey("item \($0)") } }

    private func made(_ count: Int) -> (ItemOrder, [IDKey]) {
        var order = ItemOrder()
        for slot in 0..<count { order.add(slot) }
        return (order, keys(count))
    }

    @Test("Items follow the ones that the server named")
    func items_followTheOnesThatTheServerNamed() {
        var (items, keys) = made(4)
        items.append(0, key: keys[0], .appended)
        items.append(3, key: keys[3], .appended)
        items.place(1, after: 0)
        items.place(2, after: 1)
        #expect(order(items) == [0, 1, 2, 3])
        #expect(items.previous(2) == 1 && items.last == 3 && items.cursor == 0)
    }

    @Test("A better known position replaces a worse one")
    func betterKnownPosition_replacesAWorseOne() {
        var (items, keys) = made(3)
        for slot in [0, 1, 2] { items.append(slot, key: keys[slot], .assumed) }
        items.place(2, after: 0)
        #expect(order(items) == [0, 2, 1])
        items.append(2, key: keys[2], .appended)
        items.place(2, after: 1)
        #expect(order(items) == [0, 2, 1], "what was told stays")
        items.append(0, key: keys[0], .appended)
        #expect(order(items) == [2, 1, 0])
        #expect(items.cursor == 2)
    }

    @Test("An item that a follower named comes before it")
    func awaitedItem_comesBeforeItsFollower() {
        var (items, keys) = made(3)
        items.append(0, key: keys[0], .appended)
        items.append(2, key: keys[2], awaiting: keys[1])
        items.append(1, key: keys[1], .appended)
        #expect(order(items) == [0, 1, 2])
    }

    @Test("An item inserted behind the cursor counts as passed")
    func cursor_passesItemsInsertedBehindIt() {
        var (items, keys) = made(4)
        items.append(0, key: keys[0], .appended)
        items.append(1, key: keys[1], .appended)
        items.advanceCursor()
        items.advanceCursor()
        #expect(items.cursor == -1)
        items.place(2, after: 0)
        #expect(items.isPassed(2) && items.cursor == -1)
        items.place(3, after: 1)
        #expect(!items.isPassed(3) && items.cursor == 3)
        items.place(0, after: 1)
        #expect(order(items) == [0, 2, 1, 3], "what was passed stays")
    }

    @Test("A removed item leaves the rest linked")
    func removedItem_leavesTheRestLinked() {
        var (items, keys) = made(3)
        for slot in 0..<3 { items.append(slot, key: keys[slot], .appended) }
        items.remove(1)
        #expect(order(items) == [0, 2])
        items.remove(0)
        #expect(order(items) == [2] && items.cursor == 2)
        items.remove(2)
        #expect(order(items) == [] && items.first == -1 && items.last == -1 && items.cursor == -1)
    }

    /// The links must agree with a plain list after any operation.
    @Test("The order behaves as a plain list")
    func itemOrder_behavesAsAList() {
        var generator = SplitMix(seed: 3)
        for _ in 0..<200 {
            var (items, keys) = made(12)
            for _ in 0..<60 {
                let slot = Int.random(in: 0..<12, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: items.append(slot, key: keys[slot], .assumed)
                case 1: items.append(slot, key: keys[slot], .appended)
                case 2:
                    let previous = Int.random(in: 0..<12, using: &generator)
                    if items.certainty(previous) != .none { items.place(slot, after: previous) }
                case 3: if items.cursor >= 0 { items.advanceCursor() }
                default: if items.certainty(slot) != .none { items.remove(slot) }
                }
                let found = order(items)
                #expect(Set(found).count == found.count)
                #expect(Set(found) == Set((0..<12).filter { items.certainty($0) != .none }))
                let passed = found.prefix { items.isPassed($0) }
                #expect(found.dropFirst(passed.count).first ?? -1 == items.cursor)
                #expect(!found.dropFirst(passed.count).contains { items.isPassed($0) })
            }
        }
    }
}
