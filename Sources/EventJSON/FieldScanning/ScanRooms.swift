import Synchronization

/// Memory that scans need, for many ``FieldSlots`` of which few scan at a time.
public final class ScanRooms: Sendable {
    /// What one scan needs, 45 KB.
    struct Room: @unchecked Sendable {
        /// The containers that a scan is in, outermost first.
        let frames: UnsafeMutablePointer<ScanFrame>
        /// Where a scan keeps its ``StringStops``.
        let stops: UnsafeMutablePointer<UInt32>

        init() {
            frames = .allocate(capacity: Lexer.depthLimit)
            stops = .allocate(capacity: StringStops.roomCount)
        }

        func deallocate() {
            unsafe frames.deallocate()
            unsafe stops.deallocate()
        }
    }

    /// As many are kept for the next scans.
    private static let kept = 16

    private let free = Mutex<[Room]>([])

    /// Makes rooms, none of which is there yet.
    public init() {}

    deinit {
        free.withLock { rooms in
            for room in rooms { room.deallocate() }
        }
    }

    func take() -> Room { free.withLock { $0.popLast() } ?? Room() }

    func give(_ room: Room) {
        let isKept = free.withLock { rooms in
            guard rooms.count < Self.kept else { return false }
            rooms.append(room)
            return true
        }
        if !isKept { room.deallocate() }
    }
}

/// An object or array that the scanner is in.
struct ScanFrame: Sendable {
    /// The step of the plan that leads here.
    var node: Int32 = 0
    /// Its own value, when it is wanted itself, or -1.
    var value: Int32 = -1
    /// The innermost element that it is or lies in, or -1.
    var element: Int32 = -1
    /// Its number among arrays, when it is one.
    var array: Int32 = -1
    /// The position in it.
    var index: Int32 = 0
    /// The byte that ends it.
    var closing = UInt8(ascii: "}")
    /// Whether it is an array or lies in one.
    var isInArray = false

    @inline(__always)
    var isArray: Bool { closing == UInt8(ascii: "]") }
}
