import HTTPService

/// The address of a WebSocket server: `wss://host:port/path?query`, or `ws://` without TLS.
public struct WebSocketURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether the connection uses TLS.
    public let isSecure: Bool
    /// The host's name or address; an IPv6 address without brackets.
    public let host: String
    /// The port; 443 or 80 if the text names no port.
    public let port: Int
    /// The path and the query, as the request line has them; it begins with `/`.
    public private(set) var target: String

    /// Parses an address. `https` and `http` mean the same as `wss` and `ws`.
    ///
    /// - Parameter text: the address.
    /// - Returns: nil if the text is not an address, or has a user name or a fragment.
    public init?(_ text: String) {
        let schemes = [("wss://", true), ("https://", true), ("ws://", false), ("http://", false)]
        guard let (scheme, isSecure) = schemes.first(where: { text.lowercased().hasPrefix($0.0) }),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        let target = rest[end...]
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }

    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        guard !text.contains("@") else { return nil }
        var (host, port) = (text, Substring())
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            guard !host.contains(":") else { return nil }
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        if port.isEmpty { return (String(host), nil) }
        guard let number = UInt16(port), number > 0 else { return nil }
        return (String(host), Int(number))
    }

    /// A copy of this address with one more query item.
    ///
    /// - Parameters:
    ///   - name: the item's name, not percent-encoded.
    ///   - value: the item's value, not percent-encoded.
    public func adding(_ name: String, _ value: String) -> WebSocketURL {
        var url = self
        url.target += (target.contains("?") ? "&" : "?") + "\(name.percentEncoded)=\(value.percentEncoded)"
        return url
    }

    /// A copy of this address with another path and query.
    func with(target: String) -> WebSocketURL {
        var url = self
        url.target = target
        return url
    }

    /// The decoded value of a query item; nil if there is no such item.
    ///
    /// - Parameter name: the item's name, decoded.
    public func query(_ name: String) -> String? { QueryItems(ofTarget: target).first(name) }

    /// Whether the host is this machine, so that no data crosses a network.
    var isLocal: Bool { host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true }

    /// The value for the `Host` header field.
    var authority: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    /// The whole address.
    public var description: String { (isSecure ? "wss://" : "ws://") + authority + target }

    /// The address without the query, which may hold secrets.
    public var shown: String {
        (isSecure ? "wss://" : "ws://") + authority + target.prefix { $0 != "?" }
    }
}

/// The query items of a URL.
struct QueryItems: Sendable {
    /// The decoded names and values, in order.
    let items: [(name: String, value: String)]

    /// Parses the query of a request target; empty if there is no query.
    init(ofTarget target: String) {
        let text = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
        items = text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]).percentDecoded, parts.count == 2 ? String(parts[1]).percentDecoded : "")
        }
    }

    func first(_ name: String) -> String? { items.first { $0.name == name }?.value }
}

extension String {
    /// The text with every byte except letters, digits and `-._~` encoded as `%XX`.
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF")
        return utf8.reduce(into: "") { text, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte)
            {
                text.unicodeScalars.append(scalar)
            } else {
                text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }

    /// The text with `%XX` decoded, and `+` decoded as a space.
    var percentDecoded: String {
        var bytes: [UInt8] = []
        var rest = Substring(self).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The longest prefix of whole scalars of at most `limit` UTF-8 bytes.
    func cut(toUTF8Bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, String.Index(end, within: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
