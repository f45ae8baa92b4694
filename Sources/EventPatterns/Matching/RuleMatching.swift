import EventJSON

extension RuleTable {
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
        result.finish(self)
    }

    @inline(never)
    private func tryRulesOfAnyType(_ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        tryBucket(0, &slots, text, &result)
    }

    @inline(__always)
    private func tryBucket(_ number: Int, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        let bucket = index.buckets[number]
        if bucket.always >= 0 { tryRules(Int(bucket.always), &slots, text, &result) }
        var place = bucket.firstProbe
        while place < bucket.endOfProbes {
            let probe = index.probes[place]
            place &+= 1
            var value = slots.firstIndex(Int(probe.slot))
            while value >= 0 {
                if slots[value].kind == .string {
                    let found = slots.withText(value, in: text) { index.candidates(probe, $0) }
                    if found >= 0 { tryRules(found, &slots, text, &result) }
                }
                value = slots.nextIndex(value)
            }
        }
    }

    /// Tries the candidates from an index on, up to the end of their list.
    @inline(never)
    private func tryRules(_ first: Int, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult) {
        result.makeRoom(self)
        var candidate = first
        while index.candidates[candidate] >= 0 {
            let number = Int(index.candidates[candidate])
            let rule = rules[number]
            if result.shouldTry(number, rule.position), holds(rule, &slots, text, &result) { result.add(rule.position) }
            candidate += 1
        }
    }

    /// What a first look at a field says.
    private enum Verdict {
        case fails
        /// Holds whatever else is chosen.
        case holds
        /// Holds in some array element, or depends on which ones are chosen for the other fields.
        case depends
    }

    /// Whether all conditions of a rule hold.
    private func holds(
        _ rule: CompiledRule, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult
    ) -> Bool {
        var dependent = 0
        for index in rule.fields.range {
            switch firstLook(fields[index], rule, &slots, text, &result) {
            case .fails: return false
            case .holds: continue
            case .depends: dependent += 1
            }
        }
        // One field in arrays is free to choose; absence depends on the choice even when it is the only one.
        if dependent == 0 || (dependent == 1 && !rule.allowsAbsence) { return true }
        for index in rule.groups.range {
            let group = groups[index]
            // The first look found what a field that is alone needs.
            guard group.members.count > 1 || group.allowsAbsence else { continue }
            guard holdsTogether(group, &slots, text, &result) else { return false }
        }
        return true
    }

    private func firstLook(
        _ field: CompiledField, _ rule: CompiledRule, _ slots: inout FieldSlots, _ text: RawSpan,
        _ result: inout MatchResult
    ) -> Verdict {
        var (isPresentAnyway, isPresentInElement) = (false, false)
        var (holdsAnyway, holdsInElement) = (false, false)
        var value = slots.firstIndex(Int(field.slot))
        while value >= 0 {
            let found = slots[value]
            let isInElement = found.element >= 0
            if found.kind.isScalar {
                if isInElement { isPresentInElement = true } else { isPresentAnyway = true }
                if accepts(field, value, found.kind, &slots, text, &result) {
                    // Which value is chosen makes a difference only where another field may have to be absent beside it.
                    guard rule.allowsAbsence else { return isInElement ? .depends : .holds }
                    if isInElement { holdsInElement = true } else { holdsAnyway = true }
                }
            }
            value = slots.nextIndex(value)
        }
        if holdsInElement { return .depends }
        if holdsAnyway { return .holds }
        guard field.allowsAbsence, !isPresentAnyway else { return .fails }
        return isPresentInElement ? .depends : .holds
    }

    /// Whether one value satisfies all that is demanded of a field.
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

    /// Whether there are array elements that satisfy all conditions of a group together.
    private func holdsTogether(
        _ group: CompiledGroup, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult
    ) -> Bool {
        result.choice.begin()
        for member in group.members.range {
            let field = fields[Int(members[member])]
            let candidates = collect(field, &slots, text, &result, onlyAccepted: true)
            var presences = 0..<0
            if field.allowsAbsence { presences = collect(field, &slots, text, &result, onlyAccepted: false) }
            result.choice.addField(candidates: candidates, presences: presences, mayBeAbsent: field.allowsAbsence)
        }
        return result.choice.exists(slots)
    }

    /// The elements in which a field has a value, or one that satisfies its conditions.
    private func collect(
        _ field: CompiledField, _ slots: inout FieldSlots, _ text: RawSpan, _ result: inout MatchResult,
        onlyAccepted: Bool
    ) -> Range<Int> {
        var value = slots.firstIndex(Int(field.slot))
        while value >= 0 {
            let found = slots[value]
            if found.kind.isScalar, !onlyAccepted || accepts(field, value, found.kind, &slots, text, &result) {
                result.choice.add(found.element)
            }
            value = slots.nextIndex(value)
        }
        return result.choice.finishRun()
    }
}
