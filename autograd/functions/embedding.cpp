// embedding.cpp: the lookup. Forward copies rows; backward says which rows were used, and with what slope.
#include "autograd/functions.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

struct EmbeddingOp {  // y[i] = table[ids[i]];  dtable[ids[i]] += dy[i]
  static constexpr std::string_view name = "embedding";
  Ids ids;
  Shape table;
  Tensor forward(const Tensor& rows) {
    Tensor y = gather_rows(rows, ids);
    table = rows.shape();
    return y;
  }
  Gradient backward(const Tensor& dy) const {
    return GradientRows{ids.reshape(Shape{ids.size()}), dy.reshape(Shape{ids.size(), table[1]}), table[0]};
  }
};

}  // namespace

Variable embedding(const Variable& table, const Ids& ids) { return apply(EmbeddingOp{ids, {}}, table); }

}  // namespace lexigrad::inline LEXIGRAD_NS
