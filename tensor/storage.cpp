// storage.cpp: blocks of memory in classes of size, so that one that is freed fits the next request of about its size.
//
// Sizes are rounded up to one of eight steps between powers of two: at most an eighth is wasted. Blocks below 32 KiB
// wait in lists of the thread that freed them, larger ones in lists behind a mutex; both are bounded, and what does not
// fit goes back to the system. Of blocks from 4 MiB on the system is asked to use huge pages: a page fault for 2 MiB in
// place of 512. Under sanitizers nothing is kept, so that a use after free is seen.
#include "tensor/storage.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#if !defined(__has_feature)  // clang has it, GCC from 14 on
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define LEXIGRAD_POOL 0
#else
#define LEXIGRAD_POOL 1
#endif

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t thread_limit = std::size_t{16} << 20;  // bytes that a thread keeps
constexpr std::size_t pool_limit = std::size_t{4} << 30;     // bytes that the pool keeps

struct SizeClass {
  std::size_t bytes;
  std::size_t number;
};

// Steps of 64 up to 512, then eight steps from each power of two to the next. The first 64 bytes are not counted: they
// are a buffer's header, and the numbers behind it are often a power of two.
constexpr SizeClass size_class(std::size_t wanted) {
  const std::size_t bytes = wanted > alignment ? wanted - alignment : 0;
  if (bytes <= 512) return {(bytes + 63) / 64 * 64 + alignment, (bytes + 63) / 64};
  const auto shift = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 4;
  const std::size_t steps = ((bytes - 1) >> shift) + 1;  // 9 .. 16
  return {(steps << shift) + alignment, (shift - 6) * 8 + steps};
}

constexpr std::size_t small_classes = size_class(alignment + (std::size_t{32} << 10)).number + 1;
constexpr std::size_t all_classes = size_class(std::numeric_limits<std::size_t>::max() / 4).number + 1;

// A freed block; the list of its class goes through it.
struct FreeBlock {
  FreeBlock* next;
  std::size_t used;  // bytes that its last user asked for, so its first pages up to there have been touched
};

FreeBlock* pop(FreeBlock*& list) { return std::exchange(list, list->next); }
void push(FreeBlock*& list, void* block, std::size_t used) { list = new (block) FreeBlock{list, used}; }

// The block with the smallest used part that is enough, else the first: the end of a huge block that nobody touched yet
// would cost page faults.
FreeBlock* pop_best(FreeBlock*& list, std::size_t wanted) {
  FreeBlock** best = &list;
  for (FreeBlock** at = &list; *at != nullptr; at = &(*at)->next) {
    const bool fits = (*at)->used >= wanted, best_fits = (*best)->used >= wanted;
    if (fits && (!best_fits || (*at)->used < (*best)->used)) best = at;
  }
  return pop(*best);
}

// Gives all blocks of the lists back to the system; `bytes` counts them.
void free_all(auto& lists, std::size_t& bytes) noexcept {
  for (FreeBlock*& list : lists) {
    while (list != nullptr) std::free(pop(list));
  }
  bytes = 0;
}

thread_local bool thread_ended = false;  // outlives the cache: blocks may still be freed then

struct ThreadCache {
  FreeBlock* lists[small_classes] = {};
  std::size_t bytes = 0;

  ~ThreadCache() {
    free_all(lists, bytes);
    thread_ended = true;
  }
};
thread_local ThreadCache thread_cache;

struct Pool {
  std::mutex mutex;
  FreeBlock* lists[all_classes] = {};
  MemoryStats stats{};
};

// Never destroyed: tensors in static objects may be freed after it would be.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

void* from_system(std::size_t bytes) {
  const std::size_t alignment_here = bytes >= 2 * huge_page ? huge_page : alignment;
  const std::size_t whole = (bytes + alignment_here - 1) / alignment_here * alignment_here;
  void* block = std::aligned_alloc(alignment_here, whole);
  if (block == nullptr) {
    release_cached_memory();
    block = std::aligned_alloc(alignment_here, whole);
    if (block == nullptr) throw std::bad_alloc();
  }
  // All of it is touched now: a later user may reach further into it than the first one does.
  if (alignment_here == alignment) {
    for (std::size_t i = 0; i < bytes; i += 4096) static_cast<volatile char*>(block)[i] = 0;
  }
#if defined(__linux__)
  if (alignment_here == huge_page) madvise(block, bytes, MADV_HUGEPAGE);  // advice: it may be refused
#endif
  return block;
}

void* allocate_large(const SizeClass& size, std::size_t bytes) {
  Pool& p = pool();
  void* block = nullptr;
  {
    const std::lock_guard lock(p.mutex);
    if (p.lists[size.number] != nullptr) {
      block = pop_best(p.lists[size.number], bytes);
      p.stats.cached -= size.bytes;
    }
  }
  if (block == nullptr) block = from_system(size.bytes);
  const std::lock_guard lock(p.mutex);
  p.stats.in_use += size.bytes;
  p.stats.peak = std::max(p.stats.peak, p.stats.in_use);
  return block;
}

void release_large(void* block, const SizeClass& size, std::size_t bytes) noexcept {
  Pool& p = pool();
  {
    const std::lock_guard lock(p.mutex);
    p.stats.in_use -= size.bytes;
    if (LEXIGRAD_POOL && p.stats.cached + size.bytes <= pool_limit) {
      p.stats.cached += size.bytes;
      push(p.lists[size.number], block, bytes);
      return;
    }
  }
  std::free(block);
}

}  // namespace

void* allocate_block(std::size_t bytes) {
  if (bytes > std::numeric_limits<std::size_t>::max() / 4) throw std::bad_alloc();
  const SizeClass size = size_class(bytes);
  if (size.number >= small_classes) return allocate_large(size, bytes);
  if (thread_ended || thread_cache.lists[size.number] == nullptr) return from_system(size.bytes);
  thread_cache.bytes -= size.bytes;
  return pop(thread_cache.lists[size.number]);
}

void release_block(void* block, std::size_t bytes) noexcept {
  const SizeClass size = size_class(bytes);
  if (size.number >= small_classes) return release_large(block, size, bytes);
  if (!LEXIGRAD_POOL || thread_ended || thread_cache.bytes + size.bytes > thread_limit) return std::free(block);
  thread_cache.bytes += size.bytes;
  push(thread_cache.lists[size.number], block, bytes);
}

MemoryStats memory_stats() {
  const std::lock_guard lock(pool().mutex);
  return pool().stats;
}

void release_cached_memory() noexcept {
  if (!thread_ended) free_all(thread_cache.lists, thread_cache.bytes);
  const std::lock_guard lock(pool().mutex);
  free_all(pool().lists, pool().stats.cached);
}

Buffer* allocate_buffer(Index count) {
  constexpr auto most = static_cast<Index>(std::numeric_limits<std::ptrdiff_t>::max() / 4 / sizeof(real));
  if (count > most) throw std::bad_alloc();
  const std::size_t bytes = sizeof(Buffer) + static_cast<std::size_t>(count) * sizeof(real);
  return new (allocate_block(bytes)) Buffer{.bytes = bytes};
}

}  // namespace lexigrad::inline LEXIGRAD_NS
