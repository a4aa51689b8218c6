// sanitized.hpp: is a sanitizer at work? LEXIGRAD_SANITIZED for the preprocessor, `sanitized` for the rest. Then freed
// memory is not used again, shadow memory is beyond any limit, and what clang's OpenMP never frees of many threads is
// reported.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define LEXIGRAD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define LEXIGRAD_SANITIZED 1
#endif
#endif
#ifndef LEXIGRAD_SANITIZED
#define LEXIGRAD_SANITIZED 0
#endif

namespace lexigrad::testing {

constexpr bool sanitized = LEXIGRAD_SANITIZED == 1;

}  // namespace lexigrad::testing
