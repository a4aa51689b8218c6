// files.hpp: the bytes of a whole file.
//
// Files are written with nn/atomic_file.hpp, so that none is ever half there. Nothing here knows what the bytes mean.
// Read next: word2vec_text.hpp.
#pragma once
#include <string>

namespace lexigrad::vectors {

/// The bytes of a file; of a pipe, all there are until it ends. A device is refused. Throws FileError
/// `[read] PATH: cannot be read (No such file or directory)` with the system's reason.
std::string read_file(const std::string& path);

}  // namespace lexigrad::vectors
