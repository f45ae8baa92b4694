import LinearExpressions

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

/// Comparing text with folded scalars, without making a folded copy of it.
extension RawSpan {
    /// Whether the text begins with these folded scalars; `end` is where they end.
    private func folds(to scalars: borrowing Span<UInt32>, end: inout Int) -> Bool {
        end = 0
        for index in scalars.indices {
            guard end < byteCount, CaseFolding.fold(nextScalar(&end)) == scalars[index] else { return false }
        }
        return true
    }

    /// Whether the whole text folds to these scalars.
    func equals(folded scalars: borrowing Span<UInt32>) -> Bool {
        var end = 0
        return folds(to: scalars, end: &end) && end == byteCount
    }

    /// Whether the text begins with what folds to these scalars.
    func starts(withFolded scalars: borrowing Span<UInt32>) -> Bool {
        var end = 0
        return folds(to: scalars, end: &end)
    }

    /// Whether the text ends with what folds to these scalars.
    func ends(withFolded scalars: borrowing Span<UInt32>) -> Bool {
        var offset = byteCount
        for index in scalars.indices.reversed() {
            guard offset > 0, CaseFolding.fold(previousScalar(&offset)) == scalars[index] else { return false }
        }
        return true
    }
}
