// main.cpp: the test executable of examples/text; each suite is one file.
#define BOOST_TEST_DYN_LINK
#define BOOST_TEST_MODULE text
#include <boost/test/unit_test.hpp>
