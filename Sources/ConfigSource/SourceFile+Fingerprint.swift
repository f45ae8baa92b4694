extension SourceFile {
    /// A short text that tells whether two files have the same bytes, such as `fnv1a64:85944171f73967e8`. It is the same on every
    /// machine and for ever, and no protection against somebody who means to deceive.
    public var fingerprint: String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
