import LinearExpressions

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
