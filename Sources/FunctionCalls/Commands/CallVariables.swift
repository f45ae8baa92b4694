import RealtimeEvents

/// The environment variables that identify a call to a command.
enum CallVariables {
    private static let textLimit = 1024
    private static let keyLimit = 200

    static func variables(for call: FunctionCall) -> [String: String] {
        let callID = call.callID ?? ""
        let session = call.head.session ?? ""
        return [
            "ROUTER_CALL_ID": callID.cut(to: textLimit),
            "ROUTER_SESSION": session.cut(to: textLimit),
            "ROUTER_CALL_KEY": key(
                session: call.head.sessionID ?? session, callID: callID, occurrence: call.occurrence ?? 1),
        ]
    }

    /// A key for a call: the same in every run, different for every call, and usable as a file name or an argument.
    ///
    /// `SESSION:CALL_ID`, and for a later occurrence of the `call_id`, `#2` and so on. `SESSION` is the server's id of
    /// the session, or the session's key if there is none. Characters other than letters, digits, `_`, `.` and `-` are
    /// percent-encoded. The end of a long key is replaced by a hash of the whole key.
    static func key(session: String, callID: String, occurrence: Int) -> String {
        let number = occurrence > 1 ? "#\(occurrence)" : ""
        let key = encoded(session, isFirst: true) + ":" + encoded(callID, isFirst: false) + number
        guard key.utf8.count > keyLimit else { return key }
        let hash = String(hash(of: key), radix: 16)
        let zeros = String(repeating: "0", count: 16 - hash.utf8.count)
        return key.prefix(keyLimit - 17) + "~" + zeros + hash
    }

    private static func encoded(_ text: String, isFirst: Bool) -> String {
        var encoded = ""
        for byte in text.utf8 {
            // A dash at the start would make the key look like an option.
            if isPlain(byte) && !(isFirst && encoded.isEmpty && byte == UInt8(ascii: "-")) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }

    /// FNV-1a: unlike `Hasher`, it gives the same value in every process and version.
    private static func hash(of text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
