// policy.hpp: what becomes of odd rows, the same for every format.
//
//   a word that stands twice       its first row is kept
//   a word that is not UTF-8       kept byte for byte; screens and pictures show U+FFFD or \xE9 in its place
//   a row with NaN or infinity     kept, so that rows keep their places; it is never among the results of a search
//   a row of zeros                 the same: it points nowhere
//
// Each kind is told by one warning with a count and an example. What is no table at all (a missing column, a cut file)
// is an error of the reader. Read next: formats.hpp.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// The place of a row in the file it came from, as a warning names it: "line 7", "row 6".
using RowPlace = std::function<std::string(Index row)>;

/// A table of the rows that a reader found in the file `name`, with the rules above and their warnings.
WordTable table_by_policy(std::vector<std::string> words, Tensor vectors, const std::string& name,
                          const RowPlace& place);

}  // namespace lexigrad::vectors
