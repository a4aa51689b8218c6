// storage.cpp: the pool of freed buffers: a block comes back for a tensor of about its size, and never while in use.
// Under sanitizers nothing is pooled; the cases that need the pool then only check that nothing breaks.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "support/compare.hpp"
#include "support/sanitized.hpp"
#include "tensor/storage.hpp"

namespace lexigrad {
namespace {

constexpr bool pooled = !testing::sanitized;

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
  BOOST_CHECK_EQUAL(buffer->bytes, wanted + sizeof(Buffer));
  const std::size_t before = memory_stats().in_use;
  release_block(buffer, buffer->bytes);
  const std::size_t block = before - memory_stats().in_use;
  BOOST_CHECK_GE(block, wanted + sizeof(Buffer));
  BOOST_CHECK_LE(block, wanted + sizeof(Buffer) + wanted / 8);
}

BOOST_AUTO_TEST_CASE(every_large_size_gets_room_with_at_most_an_eighth_to_spare) {
  for (std::size_t bytes = 40000; bytes < std::size_t{1} << 24; bytes += 1 + bytes / 7) {
    const std::size_t before = memory_stats().in_use;
    void* block = allocate_block(bytes);
    const std::size_t got = memory_stats().in_use - before;
    BOOST_REQUIRE_GE(got, bytes);
    BOOST_REQUIRE_LE(got, bytes + bytes / 8);
    release_block(block, bytes);
    BOOST_REQUIRE_EQUAL(memory_stats().in_use, before);
  }
  release_cached_memory();
}

BOOST_AUTO_TEST_CASE(every_small_size_gets_room_of_its_own) {
  std::vector<std::pair<unsigned char*, std::size_t>> blocks;
  for (int round = 0; round < 2; ++round) {  // the second time from what was kept
    for (std::size_t bytes = 1; bytes < 40000; bytes += 1 + bytes / 9) {
      auto* block = static_cast<unsigned char*>(allocate_block(bytes));
      BOOST_REQUIRE_EQUAL(reinterpret_cast<std::uintptr_t>(block) % 64, 0U);
      std::fill_n(block, bytes, static_cast<unsigned char>(bytes));
      blocks.emplace_back(block, bytes);
    }
    for (const auto& [block, bytes] : blocks) {
      BOOST_REQUIRE(std::count(block, block + bytes, static_cast<unsigned char>(bytes)) == static_cast<Index>(bytes));
      release_block(block, bytes);
    }
    blocks.clear();
  }
}

BOOST_AUTO_TEST_CASE(a_small_block_comes_back_to_the_thread_that_freed_it) {
  void* first = allocate_block(320);
  release_block(first, 320);
  void* again = allocate_block(300);  // the same class
  if (pooled) BOOST_CHECK(again == first);
  std::thread([&] {
    void* other = allocate_block(320);
    if (pooled) BOOST_CHECK(other != again);
    release_block(again, 300);  // freed by another thread than took it
    release_block(other, 320);
  }).join();
}

BOOST_AUTO_TEST_CASE(statistics_follow_large_blocks_and_kept_memory_goes_back_on_request) {
  release_cached_memory();
  const MemoryStats before = memory_stats();
  BOOST_CHECK_EQUAL(before.cached, 0U);
  std::size_t block = 0;
  {
    const Tensor x = empty({large});
    block = memory_stats().in_use - before.in_use;
    BOOST_CHECK_GE(block, static_cast<std::size_t>(large) * sizeof(real));
    BOOST_CHECK_GE(memory_stats().peak, memory_stats().in_use);
  }
  BOOST_CHECK_EQUAL(memory_stats().in_use, before.in_use);
  BOOST_CHECK_EQUAL(memory_stats().cached, pooled ? block : 0U);
  release_cached_memory();
  BOOST_CHECK_EQUAL(memory_stats().cached, 0U);
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
