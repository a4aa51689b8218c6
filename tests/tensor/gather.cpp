// gather.cpp: lookups of table rows, and the sums of rows that belong to one id.
#include "tensor/gather.hpp"
#include "support/compare.hpp"
#include "tensor/ops.hpp"

namespace lexigrad {
namespace {

using testing::check_close;
using testing::error_text;
using testing::sample;

BOOST_AUTO_TEST_SUITE(gather)

BOOST_AUTO_TEST_CASE(rows_come_bit_for_bit_in_the_order_of_the_ids) {
  const Tensor table = sample({50, 33});
  const Ids ids{{7, 0, 49}, {7, 7, 1}};
  const Tensor rows = gather_rows(table, ids);
  BOOST_REQUIRE_EQUAL(to_string(rows.shape()), "[2, 3, 33]");
  for (Index i = 0; i < ids.size(); ++i) {
    BOOST_CHECK(testing::same_bits(rows.reshape({6, 33}).rows(i, 1), table.rows(ids[i], 1)));
  }
}

// Results too large for the caches are written in another way, each row from wherever it begins.
BOOST_AUTO_TEST_CASE(results_of_any_width_that_no_cache_holds) {
  for (const Index width : {1, 7, 16, 33, 300, 768}) {
    const Index count = (Index{8} << 20) / width + 1;
    const Tensor table = sample({50, width});
    std::vector<Index> values(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Index>(i * 2654435761u % 50);
    const Ids ids(std::move(values));
    const Tensor rows = gather_rows(table, ids);
    Index wrong = 0;
    for (Index i = 0; i < count; ++i) {
      wrong +=
          std::equal(rows.data() + i * width, rows.data() + (i + 1) * width, table.data() + ids[i] * width) ? 0 : 1;
    }
    BOOST_CHECK_EQUAL(wrong, 0);
    // And the way back: most rows are zeros, one is the sum of two.
    const Ids some{count - 1, 3, 2, count / 2, 3};
    Tensor want = zeros({count, width});
    scatter_add_rows(want, some, {table.rows(0, 5)});
    BOOST_CHECK(testing::same_bits(spread_rows(some, table.rows(0, 5), count), want));
  }
}

BOOST_AUTO_TEST_CASE(no_ids_give_no_rows) {
  BOOST_CHECK_EQUAL(to_string(gather_rows(zeros({4, 3}), Ids()).shape()), "[0, 3]");
}

BOOST_AUTO_TEST_CASE(an_id_equal_to_the_number_of_rows_is_refused_D003) {
  const Tensor table = zeros({4, 2});
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] { gather_rows(table, Ids{4}); }),
                    "[embedding] id 4 at position [0] is outside the vocabulary of 4");
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] {
                      gather_rows(table, Ids{0, 1000000000000});
                    }),
                    "[embedding] id 1000000000000 at position [1] is outside the vocabulary of 4");
}

BOOST_AUTO_TEST_CASE(negative_and_wrapping_ids_are_refused_D004) {
  const Tensor table = zeros({4, 2});
  for (const Index id : {Index{-1}, Index{-4}, Index{4294967297}}) {
    BOOST_CHECK_EQUAL(error_text<IndexError>([&] { gather_rows(table, Ids{id}); }),
                      fmt::format("[embedding] id {} at position [0] is outside the vocabulary of 4", id));
  }
}

BOOST_AUTO_TEST_CASE(a_table_needs_two_axes) {
  BOOST_CHECK_EQUAL(error_text<ShapeError>([] { gather_rows(zeros({4}), Ids{0}); }),
                    "[embedding] table [4]: expected [vocabulary, dim]");
}

BOOST_AUTO_TEST_CASE(rows_of_equal_ids_add_up) {
  Tensor target = ones({4, 2});
  scatter_add_rows(target, Ids{1, 3, 1, 1}, {tensor({4, 2}, {1, 1, 8, 8, 2, 2, 4, 4})}, 10);
  check_close(target, {1, 1, 71, 71, 1, 1, 81, 81});
}

// In the order of appearance: (2^24 + 1) + 1 loses both ones in float, 1 + 1 + 2^24 keeps them.
BOOST_AUTO_TEST_CASE(rows_of_equal_ids_add_up_in_their_order) {
  const double big = sizeof(real) == 4 ? 0x1p24 : 0x1p53;
  Tensor lost = zeros({1, 1}), kept = zeros({1, 1});
  scatter_add_rows(lost, Ids{0, 0, 0}, {tensor({3, 1}, {big, 1, 1})});
  scatter_add_rows(kept, Ids{0, 0, 0}, {tensor({3, 1}, {1, 1, big})});
  BOOST_CHECK_EQUAL(static_cast<double>(lost.item()), big);
  BOOST_CHECK_EQUAL(static_cast<double>(kept.item()), big + 2);
}

BOOST_AUTO_TEST_CASE(many_repeated_ids_equal_a_plain_sum) {
  Rng rng(3);
  std::vector<Index> values;
  for (int i = 0; i < 5000; ++i) values.push_back(rng.below(i % 3 == 0 ? 3 : 97));
  const Ids ids(values);
  const Tensor rows = sample({5000, 17});
  std::vector<double> want(97 * 17, 0.0);
  for (Index i = 0; i < rows.size(); ++i) {
    want[static_cast<std::size_t>(ids[i / 17] * 17 + i % 17)] += static_cast<double>(rows.data()[i]);
  }
  Tensor target = zeros({97, 17});
  scatter_add_rows(target, ids, {rows});
  check_close(target, want, 1e-5, 1e-3);
  BOOST_CHECK(testing::same_bits(spread_rows(ids, rows, 97), target));
}

BOOST_AUTO_TEST_CASE(a_lookup_larger_than_the_caches_comes_bit_for_bit) {
  const Tensor table = sample({100, 1030});
  std::vector<Index> values;
  for (Index i = 0; i < 8200; ++i) values.push_back(i * 37 % 100);
  const Tensor rows = gather_rows(table, Ids(values));
  bool same = true;
  for (Index i = 0; i < 8200; ++i) {
    const real* from = table.data() + values[static_cast<std::size_t>(i)] * 1030;
    same = same && std::equal(from, from + 1030, rows.data() + i * 1030);
  }
  BOOST_CHECK(same);
}

BOOST_AUTO_TEST_CASE(spread_rows_are_a_table_of_sums_and_zeros) {
  check_close(spread_rows(Ids{3, 1, 3}, tensor({3, 2}, {1, 2, 3, 4, 5, 6}), 5), {0, 0, 3, 4, 0, 0, 6, 8, 0, 0});
  check_close(spread_rows(Ids(), zeros({0, 2}), 2), {0, 0, 0, 0});
  BOOST_CHECK_THROW(spread_rows(Ids{2}, zeros({1, 2}), 2), IndexError);
  BOOST_CHECK_CLOSE(sum_squares_of_rows(Ids{3, 1, 3}, tensor({3, 2}, {1, 2, 3, 4, 5, 6})), 9 + 16 + 36 + 64, 1e-9);
  BOOST_CHECK_EQUAL(sum_squares_of_rows(Ids(), zeros({0, 2})), 0.0);
}

BOOST_AUTO_TEST_CASE(rows_that_ids_share_are_added_as_if_each_id_had_its_own) {
  const SharedRows rows{tensor({3, 2}, {1, 2, 3, 4, 5, 6}), {0, 2, 2, 5}, tensor({5}, {1, -1, 2, 0.5, 3})};
  const Ids ids{3, 0, 3, 1, 3};
  const Tensor own = rows.expanded();
  check_close(own, tensor({5, 2}, {1, 2, -1, -2, 10, 12, 2.5, 3, 15, 18}));
  Tensor shared = zeros({4, 2}), alone = zeros({4, 2});
  scatter_add_rows(shared, ids, rows, -2.0);
  scatter_add_rows(alone, ids, {own}, -2.0);
  check_close(shared, tensor({4, 2}, {2, 4, -5, -6, 0, 0, -52, -64}));
  check_close(shared, alone);
  check_close(SharedRows{rows.rows, rows.starts}.expanded(), tensor({5, 2}, {1, 2, 1, 2, 5, 6, 5, 6, 5, 6}));
  check_close(SharedRows{rows.rows}.expanded(), rows.rows);
  check_close(SharedRows{rows.rows, {}, tensor({3}, {2, 0, -1})}.expanded(), tensor({3, 2}, {2, 4, 0, 0, -5, -6}));
}

BOOST_AUTO_TEST_CASE(shared_rows_must_be_of_as_many_ids) {
  Tensor target = zeros({4, 2});
  const auto error = [&](const SharedRows& rows) {
    return testing::error_text([&] { scatter_add_rows(target, Ids{3, 0}, rows); });
  };
  BOOST_CHECK_EQUAL(error({zeros({1, 2}), {0, 3}}),
                    "[scatter_add_rows] rows [1, 2]: starts must ascend from 0 to 2, the count of ids");
  BOOST_CHECK_EQUAL(error({zeros({1, 2}), {1, 2}}),
                    "[scatter_add_rows] rows [1, 2]: starts must ascend from 0 to 2, the count of ids");
  BOOST_CHECK_EQUAL(error({zeros({3, 2}), {0, 3, 1, 2}}),
                    "[scatter_add_rows] rows [3, 2]: starts must ascend from 0 to 2, the count of ids");
  BOOST_CHECK_EQUAL(error({zeros({2, 2}), {}, zeros({3})}), "[scatter_add_rows] factors [3]: expected [2]");
  BOOST_CHECK_EQUAL(error({zeros({2, 2}), {0, 2}}),
                    "[scatter_add_rows] target [4, 2], rows [2, 2]: expected target [V, D] and 1 rows of D numbers");
  check_close(target, std::vector<double>(8, 0.0), 0, 0);
}

BOOST_AUTO_TEST_CASE(many_ids_far_apart_are_grouped_in_order) {  // by radix sort
  const Index far = Index{1} << 40;
  std::vector<Index> values;
  for (Index i = 0; i < 5000; ++i) values.push_back(i % 7 * far + i % 3);
  const Groups groups = group_by_id(Ids(values));
  BOOST_REQUIRE_EQUAL(groups.count(), 21);
  Index seen = 0;
  for (Index g = 0; g < groups.count(); ++g) {
    BOOST_CHECK(g == 0 || groups.id(g - 1) < groups.id(g));
    for (Index i = groups.first(g); i < groups.first(g + 1); ++i, ++seen) {
      BOOST_REQUIRE_EQUAL(values[static_cast<std::size_t>(groups.position(i))], groups.id(g));
      BOOST_REQUIRE(i == groups.first(g) || groups.position(i - 1) < groups.position(i));
    }
  }
  BOOST_CHECK_EQUAL(seen, 5000);
}

BOOST_AUTO_TEST_CASE(scattering_checks_everything_before_it_writes) {
  Tensor target = zeros({4, 2});
  BOOST_CHECK_EQUAL(error_text<IndexError>([&] {
                      scatter_add_rows(target, Ids{0, 4}, {ones({2, 2})});
                    }),
                    "[scatter_add_rows] id 4 at position [1] is outside the vocabulary of 4");
  BOOST_CHECK_EQUAL(error_text<ShapeError>([&] {
                      scatter_add_rows(target, Ids{0}, {ones({2, 2})});
                    }),
                    "[scatter_add_rows] target [4, 2], rows [2, 2]: expected target [V, D] and 1 rows of D numbers");
  check_close(target, zeros({4, 2}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace lexigrad
