// checkpoint_table.cpp: the table of a model: a tensor of a safetensors file, and its tokens from a file beside it.
//
// Known are our folders (vocab.txt), GPT-2's (vocab.json: token → id) and what save_table() writes (NAME.txt).
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "nn/printable.hpp"
#include "nn/safetensors.hpp"
#include "tensor/create.hpp"
#include "text/vocabulary.hpp"
#include "vectors/files.hpp"
#include "vectors/formats.hpp"
#include "vectors/npy.hpp"
#include "vectors/policy.hpp"

namespace lexigrad::vectors {
namespace {

namespace fs = std::filesystem;

// Names that the table of tokens has in files of ours and of others, the likeliest first.
constexpr std::string_view table_names[] = {"wte.weight",
                                            "transformer.wte.weight",
                                            "transformer.transformer.wte.weight",
                                            "model.embed_tokens.weight",
                                            "embedding.weight",
                                            "input.weight",
                                            "weight"};

std::string find_tensor(const SafetensorsFile& file, const std::string& path, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  for (const std::string_view name : table_names) {
    if (file.find(name) != nullptr) return std::string(name);
  }
  throw FileError("load_table",
                  fmt::format("{}: has no wte.weight, nor another table of a known name; name the tensor", path));
}

std::vector<std::string> tokens_of_json(const std::string& path, Index rows) {
  std::vector<std::string> tokens(static_cast<std::size_t>(rows));
  try {
    const nlohmann::json tree = nlohmann::json::parse(read_file(path));
    if (!tree.is_object()) throw FileError("load_table", fmt::format("{}: expected an object, token: id", path));
    for (const auto& [token, id] : tree.items()) {
      const auto row = id.get<Index>();
      if (row < 0 || row >= rows) {
        throw FileError("load_table", fmt::format("{}: token \"{}\" has the id {}, the table {} rows", path,
                                                  printable(token), row, rows));
      }
      tokens[static_cast<std::size_t>(row)] = token;
    }
  } catch (const nlohmann::json::exception&) {
    throw FileError("load_table", fmt::format("{}: is no JSON of the form {{token: id}}", path));
  }
  // A model may have more rows than tokens.
  for (Index row = 0; row < rows; ++row) {
    std::string& token = tokens[static_cast<std::size_t>(row)];
    if (token.empty()) token = fmt::format("<row-{}>", row);
  }
  return tokens;
}

std::vector<std::string> tokens_of_vocabulary(const std::string& path) {
  const text::Vocabulary vocabulary = text::Vocabulary::load(path);
  std::vector<std::string> tokens;
  for (Index id = 0; id < vocabulary.size(); ++id) tokens.push_back(vocabulary.token(id));
  return tokens;
}

bool is_vocabulary(const std::string& path) { return read_file(path).starts_with("# lexigrad vocabulary"); }

std::vector<std::string> tokens_of(const std::string& list, Index rows) {
  if (list.ends_with(".json")) return tokens_of_json(list, rows);
  return is_vocabulary(list) ? tokens_of_vocabulary(list) : parse_words(read_file(list), list);
}

// The file with the tokens: the one asked for, else the first that exists beside the checkpoint.
std::string find_list(const fs::path& file, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  const fs::path own = fs::path(file).replace_extension(".txt");
  for (const fs::path& path : {own, file.parent_path() / "vocab.txt", file.parent_path() / "vocab.json",
                               file.parent_path() / "encoder.json"}) {
    if (fs::exists(path)) return path.string();
  }
  throw FileError(
      "load_table",
      fmt::format("{}: the tokens were looked for in {}, vocab.txt and vocab.json beside it, and none exists",
                  file.string(), own.filename().string()));
}

}  // namespace

WordTable load_checkpoint_table(const std::string& path, const LoadOptions& options) {
  fs::path file = path;
  if (fs::is_directory(file)) {
    file /= "model.safetensors";
    if (!fs::exists(file)) {
      throw FileError(
          "load_table",
          path +
              ": this folder has neither vectors.txt nor model.safetensors; expected a folder that train_embeddings or "
              "Hugging Face wrote, or a file of word vectors");
    }
  }
  const SafetensorsFile checkpoint(file.string());
  const std::string name = find_tensor(checkpoint, file.string(), options.tensor);
  Tensor numbers = checkpoint.read(name);
  if (numbers.rank() != 2)
    throw FileError("load_table",
                    fmt::format("{}: {} has {} axes; expected 2", file.string(), printable(name), numbers.rank()));
  const std::string list = find_list(file, options.words);
  std::vector<std::string> words = tokens_of(list, numbers.dim(0));
  if (static_cast<Index>(words.size()) != numbers.dim(0)) {
    throw FileError("load_table", fmt::format("{} has {} tokens, {} of {} has {} rows", list, words.size(),
                                              printable(name), file.string(), numbers.dim(0)));
  }
  if (options.rows > 0 && options.rows < numbers.dim(0)) {
    words.resize(static_cast<std::size_t>(options.rows));
    numbers = numbers.rows(0, options.rows).clone();
  }
  return table_by_policy(std::move(words), std::move(numbers), file.string(),
                         [](Index row) { return fmt::format("row {}", row); });
}

}  // namespace lexigrad::vectors
