#pragma once

#include <stddef.h>
#include <stdint.h>

/// How many elements behind the last one that it counts `string_stops` may write.
#define STRING_STOPS_SLACK 64

/// Notes where strings may end in a text: its quotes, backslashes, control characters and bytes beyond ASCII.
///
/// Writes the index of each such byte plus `first` to `stops`, in ascending order, and gives their number. `stops` has room for `count`
/// elements and the slack.
size_t string_stops(const uint8_t *text, size_t count, uint32_t first, uint32_t *stops);
