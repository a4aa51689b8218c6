// storage.cpp: the pool of freed buffers: a block comes back for a tensor of about its size, and never while in use.
// Under sanitizers nothing is pooled; the cases that need the pool then only check that nothing breaks.
#include <limits>
#include <new>

#include "support/compare.hpp"
#include "tensor/storage.hpp"

namespace lexigrad {
namespace {

#if defined(__SANITIZE_ADDRESS__)
#define LEXIGRAD_TEST_POOL false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define LEXIGRAD_TEST_POOL false
#endif
#endif
#ifndef LEXIGRAD_TEST_POOL
#define LEXIGRAD_TEST_POOL true
#endif
constexpr bool pooled = LEXIGRAD_TEST_POOL;

constexpr Index large = 1 << 20;  // numbers: 4 MiB of float

BOOST_AUTO_TEST_SUITE(storage)

BOOST_AUTO_TEST_CASE(a_large_freed_block_is_used_again) {
  release_cached_memory();
  const void* first = empty({large}).data();
  const Tensor again = empty({large});
  if (pooled) BOOST_CHECK(again.data() == first);
  const Tensor third = empty({large});
  BOOST_CHECK(third.data() != again.data());
}

BOOST_AUTO_TEST_CASE(a_block_serves_sizes_up_to_an_eighth_smaller) {
  release_cached_memory();
  const void* first = empty({large}).data();
  if (pooled) BOOST_CHECK(empty({large - 1000}).data() == first);
  Buffer* buffer = allocate_buffer(large + 1);
  const std::size_t wanted = static_cast<std::size_t>(large + 1) * sizeof(real);
  BOOST_CHECK_GE(buffer->capacity, wanted);
  BOOST_CHECK_LE(buffer->capacity, wanted + wanted / 8 + 64);
  release_buffer(buffer);
}

BOOST_AUTO_TEST_CASE(every_size_gets_room_with_at_most_an_eighth_or_64_bytes_to_spare) {
  for (Index count = 1; count < 40000; count += 1 + count / 7) {
    const BufferRef buffer(allocate_buffer(count));
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(real);
    BOOST_REQUIRE_GE(buffer.get()->capacity, bytes);
    BOOST_REQUIRE_LT(buffer.get()->capacity, bytes + std::max<std::size_t>(64, bytes / 8 + 1));
  }
}

BOOST_AUTO_TEST_CASE(a_block_that_is_used_again_begins_with_one_reference_and_version_0) {
  release_cached_memory();
  {
    Tensor x = zeros({large});
    x.fill(1);
  }
  const Tensor y = empty({large});
  BOOST_CHECK(y.unique());
  BOOST_CHECK_EQUAL(y.version(), 0U);
}

BOOST_AUTO_TEST_CASE(a_shared_buffer_is_kept_until_its_last_holder_goes) {
  release_cached_memory();
  Tensor view;
  {
    const Tensor x = full({large}, 3);
    view = x.rows(large - 2, 2);
  }
  const Tensor other = full({large}, 5);  // must not be the same memory
  testing::check_close(view, {3, 3});
  BOOST_CHECK(view.unique());
}

BOOST_AUTO_TEST_CASE(more_than_can_be_addressed_is_bad_alloc) {
  BOOST_CHECK_THROW(allocate_buffer(std::numeric_limits<Index>::max()), std::bad_alloc);
  BOOST_CHECK_THROW(empty({Index{1} << 31, Index{1} << 31}), std::bad_alloc);
}

BOOST_AUTO_TEST_CASE(references_are_counted_through_copies_and_moves) {
  BufferRef a(allocate_buffer(4));
  BOOST_CHECK(a.unique());
  BufferRef b = a;
  BOOST_CHECK(!a.unique());
  BufferRef c = std::move(b);
  BOOST_CHECK(b.get() == nullptr && !b.unique());  // NOLINT(bugprone-use-after-move): moved-from is empty
  BOOST_CHECK_EQUAL(a.get()->references.load(), 2);
  a = BufferRef();
  BOOST_CHECK(c.unique());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
