// gemm.hpp: matrix product on raw memory: c = a·b or c += a·b for any row and column strides of a and b.
//
// Internal to tensor/: callers have checked shapes. What is split, K included, depends on the sizes only, so the bits
// are the same with any number of threads. ops.hpp has the public matmul.
#pragma once
#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Element (i, j) is data[i * row_stride + j * col_stride]. A transposed matrix is one with its strides swapped.
struct MatrixRef {
  const real* data;
  Index row_stride;
  Index col_stride;
};

/// c[m, n] (rows `ldc` apart) = a[m, k] · b[k, n], added to what is there when `accumulate`. K = 0 writes zeros
/// (or leaves c when accumulating). Runs on several threads where it is worth it.
void gemm(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate);

/// The same on the calling thread alone, for use inside a parallel loop.
void gemm_serial(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate);

}  // namespace lexigrad::inline LEXIGRAD_NS
