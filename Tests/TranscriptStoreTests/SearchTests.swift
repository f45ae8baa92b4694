import Foundation
import RealtimeEvents
import RouterTesting
import Testing
import TranscriptStore
import Transcripts

/// Searching utterances.
@Suite struct SearchTests {
    private static let call = [
        said("I'd like a REFUND for my last order.", item: "u1"),
        said("Refunds for orders take three days.", item: "a1", .assistant),
        said("Grüße aus São Paulo, the order is lost", item: "u2", in: "b"),
        said("NEAR text AND \"quoted\" OR not", item: "u3", in: "b"),
    ]

    private func found(_ words: [String], session: String? = nil, limit: Int = 9) async throws -> [String?] {
        let place = try Place()
        try await place.record(Self.call)
        let words = try #require(SearchQuery(words))
        return try TranscriptDatabase(path: place.path()).search(words, in: session, limit: limit)
            .map(\.record.utterance.itemID)
    }

    @Test(arguments: [
        (["refund"], ["u1"]), (["refund*"], ["a1", "u1"]), (["order"], ["u2", "u1"]), (["order", "refund"], ["u1"]),
        (["last order"], ["u1"]), (["order last"], []), (["my la*"], ["u1"]), (["gruße", "sao"], ["u2"]),
        (["i'd"], ["u1"]), (["near", "and", "or", "not"], ["u3"]), (["\"quoted\""], ["u3"]), (["or\" OR \"refund"], []),
        (["text:order"], []), (["order)"], ["u2", "u1"]), (["(order"], ["u2", "u1"]), (["^order", "-"], ["u2", "u1"]),
        (["order + lost"], []), (["zzz"], []), (["ord\0er"], []),
    ])
    func allWordsHaveToBeThere(_ words: [String], _ items: [String]) async throws {
        #expect(try await found(words) == items)
    }

    @Test func search_isLimitedToASessionAndACount() async throws {
        #expect(try await found(["order"], session: "call-17") == ["u1"])
        #expect(try await found(["order"], session: "c") == [])
        #expect(try await found(["order*"], limit: 2) == ["u2", "a1"])
        #expect(SearchQuery(["!", "*", ""]) == nil)
    }

    @Test func search_excerptMarksTheMatches() async throws {
        let place = try Place()
        let long = String(repeating: "so ", count: 40) + "the order" + String(repeating: " and", count: 40)
        try await place.record([said(long, item: "u1"), said("\u{2}order\u{3} \u{3}\u{2}order", item: "u2")])
        let matches = try TranscriptDatabase(path: place.path()).search(
            try #require(SearchQuery(["order"])), in: nil, limit: 9)
        #expect(matches.first?.excerpt.filter(\.isFound).map(\.text).allSatisfy { $0 == "order" || $0.isEmpty } == true)
        let excerpt = try #require(matches.last).excerpt
        #expect(excerpt.filter(\.isFound).map(\.text) == ["order"])
        #expect(excerpt.first?.text.hasPrefix("…so so") == true)
        #expect(excerpt.last?.text.hasSuffix("and and…") == true)
    }

    /// Set `REALTIME_ROUTER_UTTERANCES=1000000` for 1,000,000 utterances; the figures are printed.
    @Test(.timeLimit(.minutes(20))) func search_findsWordsAmongMany() async throws {
        let count = ProcessInfo.processInfo.environment["REALTIME_ROUTER_UTTERANCES"].flatMap(Int.init) ?? 5000
        let place = try Place()
        let path = ProcessInfo.processInfo.environment["REALTIME_ROUTER_DATABASE"] ?? place.path()
        let database = TranscriptDatabase(path: path)
        try await database.start()
        let vocabulary = Vocabulary(needle: count / 2)
        let clock = ContinuousClock()
        let writing = try await clock.measure {
            for begin in stride(from: 0, to: count, by: 1000) {
                try await database.record((begin..<min(begin + 1000, count)).map { vocabulary.record($0) })
            }
        }
        await database.stop()
        print("\(count) utterances written in \(writing)")
        for words in [
            ["needle"], ["w0"], ["w0", "w1"], ["w17*"], ["w4", "w9000"], ["w1 w0"], ["w*"], ["nowhere", "w0"],
        ] {
            var times: [Duration] = []
            var found = 0
            for _ in 0..<5 {
                let words = try #require(SearchQuery(words))
                times.append(
                    try clock.measure {
                        found = try TranscriptDatabase(path: path).search(words, in: nil, limit: 21).count
                    })
            }
            print("search \(words): \(found) shown, median \(times.sorted()[2]), longest \(times.max() ?? .zero)")
            #expect(times.sorted()[2] < .milliseconds(count < 1_000_000 ? 1000 : 50), "\(words)")
        }
        let needles = try TranscriptDatabase(path: path).search(
            try #require(SearchQuery(["needle"])), in: nil, limit: 9)
        #expect(needles.map(\.record.utterance.itemID) == ["item_\(count / 2)"])
    }
}

/// Words with the frequencies of a language: the first one is the most frequent.
private struct Vocabulary {
    /// The only utterance with a unique word.
    let needle: Int

    func record(_ number: Int) -> TranscriptRecord {
        var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
        var words: [String] = []
        for _ in 0..<12 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let part = Double(state >> 11) / Double(1 << 53)
            words.append("w\(Int(pow(20_000, part)) - 1)")
        }
        return said(
            words.joined(separator: " ") + (number == needle ? " needle" : ""), item: "item_\(number)",
            number % 2 == 0 ? .user : .assistant,
            in: "call-\(number / 40)")
    }
}
