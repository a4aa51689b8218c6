// gemm.cpp (kernels): the micro-kernel of the matrix product and the packing of its panels.
//
// A tile of C, mr rows by nr columns, lives in registers: for every p the kernel takes one row of B's panel (a few
// vectors) and mr numbers of A's panel, each multiplied into its row of the tile. So each number that is loaded is used
// mr or nr times. tensor/gemm.cpp cuts the matrices into panels.
#include "tensor/kernels/kernels.hpp"
#include "tensor/kernels/lanes.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// Accumulators (rows · vectors), a row of B and one broadcast must fit the registers: 16, or 32 with AVX-512.
#if defined(__AVX512F__)
constexpr Index mr = 6, vectors = 4, kc = 192;
#elif defined(__AVX2__)
constexpr Index mr = 6, vectors = 2, kc = 256;
#else
constexpr Index mr = 4, vectors = 2, kc = 256;
#endif
constexpr Index nr = vectors * lanes;

// rows <= mr of the tile: out[r][..] = Σ_p a[p][r] · b[p][..]
template <Index rows>
LEXIGRAD_LANES void tile_sums(Index k, const real* a, const real* b, Vec (&sums)[rows][vectors]) {
  for (Index p = 0; p < k; ++p) {
    Vec row[vectors];
#pragma GCC unroll 4
    for (Index v = 0; v < vectors; ++v) row[v] = load(b + p * nr + v * lanes);
#pragma GCC unroll 8
    for (Index r = 0; r < rows; ++r) {
      const Vec factor = broadcast(a[p * mr + r]);
#pragma GCC unroll 4
      for (Index v = 0; v < vectors; ++v) sums[r][v] = fma(factor, row[v], sums[r][v]);
    }
  }
}

template <Index rows>
void tile(Index k, const real* a, const real* b, real* c, Index ldc, Index columns, bool accumulate) {
  Vec sums[rows][vectors] = {};
  tile_sums<rows>(k, a, b, sums);
  for (Index r = 0; r < rows; ++r) {
    real* out = c + r * ldc;
    if (columns == nr) {
#pragma GCC unroll 4
      for (Index v = 0; v < vectors; ++v) {
        store(out + v * lanes, accumulate ? load(out + v * lanes) + sums[r][v] : sums[r][v]);
      }
    } else {
      alignas(vector_bytes) real edge[nr];
      for (Index v = 0; v < vectors; ++v) store(edge + v * lanes, sums[r][v]);
      for (Index j = 0; j < columns; ++j) out[j] = accumulate ? out[j] + edge[j] : edge[j];
    }
  }
}

using Tile = void (*)(Index k, const real* a, const real* b, real* c, Index ldc, Index columns, bool accumulate);
constexpr Tile tiles[] = {tile<1>, tile<2>, tile<3>, tile<4>,
#if defined(__AVX2__)
                          tile<5>, tile<6>
#endif
};

void block(Index m, Index n, Index k, const real* a, const real* b, real* c, Index ldc, bool accumulate) {
  // B's panel is the outer loop: it stays in the first cache while the panels of A, in the second one, pass by.
  for (Index j = 0; j < n; j += nr) {
    const Index columns = n - j < nr ? n - j : nr;
    for (Index i = 0; i < m; i += mr) {
      const Index rows = m - i < mr ? m - i : mr;
      tiles[rows - 1](k, a + i * k, b + j * k, c + i * ldc + j, ldc, columns, accumulate);
    }
  }
}

// out[p][i] = x[i * across + p * along] for i < count, 0 for i in [count, width): one panel.
LEXIGRAD_LANES void pack_panel(const real* x, Index across, Index along, Index count, Index width, Index k, real* out) {
  if (across == 1) {
    for (Index p = 0; p < k; ++p) {
      const real* from = x + p * along;
      real* to = out + p * width;
      for (Index i = 0; i < count; ++i) to[i] = from[i];
      for (Index i = count; i < width; ++i) to[i] = 0;
    }
    return;
  }
  constexpr Index strip = 16;  // a short piece of every row at a time, so that what is written stays in the first cache
  for (Index begin = 0; begin < k; begin += strip) {
    const Index end = k - begin < strip ? k : begin + strip;
    for (Index i = 0; i < count; ++i) {
      const real* from = x + i * across;
      for (Index p = begin; p < end; ++p) out[p * width + i] = from[p * along];
    }
    for (Index i = count; i < width; ++i) {
      for (Index p = begin; p < end; ++p) out[p * width + i] = 0;
    }
  }
}

void pack_a(const real* a, Index row_stride, Index col_stride, Index m, Index k, real* out) {
  for (Index i = 0; i < m; i += mr) {
    pack_panel(a + i * row_stride, row_stride, col_stride, m - i < mr ? m - i : mr, mr, k, out + i * k);
  }
}

void pack_b(const real* b, Index row_stride, Index col_stride, Index k, Index n, real* out) {
  for (Index j = 0; j < n; j += nr) {
    pack_panel(b + j * col_stride, col_stride, row_stride, n - j < nr ? n - j : nr, nr, k, out + j * k);
  }
}

}  // namespace

#define LEXIGRAD_JOIN2(a, b) a##b
#define LEXIGRAD_JOIN(a, b) LEXIGRAD_JOIN2(a, b)

extern const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME);
const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME) = {mr, nr, kc, pack_a, pack_b, block};

}  // namespace lexigrad::inline LEXIGRAD_NS
