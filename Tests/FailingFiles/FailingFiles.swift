import RecordFiles
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's file operations, of which the n-th fails as on a full disk.
package final class FailingFiles: FileOperations {
    /// How the operation fails.
    package enum Failure: Sendable, CaseIterable {
        /// It alone fails.
        case once
        /// It and all later ones fail, except those that only give something back: closing, unlocking.
        case forGood
        /// If it writes, it writes a half, and the next operation fails.
        case halfway
    }

    private struct State {
        var count = 0
        var number: Int
        var failed: [String] = []
    }

    private let failure: Failure
    private let state: Mutex<State>

    /// - Parameter number: the number of the operation that fails, from 1; 0 for none.
    package init(failing number: Int, _ failure: Failure = .once) {
        self.failure = failure
        state = Mutex(State(number: number))
    }

    /// How many operations there were.
    package var count: Int { state.withLock { $0.count } }

    /// The operations that failed, such as `write`.
    package var failed: [String] { state.withLock { $0.failed } }

    /// Counts an operation.
    ///
    /// - Returns: Whether it fails; `errno` says why then.
    private func fails(_ name: String, isRelease: Bool = false) -> Bool {
        let isFailing = state.withLock { state in
            state.count += 1
            let isMeant = state.count == state.number
            let isLater = failure == .forGood && state.number > 0 && state.count > state.number && !isRelease
            guard isMeant || isLater else { return false }
            state.failed.append(name)
            return true
        }
        if isFailing { errno = ENOSPC }
        return isFailing
    }

    /// Whether the next operation is the one that fails halfway.
    private func isHalfway() -> Bool {
        guard failure == .halfway else { return false }
        return state.withLock { state in
            guard state.count + 1 == state.number else { return false }
            state.count += 1
            state.number += 1
            return true
        }
    }

    package func openFile(_ path: String, _ flags: CInt, _ mode: UInt32) -> CInt {
        fails("open") ? -1 : SystemFiles().openFile(path, flags, mode)
    }

    package func writeBytes(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int {
        if bytes.count > 1, isHalfway() {
            return SystemFiles().writeBytes(
                UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), to: descriptor)
        }
        return fails("write") ? -1 : SystemFiles().writeBytes(bytes, to: descriptor)
    }

    package func overwrite(_ bytes: UnsafeRawBufferPointer, in descriptor: CInt, at offset: Int) -> Int {
        fails("overwrite") ? -1 : SystemFiles().overwrite(bytes, in: descriptor, at: offset)
    }

    package func flush(_ descriptor: CInt) -> CInt { fails("flush") ? -1 : SystemFiles().flush(descriptor) }

    package func closeFile(_ descriptor: CInt) -> CInt {
        let result = SystemFiles().closeFile(descriptor)
        return fails("close", isRelease: true) ? -1 : result
    }

    package func lock(_ descriptor: CInt, _ operation: CInt) -> CInt {
        let isRelease = operation == LOCK_UN
        return fails(isRelease ? "unlock" : "lock", isRelease: isRelease)
            ? -1 : SystemFiles().lock(descriptor, operation)
    }

    package func link(_ path: String, as other: String) -> CInt {
        fails("link") ? -1 : SystemFiles().link(path, as: other)
    }

    package func rename(_ path: String, to other: String) -> CInt {
        fails("rename") ? -1 : SystemFiles().rename(path, to: other)
    }

    package func remove(_ path: String) -> CInt { fails("remove") ? -1 : SystemFiles().remove(path) }

    package func makeFolder(_ path: String, _ mode: UInt32) -> CInt {
        fails("make folder") ? -1 : SystemFiles().makeFolder(path, mode)
    }
}
