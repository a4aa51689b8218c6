// gemm.cpp (kernels): the register tile of the matrix product, and the packing that feeds it.
//
// All speed is in tile(): a block of C [rows, vectors · lanes] stays in registers while one row of a panel of B after
// the other is multiplied by the matching column of A. What goes around it (blocks for the caches, threads) is in
// tensor/gemm.cpp. After Goto & van de Geijn, "Anatomy of high-performance matrix multiplication" (2008), and BLIS.
#include "tensor/kernels/kernels.hpp"
#include "tensor/kernels/lanes.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

// tile_rows · tile_vectors accumulators, a row of B and one factor of A must fit the registers (16; AVX-512 has 32),
// and the accumulators must cover the latency of two multiply-adds a cycle (8 to 10 of them).
#if defined(__AVX512F__)
constexpr int tile_rows = 8, tile_vectors = 3;
constexpr Index inner_block = 192;
#elif defined(__AVX2__)
constexpr int tile_rows = 6, tile_vectors = 2;
constexpr Index inner_block = 384;
#elif defined(__x86_64__)
constexpr int tile_rows = 4, tile_vectors = 2;
constexpr Index inner_block = 256;
#else
constexpr int tile_rows = 8, tile_vectors = 2;
constexpr Index inner_block = 256;
#endif
constexpr Index panel_width = tile_vectors * lanes;
constexpr Index line = 64 / Index{sizeof(real)};  // numbers in a cache line

/// c[M, n] = a[M, k] · b[k, n] + add with (V - 1) · lanes < n <= V · lanes; rows of b are readable to V · lanes.
template <int M, int V>
void tile(Index n, Index k, const real* a, Index a_row, Index a_col, const real* b, Index b_row, real* c, Index ldc,
          const real* add, Index add_row) {
  real* row = c;
#pragma GCC unroll 16
  for (int i = 0; i < M; ++i, row += ldc) __builtin_prefetch(row, 1);  // written at the end
  Vec sums[M][V] = {};
  for (Index p = 0; p < k; ++p, a += a_col, b += b_row) {
    Vec line[V];
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) line[v] = load(b + v * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
      const Vec factor = broadcast(a[i * a_row]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) sums[i][v] = fma(factor, line[v], sums[i][v]);
    }
  }
  if (n < V * lanes) {  // the last vector of a row is not whole
    alignas(vector_bytes) real edge[M * V * lanes];
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) store(edge + (i * V + v) * lanes, sums[i][v]);
    }
    for (int i = 0; i < M; ++i, c += ldc) {
      for (Index j = 0; j < n; ++j)
        c[j] = add != nullptr ? add[i * add_row + j] + edge[i * V * lanes + j] : edge[i * V * lanes + j];
    }
    return;
  }
#pragma GCC unroll 16
  for (int i = 0; i < M; ++i, c += ldc) {
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) {
      if (add != nullptr) sums[i][v] += load(add + i * add_row + v * lanes);
      store(c + v * lanes, sums[i][v]);
    }
  }
}

void block(Index m, Index n, Index k, MatmulKernels::PanelsA a, MatmulKernels::PanelsB b, real* c, Index ldc,
           const real* add, Index add_row) {
  // B's panel is the outer loop: it stays in the first cache while the panels of A, in the second one, pass by.
  for (Index j = 0; j < n; j += panel_width, b.data += b.panel) {
    const Index width = n - j < panel_width ? n - j : panel_width;
    const real* panel = a.data;
    // While the tiles of one panel of B are computed, the next one is fetched into the second cache, a piece with each.
    const real* next = b.data + b.panel;
    const Index fetched = j + panel_width < n && b.row == panel_width ? tile_rows * k * panel_width / m + line : 0;
    for (Index i = 0; i < m; i += tile_rows, panel += a.panel) {
      for (Index f = 0; f < fetched; f += line) __builtin_prefetch(next + f, 0, 2);
      next += fetched;
      // The edges of C are computed by smaller tiles, not by padding.
      const real* to_add = add == nullptr ? add : add + i * add_row + j;
      with_sizes<tile_rows, tile_vectors>(m - i, (width + lanes - 1) / lanes, [&]<int M, int V>() {
        tile<M, V>(width, k, panel, a.row, a.col, b.data, b.row, c + i * ldc + j, ldc, to_add, add_row);
      });
    }
  }
}

/// out[p · out_stride + i] = x[i · stride + p] for i < rows, p < lanes; what is stored behind the rows is undefined.
template <int rows>
LEXIGRAD_LANES void transpose_rows(const real* x, Index stride, real* out, Index out_stride) {
  Vec square[lanes] = {};
#pragma GCC unroll 16
  for (int i = 0; i < (rows < lanes ? rows : lanes); ++i) square[i] = load(x + i * stride);
  transpose(square);
#pragma GCC unroll 16
  for (int i = 0; i < lanes; ++i) store(out + i * out_stride, square[i]);
}

constexpr Index ahead = 6;  // rows that lie far apart are fetched so many before they are packed

void pack_a(const real* a, Index row_stride, Index col_stride, Index m, Index k, real* out) {
  const Index whole = row_stride == 1 ? m / tile_rows * tile_rows : 0;
  for (Index p = 0; p < k && whole > 0; ++p) {  // columns of A are read from end to end, and each panel gets its piece
    const real* column = a + p * col_stride;
    real* to = out + p * tile_rows;
    for (Index i = 0; i < whole; i += tile_rows, to += tile_rows * k) {
      __builtin_prefetch(column + ahead * col_stride + i);
      __builtin_memcpy(to, column + i, tile_rows * sizeof(real));
    }
  }
  for (Index i = whole; i < m; i += tile_rows) {
    const Index rows = m - i < tile_rows ? m - i : tile_rows;
    const real* from = a + i * row_stride;
    real* to = out + i * k;
    Index p = 0;
    if (col_stride == 1 && rows == tile_rows && tile_rows <= lanes) {
      // Of what each store writes, the numbers beyond the panel's row are covered by the next one; hence not the last.
      for (; p + lanes < k; p += lanes) transpose_rows<tile_rows>(from + p, row_stride, to + p * tile_rows, tile_rows);
    }
    for (Index row = 0; row < rows; ++row) {
      for (Index q = p; q < k; ++q) to[q * tile_rows + row] = from[row * row_stride + q * col_stride];
    }
  }
}

void pack_b(const real* b, Index row_stride, Index col_stride, Index k, Index n, real* out) {
  Index j = 0;
  if (col_stride == 1) {  // rows of B are read from end to end, and each panel gets its piece
    const Index whole = n / panel_width * panel_width;
    for (Index p = 0; p < k; ++p) {
      const real* row = b + p * row_stride;
      real* to = out + p * panel_width;
      for (Index column = 0; column < whole; column += panel_width, to += panel_width * k) {
        __builtin_prefetch(row + ahead * row_stride + column);
#pragma GCC unroll 16
        for (int v = 0; v < tile_vectors; ++v) store(to + v * lanes, load(row + column + v * lanes));
      }
    }
    j = whole;
  }
  for (; j < n; j += panel_width) {
    const Index width = n - j < panel_width ? n - j : panel_width;
    const real* from = b + j * col_stride;
    real* to = out + j * k;
    Index done = 0;  // columns packed by whole vectors
    for (; done + lanes <= width && row_stride == 1; done += lanes) {
      const real* rows = from + done * col_stride;
      Index p = 0;
      for (; p + lanes <= k; p += lanes) {
        transpose_rows<int{lanes}>(rows + p, col_stride, to + p * panel_width + done, panel_width);
      }
      for (; p < k; ++p) {
        for (Index i = 0; i < lanes; ++i) to[p * panel_width + done + i] = rows[i * col_stride + p];
      }
    }
    const Index read = (width + lanes - 1) / lanes * lanes;  // as many columns as tile() reads
    if (done == read) continue;
    for (Index p = 0; p < k; ++p) {
      for (Index column = done; column < read; ++column) {
        to[p * panel_width + column] = column < width ? from[p * row_stride + column * col_stride] : 0;
      }
    }
  }
}

}  // namespace

extern const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME);
const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME) = {
    .mr = tile_rows,
    .nr = panel_width,
    .kc = inner_block,
    .pack_a = pack_a,
    .pack_b = pack_b,
    .block = block,
};

}  // namespace lexigrad::inline LEXIGRAD_NS
