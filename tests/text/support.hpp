// support.hpp: what the suites of this folder share: a temporary folder, expected errors, lists that are compared
// whole.
#pragma once
#include <atomic>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "nn/atomic_file.hpp"
#include "tensor/error.hpp"
#include "tensor/ids.hpp"
#include "tensor/random.hpp"

namespace support {

using namespace lexigrad;

/// A folder that lives as long as the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() / fmt::format("lexigrad-text-{}-{}", ::getpid(), ++count);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  /// A new file with this content; gives its path.
  std::string file(const std::string& name, std::string_view content) const {
    write_text_file(file(name), content);
    return file(name);
  }
  std::size_t entries() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path_)) ++count;
    return count;
  }

 private:
  std::filesystem::path path_;
};

/// The text of the Error of type E that `run` throws; a failed check when it throws none.
template <class E, class Run>
std::string error_text(Run&& run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  }
  BOOST_ERROR("no error was thrown");
  return "";
}

/// Uniform in [0, count).
inline std::size_t below(Rng& rng, std::size_t count) {
  return static_cast<std::size_t>(rng.below(static_cast<Index>(count)));
}

inline void check_has(const std::string& text, std::string_view part) {
  BOOST_TEST(text.find(part) != std::string::npos, "\"" << text << "\" lacks \"" << part << "\"");
}

inline void check_list(const std::vector<std::string>& found, const std::vector<std::string>& expected) {
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

inline void check_ids(std::span<const Index> found, const std::vector<Index>& expected) {
  BOOST_TEST(std::vector<Index>(found.begin(), found.end()) == expected, boost::test_tools::per_element());
}

}  // namespace support
