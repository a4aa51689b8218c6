// checkpoint.cpp: which tensor of a file belongs to which parameter.
#include "nn/checkpoint.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "nn/printable.hpp"
#include "nn/safetensors.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// The name under which the file holds a parameter, or "" when it does not.
std::string name_in(const SafetensorsFile& file, const NamedParameter& p) {
  if (file.find(p.name) != nullptr) return p.name;
  for (const std::string& tie : p.ties) {
    if (file.find(tie) != nullptr) return tie;
  }
  return "";
}

// Ten names at most: a file of another model has hundreds.
void add(std::string& text, std::string_view what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  const std::size_t shown = std::min<std::size_t>(names.size(), 10);
  text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, fmt::join(names.data(), names.data() + shown, ", "));
  if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
}

}  // namespace

void save(const std::string& path, const NamedParameters& parameters, const Metadata& metadata) {
  std::vector<std::pair<std::string, Tensor>> tensors;
  for (const NamedParameter& p : parameters) tensors.emplace_back(p.name, p.parameter.value());
  write_safetensors(path, tensors, metadata);
}

void load(const std::string& path, const NamedParameters& parameters) {
  const SafetensorsFile file(path);
  std::vector<std::string> missing, unexpected, misshapen, not_numbers;
  std::set<std::string> known;
  for (const NamedParameter& p : parameters) {
    known.insert(p.name);
    known.insert(p.ties.begin(), p.ties.end());
    const SafetensorsEntry* entry = file.find(name_in(file, p));
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
    if (!known.contains(entry.name)) unexpected.push_back(printable(entry.name));
  }
  std::string wrong;
  add(wrong, "missing", missing);
  add(wrong, "unexpected", unexpected);
  add(wrong, "of another shape", misshapen);
  add(wrong, "of a type without real numbers", not_numbers);
  if (!wrong.empty()) throw FileError("load", path + ": " + wrong);
  std::vector<Tensor> values;  // all are read before any is written
  for (const NamedParameter& p : parameters) values.push_back(file.read(name_in(file, p)));
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].parameter.writable().copy_from(values[i]);
}

Metadata read_metadata(const std::string& path) { return SafetensorsFile(path).metadata(); }

}  // namespace lexigrad::inline LEXIGRAD_NS
