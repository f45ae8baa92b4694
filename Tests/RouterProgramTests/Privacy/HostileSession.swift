import EventJSON
import SeededNumbers

/// A session with secrets in many places. Each secret has a number by which it is recognised.
struct HostileSession {
    /// Places that are no member of an event.
    enum Around: String, CaseIterable {
        case undecodable, oversized, noObject, envelope, clientText, clientOutput, clientSettings
        case echoed, failing, worker, hiddenArgument, brokenArguments, nestedArguments, numberArgument, callName
        case unfitValue, unfitName
    }

    /// How many distinct places there are.
    static let placeCount = SecretPlace.all.count + PlantedPieces.all.count + Around.allCases.count

    let number: Int
    /// The lines, without line ends.
    private(set) var lines: [String] = []
    /// What was planted where, by the secrets' numbers.
    private(set) var plants: [Int: String] = [:]
    private var random: SplitMix
    private let isEnveloped: Bool
    private let firstSecret: Int

    /// Secrets of one session have numbers below this behind the session's first.
    static let mostSecrets = 16

    /// - Parameters:
    ///   - seed: what it is made from.
    ///   - number: the session's place in its file.
    init(seed: UInt64, number: Int, isEnveloped: Bool) {
        self.number = number
        self.isEnveloped = isEnveloped
        firstSecret = number * Self.mostSecrets
        random = SplitMix(seed: seed &* 0x2545_F491_4F6C_DD1D)
        emit(#"{"type":"session.created","session":{"id":"s\#(number)","model":"m"}}"#)
        for _ in 0..<10 { plantEvent() }
        for _ in 0..<2 { plantPieces() }
        for _ in 0..<2 { plantAround() }
    }

    private mutating func emit(_ event: String, isClient: Bool = false) {
        guard isEnveloped else {
            if !isClient { lines.append(event) }
            return
        }
        lines.append(#"{"at":\#(lines.count),"direction":"\#(isClient ? "client" : "server")","event":\#(event)}"#)
    }

    private mutating func note(_ place: String) -> Int {
        let secret = firstSecret + plants.count
        plants[secret] = place
        return secret
    }

    private mutating func literal(_ text: String) -> String { PlantedSecret.literal(text, &random) }

    /// A secret among other words.
    private mutating func words(_ secret: Int) -> String {
        let text = PlantedSecret.any(secret, &random).text
        return text.contains("{")
            ? text : ["\(text)", "It is \(text), ok?", "well \(text)"].randomElement(using: &random)!
    }

    // MARK: Events

    private mutating func plantEvent() {
        let place = SecretPlace.all.randomElement(using: &random)!
        let secret = note(place.description)
        let text: String =
            switch place.form {
            case .number: PlantedSecret.cardDigits(secret)
            case .field:
                ["\"kx\(PlantedSecret.padded(secret, 6))\"", "{\"a\":[\"kx\(PlantedSecret.padded(secret, 6))\"]}"]
                    .randomElement(using: &random)!
            case .text, .key: literal(words(secret))
            }
        emit(PlantedEvent(place: place, session: number, line: lines.count).json(text))
    }

    // MARK: Pieces

    private mutating func plantPieces() {
        let pieces = PlantedPieces.all.randomElement(using: &random)!
        let secret = note(pieces.description)
        for event in pieces.events(PlantedSecret.cardDigits(secret), id: "p\(secret)") { emit(event) }
    }

    // MARK: Around events

    private mutating func plantAround() {
        let place = Around.allCases.randomElement(using: &random)!
        let secret = note(place.rawValue)
        let text = words(secret)
        let hidden = "kx\(PlantedSecret.padded(secret, 6))"
        switch place {
        case .undecodable: lines.append(#"{"type":"response.done","x":\#(literal(text))"#)
        case .oversized:
            lines.append(
                #"{"type":"response.done","x":\#(literal(text)),"y":"\#(String(repeating: "a", count: 70_000))"}"#)
        case .noObject: lines.append("[\(literal(text))]")
        case .envelope:
            guard isEnveloped else { return lines.append(#"{"x":\#(literal(text))}"#) }
            lines.append(
                #"{"at":\#(lines.count),"direction":"server","note":\#(literal(text)),"event":{"type":"response.created"}}"#
            )
        case .clientText:
            emit(
                #"{"type":"conversation.item.create","item":{"id":"t\#(secret)","type":"message","role":"user","content":[{"type":"input_text","text":\#(literal(text))}]}}"#,
                isClient: true)
            emit(
                #"{"type":"conversation.item.added","item":{"id":"t\#(secret)","type":"message","role":"user","status":"completed","content":[{"type":"input_text","text":\#(literal(text))}]}}"#
            )
        case .clientOutput:
            emit(
                #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c\#(secret)","output":\#(literal(text))}}"#,
                isClient: true)
        case .clientSettings:
            emit(#"{"type":"session.update","session":{"instructions":\#(literal(text))}}"#, isClient: true)
        case .echoed: call("echo", JSONValue.object(["note": .string(text)]).description, secret)
        case .failing: call("fail", JSONValue.object(["note": .string(text)]).description, secret)
        case .worker: call("ask", JSONValue.object(["note": .string(text)]).description, secret)
        case .hiddenArgument: call("pay", #"{"\#(PlantedSecret.argument)":"\#(hidden)","n":1}"#, secret)
        case .brokenArguments: call("pay", #"{"c\u0061rd_no":"\#(hidden)"#, secret)
        case .nestedArguments:
            call("pay", JSONValue.object(["a": .string(#"{"c\u0061rd_no":["\#(hidden)"]}"#)]).description, secret)
        case .numberArgument:
            call(
                "echo", #"{"n":\#(PlantedSecret.cardDigits(secret)),"m":[\#(PlantedSecret.cardDigits(secret)).0]}"#,
                secret)
        case .callName: call(text, "{}", secret)
        case .unfitValue: call("form", JSONValue.object(["note": .string(nearTheCut() + text)]).description, secret)
        case .unfitName: call("form", JSONValue.object([nearTheCut() + text: 1]).description, secret)
        }
    }

    /// So long that messages about arguments may truncate the text inside its secret.
    private mutating func nearTheCut() -> String {
        String(repeating: "n", count: .random(in: 20..<60, using: &random)) + " "
    }

    private mutating func call(_ name: String, _ arguments: String, _ secret: Int) {
        let arguments = literal(arguments)
        let item =
            #"{"id":"f\#(secret)","type":"function_call","status":"completed","call_id":"c\#(secret)","name":\#(JSONValue.string(name)),"arguments":\#(arguments)}"#
        emit(#"{"type":"response.created","response":{"id":"q\#(secret)"}}"#)
        emit(
            #"{"type":"response.function_call_arguments.done","item_id":"f\#(secret)","call_id":"c\#(secret)","arguments":\#(arguments)}"#
        )
        emit(#"{"type":"response.output_item.done","response_id":"q\#(secret)","item":\#(item)}"#)
        emit(#"{"type":"new.call","arguments":\#(arguments)}"#)
        emit(#"{"type":"response.done","response":{"id":"q\#(secret)","status":"completed","output":[\#(item)]}}"#)
    }
}
