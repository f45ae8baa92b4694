import ConfigSource

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The UTC offsets of a time zone, including daylight saving, from the system's time zone data.
public struct TimeZoneRules: Sendable, Hashable {
    /// Why a zone cannot be loaded.
    public enum Failure: Error, Hashable {
        /// The folder has no time zone data.
        case noData(folder: String)
        /// The data has no zone of this name. `names` are the zones that it has, if it lists them.
        case unknown(names: [String])
        /// The zone's file is not time zone data.
        case unreadable(path: String)
    }

    /// The zone's name: `Europe/Lisbon`.
    public let name: String
    private let file: TimeZoneFile

    /// The zone `UTC`, which needs no data.
    public static let utc = TimeZoneRules(name: "UTC", file: TimeZoneFile(offset: 0))

    private init(name: String, file: TimeZoneFile) {
        self.name = name
        self.file = file
    }

    /// Loads a zone from the system's data, in the folder `TZDIR` or `/usr/share/zoneinfo`.
    public static func load(_ name: String) throws(Failure) -> TimeZoneRules {
        guard name != utc.name else { return utc }
        let folder = getenv("TZDIR").flatMap { unsafe String(validatingCString: $0) } ?? "/usr/share/zoneinfo"
        return try load(name, from: folder)
    }

    /// Loads a zone from a folder of time zone data.
    static func load(_ name: String, from folder: String) throws(Failure) -> TimeZoneRules {
        let path = "\(folder)/\(name)"
        let isName = !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
        guard isName, let bytes = try? SourceFile(reading: path, limit: 1 << 20).bytes else {
            throw access("\(folder)/Etc/UTC", R_OK) == 0
                ? .unknown(names: names(in: folder)) : .noData(folder: folder)
        }
        guard let file = TimeZoneFile(bytes) else { throw .unreadable(path: path) }
        return TimeZoneRules(name: name, file: file)
    }

    /// The names of the zones in a folder, from `tzdata.zi`, or from `zone.tab`, which lacks older names.
    private static func names(in folder: String) -> [String] {
        func lines(_ file: String) -> [Substring] {
            let bytes = (try? SourceFile(reading: "\(folder)/\(file)", limit: 1 << 20).bytes) ?? []
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        }
        let zones = lines("tzdata.zi").compactMap { line -> String? in
            let words = line.split(separator: " ", maxSplits: 3)
            switch words.first {
            case "Z" where words.count > 1: return String(words[1])
            case "L" where words.count > 2: return String(words[2])
            default: return nil
            }
        }
        guard zones.isEmpty else { return zones }
        return lines("zone.tab").filter { !$0.hasPrefix("#") }.compactMap { line in
            let columns = line.split(separator: "\t")
            return columns.count > 2 ? String(columns[2]) : nil
        }
    }

    /// The offset from UTC at a moment, in seconds.
    ///
    /// - Parameter moment: Seconds since 1970-01-01T00:00:00Z.
    public func offset(at moment: Int) -> Int { file.offset(at: moment) }
}
