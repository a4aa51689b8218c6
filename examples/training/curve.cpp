// curve.cpp: records to text and back.
#include "training/curve.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace lexigrad::training {

void Curve::close(Index step) {
  history.push_back({step, sum / static_cast<double>(summed), {}});
  sum = 0.0;
  summed = 0;
}

void put_into(Metadata& metadata, const Curve& curve, Index step) {
  nlohmann::json history = nlohmann::json::array();
  for (const Record& r : curve.history) {
    history.push_back({r.step, r.train_loss, r.held_out_loss ? nlohmann::json(*r.held_out_loss) : nlohmann::json()});
  }
  metadata["step"] = std::to_string(step);
  metadata["history"] = history.dump();
  metadata["since_record"] = nlohmann::json{curve.sum, curve.summed}.dump();
}

void take_from(const Metadata& metadata, const std::string& path, Curve& curve, Index& step, Index steps) {
  try {
    step = nlohmann::json::parse(metadata.at("step")).get<Index>();
    curve.history.clear();
    for (const nlohmann::json& r : nlohmann::json::parse(metadata.at("history"))) {
      curve.history.push_back({r.at(0).get<Index>(), r.at(1).get<double>(), {}});
      if (!r.at(2).is_null()) curve.history.back().held_out_loss = r.at(2).get<double>();
    }
    const nlohmann::json since = nlohmann::json::parse(metadata.at("since_record"));
    curve.sum = since.at(0).get<double>();
    curve.summed = since.at(1).get<Index>();
  } catch (const std::exception&) {
    throw FileError("--resume", path + ": step, history or since_record of __metadata__ cannot be read");
  }
  if (step < 0 || step > steps) {
    throw FileError("--resume", fmt::format("{}: step {} of a run of {}; expected 0 to {}", path, step, steps, steps));
  }
}

std::string loss_csv(const std::vector<Record>& history) {
  std::string text = "step,train_loss,held_out_loss\n";
  for (const Record& r : history) {
    text += fmt::format("{},{:.6f},{}\n", r.step, r.train_loss,
                        r.held_out_loss ? fmt::format("{:.6f}", *r.held_out_loss) : "");
  }
  return text;
}

std::vector<vectors::Curve> lines_of(const std::vector<Record>& history, const std::string& train,
                                     const std::string& held_out) {
  vectors::Curve first{train, {}, {}}, second{held_out, {}, {}};
  for (const Record& r : history) {
    first.steps.push_back(static_cast<double>(r.step));
    first.values.push_back(r.train_loss);
    if (!r.held_out_loss) continue;
    second.steps.push_back(static_cast<double>(r.step));
    second.values.push_back(*r.held_out_loss);
  }
  return {first, second};
}

}  // namespace lexigrad::training
