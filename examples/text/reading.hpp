// reading.hpp: text files into strings that the rest can rely on: UTF-8, no binary data, LF line ends.
//
// Everything that can be wrong with a file is found here, before anything is trained on it, and said with the place.
// Read next: corpus.hpp.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lexigrad::text {

/// The whole text of a file, or of standard input for "-". A byte order mark at the start goes; CR LF and CR become LF.
/// Throws FileError naming the path for a file that is missing, a folder, a device, not readable, without text, binary
/// (a control character that is not white space; with its offset in bytes) or not UTF-8 (with offset and line of the
/// bad bytes).
std::string read_text(const std::string& path);

/// All bytes of a file, as they are, or of standard input for "-". Throws FileError naming the path for a file that is
/// missing, a folder, a device, or not readable; `expected` says what it should have been.
std::string read_bytes(const std::string& path, std::string_view expected);

/// The checks of read_text() on bytes that are here already; `name` stands for the path.
std::string clean_text(std::string bytes, std::string_view name);

/// The documents of a text: stretches of lines between blank lines (empty, or white space only). The line ends inside a
/// document stay, the last one goes. Takes text as read_text() gives it.
std::vector<std::string> split_documents(std::string_view text);

/// The documents of all files, in order; no document goes over the end of a file.
std::vector<std::string> read_documents(std::span<const std::string> paths);

}  // namespace lexigrad::text
