// progress.cpp: signals that ask a program to stop.
#include "training/progress.hpp"

#include <csignal>

#include <boost/test/unit_test.hpp>

using namespace lexigrad;

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(the_first_signal_asks_and_the_second_ends) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);  // under nohup some are ignored
  training::listen_for_stop();
  BOOST_TEST(!training::stop_asked());
  std::raise(SIGHUP);
  BOOST_TEST(training::stop_asked());
  BOOST_TEST((std::signal(SIGINT, SIG_DFL) == SIG_DFL));
  BOOST_TEST((std::signal(SIGTERM, SIG_DFL) == SIG_DFL));
  BOOST_TEST((std::signal(SIGHUP, SIG_IGN) != SIG_DFL));
  training::listen_for_stop();
  BOOST_TEST((std::signal(SIGHUP, SIG_DFL) == SIG_IGN));  // as nohup has left it
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

BOOST_AUTO_TEST_SUITE_END()
