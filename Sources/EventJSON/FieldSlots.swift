/// Where the values of a plan's fields lie in one event.
///
/// Made once and filled again for each event by ``FieldPlan/scan(_:into:)``. It holds byte ranges, not text, so reading a field takes the
/// event's text again: the very bytes that were scanned.
///
/// A field can have many values: arrays add no step to a path, and JSON allows a key twice. ``value(_:)`` is the one that a
/// decoder would see; ``firstIndex(_:)`` and ``nextIndex(_:)`` walk all of them.
///
/// The slots have memory of their own and cannot be copied, so that no write of a scan has to ask whether somebody else holds the
/// same array. They can be sent, since the memory belongs to this one value.
public struct FieldSlots: ~Copyable, @unchecked Sendable {
    /// One value of a field.
    public struct Value: Sendable {
        /// What it is.
        public internal(set) var kind: JSONKind
        /// Whether the bytes of a string are not its text, because they hold escapes or because it was replaced.
        public internal(set) var hasEscapes = false
        /// Whether an array lies on the way to it.
        public internal(set) var isInArray: Bool
        /// Its bytes in the event: a string's without the quotes, those of everything else whole.
        public internal(set) var range: ByteRange
        /// The innermost object or array on the way to it that is an element of an array; -1 when there is none.
        ///
        /// A scalar directly in an array is no such element: see ``FieldSlots/areConsistent(_:_:)``.
        public internal(set) var element: Int32
        /// The next value of the same field, or -1.
        @usableFromInline var next: Int32 = -1
        /// Where its text lies in the side buffer; begins at -1 while it has no text of its own there.
        @usableFromInline var side = ByteRange(start: -1, end: -1)

        @inline(__always)
        init(_ kind: JSONKind, _ start: Int, _ end: Int, _ element: Int32, _ isInArray: Bool) {
            self.kind = kind
            self.isInArray = isInArray
            self.element = element
            range = ByteRange(
                start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end))
        }
    }

    /// The values of one field.
    @usableFromInline
    struct Slot: Sendable {
        /// The scan that these values are of. Older ones count as none: so no slot is ever cleared.
        @usableFromInline var generation: UInt32 = 0
        @usableFromInline var first: Int32 = -1
        var last: Int32 = -1
        /// The last value outside arrays.
        @usableFromInline var decoded: Int32 = -1
    }

    /// An object or array that is an element of an array.
    struct Element: Sendable {
        /// The element that its array lies in, or -1.
        var parent: Int32
        var array: Int32
        var index: Int32
        /// How many elements lie around it.
        var depth: Int32
    }

    /// What the event's text is as a whole: an object, if it is a proper event. `null` when nothing was scanned yet.
    public internal(set) var rootKind = JSONKind.null

    @usableFromInline let slotCount: Int
    /// A slot for each of the plan's paths.
    @usableFromInline let slots: UnsafeMutablePointer<Slot>
    @usableFromInline var generation: UInt32 = 1
    @usableFromInline var values: UnsafeMutablePointer<Value>
    @usableFromInline var valueCount = 0
    var valueCapacity = 16
    var elements: [Element] = []
    var elementCount = 0
    var arrayCount: Int32 = 0
    /// Texts that are not in the event: escapes undone, names replaced.
    @usableFromInline var side: [UInt8] = []
    /// What a scan needs.
    private(set) var room: ScanRooms.Room
    private let rooms: ScanRooms?
    /// Whether there is no room until the next scan.
    private(set) var isAtRest = false
    /// The key that is being looked up, when it has escapes.
    var key: [UInt8] = []

    /// Makes empty slots for a plan.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - rooms: where the room for scans comes from that ``rest()`` gives back; nil for a room of its own.
    public init(_ plan: FieldPlan, rooms: ScanRooms? = nil) {
        self.rooms = rooms
        room = rooms?.take() ?? ScanRooms.Room()
        slotCount = plan.slotCount
        slots = .allocate(capacity: slotCount)
        unsafe slots.initialize(repeating: Slot(), count: slotCount)
        values = .allocate(capacity: valueCapacity)
    }

    deinit {
        unsafe slots.deallocate()
        unsafe values.deallocate()
        guard !isAtRest else { return }
        if let rooms { rooms.give(room) } else { room.deallocate() }
    }

    /// Gives back the room that only a scan needs, if it comes from rooms that are shared; the next scan takes it again. What was
    /// scanned stays.
    public mutating func rest() {
        guard let rooms, !isAtRest else { return }
        rooms.give(room)
        isAtRest = true
    }

    /// Takes what a scan needs, if it was given back.
    mutating func wake() {
        if let rooms { room = rooms.take() }
        isAtRest = false
    }

    /// The value of a field that a decoder would see: the last one that lies outside every array.
    @inlinable
    public func value(_ slot: Int) -> Value? {
        let index = index(slot)
        return index < 0 ? nil : self[index]
    }

    /// The index of ``value(_:)``; -1 when there is none.
    @inlinable
    public func index(_ slot: Int) -> Int32 {
        let entry = self.slot(slot)
        return entry.generation == generation ? entry.decoded : -1
    }

    /// The index of a field's first value in document order, those in arrays and those under a repeated key included; -1 when
    /// there is none.
    @inlinable
    public func firstIndex(_ slot: Int) -> Int32 {
        let entry = self.slot(slot)
        return entry.generation == generation ? entry.first : -1
    }

    /// The index of the next value of the same field; -1 behind the last one.
    @inlinable
    public func nextIndex(_ index: Int32) -> Int32 {
        self[index].next
    }

    /// The value with an index of this scan.
    @inlinable
    public subscript(index: Int32) -> Value {
        precondition(UInt(bitPattern: Int(index)) < UInt(bitPattern: valueCount), "The index is not one of this scan.")
        return unsafe values[Int(index)]
    }

    @inlinable
    func slot(_ slot: Int) -> Slot {
        precondition(UInt(bitPattern: slot) < UInt(bitPattern: slotCount), "The slot is not one of the plan.")
        return unsafe slots[slot]
    }

    /// Whether two values may be used together: there is no array of which they lie in different elements.
    ///
    /// Only elements that are objects or arrays count. `1` and `2` in `{"a":[1],"b":[2]}` are consistent, and so are both in
    /// `[1,2]`; in `[{"a":1},{"b":2}]` they are not.
    public func areConsistent(_ left: Int32, _ right: Int32) -> Bool {
        var left = self[left].element
        var right = self[right].element
        if left == right || left < 0 || right < 0 { return true }
        while elements[Int(left)].depth > elements[Int(right)].depth { left = elements[Int(left)].parent }
        while elements[Int(right)].depth > elements[Int(left)].depth { right = elements[Int(right)].parent }
        if left == right { return true }
        while elements[Int(left)].parent != elements[Int(right)].parent {
            left = elements[Int(left)].parent
            right = elements[Int(right)].parent
        }
        return elements[Int(left)].array != elements[Int(right)].array
    }
}
