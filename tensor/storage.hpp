// storage.hpp: the memory behind tensors: blocks that are kept and used again, and counted references to buffers.
//
// Fresh memory is dear: the first touch of a page costs more than most arithmetic on it. So blocks that are freed wait
// for the next request of about their size: small ones with the thread that freed them (no lock), large ones in one
// pool. A buffer is a block with a header and the numbers behind it; autograd's nodes live in such blocks too. This
// file knows nothing of shapes. Read next: tensor.hpp.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// `bytes` of memory aligned to 64 (a cache line, and the widest vector), contents undefined. Throws std::bad_alloc.
void* allocate_block(std::size_t bytes);
/// Takes a block back, with the `bytes` that were asked for.
void release_block(void* block, std::size_t bytes) noexcept;

/// What the pool of large blocks (from 32 KiB) holds, in bytes. Small blocks are not counted.
struct MemoryStats {
  std::size_t in_use;  ///< in tensors now
  std::size_t peak;    ///< most that was in use at one time
  std::size_t cached;  ///< freed, and kept for reuse; at most 4 GiB
};
MemoryStats memory_stats();  ///< as they are now
/// Hands all that the pool and this thread keep for reuse back to the system.
void release_cached_memory() noexcept;

/// For std::allocate_shared and containers: objects in blocks.
template <class T>
struct BlockAllocator {
  using value_type = T;
  BlockAllocator() = default;
  template <class U>
  BlockAllocator(const BlockAllocator<U>& /*of another type*/) {}  // NOLINT: allocators convert
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_block(count * sizeof(T))); }
  void deallocate(T* objects, std::size_t count) noexcept { release_block(objects, count * sizeof(T)); }
  bool operator==(const BlockAllocator& /*all are alike*/) const { return true; }
};

/// A vector whose memory comes back to the pool.
template <class T>
using BlockVector = std::vector<T, BlockAllocator<T>>;

/// Header of a buffer; the numbers follow it.
struct alignas(64) Buffer {
  std::atomic<Index> references{1};  ///< how many BufferRefs hold it
  /// Grows with every access for writing. Autograd compares it to see that what it saved is still what it saved.
  std::atomic<std::uint32_t> version{0};
  std::size_t bytes = 0;  ///< of the block, header included

  /// The first number.
  real* numbers() { return reinterpret_cast<real*>(this + 1); }
};

/// A buffer of `count` numbers, their contents undefined. Throws std::bad_alloc.
Buffer* allocate_buffer(Index count);

/// Shared ownership of a Buffer, or of nothing (an empty buffer has no block).
class BufferRef {
 public:
  BufferRef() = default;
  explicit BufferRef(Buffer* buffer) : buffer_(buffer) {}  ///< takes over the one reference of a new block
  /// One reference more.
  BufferRef(const BufferRef& other) : buffer_(other.buffer_) {
    if (buffer_ != nullptr) buffer_->references.fetch_add(1, std::memory_order_relaxed);
  }
  /// Takes over; `other` holds nothing afterwards.
  BufferRef(BufferRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  /// By copy and swap, so that assigning one to itself is safe.
  BufferRef& operator=(BufferRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~BufferRef() {
    // The last holder need not count down: nobody else can be looking.
    if (buffer_ == nullptr) return;
    if (unique() || buffer_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      release_block(buffer_, buffer_->bytes);
    }
  }

  Buffer* get() const { return buffer_; }  ///< null when it holds nothing
  /// True when this is the only reference.
  bool unique() const { return buffer_ != nullptr && buffer_->references.load(std::memory_order_acquire) == 1; }

 private:
  Buffer* buffer_ = nullptr;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
