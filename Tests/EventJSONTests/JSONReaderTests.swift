import EventJSON
import Testing

struct JSONReaderTests {
    private static let texts = [
        #"{"type":"response.done","response":{"id":"r","output":[{"text":"h\u00e9 \ud83d\ude00"},null],"tokens":12.0e0}}"#,
        #"{"a":[[1,[2]],{"b":-3}],"a rather long name, longer than a stride":"über","\u0061":[],"b":{},"c":"\n","c":false}"#,
        #" { "" : { "" : 1 } , "a" : [ 0 ] , "text" : "a long string that takes more than two strides of the reader" } "#,
        #"[true,"16 bytes of text","17 bytes of text.",12345678901234567890,1.5,"","\"",{"input_audio_transcription":null}]"#,
        #""alone""#, "5",
    ]

    private static let scraps = ["{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-", "true", " ", "\0", "é", "\"a\":"]

    private func skipped(_ text: [UInt8]) throws(JSONSyntaxError) {
        _ = try JSONReader.read(text) { _ in false }
    }

    @Test(arguments: texts)
    func syntaxErrors_equalThoseOfTheParser(text: String) throws {
        let text = Array(text.utf8)
        var others = [text] + (0..<text.count).map { Array(text[..<$0]) }
        for offset in text.indices {
            for scrap in Self.scraps {
                for range in [offset..<offset, offset..<offset + 1] {
                    var other = text
                    other.replaceSubrange(range, with: scrap.utf8)
                    others.append(other)
                }
            }
        }
        for other in others {
            let comment: Comment = "\(String(decoding: other, as: UTF8.self))"
            let tree = Result { () throws(JSONSyntaxError) in try JSONValue(parsing: other) as JSONValue? }
            #expect(Result { () throws(JSONSyntaxError) in try JSONReader.rebuilt(other) } == tree, comment)
            #expect(Result { () throws(JSONSyntaxError) in try skipped(other) }.error == tree.error, comment)
        }
    }

    @Test(arguments: [1, 2, 3, 100, 511, 512, 513])
    func nesting_hasTheParsersLimit(depth: Int) throws {
        for (opening, closing) in [("[", "]"), (#"{"a":"#, "}")] {
            for inside in ["1", "[]"] {
                let text = String(repeating: opening, count: depth) + inside + String(repeating: closing, count: depth)
                let tree = Result { () throws(JSONSyntaxError) in try JSONValue(parsing: text) as JSONValue? }
                #expect(Result { () throws(JSONSyntaxError) in try JSONReader.rebuilt(Array(text.utf8)) } == tree)
                #expect(Result { () throws(JSONSyntaxError) in try skipped(Array(text.utf8)) }.error == tree.error)
            }
        }
    }

    /// The values of the members `a`, `name`, `previous_item_id` and `input_audio_transcription`, in the order in which
    /// the body reads them.
    private func found(_ text: String) throws -> [String] {
        var found: [String] = []
        let isRead = try JSONReader.read(Array(text.utf8)) { reader in
            reader.readMembers { reader in
                for name in ["a", "name", "previous_item_id", "input_audio_transcription", ""] as [StaticString]
                where reader.isAt(name) {
                    let start = reader.offset
                    found.append("\(name) \(reader.string() ?? "-")")
                    reader.endMember(from: start)
                }
            }
        }
        #expect(isRead)
        return found
    }

    @Test func members_areReadInOrder() throws {
        #expect(
            try found(
                #"{"name":"1","a":"2","b":{"a":"no"},"previous_item_id":"3","input_audio_transcription":"4","":"5","a":"6"}"#
            )
                == ["name 1", "a 2", "previous_item_id 3", "input_audio_transcription 4", " 5", "a 6"])
        #expect(try found(#"{"nam\u0065":"1","\u0061":"2","a":"3","x\u0061":"4"}"#) == ["name 1", "a 2", "a 3"])
        #expect(
            try found(#"{ "name" : 1 , "a" : null , "a":[{}],"names":"x","nam":"x","A":"x"}"#) == [
                "name -", "a -", "a -",
            ])
        #expect(
            try found(#"{"input_audio_transcriptiom":"x","input_Audio_transcription":"x","previous_item_ID":"x"}"#)
                == [])
        #expect(try found("{}") == [])
        #expect(try found(#"{"a":"last"}"#) == ["a last"])
    }

    @Test func readMembers_rejectsOtherValues() throws {
        for text in ["[{}]", "1", #""a""#] {
            #expect(try !JSONReader.read(Array(text.utf8)) { $0.readMembers { _ in Issue.record("a member") } })
        }
    }

    @Test func otherType_doesNotMoveTheReader() throws {
        var found: [String] = []
        let text = #"["s",7,7.50e1,-0.25,1e999,99999999999999999999,true,false,null,{"a":1},[1],-7,00.5]"#
        #expect(throws: JSONSyntaxError.self) {
            _ = try JSONReader.read(Array(text.utf8)) { reader in
                reader.forEachElement { reader in
                    let start = reader.offset
                    let readings = [reader.bool().map { "\($0)" }, nil]
                    let more = start == reader.offset ? [reader.int().map { "\($0)" }, nil] : []
                    let double = start == reader.offset ? reader.double().map { "\($0)" } : nil
                    let string = start == reader.offset ? reader.string() : nil
                    found.append((readings + more + [double, string]).compactMap { $0 }.joined(separator: " "))
                }
            }
        }
        #expect(found == ["s", "7", "75", "-0.25", "", "1e+20", "true", "false", "", "", "", "-7", ""])
    }

    @Test func sharedString_isReused() throws {
        let known = "response.output_audio.delta"
        for (text, expected) in [
            (known, known), ("response.output_audio.deltA", "response.output_audio.deltA"), ("a", "a"),
        ] {
            var string: String?
            _ = try JSONReader.read(Array(#"["\#(text)"]"#.utf8), sharing: known) { reader in
                reader.forEachElement { string = $0.string() }
            }
            #expect(string == expected)
        }
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
