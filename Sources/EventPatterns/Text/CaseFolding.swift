/// Simple case folding: one scalar becomes one scalar.
///
/// `É` is `é`, the Kelvin sign is `k`, `ς` and `Σ` are `σ`. What Unicode folds to several scalars stays apart (`ß` is not `ss`),
/// and so do the dotted and the dotless i, which only Turkish can tell how to fold.
enum CaseFolding {
    /// The folded scalar.
    @inline(__always)
    static func fold(_ scalar: UInt32) -> UInt32 {
        if scalar < 0x80 { return scalar &- 0x41 < 26 ? scalar | 0x20 : scalar }
        return foldBeyondASCII(scalar)
    }

    private static func foldBeyondASCII(_ value: UInt32) -> UInt32 {
        // Dotted and dotless i; then the East Asian scripts, which are most of what has no case.
        if value == 0x130 || value == 0x131 || (0x2E80..<0xA640).contains(value) || (0xAC00..<0xFB00).contains(value) {
            return value
        }
        guard let scalar = Unicode.Scalar(value) else { return value }
        // Going through the upper case joins letters with two lower cases, like both sigmas.
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        return (single(upper.properties.lowercaseMapping) ?? scalar).value
    }

    private static func single(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex else {
            return nil
        }
        return first
    }
}
