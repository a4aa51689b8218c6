// temporary.hpp: a folder for one test case, gone with it. Its name has a blank and letters that are not ASCII, so that
// every test with files is a test of such paths too (D098).
#pragma once
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

struct TemporaryFolder {
  std::filesystem::path path;

  TemporaryFolder() {
    static int number = 0;
    path = std::filesystem::temp_directory_path() /
           ("lexigrad my data é中 " + std::to_string(getpid()) + " " + std::to_string(++number));
    std::filesystem::create_directories(path);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Writes a file of this folder and gives its path.
  std::string write(std::string_view name, std::string_view bytes) const {
    const std::filesystem::path file = path / name;
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
  }
};

/// The text of the error that `call` throws; "no error" when it throws none. Other kinds of exceptions come through.
template <class Expected, class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Expected& error) {
    return error.what();
  }
  return "no error";
}
