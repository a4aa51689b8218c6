// main.cpp: the entry point of every test executable. Written out, since the precompiled header has already included
// Boost.Test without BOOST_TEST_MODULE, the macro that would write it.
#include "support/data.hpp"

namespace {
bool nothing_to_prepare() { return true; }
}  // namespace

int main(int argc, char** argv) {
  const int result = boost::unit_test::unit_test_main(&nothing_to_prepare, argc, argv);
  return result == 0 && lexigrad::testing::something_was_skipped ? 77 : result;
}
