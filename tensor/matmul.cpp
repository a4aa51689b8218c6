// matmul.cpp: matrix products of tensors: the checks, the batches, and the call of gemm.

#include "tensor/gemm.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/past_caches.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// A matrix of `rows` by `columns` as it lies in memory, read as it is or transposed.
MatrixRef matrix(const real* data, Index columns, bool transposed) {
  return transposed ? MatrixRef{data, 1, columns} : MatrixRef{data, columns, 1};
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, Transpose t) {
  const auto fail = [&](std::string reason) {
    throw ShapeError("matmul", " @ ", {operand("a", a), operand("b", b)}, std::move(reason));
  };
  if (a.rank() < 2 || b.rank() < 2) fail("both operands need two axes or more");
  const bool both = t == Transpose::both, ta = both || t == Transpose::a, tb = both || t == Transpose::b;
  const Index m = a.dim(ta ? -1 : -2), k = a.dim(ta ? -2 : -1);
  const Index kb = b.dim(tb ? -1 : -2), n = b.dim(tb ? -2 : -1);
  if (k != kb) fail(fmt::format("inner dimensions {} and {} differ", k, kb));
  const bool single = b.rank() == 2 && (!ta || a.rank() == 2);  // one matrix b for all rows of a
  const auto batch = [](const Tensor& x) { return x.shape().drop_last().drop_last(); };
  if (!single && !(batch(a) == batch(b))) fail("the leading axes differ");
  Tensor result(a.shape().with(-2, m).with(-1, n));
  real* out = result.mutable_data();
  const Index rows = single && !ta ? a.shape().rows() : m;
  parallel_for_each(single ? 1 : batch(a).size(), 1, [&](Index i) {
    gemm(rows, n, k, matrix(a.data() + i * m * k, a.dim(-1), ta), matrix(b.data() + i * k * n, b.dim(-1), tb),
         out + i * m * n, n);
  });
  return result;
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (weight.rank() != 2 || x.rank() < 1 || x.shape().last() != weight.dim(1)) {
    throw ShapeError("linear", {operand("x", x), operand("weight", weight)},
                     "expected x [.., in] and weight [out, in] with the same in");
  }
  const Index out = weight.dim(0), in = weight.dim(1);
  if (bias.defined()) require_shape("linear", "bias", bias, {out});
  Tensor result(x.shape().with(-1, out));
  gemm(x.shape().rows(), out, in, {x.data(), in, 1}, {weight.data(), 1, in}, result.mutable_data(), out,
       {bias.data_or_null(), 0});
  return result;
}

Tensor transpose(const Tensor& x) {
  if (x.rank() < 2) throw ShapeError("transpose", {operand("x", x)}, "expected two axes or more");
  const Index rows = x.dim(-2), columns = x.dim(-1);
  Tensor result(x.shape().with(-2, columns).with(-1, rows));
  const Index matrices = x.shape().drop_last().drop_last().size();
  real* out = result.mutable_data();
  constexpr Index height = 64, width = 512;  // of a block; a wide one has long stretches of each row of x
  const Index down = (rows + height - 1) / height, across = (columns + width - 1) / width;
  parallel_for_each(matrices * down * across, row_grain(height * std::min(columns, width)), [&](Index block) {
    const CacheBypass bypass(result, rows);
    const auto transposed = bypass.on ? kernels().transpose_past_caches : kernels().transpose;
    const Index matrix = block / across / down * rows * columns, i = block / across % down * height;
    const Index j = block % across * width;
    transposed(x.data() + matrix + i * columns + j, std::min(height, rows - i), std::min(width, columns - j), columns,
               out + matrix + j * rows + i, rows);
  });
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
