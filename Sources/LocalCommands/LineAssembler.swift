/// Puts lines together from pieces of any size, none longer than a limit.
struct LineAssembler {
    private let limit: Int
    private var line: [UInt8] = []
    /// Whether the rest of the line is passed over, because it is too long.
    private var isSkipping = false

    init(limit: Int) { self.limit = limit }

    /// Takes a piece, and gives the lines that end in it.
    mutating func take(_ bytes: UnsafeRawBufferPointer, _ give: (LineConversation.Message) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            add(rest[..<end], give)
            if !isSkipping { give(.line(line)) }
            line = []
            isSkipping = false
            rest = rest[(end + 1)...]
        }
        add(rest, give)
    }

    private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>, _ give: (LineConversation.Message) -> Void) {
        guard !isSkipping else { return }
        guard line.count + bytes.count <= limit else {
            isSkipping = true
            line = []
            return give(.overlongLine)
        }
        line.append(contentsOf: bytes)
    }
}
