/// The telephone codings of ITU-T G.711: one byte for each of 8,000 samples a second.
enum G711 {
    /// The sample that a byte of µ-law stands for.
    static func decodeMuLaw(_ byte: UInt8) -> Int16 { muLaw[Int(byte)] }

    /// The sample that a byte of A-law stands for.
    static func decodeALaw(_ byte: UInt8) -> Int16 { aLaw[Int(byte)] }

    private static let muLaw: [Int16] = (0...255).map { number in
        let bits = ~number & 0xFF
        let magnitude = ((bits & 0x0F) << 3 + 0x84) << ((bits & 0x70) >> 4) - 0x84
        return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
    }

    private static let aLaw: [Int16] = (0...255).map { number in
        let bits = number ^ 0x55
        let segment = (bits & 0x70) >> 4
        let step = (bits & 0x0F) << 4 + 8
        let magnitude = segment == 0 ? step : (step + 0x100) << (segment - 1)
        return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
    }
}
