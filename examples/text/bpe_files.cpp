// bpe_files.cpp: tokenizers out of files and into them: merges with a vocabulary (GPT-2, Hugging Face), ranks
// (tiktoken).
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "tensor/error.hpp"
#include "text/bpe_parts.hpp"
#include "text/byte_alphabet.hpp"
#include "text/file_lines.hpp"
#include "text/reading.hpp"

namespace lexigrad::text {
namespace {

namespace fs = std::filesystem;
using Id = Bpe::Id;

struct SpelledMerge {
  std::string left, right;
  std::size_t line;
};

std::vector<SpelledMerge> read_merges(const fs::path& path) {
  const std::string text = read_bytes(path.string(), "a file of merges (vocab.bpe or merges.txt)");
  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<SpelledMerge> merges;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (i == 0 && line.starts_with("#version")) continue;
    const std::size_t blank = line.find(' ');
    const bool two = blank != std::string_view::npos && blank > 0 && blank + 1 < line.size() &&
                     line.find(' ', blank + 1) == std::string_view::npos;
    if (!two)
      fail_line(path, i + 1, fmt::format("expected two tokens with a blank between, not '{}'", printable(line)));
    merges.push_back({std::string(line.substr(0, blank)), std::string(line.substr(blank + 1)), i + 1});
    for (const std::string* side : {&merges.back().left, &merges.back().right}) {
      if (!unspell(*side))
        fail_line(path, i + 1, fmt::format("'{}' is not spelled in the alphabet of bytes", printable(*side)));
    }
  }
  return merges;
}

// {"token": id, …} as it comes from the parser: an object of whole numbers, no name twice.
class VocabularyReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit VocabularyReader(const fs::path& path) : path_(path) {}

  std::unordered_map<std::string, std::uint64_t> ids;

  bool start_object(std::size_t) override { return depth_++ == 0 || wrong(); }
  bool end_object() override { return true; }
  bool key(std::string& name) override {
    key_ = name;
    if (ids.contains(key_)) fail(path_, fmt::format("names the token '{}' twice", printable(key_)));
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    if (depth_ == 0) return wrong();
    ids.emplace(key_, value);
    return true;
  }
  bool null() override { return wrong(); }
  bool boolean(bool) override { return wrong(); }
  bool number_integer(std::int64_t) override { return wrong(); }
  bool number_float(double, const std::string&) override { return wrong(); }
  bool string(std::string&) override { return wrong(); }
  bool binary(nlohmann::json::binary_t&) override { return wrong(); }
  bool start_array(std::size_t) override { return wrong(); }
  bool end_array() override { return wrong(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    fail(path_, fmt::format("is not JSON: something is wrong at byte {}; expected a vocabulary {{\"token\": id, …}}",
                            position));
  }

 private:
  bool wrong() {
    if (depth_ == 0) fail(path_, "holds no object; expected a vocabulary {\"token\": id, …}");
    fail(path_, fmt::format("gives '{}' an id that is not a whole number from 0 on", printable(key_)));
  }

  const fs::path& path_;
  int depth_ = 0;
  std::string key_;
};

std::unordered_map<std::string, Id> read_vocabulary(const fs::path& path, std::vector<std::string>& keys) {
  const std::string text = read_bytes(path.string(), "a vocabulary (encoder.json or vocab.json)");
  VocabularyReader reader(path);
  nlohmann::json::sax_parse(text, &reader);
  if (reader.ids.empty()) fail(path, "names no token");
  keys.assign(reader.ids.size(), "");
  std::unordered_map<std::string, Id> ids;
  std::vector<std::pair<std::uint64_t, std::string_view>> sorted;
  for (const auto& [key, id] : reader.ids) sorted.emplace_back(id, key);
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& [id, key] = sorted[i];
    if (i > 0 && id == sorted[i - 1].first) {
      fail(path,
           fmt::format("gives the id {} to '{}' and to '{}'", id, printable(sorted[i - 1].second), printable(key)));
    }
    if (id != i) {
      fail(path, fmt::format("gives '{}' the id {}, and none the id {}; expected the ids 0 to {}", printable(key), id,
                             i, sorted.size() - 1));
    }
    keys[i] = key;
    ids.emplace(key, static_cast<Id>(i));
  }
  return ids;
}

std::string first_there(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) return name;
  }
  return "";
}

}  // namespace

Bpe Bpe::load(const fs::path& merges, const fs::path& vocab) {
  std::vector<std::string> keys;
  const auto ids = read_vocabulary(vocab, keys);
  Parts parts;
  std::vector<char> made(keys.size(), 0);
  std::unordered_map<std::uint64_t, std::size_t> lines;
  for (const SpelledMerge& merge : read_merges(merges)) {
    const auto id_of = [&](const std::string& word) {
      const auto place = ids.find(word);
      if (place != ids.end()) return place->second;
      fail_line(merges, merge.line, fmt::format("'{}' is not in the vocabulary '{}'", printable(word), vocab.string()));
    };
    const Id left = id_of(merge.left), right = id_of(merge.right), whole = id_of(merge.left + merge.right);
    const auto [before, fresh] = lines.emplace(std::uint64_t{left} << 32 | right, merge.line);
    if (!fresh) fail_line(merges, merge.line, fmt::format("this merge stands in line {} already", before->second));
    parts.merges.push_back({left, right, {static_cast<Id>(parts.merges.size()), whole}});
    made[whole] = 1;
  }
  for (std::size_t id = 0; id < keys.size(); ++id) {
    const bool special = made[id] == 0 && is_special_name(keys[id]);
    auto bytes = special ? keys[id] : unspell(keys[id]);
    if (!bytes || bytes->empty()) {
      fail(vocab,
           fmt::format("names a token '{}', which is not spelled in the alphabet of bytes", printable(keys[id])));
    }
    parts.tokens.push_back(std::move(bytes));
    if (special) parts.specials.push_back(static_cast<Index>(id));
  }
  return Bpe(std::move(parts));
}

Bpe Bpe::load_folder(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    fail(folder, "is not a folder; expected one with vocab.bpe and encoder.json, or merges.txt and vocab.json");
  }
  const bool hugging_face = first_there(folder, {"vocab.bpe"}).empty() || first_there(folder, {"encoder.json"}).empty();
  const std::string merges = hugging_face ? first_there(folder, {"merges.txt", "vocab.bpe"}) : "vocab.bpe";
  const std::string vocab = hugging_face ? first_there(folder, {"vocab.json", "encoder.json"}) : "encoder.json";
  if (merges.empty() || vocab.empty()) {
    fail(folder, fmt::format("lacks {}; looked for the merges as vocab.bpe or merges.txt, and for the vocabulary as "
                             "encoder.json or vocab.json",
                             !vocab.empty()    ? "the merges"
                             : !merges.empty() ? "the vocabulary"
                                               : "merges and vocabulary"));
  }
  return load(folder / merges, folder / vocab);
}

void Bpe::save(const fs::path& folder) const {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, fmt::format("cannot be made: {}", error.message()));
  std::vector<char> special(has_token_.size(), 0);
  for (const Index id : specials_) special[static_cast<std::size_t>(id)] = 1;
  std::string vocab = "{";
  for (Index id = 0; id < size(); ++id) {
    if (has_token_[static_cast<std::size_t>(id)] == 0) continue;
    const std::string name = special[static_cast<std::size_t>(id)] != 0 ? std::string(bytes(id)) : spell(bytes(id));
    vocab += fmt::format("{}{}:{}", vocab.size() > 1 ? "," : "", nlohmann::json(name).dump(), id);
  }
  std::string merges = "#version: 0.2\n";
  for (const auto& pair : table_.pairs()) {
    merges += fmt::format("{} {}\n", spell(bytes(static_cast<Index>(pair.left))),
                          spell(bytes(static_cast<Index>(pair.right))));
  }
  write_text_file((folder / "vocab.json").string(), vocab + "}\n");
  write_text_file((folder / "merges.txt").string(), merges);
}

}  // namespace lexigrad::text
