// checkpoint.cpp: which tensor of a file belongs to which parameter.
#include "nn/checkpoint.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "nn/safetensors.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// The tensor that a file holds for a parameter, under its first name or another of a tie; null when there is none.
const SafetensorsEntry* entry_of(const SafetensorsFile& file, const NamedParameter& p) {
  const SafetensorsEntry* entry = file.find(p.name);
  for (auto tie = p.ties.begin(); entry == nullptr && tie != p.ties.end(); ++tie) entry = file.find(*tie);
  return entry;
}

// Ten names at most: a file of another model has hundreds.
void add(std::string& text, std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  const std::size_t shown = std::min<std::size_t>(names.size(), 10);
  text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, fmt::join(names.data(), names.data() + shown, ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
}

const std::string state_prefix = "optimizer/";

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

NamedTensors tensors_of(const NamedParameters& parameters) {
  NamedTensors tensors;
  for (const NamedParameter& p : parameters) tensors.emplace_back(p.name, p.parameter.value());
  return tensors;
}

// The numbers of all parameters. Throws FileError listing all that does not fit, before any are read.
std::vector<Tensor> values_of(const std::string& path, const SafetensorsFile& file, const NamedParameters& parameters) {
  std::vector<std::string> missing, unexpected, misshapen, not_numbers;
  std::set<std::string> known;
  for (const NamedParameter& p : parameters) {
    known.insert(p.name);
    known.insert(p.ties.begin(), p.ties.end());
    const SafetensorsEntry* entry = entry_of(file, p);
    if (entry == nullptr) {
      missing.push_back(p.name);
    } else if (!(entry->shape == p.parameter.shape())) {
      misshapen.push_back(
          fmt::format("{} {} (expected {})", p.name, to_string(entry->shape), to_string(p.parameter.shape())));
    } else if (!entry->dtype.starts_with("F") && entry->dtype != "BF16") {
      not_numbers.push_back(fmt::format("{} {}", p.name, entry->dtype));
    }
  }
  for (const SafetensorsEntry& entry : file.entries()) {
    if (known.contains(entry.name) || entry.name.starts_with(state_prefix)) continue;
    unexpected.push_back(printable(entry.name));
  }
  std::string wrong;
  add(wrong, "missing", missing);
  add(wrong, "unexpected", unexpected);
  add(wrong, "of another shape", misshapen);
  add(wrong, "of a type without real numbers", not_numbers);
  if (!wrong.empty()) throw FileError("load", path + ": " + wrong);
  std::vector<Tensor> values;
  for (const NamedParameter& p : parameters) values.push_back(file.read(entry_of(file, p)->name));
  return values;
}

void write_into(const NamedParameters& parameters, const std::vector<Tensor>& values) {
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].parameter.writable().copy_from(values[i]);
}

// Whole numbers with blanks between them, as many as are wanted.
std::vector<std::uint64_t> whole_numbers(std::size_t count, const std::string& path, const std::string& key,
                                         const std::string& text) {
  std::vector<std::uint64_t> numbers(count);
  std::istringstream in(text);
  for (std::uint64_t& number : numbers) in >> number;
  if (!in || !(in >> std::ws).eof() || text.find('-') != std::string::npos) {  // a stream reads -1 as 2^64 - 1
    throw FileError("load", "{}: __metadata__ {} is not {} whole number{}", path, key, count, count == 1 ? "" : "s");
  }
  return numbers;
}

OptimizerState state_in(const std::string& path, const SafetensorsFile& file) {
  OptimizerState state;
  for (const auto& [key, text] : file.metadata()) {
    if (key == "optimizer") state.kind = text;
    if (!key.starts_with(state_prefix)) continue;
    state.steps[key.substr(state_prefix.size())] = static_cast<Index>(whole_numbers(1, path, key, text)[0]);
  }
  if (state.kind.empty()) throw FileError("load", path + ": holds a model, but no optimizer's state to go on with");
  for (const SafetensorsEntry& entry : file.entries()) {
    if (entry.name.starts_with(state_prefix))
      state.tensors[entry.name.substr(state_prefix.size())] = file.read(entry.name);
  }
  return state;
}

Rng rng_in(const std::string& path, const SafetensorsFile& file) {
  const auto found = file.metadata().find("rng");
  if (found == file.metadata().end()) throw FileError("load", path + ": __metadata__ has no rng");
  const auto numbers = whole_numbers(3, path, "rng", found->second);
  return {numbers[0], numbers[1], numbers[2]};
}

}  // namespace

void save(const std::string& path, const NamedParameters& parameters, const Metadata& metadata) {
  write_safetensors(path, tensors_of(parameters), metadata);
}

void load(const std::string& path, const NamedParameters& parameters) {
  write_into(parameters, values_of(path, SafetensorsFile(path), parameters));  // all are read before any is written
}

void save(const std::string& path, const NamedParameters& parameters, const Optimizer& optimizer, const Rng& rng,
          const Metadata& metadata) {
  for (const auto& [key, text] : metadata) {
    if (key != "rng" && key != "optimizer" && !key.starts_with(state_prefix)) continue;
    throw ValueError("save", "the metadata's {} is what the run itself is kept under", printable(key));
  }
  NamedTensors tensors = tensors_of(parameters);
  Metadata all = metadata;
  const OptimizerState state = optimizer.state();
  all["optimizer"] = state.kind;
  for (const auto& [name, steps] : state.steps) all[state_prefix + name] = std::to_string(steps);
  for (const auto& [name, tensor] : state.tensors) tensors.emplace_back(state_prefix + name, tensor);
  all["rng"] = fmt::format("{} {} {}", rng.seed(), rng.stream(), rng.position());
  write_safetensors(path, tensors, all);
}

void load(const std::string& path, const NamedParameters& parameters, Optimizer& optimizer, Rng& rng) {
  const SafetensorsFile file(path);
  const std::vector<Tensor> values = values_of(path, file, parameters);
  const OptimizerState state = state_in(path, file);
  const Rng stored = rng_in(path, file);
  try {
    optimizer.restore(state);
  } catch (const ValueError& error) {
    throw FileError("load", path + ": " + error.what());
  }
  write_into(parameters, values);  // from here on nothing can fail
  rng = stored;
}

Metadata read_metadata(const std::string& path) { return SafetensorsFile(path).metadata(); }

}  // namespace lexigrad::inline LEXIGRAD_NS
