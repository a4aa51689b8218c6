// graph.hpp: the recorded graph as a picture.
#pragma once
#include <string>

#include "autograd/variable.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// The graph behind `y` in the DOT language, for Graphviz: `dot -Tsvg graph.dot`. Ellipses are operations, boxes leaves
/// that want a gradient; edges carry shapes. To be called before backward(), which frees the graph.
std::string to_dot(const Variable& y);

}  // namespace lexigrad::inline LEXIGRAD_NS
