/// How often this program has asked for memory, from every thread, since it began; -1 where that cannot be counted.
long allocation_count(void);

/// How many bytes are allocated at the moment; 0 where that is not known.
long allocation_bytes(void);
