import EventJSON
import Testing

struct Base64Tests {
    private func decode(_ text: String) -> [UInt8]? {
        let text = Array(text.utf8)
        var bytes: [UInt8] = [42]
        let isBase64 = Base64.decode(text.span.bytes, into: &bytes)
        #expect(bytes.first == 42)
        guard isBase64 else {
            #expect(bytes.count == 1)
            return nil
        }
        let decodedCount = Base64.decodedCount(text.span.bytes)
        #expect(bytes.count == 1 + decodedCount)
        return Array(bytes.dropFirst())
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64_examplesOfTheStandard(text: String, encoded: String) {
        #expect(decode(encoded) == Array(text.utf8))
        #expect(Base64.encode(Array(text.utf8)) == encoded)
    }

    @Test func base64_roundTripsEveryLength() {
        var bytes: [UInt8] = []
        for count in 0..<300 {
            #expect(decode(Base64.encode(bytes)) == bytes)
            bytes.append(UInt8(truncatingIfNeeded: count &* 167 &+ count >> 3))
        }
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(decode(alphabet).map(Base64.encode) == alphabet)
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm 9v", "Zm9v====", "Zh==", "Zm9=",
        "Z=g=", "-_-_",
        "Zm9vé",
    ])
    func base64_rejectsInvalidText(text: String) {
        #expect(decode(text) == nil)
    }

    @Test func base64_rejectsOtherBytesAtEveryOffset() {
        let valid = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/AAAAAAAA".utf8)
        for place in valid.indices {
            for byte in UInt8.min...UInt8.max where !valid.contains(byte) && byte != UInt8(ascii: "=") {
                var text = valid
                text[place] = byte
                var bytes: [UInt8] = []
                let isBase64 = Base64.decode(text.span.bytes, into: &bytes)
                #expect(!isBase64, "\(byte) at \(place)")
            }
        }
    }
}
