// gemm_steps_loops.cpp: the steps themselves. Read from the top; tensor/README.md goes with it.
#include "tensor/gemm_steps.hpp"
#include "tensor/kernels/lanes.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace gemm_steps {
namespace {

LEXIGRAD_LANES Index smaller_of(Index a, Index b) { return a < b ? a : b; }

// 1. As the formula stands: every number of C is a row of A times a column of B.
void naive(const Product& x, real*) {
  for (Index i = 0; i < x.m; ++i) {
    for (Index j = 0; j < x.n; ++j) {
      real sum = 0;
      for (Index p = 0; p < x.k; ++p) sum += x.a[i * x.k + p] * x.b[p * x.n + j];
      x.c[i * x.n + j] = sum;
    }
  }
}

// Rows [i, i_end), columns [j, j_end) of C.
LEXIGRAD_LANES void rows_of_c(const Product& x, Index i, Index i_end, Index j, Index j_end) {
  for (; i < i_end; ++i) {
    real* row = x.c + i * x.n;
    for (Index q = j; q < j_end; ++q) row[q] = 0;
    for (Index p = 0; p < x.k; ++p) {
      const real factor = x.a[i * x.k + p];
      for (Index q = j; q < j_end; ++q) row[q] += factor * x.b[p * x.n + q];
    }
  }
}

// 2. The same with the two inner loops swapped: neighbours in B and C are met one after the other.
void reordered(const Product& x, real*) { rows_of_c(x, 0, x.m, 0, x.n); }

// c[rows, 2 vectors] += Σ over p of a(r, p) · b(p, ..). Number (r, p) of A is a[r · a_row + p · a_column].
#if defined(__AVX2__)
constexpr Index rows = 6;  // 12 vectors of sums, 2 of B and 1 of A: 15 of 16 registers
#else
constexpr Index rows = 4;  // the multiplication needs a register more where it is not fused with the addition
#endif
constexpr Index columns = 2 * lanes;
LEXIGRAD_LANES void tile(Index k, const real* a, Index a_row, Index a_column, const real* b, Index b_row, real* c,
                         Index c_row) {
  Vec sums[rows][2];
#pragma GCC unroll 6
  for (Index r = 0; r < rows; ++r) {
    sums[r][0] = load(c + r * c_row);
    sums[r][1] = load(c + r * c_row + lanes);
  }
  for (Index p = 0; p < k; ++p) {
    const Vec b0 = load(b + p * b_row), b1 = load(b + p * b_row + lanes);
#pragma GCC unroll 6
    for (Index r = 0; r < rows; ++r) {
      const Vec factor = broadcast(a[r * a_row + p * a_column]);
      sums[r][0] = fma(factor, b0, sums[r][0]);
      sums[r][1] = fma(factor, b1, sums[r][1]);
    }
  }
#pragma GCC unroll 6
  for (Index r = 0; r < rows; ++r) {
    store(c + r * c_row, sums[r][0]);
    store(c + r * c_row + lanes, sums[r][1]);
  }
}

// 3. A tile of C stays in registers while p runs. What no whole tile covers is left to step 2.
void tiled(const Product& x, real*) {
  const Index whole_m = x.m / rows * rows, whole_n = x.n / columns * columns;
  for (Index i = 0; i < whole_m * x.n; ++i) x.c[i] = 0;
  for (Index j = 0; j < whole_n; j += columns) {
    for (Index i = 0; i < whole_m; i += rows) {
      tile(x.k, x.a + i * x.k, x.k, 1, x.b + j, x.n, x.c + i * x.n + j, x.n);
    }
  }
  rows_of_c(x, whole_m, x.m, 0, whole_n);
  rows_of_c(x, 0, x.m, whole_n, x.n);
}

// out[panel][p][i] = from(panel · width + i, p), number (i, p) at from[i · across + p · along]; 0 beyond `count`.
LEXIGRAD_LANES void pack(const real* from, Index across, Index along, Index count, Index width, Index k, real* out) {
  for (Index panel = 0; panel < count; panel += width) {
    for (Index p = 0; p < k; ++p) {
      for (Index i = panel; i < panel + width; ++i) *out++ = i < count ? from[i * across + p * along] : 0;
    }
  }
}

// 4. Blocks of both operands are first copied into the order in which the tile reads them.
void packed(const Product& x, real* memory) {
  real *a = memory, *b = memory + a_block * depth_block;
  for (Index i = 0; i < x.m * x.n; ++i) x.c[i] = 0;
  for (Index jc = 0; jc < x.n; jc += b_block) {
    const Index wide = smaller_of(b_block, x.n - jc);
    for (Index pc = 0; pc < x.k; pc += depth_block) {
      const Index depth = smaller_of(depth_block, x.k - pc);
      pack(x.b + pc * x.n + jc, 1, x.n, wide, columns, depth, b);
      for (Index ic = 0; ic < x.m; ic += a_block) {
        const Index high = smaller_of(a_block, x.m - ic);
        pack(x.a + ic * x.k + pc, x.k, 1, high, rows, depth, a);
        for (Index j = 0; j < wide; j += columns) {
          for (Index i = 0; i < high; i += rows) {
            real* c = x.c + (ic + i) * x.n + jc + j;
            if (i + rows <= high && j + columns <= wide) {
              tile(depth, a + i * depth, 1, rows, b + j * depth, columns, c, x.n);
              continue;
            }
            real edge[rows * columns] = {};  // a tile that hangs over: only what belongs to C is added to it
            tile(depth, a + i * depth, 1, rows, b + j * depth, columns, edge, columns);
            for (Index r = 0; r < smaller_of(rows, high - i); ++r) {
              for (Index q = 0; q < smaller_of(columns, wide - j); ++q) c[r * x.n + q] += edge[r * columns + q];
            }
          }
        }
      }
    }
  }
}

}  // namespace

#define LEXIGRAD_JOIN2(a, b) a##b
#define LEXIGRAD_JOIN(a, b) LEXIGRAD_JOIN2(a, b)
extern const Step LEXIGRAD_JOIN(steps_, LEXIGRAD_ISA_NAME)[step_count];
const Step LEXIGRAD_JOIN(steps_, LEXIGRAD_ISA_NAME)[step_count] = {
    {"naive", naive}, {"reordered", reordered}, {"tiled", tiled}, {"packed", packed}};

}  // namespace gemm_steps
}  // namespace lexigrad::inline LEXIGRAD_NS
