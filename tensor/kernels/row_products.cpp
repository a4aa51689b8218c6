// row_products.cpp: products of a few rows that lie anywhere, given by pointers: what one window of word vectors needs.
//
// gemm.cpp is for matrices that are worth packing. Here a handful of rows meets another handful once, so each product
// is a register tile straight from where the rows lie. The last numbers of a row are computed as a whole vector that
// reaches back over some before them; those count once.
#include "tensor/kernels/kernels.hpp"
#include "tensor/kernels/lanes.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

template <int M, int N>
void dots_tile(const real* const* x, const real* const* y, Index k, real* s, Index s_row) {
  Vec sums[M][N] = {};
  const auto add = [&](Index at, Index skip) LEXIGRAD_INLINE {
    Vec row[N];
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) row[j] = load(y[j] + at);
#pragma GCC unroll 8
    for (int i = 0; i < M; ++i) {
      const Vec v = skip == 0 ? load(x[i] + at) : first_lanes(skip, Vec{}, load(x[i] + at));
#pragma GCC unroll 8
      for (int j = 0; j < N; ++j) sums[i][j] = fma(v, row[j], sums[i][j]);
    }
  };
  Index at = 0;
  for (; at + lanes <= k; at += lanes) add(at, 0);
  if (at < k && k >= lanes) add(k - lanes, at - (k - lanes));
#pragma GCC unroll 8
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) {
      real sum = sum_lanes<int{lanes}>(sums[i][j]);
      for (Index p = 0; p < k && k < lanes; ++p) sum += x[i][p] * y[j][p];
      s[i * s_row + j] = sum;
    }
  }
}

/// Columns [at, at + V · lanes) of M rows of out; of the first `skip` lanes nothing is added. Some of the rows may be
/// the same, so sums are made before anything is added.
template <int M, int V>
LEXIGRAD_LANES void combine_tile(const real* e, Index e_row, Index e_col, const real* const* y, Index n,
                                 real* const* out, Index at, Index skip, bool add) {
  Vec sums[M][V] = {};
  for (Index j = 0; j < n; ++j) {
    Vec row[V];
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) row[v] = load(y[j] + at + v * lanes);
    if (skip != 0 && add) row[0] = first_lanes(skip, Vec{}, row[0]);
#pragma GCC unroll 8
    for (int i = 0; i < M; ++i) {
      const Vec factor = broadcast(e[i * e_row + j * e_col]);
#pragma GCC unroll 8
      for (int v = 0; v < V; ++v) sums[i][v] = fma(factor, row[v], sums[i][v]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < M; ++i) {
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) {
      real* to = out[i] + at + v * lanes;
      store(to, add ? load(to) + sums[i][v] : sums[i][v]);
    }
  }
}
template <int M>
void combine_rows(const real* e, Index e_row, Index e_col, const real* const* y, Index n, real* const* out, Index k,
                  bool add) {
  constexpr int V = M > 3 ? 2 : 4;  // vectors at a time
  Index at = 0;
  for (; at + V * lanes <= k; at += V * lanes) combine_tile<M, V>(e, e_row, e_col, y, n, out, at, 0, add);
  for (; at + lanes <= k; at += lanes) combine_tile<M, 1>(e, e_row, e_col, y, n, out, at, 0, add);
  if (at == k) return;
  if (k >= lanes) return combine_tile<M, 1>(e, e_row, e_col, y, n, out, k - lanes, at - (k - lanes), add);
  for (int i = 0; i < M; ++i)
    for (Index p = 0; p < k; ++p) {
      real sum = 0;
      for (Index j = 0; j < n; ++j) sum += e[i * e_row + j * e_col] * y[j][p];
      out[i][p] = add ? out[i][p] + sum : sum;
    }
}

void dots(const real* const* x, Index m, const real* const* y, Index n, Index k, real* s) {
  for (Index i = 0; i < m; i += 2)
    for (Index j = 0; j < n; j += 6)
      with_sizes<2, 6>(m - i, n - j, [&]<int M, int N>() { dots_tile<M, N>(x + i, y + j, k, s + i * n + j, n); });
}

void combine(const real* e, Index e_row, Index e_col, const real* const* y, Index n, real* const* out, Index m, Index k,
             bool add) {
  for (Index i = 0; i < m; i += 6) {
    with_sizes<6, 1>(m - i, 1,
                     [&]<int M, int>() { combine_rows<M>(e + i * e_row, e_row, e_col, y, n, out + i, k, add); });
  }
}

}  // namespace

extern const RowProducts LEXIGRAD_JOIN(row_products_kernels_, LEXIGRAD_ISA_NAME) = {.dots = dots, .combine = combine};

}  // namespace lexigrad::inline LEXIGRAD_NS
