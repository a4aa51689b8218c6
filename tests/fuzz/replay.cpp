// replay.cpp: the main() of a fuzz target without libFuzzer. Runs the target on every file of a folder: as it is, cut
// at every byte, and with every byte changed in a few ways.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

long runs = 0;

void run(const std::string& input) {
  // A buffer of its own, without the 0 that ends a string: a sanitizer sees each byte read behind it.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  ++runs;
}

void run_with_changes(std::string input) {
  run(input);
  constexpr std::size_t most = 2048;  // longer ones are changed at so many places only
  const std::size_t step = input.size() / most + 1;
  for (std::size_t at = 0; at < input.size(); at += step) {
    run(input.substr(0, at));
    const char before = input[at];
    for (const char c :
         {'\0', '0', '9', ' ', '\n', '"', '{', '-', '\x7F', '\x80', '\xFF', static_cast<char>(before ^ 1)}) {
      input[at] = c;
      run(input);
    }
    input[at] = before;
  }
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      run_with_changes({std::istreambuf_iterator<char>(file), {}});
      ++files;
    }
  }
  std::printf("%d files, %ld runs\n", files, runs);
  return files > 0 ? 0 : 1;
}
