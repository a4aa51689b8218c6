// formats.cpp: which reader a file is for.
#include "vectors/formats.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "nn/safetensors.hpp"
#include "vectors/files.hpp"
#include "vectors/npy.hpp"
#include "vectors/policy.hpp"
#include "vectors/word2vec_binary.hpp"
#include "vectors/word2vec_text.hpp"

namespace lexigrad::vectors {
namespace {

namespace fs = std::filesystem;

constexpr Index most_rows = Index{1} << 40;

constexpr std::pair<std::string_view, Format> format_names[] = {
    {"detect", Format::detect}, {"word2vec", Format::word2vec}, {"glove", Format::glove},
    {"binary", Format::binary}, {"npy", Format::npy},           {"safetensors", Format::safetensors}};

// table.npy.gz → table.npy
fs::path unpacked(const fs::path& path) { return path.extension() == ".gz" ? path.parent_path() / path.stem() : path; }

// Whether bytes look like text: UTF-8 (perhaps cut at the end) without control characters but tab and line ends.
bool looks_like_text(std::string_view bytes) {
  for (char32_t value = 0; !bytes.empty();) {
    const std::size_t length = decode_utf8(bytes, value);
    if (length == 0) return bytes.size() < 4;
    if ((value < 0x20 && value != '\t' && value != '\n' && value != '\r') || value == 0x7F) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

// Binary or text, for a file that begins with two whole numbers: what follows the first word are digits, or any bytes.
bool has_binary_rows(std::string_view bytes) {
  const std::size_t line = bytes.substr(0, 64).find('\n');
  if (line == std::string_view::npos ||
      bytes.substr(0, line).find_first_not_of("0123456789 \r") != std::string_view::npos)
    return false;
  const std::size_t dim_at = bytes.find(' ');
  if (dim_at >= line) return false;
  std::size_t dim = 0;
  for (const char c : bytes.substr(dim_at, line - dim_at)) {
    if (c >= '0' && c <= '9') dim = std::min<std::size_t>(10 * dim + static_cast<std::size_t>(c - '0'), 1 << 20);
  }
  const std::size_t word = bytes.substr(line + 1, 65536).find(' ');
  if (word == std::string_view::npos) return false;
  std::string_view numbers = bytes.substr(line + 1 + word + 1, 4 * dim);
  // In text, the line ends behind 2 · dim - 1 bytes or later, and what comes then may be a word in any encoding.
  const std::size_t end = numbers.find('\n', std::min(numbers.size(), 2 * dim - std::min<std::size_t>(dim, 1)));
  return !looks_like_text(numbers.substr(0, end));
}

// What its content says; where that leaves only text, what the name says: a file that was cut or is none is then told
// so by the reader that was meant.
Format detect(std::string_view bytes, const std::string& path) {
  if (bytes.starts_with("\x93NUMPY")) return Format::npy;
  // The length of the JSON header, 64 bits, and its first character.
  if (bytes.size() > 9 && bytes[8] == '{' && bytes.substr(4, 4) == std::string_view("\0\0\0\0", 4))
    return Format::safetensors;
  if (has_binary_rows(bytes)) return Format::binary;
  const std::string ending = unpacked(path).extension().string();
  return ending == ".npy" ? Format::npy : ending == ".safetensors" ? Format::safetensors : Format::word2vec;
}

Format format_of(std::string_view bytes, const std::string& path, const LoadOptions& options) {
  return options.format == Format::detect ? detect(bytes, path) : options.format;
}

// table.npy → table.txt
std::string words_beside(const std::string& path) { return unpacked(path).replace_extension(".txt").string(); }

bool is_word_list(const std::string& path) {
  const MappedFile file(path);
  return file.bytes().substr(0, file.bytes().find('\n')).find_first_of(" \t") == std::string_view::npos;
}

// A list of words stands under the name of its array, with .txt behind: where texts of vectors stand, too. Neither may
// be lost to the other.
void check_words_beside(const std::string& path) {
  const std::string list = words_beside(path);
  if (!fs::exists(list) || is_word_list(list)) return;
  throw FileError("save_table", fmt::format("{}: its words would be written to {}, which is there and is no list of "
                                            "words, one a line; choose another name",
                                            path, list));
}
void check_no_list_of(const std::string& path) {
  for (const char* ending : {".npy", ".safetensors"}) {
    const std::string array = fs::path(path).replace_extension(ending).string();
    if (words_beside(array) != path || !fs::exists(array) || !fs::exists(path) || !is_word_list(path)) continue;
    throw FileError("save_table", fmt::format("{}: is the list of the words of {}; choose another name", path, array));
  }
}

WordTable npy_table(std::string_view bytes, const std::string& path, const LoadOptions& options) {
  Tensor numbers = parse_npy(bytes, path, options.rows);
  const std::string list = options.words.empty() ? words_beside(path) : options.words;
  if (!fs::exists(list))
    throw FileError("read_npy", fmt::format("{}: the words were looked for in {}, which does not exist", path, list));
  std::vector<std::string> words = parse_words(read_file(list), list);
  if (options.rows > 0 && static_cast<Index>(words.size()) > numbers.dim(0))
    words.resize(static_cast<std::size_t>(numbers.dim(0)));
  if (static_cast<Index>(words.size()) != numbers.dim(0)) {
    throw FileError("read_npy",
                    fmt::format("{} has {} words, {} has {} rows", list, words.size(), path, numbers.dim(0)));
  }
  return table_by_policy(std::move(words), std::move(numbers), path,
                         [](Index row) { return fmt::format("row {}", row); });
}

WordTable load_bytes(std::string_view bytes, const std::string& path, const LoadOptions& options) {
  switch (format_of(bytes, path, options)) {
    case Format::binary:
      return parse_word2vec_binary(bytes, path, options.rows);
    case Format::npy:
      return npy_table(bytes, path, options);
    case Format::safetensors:
      return load_checkpoint_table(path, options);
    case Format::glove:
      return parse_vectors(bytes, path, TextFormat::glove, options.rows);
    case Format::word2vec:
    case Format::detect:
      break;
  }
  return parse_vectors(bytes, path, options.format == Format::word2vec ? TextFormat::word2vec : TextFormat::detect,
                       options.rows);
}

}  // namespace

Format format_named(std::string_view name) {
  for (const auto& [known, format] : format_names) {
    if (name == known) return format;
  }
  throw ValueError("format_named", fmt::format("\"{}\" is no format of vector files", printable(name)));
}

WordTable load_table(const std::string& path, const LoadOptions& options) {
  if (fs::is_directory(path)) {
    const std::string text = (fs::path(path) / "vectors.txt").string();
    return fs::exists(text) && options.tensor.empty() ? load_table(text, options)
                                                      : load_checkpoint_table(path, options);
  }
  const MappedFile file(path);
  if (!is_gzip(file.bytes())) return load_bytes(file.bytes(), path, options);
  // Of text, the first rows are all that has to be unpacked; of other formats a prefix is of no use.
  const bool text = options.format == Format::glove || options.format == Format::word2vec;
  const std::string bytes = gunzip(
      file.bytes(), path, text && options.rows > 0 ? static_cast<long>(std::min(options.rows, most_rows)) + 1 : 0);
  if (format_of(bytes, path, options) == Format::safetensors) {
    throw FileError("load_table", path + ": packed safetensors files are not read; unpack it first (gunzip -k)");
  }
  return load_bytes(bytes, path, options);
}

void save_table(const std::string& path, const WordTable& table) {
  const fs::path name(path);
  const std::string ending = name.extension().string();
  if (ending == ".gz") {
    const std::string plain = fs::path(path).replace_extension().string();
    const std::string inner = fs::path(plain).extension().string();
    if (inner == ".npy" || inner == ".safetensors") {
      throw ValueError("save_table",
                       fmt::format("{}: {} files are not packed, since their words stand in another", path, inner));
    }
    const std::string temporary = fmt::format("{}.unpacked{}", path, inner);
    struct Remove {
      const std::string& path;
      ~Remove() {
        std::error_code ignored;
        fs::remove(path, ignored);
      }
    } const remove{temporary};
    save_table(temporary, table);
    write_text_file(path, gzip(MappedFile(temporary).bytes()));
  } else if (ending == ".bin") {
    write_word2vec_binary(path, table);
  } else if (ending == ".npy" || ending == ".safetensors") {
    check_words_beside(path);
    AtomicFile words(words_beside(path));  // put in place when the array is
    words.write(word_list(table.words));
    if (ending == ".npy") write_npy(path, table.vectors);
    if (ending != ".npy")
      write_safetensors(path, {{"wte.weight", table.vectors}}, {{"format", "lexigrad word table 1"}});
    words.commit();
  } else {
    check_no_list_of(path);
    write_word2vec_text(path, table);
  }
}

}  // namespace lexigrad::vectors
