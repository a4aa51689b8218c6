// main.cpp: Boost.Test's entry point, shared by the test executables.
#define BOOST_TEST_MODULE lexigrad
#include <boost/test/unit_test.hpp>
