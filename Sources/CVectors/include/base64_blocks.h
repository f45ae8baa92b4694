#pragma once

#include <stddef.h>
#include <stdint.h>

/// Decodes blocks of 32 letters of base64 to 24 bytes each, as long as there are whole ones, all letters of them in the standard
/// alphabet, and room for 32 bytes; gives how many letters it took. Takes none on processors that it knows no way for.
size_t base64_blocks(const uint8_t *text, size_t count, uint8_t *bytes, size_t room);
