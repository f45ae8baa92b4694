import EventJSON
import EventRouter
import FailingFiles
import FunctionCalls
import RealtimeEvents
import RecordFiles
import RouterTesting
import ScratchFolders
import Testing

/// Lets each file operation of a journal fail at each point.
@Suite(.timeLimit(.minutes(5))) struct FailingJournalTests {
    @Test(
        "Each call has one outcome, none runs without a line that says so, and a start that fails leaves the journal free",
        arguments: FailingFiles.Failure.allCases)
    func everyOperation_mayFail(failure: FailingFiles.Failure) async throws {
        for number in 1... {
            let folder = try ScratchFolder()
            let path = "\(folder.path)/calls.jsonl"
            let files = FailingFiles(failing: number, failure)
            let (ran, watched) = (Collected<String>(), WatchedSession())
            let function = swift { call in
                ran.append(call.callID ?? "")
                return FunctionCallResult("done")
            }
            let handler = FunctionCallHandler(
                [LocalFunction("f", executor: function)], journal: path, maxJournal: 200, maxConcurrent: 1,
                clock: ManualClock(), files: files)
            let records = UnwrittenRecords()
            handler.reportUnwritten(to: records)
            do { try await handler.start() } catch {
                #expect(!files.failed.isEmpty)
                // Throws if the file is still locked.
                let next = LineFile(path: path, isExclusive: true)
                try next.open()
                next.close()
                continue
            }
            for id in ["c1", "c2", "c3"] { try await handler.handle(watched.delivery(id)) }
            let outcomes = await watched.outcomes(3)
            await handler.stop()
            #expect(watched.outcomesSoFar().map(\.callID).sorted { $0 ?? "" < $1 ?? "" } == ["c1", "c2", "c3"])
            let lines = folder.names.filter { !$0.hasSuffix(".new") }.flatMap { folder.lines($0) }
                .compactMap { try? JSONValue(parsing: $0) }
            func calls(_ isMeant: (String) -> Bool) -> Set<String?> {
                Set(lines.filter { isMeant($0["state"]?.string ?? "") }.map { $0["call_id"]?.string })
            }
            #expect(Set(ran.elements).isSubset(of: calls { $0 == "started" }))
            // A call that did not run says why, and a missing line is counted.
            let refused = outcomes.filter { $0.state != .completed }
            #expect(refused.allSatisfy { $0.error?.hasPrefix("not run without a journal: ") == true })
            #expect(Set(ran.elements).union(refused.compactMap(\.callID)).count == 3)
            let missing = 3 - calls { $0 == "completed" || $0 == "failed" }.count + refused.count
            #expect(missing <= records.files.reduce(0) { $0 + $1.records })
            if files.failed.isEmpty { break }
        }
    }
}
