import EventJSON
import Testing

struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func writer_writesEveryKindOfValue() throws {
        let written = text { writer in
            writer.beginObject()
            writer.key("static")
            writer.beginArray()
            writer.int(0)
            writer.int(-10)
            writer.int(.min)
            writer.int(.max)
            writer.double(0.5)
            writer.number(JSONNumber(text: "1.50")!)
            writer.endArray()
            let key: StaticString = "a\"b"
            writer.key(key)
            writer.beginObject()
            writer.endObject()
            writer.key("k" + "ey")
            writer.bool(true)
            writer.key("n")
            writer.null()
            writer.key("raw")
            writer.raw(json: Array("[1, 2]".utf8))
            writer.key("utf8")
            writer.string(utf8: Array("é".utf8).span.bytes)
            writer.key("tree")
            writer.value(["x": [false, "y", 2]])
            writer.key("empty")
            writer.beginArray()
            writer.endArray()
            writer.endObject()
        }
        #expect(
            written
                == #"{"static":[0,-10,-9223372036854775808,9223372036854775807,0.5,1.50],"a\"b":{},"key":true,"#
                + #""n":null,"raw":[1, 2],"utf8":"é","tree":{"x":[false,"y",2]},"empty":[]}"#)
        _ = try JSONValue(parsing: written)
    }

    @Test func writer_escapesOnlyWhatJSONRequires() throws {
        let all = String(String.UnicodeScalarView((0..<0x100).map { Unicode.Scalar(UInt8($0)) })) + "\u{2028}😀/"
        let written = text { writer in writer.string(all) }
        #expect(
            written.hasPrefix(
                #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011"#
                    + ##"\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f !\"#"##))
        #expect(written.hasSuffix("ÿ\u{2028}😀/\""))
        #expect(written.contains(#"[\\]"#))
        #expect(try JSONValue(parsing: written).string == all)
    }

    @Test func writer_reusesItsBuffer() {
        var writer = JSONWriter()
        writer.int(1)
        writer.endLine()
        writer.beginArray()
        writer.endArray()
        writer.endLine()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "1\n[]\n")
        writer.removeAll()
        writer.null()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "null")
    }
}
