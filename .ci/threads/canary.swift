import Dispatch
import Synchronization

/// A test program for the thread sanitizer. Many threads lock one `Mutex`, which is not a race. With an argument, they
/// also change a variable without a lock, which is a race.
let guarded = Mutex<[Int]>([])
nonisolated(unsafe) var unguarded = [0]
let races = CommandLine.arguments.count > 1

DispatchQueue.concurrentPerform(iterations: 8) { _ in
    for number in 0..<20_000 {
        guarded.withLock { list in
            list.append(number)
            if list.count > 100 { list = [] }
        }
        if races { unguarded[0] += number }
    }
}
