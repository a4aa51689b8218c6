// pch.hpp: precompiled for the test executables: Boost.Test's headers are most of what a test file costs to compile.
#include <boost/test/unit_test.hpp>

#include <fmt/format.h>
