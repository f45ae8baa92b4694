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

extension FieldSlots {
    /// The element that an element's array lies in; -1 when it lies in none.
    ///
    /// Elements (see ``Value/element``) are numbered in document order, an outer one before those inside it.
    public func parent(ofElement element: Int32) -> Int32 {
        elements[Int(element)].parent
    }

    /// The number of the array that an element belongs to: different ones for different arrays of the event.
    public func array(ofElement element: Int32) -> Int32 {
        elements[Int(element)].array
    }
}

extension FieldSlots {
    /// Forgets the values of the event before.
    @inline(__always)
    mutating func begin() {
        generation &+= 1
        if generation == 0 {
            for slot in 0..<slotCount { unsafe slots[slot].generation = 0 }
            generation = 1
        }
        valueCount = 0
        elementCount = 0
        arrayCount = 0
        rootKind = .null
        if !side.isEmpty { side.removeAll(keepingCapacity: true) }
    }

    /// Adds a value of a field; gives its index.
    @inline(__always)
    @discardableResult
    mutating func append(_ value: Value, _ slot: Int32) -> Int32 {
        if valueCount == valueCapacity { growValues() }
        let index = Int32(truncatingIfNeeded: valueCount)
        unsafe values[valueCount] = value
        valueCount &+= 1
        let entry = unsafe slots + Int(slot)
        if unsafe entry.pointee.generation != generation {
            unsafe entry.pointee = Slot(generation: generation, first: index, last: index)
        } else {
            unsafe values[Int(entry.pointee.last)].next = index
            unsafe entry.pointee.last = index
        }
        if !value.isInArray { unsafe entry.pointee.decoded = index }
        return index
    }

    /// Adds a scalar, given with its quotes, if it is wanted: if its slot is not -1.
    @inline(never)
    mutating func note(
        _ kind: JSONKind, _ start: Int, _ end: Int, _ slot: Int32, _ element: Int32, _ isInArray: Bool,
        hasEscapes: Bool = false
    ) {
        guard slot >= 0 else { return }
        let quote = kind == .string ? 1 : 0
        var value = Value(kind, start &+ quote, end &- quote, element, isInArray)
        value.hasEscapes = hasEscapes
        append(value, slot)
    }

    @inline(never)
    private mutating func growValues() {
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: valueCapacity * 2)
        unsafe larger.moveInitialize(from: values, count: valueCount)
        unsafe values.deallocate()
        values = larger
        valueCapacity *= 2
    }

    /// Ends an object or array that was added when it began.
    @inline(__always)
    mutating func close(_ value: Int32, _ end: Int) {
        guard value >= 0 else { return }
        unsafe values[Int(value)].range.end = Int32(truncatingIfNeeded: end)
    }

    /// Adds an element of an array that is an object or array; gives its index.
    mutating func appendElement(_ parent: Int32, _ array: Int32, _ index: Int32) -> Int32 {
        let depth = parent < 0 ? 0 : elements[Int(parent)].depth + 1
        let element = Element(parent: parent, array: array, index: index, depth: depth)
        if elementCount < elements.count { elements[elementCount] = element } else { elements.append(element) }
        elementCount += 1
        return Int32(truncatingIfNeeded: elementCount - 1)
    }
}

/// A half-open range of byte offsets in one event's text.
///
/// Offsets are 32 bits wide so that a recorded value stays small; a text of 2 GiB or more is refused before it is scanned.
public struct ByteRange: Sendable, Hashable {
    /// The offset of the first byte.
    public var start: Int32
    /// The offset behind the last byte.
    public var end: Int32

    /// Makes the range `start..<end`.
    @inlinable
    public init(start: Int32, end: Int32) {
        self.start = start
        self.end = end
    }

    /// The number of bytes.
    @inlinable
    public var count: Int { Int(end) - Int(start) }

    /// The same range for the standard library's collections and spans.
    @inlinable
    public var offsets: Range<Int> { Int(start)..<Int(end) }
}
