extension KeyedDecodingContainer {
    /// Reads an optional field; absent and null are nil.
    func read<Value: Decodable>(_ value: inout Value?, _ key: Key) throws {
        value = try decodeIfPresent(Value.self, forKey: key)
    }
}
