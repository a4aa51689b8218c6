// curve.hpp: the losses of a run: means over stretches of steps, and validation losses at some of them.
//
// Kept in the metadata of a checkpoint, so that a resumed run goes on with the curve; written as loss.csv, drawn as
// loss.svg. Read next: folder.hpp.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "nn/checkpoint.hpp"
#include "vectors/plot.hpp"

namespace lexigrad::training {

/// One point.
struct Record {
  Index step;
  double train_loss;                    ///< mean since the record before
  std::optional<double> held_out_loss;  ///< measured at some of the records
};

/// The records so far, and the losses since the last one.
struct Curve {
  std::vector<Record> history;
  double sum = 0.0;  ///< of the losses since the last record
  Index summed = 0;  ///< how many they are

  /// Takes in the loss of a step.
  void add(double loss) {
    sum += loss;
    ++summed;
  }
  /// Makes a record of what was added since the last one, which must be something.
  void close(Index step);
};

/// Puts a curve and the step into the metadata of a checkpoint: "history", "since_record", "step".
void put_into(Metadata& metadata, const Curve& curve, Index step);
/// Reads them back. Throws FileError naming `path` when they cannot be read, or the step is none of a run of `steps`.
void take_from(const Metadata& metadata, const std::string& path, Curve& curve, Index& step, Index steps);

/// "step,train_loss,held_out_loss" and a line for each record.
std::string loss_csv(const std::vector<Record>& history);

/// The records as the two lines of a picture, named `train` and `held_out`.
std::vector<vectors::Curve> lines_of(const std::vector<Record>& history, const std::string& train,
                                     const std::string& held_out);

}  // namespace lexigrad::training
