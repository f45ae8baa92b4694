import EventJSON
import ScratchFolders
import Testing

/// The model's arguments reach the command unchanged, and nothing in them is interpreted.
@Suite(.timeLimit(.minutes(5)))
struct HostileArgumentTests {
    /// One session in which the model makes every hostile call, from the wire events to a program that records its
    /// input byte for byte.
    @Test func hostileArgument_isPassedUnchanged() async throws {
        let calls = HostileCall.all
        #expect(calls.count >= 200)
        let place = try HostilePlace()
        let answers = try await place.answers(to: calls)
        var files = ["record"]
        for (index, call) in calls.enumerated() {
            let id = "c\(index)"
            let about: Comment = "\(call.function) \(call.arguments.prefix(80))"
            switch call.ending {
            case .runs(let arguments):
                files += ["test:\(id).argv", "test:\(id).input"]
                #expect(answers[id] == "done", about)
                #expect(place.arguments(id) == ["./record"] + arguments, about)
                #expect(place.input(id) == Array((call.input ?? call.arguments).utf8) + [0x0A], about)
            case .refused(let reason):
                let words = JSONValue.object(["error": .string("\(reason) (reference \(id))")]).description
                #expect(answers[id] == words, about)
            }
        }
        #expect(place.folder.names == files.sorted(), "nothing else was run")
    }

    static let ids: [(id: String, key: String)] = [
        ("../../ran", "..%2F..%2Fran"), ("-rf", "-rf"), ("$(touch ran)", "%24%28touch%20ran%29"), ("a\nb", "a%0Ab"),
        ("a\u{0}b", "a%00b"), ("é", "%C3%A9"), (".", "."), ("a:b", "a%3Ab"), ("%2F", "%252F"),
    ]

    @Test func hostileCallID_isHarmless() async throws {
        let place = try HostilePlace()
        let calls = Self.ids.map { _ in HostileCall(city: "Oslo", .runs(["Oslo", "--city=Oslo"])) }
        let answers = try await place.answers(to: calls, ids: Self.ids.map(\.id))
        #expect(answers == Dictionary(uniqueKeysWithValues: Self.ids.map { ($0.id, "done") }))
        let files = Self.ids.flatMap { ["test:\($0.key).argv", "test:\($0.key).input"] }
        #expect(place.folder.names == (files + ["record"]).sorted())
    }
}
