// gemm.hpp: matrix product on raw memory: c = a·b, a·b + bias or c + a·b, for any row and column strides of a and b.
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

/// What is added to a product as it is written: nothing; with stride 0 the same n numbers to every row (a bias); or C
/// itself, {c, ldc}, which then accumulates.
struct Addend {
  const real* data = nullptr;
  Index row_stride = 0;
};

/// c[m, n] (rows `ldc` apart) = a[m, k] · b[k, n] + add. K = 0 is an empty sum. Runs on several threads where it is
/// worth it, inside a parallel loop on the calling one. Operands are taken by reference: passed by value they may be
/// copied two numbers at once, which waits for the caller to have written both (8 x 8 x 8 lost up to a fifth by it).
void gemm(Index m, Index n, Index k, const MatrixRef& a, const MatrixRef& b, real* c, Index ldc,
          const Addend& add = {});

}  // namespace lexigrad::inline LEXIGRAD_NS
