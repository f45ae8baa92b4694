import EventJSON

extension CompiledRuleSet {
    /// Finds the rules that an event matches.
    func match(_ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        result.begin()
        if index.hasRulesOfAnyType { tryRulesOfAnyType(&slots, text, &result) }
        var value = slots.firstIndex(typeSlot)
        while value >= 0 {
            if slots[value].kind == .string {
                let bucket = slots.withText(value, in: text) { index.bucket(ofType: $0) }
                if bucket >= 0 { tryBucket(bucket, &slots, text, &result) }
            }
            value = slots.nextIndex(value)
        }
        result.finish(ids: ids)
    }

    @inline(__always)
    func makeRoom(in result: inout MatchResult) {
        result.makeRoom(rules: rules.count, ids: ids.count, disabledRules: sessionRules?.dependents ?? [])
    }

    @inline(never)
    private func tryRulesOfAnyType(_ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        tryBucket(0, &slots, text, &result)
    }

    @inline(__always)
    private func tryBucket(_ number: Int, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        let bucket = index.buckets[number]
        if bucket.firstUnconditional >= 0 { tryCandidates(Int(bucket.firstUnconditional), &slots, text, &result) }
        var probeIndex = bucket.firstProbe
        while probeIndex < bucket.endOfProbes {
            let probe = index.probes[probeIndex]
            probeIndex &+= 1
            var value = slots.firstIndex(Int(probe.slot))
            while value >= 0 {
                if slots[value].kind == .string {
                    let found = slots.withText(value, in: text) { index.candidates(probe, $0) }
                    if found >= 0 { tryCandidates(found, &slots, text, &result) }
                }
                value = slots.nextIndex(value)
            }
        }
    }

    /// Tries a list of candidates, from its start to the terminating -1.
    @inline(never)
    private func tryCandidates(_ first: Int, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        makeRoom(in: &result)
        var candidate = first
        while index.candidates[candidate] >= 0 {
            let number = Int(index.candidates[candidate])
            let rule = rules[number]
            if result.shouldTry(number, rule.position), holds(rule, &slots, text, &result) { result.add(rule.position) }
            candidate += 1
        }
    }

    /// The result of evaluating a field by itself.
    private enum FieldOutcome {
        case fails
        /// Holds whichever elements are selected for other fields.
        case holds
        /// Holds in some array element, or depends on the elements that are selected for other fields.
        case depends
    }

    /// Whether all conditions of a rule hold.
    private func holds(
        _ rule: CompiledRule, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult
    ) -> Bool {
        var dependentCount = 0
        for index in rule.fields.range {
            switch check(fields[index], rule, &slots, text, &result) {
            case .fails: return false
            case .holds: continue
            case .depends: dependentCount += 1
            }
        }
        // A single dependent field can use any of its elements. Absence depends on the selection even then.
        if dependentCount == 0 || (dependentCount == 1 && !rule.allowsAbsence) { return true }
        for index in rule.groups.range {
            let group = groups[index]
            // ``check(_:_:_:_:_:)`` has already found a match for a field that is alone in its group.
            guard group.members.count > 1 || group.allowsAbsence else { continue }
            guard holdsTogether(group, &slots, text, &result) else { return false }
        }
        return true
    }

    private func check(
        _ field: CompiledField, _ rule: CompiledRule, _ slots: inout FieldSlots, _ text: RawSpan,
        _ result: inout MatchResult
    ) -> FieldOutcome {
        var (isPresentOutsideArrays, isPresentInElement) = (false, false)
        var (holdsOutsideArrays, holdsInElement) = (false, false)
        var value = slots.firstIndex(Int(field.slot))
        while value >= 0 {
            let found = slots[value]
            let isInElement = found.element >= 0
            if found.kind.isScalar {
                if isInElement { isPresentInElement = true } else { isPresentOutsideArrays = true }
                if accepts(field, value, found.kind, &slots, text, &result) {
                    // Which value is used matters only if another field may have to be absent in the same element.
                    guard rule.allowsAbsence else { return isInElement ? .depends : .holds }
                    if isInElement { holdsInElement = true } else { holdsOutsideArrays = true }
                }
            }
            value = slots.nextIndex(value)
        }
        if holdsInElement { return .depends }
        if holdsOutsideArrays { return .holds }
        guard field.allowsAbsence, !isPresentOutsideArrays else { return .fails }
        return isPresentInElement ? .depends : .holds
    }

    /// Whether one value satisfies all leaves of a field.
    private func accepts(
        _ field: CompiledField, _ value: Int32, _ kind: JSONKind, _ slots: inout FieldSlots, _ text: RawSpan,
        _ result: inout MatchResult
    ) -> Bool {
        slots.withText(value, in: text) { text in
            for leaf in field.leaves.range where !conditions.accepts(leaves[leaf], kind, text, &result.run) {
                return false
            }
            return true
        }
    }

    /// Whether array elements can be selected so that all conditions of a group hold together.
    private func holdsTogether(
        _ group: CompiledGroup, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult
    ) -> Bool {
        result.selection.begin()
        for member in group.members.range {
            let field = fields[Int(members[member])]
            let candidates = collect(field, &slots, text, &result, onlyAccepted: true)
            var presentIn = 0..<0
            if field.allowsAbsence { presentIn = collect(field, &slots, text, &result, onlyAccepted: false) }
            result.selection.addField(candidates: candidates, presentIn: presentIn, allowsAbsence: field.allowsAbsence)
        }
        return result.selection.isPossible(slots)
    }

    /// Collects the elements in which a field has a value, or a value that satisfies its conditions.
    private func collect(
        _ field: CompiledField, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult,
        onlyAccepted: Bool
    ) -> Range<Int> {
        var value = slots.firstIndex(Int(field.slot))
        while value >= 0 {
            let found = slots[value]
            if found.kind.isScalar, !onlyAccepted || accepts(field, value, found.kind, &slots, text, &result) {
                result.selection.add(found.element)
            }
            value = slots.nextIndex(value)
        }
        return result.selection.finishRange()
    }
}
