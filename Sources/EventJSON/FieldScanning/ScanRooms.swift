import Synchronization

/// A pool of scan memory for many ``FieldSlots``, of which few scan at the same time.
public final class ScanRooms: Sendable {
    /// The memory of one scan, 45 KB.
    struct Memory: @unchecked Sendable {
        /// The open containers of a scan, outermost first.
        let frames: UnsafeMutablePointer<ScanFrame>
        /// The offsets of ``StringStops``.
        let stops: UnsafeMutablePointer<UInt32>

        init() {
            frames = .allocate(capacity: Lexer.depthLimit)
            stops = .allocate(capacity: StringStops.capacity)
        }

        func deallocate() {
            unsafe frames.deallocate()
            unsafe stops.deallocate()
        }
    }

    /// The number of free blocks that the pool keeps.
    private static let kept = 16

    private let free = Mutex<[Memory]>([])

    /// Creates an empty pool.
    public init() {}

    deinit {
        free.withLock { rooms in
            for memory in rooms { memory.deallocate() }
        }
    }

    func acquire() -> Memory { free.withLock { $0.popLast() } ?? Memory() }

    func release(_ memory: Memory) {
        let isKept = free.withLock { rooms in
            guard rooms.count < Self.kept else { return false }
            rooms.append(memory)
            return true
        }
        if !isKept { memory.deallocate() }
    }
}

/// An open object or array.
struct ScanFrame: Sendable {
    /// The plan's node of the container.
    var node: Int32 = 0
    /// The index of the container's own value if the plan contains it, otherwise -1.
    var value: Int32 = -1
    /// The innermost array element that the container is or lies in, or -1.
    var element: Int32 = -1
    /// The number of the array among the event's arrays; -1 for an object.
    var array: Int32 = -1
    /// The index of the current element or member.
    var index: Int32 = 0
    /// The closing byte.
    var closing = UInt8(ascii: "}")
    /// Whether the container is an array or lies in one.
    var isInArray = false

    @inline(__always)
    var isArray: Bool { closing == UInt8(ascii: "]") }
}
