// storage.hpp: the memory behind tensors: one block per buffer, counted references, a version, and a pool.
//
// A buffer is a header and the numbers behind it, in one allocation. Large buffers that are freed are kept for the
// next tensor of about their size: on fresh memory the page faults cost more than most arithmetic. This file knows
// nothing of shapes. Read next: tensor.hpp.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Header of a buffer; the numbers follow it, aligned to 64 bytes (a cache line, and the widest vector).
struct alignas(64) Buffer {
  std::atomic<Index> references{1};  ///< how many BufferRefs hold it
  /// Grows with every access for writing. Autograd compares it to see that what it saved is still what it saved.
  std::atomic<std::uint32_t> version{0};
  std::size_t capacity = 0;  ///< bytes behind the header

  /// The first number.
  real* numbers() { return reinterpret_cast<real*>(this + 1); }
};

/// A block for `count` numbers, its contents undefined. Throws std::bad_alloc.
Buffer* allocate_buffer(Index count);
/// Gives a block with no references left back to the pool or to the system.
void release_buffer(Buffer* buffer) noexcept;
/// Hands all memory that the pool keeps back to the system.
void release_cached_memory() noexcept;

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
    if (buffer_ != nullptr && buffer_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) release_buffer(buffer_);
  }

  Buffer* get() const { return buffer_; }  ///< null when it holds nothing
  /// True when this is the only reference.
  bool unique() const { return buffer_ != nullptr && buffer_->references.load(std::memory_order_acquire) == 1; }

 private:
  Buffer* buffer_ = nullptr;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
