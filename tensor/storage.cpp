// storage.cpp: a small pool of large buffers behind allocate_buffer and release_buffer.
//
// Sizes are rounded up so that at most an eighth is wasted; a freed block of 64 KiB or more waits in the list of its
// size. The pool keeps at most 2 GiB; beyond that, and for small buffers, memory goes straight back. Under sanitizers
// nothing is kept, so that a use after free is seen.
#include "tensor/storage.hpp"

#include <bit>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define LEXIGRAD_POOL 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define LEXIGRAD_POOL 0
#endif
#endif
#ifndef LEXIGRAD_POOL
#define LEXIGRAD_POOL 1
#endif

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr std::size_t pooled_from = std::size_t{64} << 10;
constexpr std::size_t pool_limit = std::size_t{2} << 30;

struct Pool {
  std::mutex mutex;
  std::unordered_map<std::size_t, std::vector<Buffer*>> free_buffers;  // by capacity
  std::size_t bytes = 0;
};

// Never destroyed: tensors in static objects may be freed after it would be.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

// The next of 8 steps per power of two.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::max<std::size_t>(std::bit_floor(bytes) / 8, 64);
  return (bytes + step - 1) / step * step;
}

void free_buffer(Buffer* buffer) noexcept {
  buffer->~Buffer();
  std::free(buffer);
}

}  // namespace

Buffer* allocate_buffer(Index count) {
  constexpr auto most = static_cast<Index>(std::numeric_limits<std::ptrdiff_t>::max() / 2 / sizeof(real));
  if (count > most) throw std::bad_alloc();
  const std::size_t capacity = rounded(static_cast<std::size_t>(count) * sizeof(real));
  if (LEXIGRAD_POOL && capacity >= pooled_from) {
    Pool& p = pool();
    const std::lock_guard lock(p.mutex);
    const auto found = p.free_buffers.find(capacity);
    if (found != p.free_buffers.end() && !found->second.empty()) {
      Buffer* buffer = found->second.back();
      found->second.pop_back();
      p.bytes -= capacity;
      return new (buffer) Buffer{.capacity = capacity};
    }
  }
  void* memory = std::aligned_alloc(alignof(Buffer), sizeof(Buffer) + capacity);
  if (memory == nullptr) {
    release_cached_memory();
    memory = std::aligned_alloc(alignof(Buffer), sizeof(Buffer) + capacity);
    if (memory == nullptr) throw std::bad_alloc();
  }
  return new (memory) Buffer{.capacity = capacity};
}

void release_buffer(Buffer* buffer) noexcept {
  if (LEXIGRAD_POOL && buffer->capacity >= pooled_from) {
    Pool& p = pool();
    const std::lock_guard lock(p.mutex);
    if (p.bytes + buffer->capacity <= pool_limit) {
      try {
        p.free_buffers[buffer->capacity].push_back(buffer);
        p.bytes += buffer->capacity;
        return;
      } catch (...) {
        // No memory for the list entry: free the block instead.
      }
    }
  }
  free_buffer(buffer);
}

void release_cached_memory() noexcept {
  Pool& p = pool();
  const std::lock_guard lock(p.mutex);
  for (auto& [capacity, buffers] : p.free_buffers) {
    for (Buffer* buffer : buffers) free_buffer(buffer);
    buffers.clear();
  }
  p.bytes = 0;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
