// atomic_file.cpp: temporary file, flush, rename.
#include "nn/atomic_file.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <unistd.h>

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

namespace fs = std::filesystem;

// Files "<name>.tmp-<pid>" whose process is gone are what a killed run left behind.
void remove_stale(const fs::path& path) {
  const std::string prefix = path.filename().string() + ".tmp-";
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const long process = std::atol(name.c_str() + prefix.size());
    if (process > 0 && ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH) fs::remove(entry.path(), ignored);
  }
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), target_(path_) {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);  // of what a link points to
  if (fs::is_directory(status)) fail("cannot be written", EISDIR);
  const bool device = fs::exists(status) && !fs::is_regular_file(status);
  if (!device) {
    if (fs::is_symlink(path_, error)) {
      target_ = fs::weakly_canonical(path_, error).string();
      if (error) fail("cannot be written", error.value());  // links that lead in a circle, say
    }
    temporary_ = fmt::format("{}.tmp-{}", target_, ::getpid());
    remove_stale(target_);
  }
  file_ = std::fopen(device ? path_.c_str() : temporary_.c_str(), "wb");
  if (file_ == nullptr) fail("cannot be written");
}

AtomicFile::~AtomicFile() {
  std::fclose(file_);
  if (!temporary_.empty()) std::remove(temporary_.c_str());
}

void AtomicFile::write(const void* bytes, std::size_t count) {
  if (count > 0 && std::fwrite(bytes, 1, count, file_) != count) fail("writing failed");
}

void AtomicFile::commit() {
  const bool direct = temporary_.empty();
  // Pipes and devices cannot be synchronised; for them the flush is all there is.
  if (std::fflush(file_) != 0 || (!direct && ::fsync(::fileno(file_)) != 0)) fail("writing failed");
  if (!direct && std::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be put in place");
  temporary_.clear();  // there is nothing left to remove
}

void AtomicFile::fail(std::string_view what, int error) const {
  throw FileError("write", "{}: {} ({})", path_, what, std::strerror(error));
}

void write_text_file(const std::string& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace lexigrad::inline LEXIGRAD_NS
