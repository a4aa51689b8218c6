// sanitized.hpp: is a sanitizer at work? Then freed memory is not used again, shadow memory is beyond any limit, and
// what clang's OpenMP never frees of many threads is reported.
#pragma once

namespace lexigrad::testing {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

}  // namespace lexigrad::testing
