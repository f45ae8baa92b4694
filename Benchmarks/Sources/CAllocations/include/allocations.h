/// Returns the number of allocations by all threads since the program began; -1 if the system does not support
/// counting.
long allocation_count(void);

/// Returns the number of bytes that are allocated now; 0 if the system does not report it.
long allocation_bytes(void);
