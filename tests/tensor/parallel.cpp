// parallel.cpp: loops over several threads: every chunk runs once, sums do not depend on the threads, and an exception
// comes out after the loop, not through it.
#include <atomic>
#include <stdexcept>
#include <thread>

#include "support/compare.hpp"
#include "support/sanitized.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad {
namespace {

const std::thread::id main_thread = std::this_thread::get_id();

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(every_index_is_visited_once) {
  for (const int threads : {1, 2, 4, testing::sanitized ? 4 : 70}) {  // 70: more than there are ranges to begin with
    const ThreadScope scope(threads);
    for (const Index count : {0, 1, 9, 10, 11, 1000}) {
      std::vector<int> visits(static_cast<std::size_t>(count), 0);
      parallel_for(count, 10, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
      });
      BOOST_TEST_CONTEXT(threads << " threads, " << count) {
        for (int v : visits) BOOST_REQUIRE_EQUAL(v, 1);
      }
    }
  }
}

// Where threads come late, loops begin alone, and some go on with all threads: the sums must be the same.
BOOST_AUTO_TEST_CASE(every_index_is_visited_once_beside_busy_neighbours) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> neighbours;
  for (int i = 0; i < 4; ++i) {
    neighbours.emplace_back([&] {
      while (!stop) {
      }
    });
  }
  const ThreadScope scope(4);
  std::vector<int> visits(37, 0);
  int alone = 0;
  constexpr int loops = 300;
  for (int loop = 0; loop < loops; ++loop) {
    std::atomic<bool> others = false;
    parallel_for(37, 1, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
      others = others || std::this_thread::get_id() != main_thread;
    });
    alone += others ? 0 : 1;
  }
  stop = true;
  for (std::thread& neighbour : neighbours) neighbour.join();
  for (const int v : visits) BOOST_REQUIRE_EQUAL(v, loops);
  BOOST_TEST_MESSAGE(alone << " of " << loops << " loops ran on one thread");
}

BOOST_AUTO_TEST_CASE(chunks_depend_on_the_grain_only) {
  for (const int threads : {1, 3}) {
    const ThreadScope scope(threads);
    std::vector<Index> ends(4, -1);
    parallel_for(35, 10, [&](Index begin, Index end) { ends[static_cast<std::size_t>(begin / 10)] = end; });
    BOOST_CHECK((ends == std::vector<Index>{10, 20, 30, 35}));
  }
}

BOOST_AUTO_TEST_CASE(a_grain_below_one_counts_as_one) {
  std::atomic<int> calls{0};
  parallel_for(3, 0, [&](Index, Index) { ++calls; });
  BOOST_CHECK_EQUAL(calls.load(), 3);
}

BOOST_AUTO_TEST_CASE(the_exception_of_the_lowest_chunk_is_thrown_when_all_chunks_are_done) {
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    std::atomic<int> done{0};
    std::string text;
    try {
      parallel_for(100, 1, [&](Index begin, Index) {
        ++done;
        if (begin % 10 == 7) throw std::runtime_error(std::to_string(begin));
      });
    } catch (const std::runtime_error& error) {
      text = error.what();
    }
    BOOST_CHECK_EQUAL(text, "7");
    BOOST_CHECK_EQUAL(done.load(), 100);
  }
}

BOOST_AUTO_TEST_CASE(after_an_exception_loops_run_as_before) {
  BOOST_CHECK_THROW(parallel_for(10, 1, [](Index, Index) { throw std::bad_alloc(); }), std::bad_alloc);
  std::atomic<int> done{0};
  parallel_for(10, 1, [&](Index, Index) { ++done; });
  BOOST_CHECK_EQUAL(done.load(), 10);
}

BOOST_AUTO_TEST_CASE(sums_have_the_same_bits_with_any_number_of_threads) {
  const auto run = [](int threads) {
    const ThreadScope scope(threads);
    return parallel_sum(1000000, 1000, [](Index begin, Index end) {
      double sum = 0;
      for (Index i = begin; i < end; ++i) sum += 1.0 / static_cast<double>(i + 1);
      return sum;
    });
  };
  const double one = run(1);
  BOOST_CHECK_CLOSE(one, 14.392726722865723, 1e-12);
  BOOST_CHECK_EQUAL(one, run(2));
  BOOST_CHECK_EQUAL(one, run(4));
  BOOST_CHECK_EQUAL(parallel_sum(0, 1, [](Index, Index) { return 1.0; }), 0.0);
}

BOOST_AUTO_TEST_CASE(a_loop_inside_a_chunk_runs_serially) {
  const ThreadScope scope(4);
  std::vector<Index> sums(8, 0);
  std::atomic<bool> forked{false};
  parallel_for(8, 1, [&](Index begin, Index) {
    parallel_for(100, 10, [&](Index from, Index to) {
      if (thread_count() != 1) forked = true;
      for (Index i = from; i < to; ++i) sums[static_cast<std::size_t>(begin)] += i;
    });
  });
  for (Index sum : sums) BOOST_CHECK_EQUAL(sum, 4950);
  BOOST_CHECK(!forked.load());
}

BOOST_AUTO_TEST_CASE(a_thread_scope_restores_what_it_found) {
  const int before = thread_count();
  {
    const ThreadScope three(3);
    if (before > 1) BOOST_CHECK_EQUAL(thread_count(), 3);
    {
      const ThreadScope one(1);
      BOOST_CHECK_EQUAL(thread_count(), 1);
    }
    if (before > 1) BOOST_CHECK_EQUAL(thread_count(), 3);
    const ThreadScope none(0);
    BOOST_CHECK_EQUAL(thread_count(), 1);
  }
  BOOST_CHECK_EQUAL(thread_count(), before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
