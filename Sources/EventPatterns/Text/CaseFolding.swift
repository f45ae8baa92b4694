import LinearExpressions

/// Simple case folding, which maps one scalar to one scalar.
///
/// `É` becomes `é`, the Kelvin sign becomes `k`, and both `ς` and `Σ` become `σ`. Full foldings to several scalars are
/// not applied: `ß` does not equal `ss`. Dotted and dotless i are not folded, because only Turkish and related
/// languages define how.
enum CaseFolding {
    /// Returns the folded scalar.
    @inline(__always)
    static func fold(_ scalar: UInt32) -> UInt32 {
        if scalar < 0x80 { return scalar &- 0x41 < 26 ? scalar | 0x20 : scalar }
        return foldBeyondASCII(scalar)
    }

    private static func foldBeyondASCII(_ value: UInt32) -> UInt32 {
        // Dotted and dotless i, and East Asian scripts, which are most of the scalars without case.
        if value == 0x130 || value == 0x131 || (0x2E80..<0xA640).contains(value) || (0xAC00..<0xFB00).contains(value) {
            return value
        }
        guard let scalar = Unicode.Scalar(value) else { return value }
        // Mapping to uppercase first unifies letters with two lowercase forms, such as the two sigmas.
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

/// Compares text with case-folded scalars, without a folded copy of the text.
extension RawSpan {
    /// Whether the text begins with text that folds to these scalars. `end` becomes the offset after it.
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

    /// Whether the text begins with text that folds to these scalars.
    func starts(withFolded scalars: borrowing Span<UInt32>) -> Bool {
        var end = 0
        return folds(to: scalars, end: &end)
    }

    /// Whether the text ends with text that folds to these scalars.
    func ends(withFolded scalars: borrowing Span<UInt32>) -> Bool {
        var offset = byteCount
        for index in scalars.indices.reversed() {
            guard offset > 0, CaseFolding.fold(previousScalar(&offset)) == scalars[index] else { return false }
        }
        return true
    }
}
