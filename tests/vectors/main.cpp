// main.cpp: the test executable of examples/vectors; each suite is one file.
#define BOOST_TEST_DYN_LINK
#define BOOST_TEST_MODULE vectors
#include <boost/test/unit_test.hpp>
