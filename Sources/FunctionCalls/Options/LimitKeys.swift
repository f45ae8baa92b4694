import ConfigSource

/// The keys of a function's `limits`: what its program may use of the machine.
enum LimitKeys {
    static let cpu = SectionKey.duration(
        "cpu", in: .seconds(1) ... .seconds(24 * 3600), "The processor time, in whole seconds; then it is killed.")
    static let memory = SectionKey.byteSize(
        "memory", in: (1 << 20)...(1 << 40), "The address space, which is more than the memory that is really used.")
    static let files = SectionKey.int("files", in: 8...(1 << 20), "How many descriptors it may have open.")

    static let form = SectionForm([cpu, memory, files])
}
