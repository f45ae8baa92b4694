// Reports waits for Synchronization.Mutex to the thread sanitizer, so that it reports only data races.
//
// On Linux, locking a free Mutex is an atomic operation, which the sanitizer sees. Waiting for a locked one is a system
// call inside the Swift runtime, which the sanitizer does not see. It then reports the accesses of the two lock holders
// as a race. This library is loaded before the runtime (LD_PRELOAD). It forwards both calls and reports the order that
// they establish.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Synchronization._MutexHandle._lockSlow(_:) and ._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Null in uninstrumented programs that the tests start.
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *mutex);
typedef SWIFT void (*unlock_function)(SELF void *mutex);

static void *runtime(const char *symbol) {
    void *function = dlsym(RTLD_NEXT, symbol);
    if (!function) {
        fprintf(stderr, "error: the Swift runtime has no %s\n", symbol);
        abort();
    }
    return function;
}

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
    lock_function lock = (lock_function)runtime(LOCK);
    lock(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF void *mutex) {
    unlock_function unlock = (unlock_function)runtime(UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    unlock(mutex);
}
