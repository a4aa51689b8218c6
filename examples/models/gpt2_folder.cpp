// gpt2_folder.cpp: checking a file against the sizes, then filling a model from it; and the way back.
#include "models/gpt2_folder.hpp"

#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "models/gpt2_config.hpp"
#include "models/gpt2_names.hpp"
#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "nn/safetensors.hpp"

namespace lexigrad::models {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "transformer.", head_name = "lm_head.weight";

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw FileError("load", path + ": " + reason);
}

std::string config_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::size_t{1} << 20, '\0');  // real ones have a few hundred bytes
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad() || !fs::is_regular_file(path)) fail(path.string(), "cannot be read; expected a config.json");
  if (!file.eof()) fail(path.string(), "is no config.json: it is larger than 1 MiB");
  return text;
}

// The tensors that a file should hold under these names, and what is in it.
struct Layout {
  TransformerOptions options;
  std::vector<Gpt2Tensor> tensors;  // `theirs` as the file spells them
};

// A file of ours has its sizes in the metadata.
Layout own_layout(const std::string& path, const SafetensorsFile& file) {
  const auto number = [&](const std::string& key) {
    const auto found = file.metadata().find(key);
    Index value = -1;
    if (found != file.metadata().end()) {
      const std::string& text = found->second;
      std::from_chars(text.data(), text.data() + text.size(), value);
    }
    if (value < 0 || value >= Index{1} << 31) {
      fail(path, fmt::format("there is no config.json beside it, and its __metadata__ has no number for {}", key));
    }
    return value;
  };
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end() || format->second != "lexigrad transformer 1") {
    fail(path, "there is no config.json beside it, and it is no model of train_embeddings");
  }
  Layout layout;
  layout.options = {.vocab = number("vocab"),
                    .context = number("context"),
                    .dim = number("dim"),
                    .layers = number("layers"),
                    .heads = number("heads")};
  const TransformerOptions& o = layout.options;
  if (o.vocab < 1 || o.context < 1 || o.dim < 1 || o.heads < 1 || o.dim % o.heads != 0) {
    fail(path, fmt::format("__metadata__ describes no model: vocab {}, context {}, dim {}, heads {}", o.vocab,
                           o.context, o.dim, o.heads));
  }
  return layout;
}

// Ten names at most: a file of another model has hundreds.
void list(std::string& text, std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  const std::size_t shown = std::min<std::size_t>(names.size(), 10);
  text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, fmt::join(names.data(), names.data() + shown, ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
}

bool real_numbers(const std::string& dtype) {
  return dtype == "F32" || dtype == "F16" || dtype == "BF16" || dtype == "F64";
}

void check(const std::string& path, const SafetensorsFile& file, const Layout& layout, std::string_view front) {
  std::vector<std::string> missing, unexpected, misshapen, not_numbers;
  std::set<std::string> known;
  const auto look = [&](const std::string& name, const Shape& shape, bool needed) {
    known.insert(name);
    const SafetensorsEntry* entry = file.find(name);
    if (entry == nullptr) {
      if (needed) missing.push_back(name);
    } else if (!(entry->shape == shape)) {
      misshapen.push_back(fmt::format("{} {} (expected {})", name, to_string(entry->shape), to_string(shape)));
    } else if (!real_numbers(entry->dtype)) {
      not_numbers.push_back(fmt::format("{} {}", name, entry->dtype));
    }
  };
  for (const Gpt2Tensor& t : layout.tensors) look(t.theirs, t.shape, true);
  look(std::string(head_name), {layout.options.vocab, layout.options.dim}, false);
  for (const SafetensorsEntry& entry : file.entries()) {
    std::string_view name = entry.name;
    if (known.contains(entry.name)) continue;
    if (name.starts_with(front)) name.remove_prefix(front.size());
    if (!is_gpt2_mask(name)) unexpected.push_back(printable(entry.name));
  }
  std::string wrong;
  list(wrong, "missing", missing);
  list(wrong, "unexpected", unexpected);
  list(wrong, "of another shape", misshapen);
  list(wrong, "of a type without real numbers", not_numbers);
  if (!wrong.empty()) fail(path, wrong);
}

void check_head(const std::string& path, const SafetensorsFile& file, const Tensor& table) {
  if (file.find(head_name) == nullptr) return;
  const Tensor head = file.read(std::string(head_name));
  if (std::memcmp(head.data(), table.data(), static_cast<std::size_t>(table.size()) * sizeof(real)) != 0) {
    fail(path, "lm_head.weight is not wte.weight: this model's head shares the table");
  }
}

std::map<std::string, Parameter> by_name(Transformer& model) {
  std::map<std::string, Parameter> map;
  for (NamedParameter& p : named_parameters(model)) map.emplace(p.name, std::move(p.parameter));
  return map;
}

}  // namespace

std::string weights_file(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return (fs::path(path) / "model.safetensors").string();
  if (!fs::exists(path, ignored)) {
    fail(path, "is not there; expected a folder with config.json and model.safetensors, or a .safetensors file");
  }
  return path;
}

Transformer load_model(const std::string& path, double dropout) {
  const std::string weights = weights_file(path);
  const fs::path config = fs::path(weights).parent_path() / "config.json";
  std::error_code ignored;
  const bool theirs = fs::exists(config, ignored);
  Layout layout;
  if (theirs) layout.options = parse_gpt2_config(config_text(config), config.string());
  const SafetensorsFile file(weights);
  if (!theirs) layout = own_layout(weights, file);
  // A list of as many blocks as a header may claim would not fit into memory.
  if (layout.options.layers > static_cast<Index>(file.entries().size())) {
    fail(weights, fmt::format("{} layers are expected, but there are {} tensors in all", layout.options.layers,
                              file.entries().size()));
  }
  layout.tensors = gpt2_tensors(layout.options);
  const bool in_front = theirs && file.find(std::string(prefix) + "wte.weight") != nullptr;
  for (Gpt2Tensor& t : layout.tensors) {
    if (theirs) {
      if (in_front) t.theirs.insert(0, prefix);
    } else {
      if (t.transposed) t.shape = {t.shape[1], t.shape[0]};
      t.transposed = false;
      t.theirs = t.ours;
    }
  }
  check(weights, file, layout, in_front ? prefix : "");

  TransformerOptions zeros = layout.options;
  zeros.initializer_range = 0.0;  // every number is read below
  zeros.dropout = dropout;
  Rng none(0);
  Transformer model(zeros, none);
  model.options.initializer_range = layout.options.initializer_range;
  const std::map<std::string, Parameter> parameters = by_name(model);
  for (const Gpt2Tensor& t : layout.tensors) {
    const Tensor value = file.read(t.theirs);
    parameters.at(t.ours).writable().copy_from(t.transposed ? transpose(value) : value);
  }
  check_head(weights, file, model.wte.weight.value());
  return model;
}

void save_gpt2(const std::string& folder, const Transformer& model, Index end_of_text) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw FileError("save", fmt::format("{}: cannot be made a folder ({})", folder, error.message()));
  std::vector<std::pair<std::string, Tensor>> tensors;
  const std::map<std::string, Parameter> parameters = by_name(const_cast<Transformer&>(model));  // nothing is written
  for (const Gpt2Tensor& t : gpt2_tensors(model.options)) {
    const Tensor& value = parameters.at(t.ours).value();
    tensors.emplace_back(std::string(prefix) + t.theirs, t.transposed ? transpose(value) : value);
  }
  // The two files change together, but for the moment between two renames.
  AtomicFile config((fs::path(folder) / "config.json").string());
  config.write(gpt2_config_text(model.options, end_of_text));
  write_safetensors((fs::path(folder) / "model.safetensors").string(), tensors, {{"format", "pt"}});
  config.commit();
}

}  // namespace lexigrad::models
