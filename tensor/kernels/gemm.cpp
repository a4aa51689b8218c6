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
#elif defined(__AVX2__)
constexpr int tile_rows = 6, tile_vectors = 2;
#elif defined(__x86_64__)
constexpr int tile_rows = 4, tile_vectors = 2;
#else
constexpr int tile_rows = 8, tile_vectors = 2;
#endif
constexpr Index panel_width = tile_vectors * lanes;
// Of K in one pass: the more, the more rarely C is read and written. With AVX-512 a panel of B (144 KiB) is too much
// for the first cache; the second one has the 16 bytes a cycle that a tile wants.
constexpr Index inner_block = vector_bytes == 64 ? 768 : vector_bytes == 32 ? 384 : 256;
constexpr bool is_avx512 = vector_bytes == 64;  // there, loads of less than a vector cost no more than whole ones
constexpr Index whole_columns = is_avx512 ? 1 : lanes;

constexpr Index in_line = 64 / Index{sizeof(real)};  // numbers in a cache line
// How many rows before they are packed they are fetched. A step of a small tile is soon over.
constexpr Index ahead_of_a = 8, ahead_of_b = is_avx512 ? 16 : 48;
constexpr Index ahead_of_columns = 64;  // how many numbers of a column

// What a tile does on the way: it writes what it reads of A or of B to a panel, or the columns of a transposed B; or
// has brought near: the rows of A behind its own, the columns of B behind its own, or its share of the panel of B that
// is packed next.
enum Also { nothing, pack_a_too, pack_b_too, pack_both, fetch_a, fetch_b, fetch_next, fetch_a_next, turn_b };

/// That share: `lines` cache lines for every 16 of K, those of data[p * row + line * col]. Of turn_b, B: data[p, col].
struct Share {
  const real* data = nullptr;
  Index row = 0, col = 0, lines = 0;
};
constexpr Share no_share;

/// out[p, i] = columns[p + i * col] for `piece` columns and `lanes` numbers of each; out is part of a panel. With few
/// vectors, so that those of a tile need not leave the registers.
LEXIGRAD_LANES void turn_columns(const real* columns, Index col, real* out) {
  Vec part[piece];
#pragma GCC unroll 4
  for (int i = 0; i < piece; ++i, columns += col) {
    __builtin_prefetch(columns + ahead_of_columns);
    part[i] = load(columns);
  }
  transpose(part);
#pragma GCC unroll 4
  for (int i = 0; i < piece; ++i) store_pieces(part[i], out + i * panel_width, piece * panel_width);
}

/// c[M, n] = a[M, k] · b[k, n] + add with (V - 1) · lanes < n <= V · lanes; rows of b are readable to V · lanes, or
/// masked.
template <int M, int V, Also also = nothing>
void tile(Index n, Index k, const real* a, Index a_row, Index a_col, const real* b, Index b_row, real* c, Index ldc,
          const real* add, Index add_row, real* packed_a, real* packed_b, const Share& next) {
  const real* next_a = a + M * a_row;
  // A cache line holds the numbers of more than one panel of a transposed A: two tiles share the fetching of the next
  // lines, every second one each, as all at once is more than memory gives meanwhile. By their last number, as rows may
  // begin within a line.
  const Index odd = static_cast<Index>(reinterpret_cast<std::uintptr_t>(a) / (tile_rows * sizeof(real)) % 2);
  Vec sums[M][V] = {};
  const Tail last{n - (V - 1) * lanes};  // the last vector of a row, which may as well be whole
  // Columns are turned while the numbers before them are multiplied: a vector of each, then they are rows.
  const auto turn = [&](Index p, Index column) LEXIGRAD_INLINE {
    turn_columns(next.data + p + column * next.col, next.col, packed_b + p * panel_width + column);
  };
  for (Index column = 0; also == turn_b && column < V * lanes; column += piece) turn(0, column);
  for (Index p = 0; p < k; ++p, a += a_col, b += b_row) {
    // C is needed at the end, when nothing is left to do while it comes; so it is fetched now, a vector at every second
    // step: all at once would delay A and B. By its last number, as vectors of C may begin in a line already there.
    if (p % 2 == 0 && p < 2 * M * V) __builtin_prefetch(c + p / 2 % M * ldc + (p / 2 / M + 1) * lanes - 1, 1);
    // Rows of A may lie on pages of their own, where hardware begins anew to read ahead.
    if ((also == fetch_a || also == fetch_a_next) && p % 2 == 0)
      __builtin_prefetch(next_a + p / 2 % M * a_row + p / 2 / M * in_line, 0, 2);
    if ((also == fetch_next || also == fetch_a_next) && p % in_line == 0) {
      for (Index l = 0; l < next.lines; ++l) __builtin_prefetch(next.data + p * next.row + l * next.col, 0, 2);
    }
    Vec line[V];
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) line[v] = v < V - 1 || !is_avx512 ? load(b + v * lanes) : load(b + v * lanes, last);
    if (const Index soon = (p / lanes + 1) * lanes; also == turn_b && soon < k) {
      for (Index column = p % lanes * piece; column < V * lanes; column += lanes * piece) turn(soon, column);
    }
    if constexpr (also == fetch_b) {
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) __builtin_prefetch(b + panel_width + (v + 1) * lanes - 1);
    }
    if constexpr (also == pack_a_too || also == pack_both) {
      if ((p + odd) % 2 == 0) __builtin_prefetch(a + ahead_of_a * a_col + in_line + tile_rows - 1, 0, 2);
      __builtin_memcpy(packed_a + p * tile_rows, a, M * sizeof(real));
    }
    if constexpr (also == pack_b_too || also == pack_both) {
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) {
        __builtin_prefetch(b + ahead_of_b * b_row + (v + 1) * lanes - 1);
        store(packed_b + p * panel_width + v * lanes, line[v]);
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
      const Vec factor = broadcast(a[i * a_row]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) sums[i][v] = fma(factor, line[v], sums[i][v]);
    }
  }
  // All that is added is read before anything is written: 1 % faster in the mean of many shapes, 3 % where rows of C
  // lie a multiple of 4 KiB apart (perhaps since loads there wait for stores to other rows).
  const auto finish = [&](auto part) LEXIGRAD_INLINE {
    if (add != nullptr) {
#pragma GCC unroll 16
      for (int i = 0; i < M; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V - 1; ++v) sums[i][v] += load(add + i * add_row + v * lanes);
        sums[i][V - 1] += load(add + i * add_row + (V - 1) * lanes, part);
      }
    }
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
#pragma GCC unroll 16
      for (int v = 0; v < V - 1; ++v) store(c + i * ldc + v * lanes, sums[i][v]);
      store(c + i * ldc + (V - 1) * lanes, sums[i][V - 1], part);
    }
  };
  last.count == lanes ? finish(Full{}) : finish(last);
}

void pack_b(const real* b, Index row_stride, Index col_stride, Index k, Index n, real* out) {
  for (Index j = 0; j < n; j += panel_width) {
    const Index width = n - j < panel_width ? n - j : panel_width;
    const real* from = b + j * col_stride;
    real* to = out + j * k;
    const Index deep = row_stride == 1 ? k / lanes * lanes : 0;  // of K, packed by squares
    Index done = 0;                                              // columns of them
    for (; done + lanes <= width && deep > 0; done += lanes) {
      for (Index p = 0; p < deep; p += lanes) {
        Vec square[lanes];
        const real* column = from + done * col_stride + p;
#pragma GCC unroll 16
        for (int i = 0; i < lanes; ++i, column += col_stride) square[i] = load(column);
        transpose(square);
#pragma GCC unroll 16
        for (int i = 0; i < lanes; ++i) store(to + (p + i) * panel_width + done, square[i]);
      }
    }
    const Index read = is_avx512 ? width : (width + lanes - 1) / lanes * lanes;  // as many columns as tile() reads
    for (Index p = 0; p < k; ++p)
      for (Index column = p < deep ? done : 0; column < read; ++column)
        to[p * panel_width + column] = column < width ? from[p * row_stride + column * col_stride] : 0;
  }
}

void block(Index m, Index n, Index k, const MatmulKernels::PanelsA& a, const MatmulKernels::PanelsB& b, real* c,
           Index ldc, const real* add, Index add_row) {
  // One tile: what the loops below decide takes a tenth of the time of 8 x 8 x 8.
  if (m <= tile_rows && n <= panel_width && a.packed == nullptr && b.packed == nullptr) {
    return with_sizes<tile_rows, tile_vectors>(m, (n + lanes - 1) / lanes, [&]<int M, int V>() {
      tile<M, V>(n, k, a.data, a.row, a.col, b.data, b.row, c, ldc, add, add_row, nullptr, nullptr, no_share);
    });
  }
  // B's panel is the outer loop: it stays in a cache while the panels of A pass by.
  const bool is_packed = b.row == panel_width && b.packed == nullptr, in_place = !is_packed && b.packed == nullptr;
  const real* columns = b.data;
  real* packed_b = b.packed;
  for (Index j = 0, width; j < n; j += width, columns += is_packed ? b.panel : width * b.col) {
    width = n - j < panel_width ? n - j : panel_width;
    // Four vectors left: two and two keep the multipliers busier than three and one.
    if (tile_vectors == 3 && n - j == 4 * lanes && (!is_packed || b.even)) width = 2 * lanes;
    // Tiles pack what they read, rows of whole vectors, or turn what they pack, whole vectors of columns.
    const bool tiles_pack = packed_b != nullptr && b.col == 1 && width % whole_columns == 0;
    const bool tiles_turn = is_avx512 && packed_b != nullptr && b.col != 1 && b.row == 1 && width % lanes == 0 &&
                            k % lanes == 0 && m >= tile_rows && (a.packed == nullptr || j > 0);
    if (packed_b != nullptr && !tiles_pack && !tiles_turn) pack_b(columns, b.row, b.col, k, width, packed_b);
    for (Index i = 0; i < m; i += tile_rows) {
      // What is packed on the way is written by the first column of tiles or the first row, and read by the others.
      const bool packs_a = a.packed != nullptr && j == 0, a_is_packed = a.packed != nullptr && j > 0;
      const bool packs_b = i == 0 && tiles_pack, b_is_packed = packed_b != nullptr && !packs_b;
      const bool fetches_a = j == 0 && i + tile_rows < a.far;
      // Where B lies, a panel is a few lines of each of many rows: hardware does not see where that goes on.
      const bool fetches_b = in_place && i == 0 && j + width < n;
      // Of the next panel the last sixteen tiles fetch their share of the columns, if B is transposed, else every 16th
      // row: what the first ones fetch would be gone from the cache when A has passed by. Rows may begin within a cache
      // line, so what is fetched is the line of the last number.
      Share next;
      const Index later = (m - i - 1) / tile_rows, left = n - j - width + b.behind, third = panel_width / in_line;
      if (packed_b != nullptr && later < in_line && left > later * third) {
        const Index lines = left - later * third < third ? left - later * third : third;
        next = b.col == 1 ? Share{columns + width + later * b.row + in_line - 1, b.row, in_line, third}
                          : Share{columns + (width + later * third) * b.col, 1, b.col, lines};
      }
      int also = pack_a_too * packs_a + pack_b_too * packs_b;
      if (also == nothing) also = fetches_a ? fetch_a : fetches_b ? fetch_b : nothing;
      if (next.lines > 0) also = also == nothing ? fetch_next : also == fetch_a ? fetch_a_next : also;
      if (i == 0 && tiles_turn) also = turn_b, next = {columns, 1, b.col};
      real* packed_a = a.packed != nullptr ? a.packed + i * k : nullptr;
      const real* panel = a_is_packed ? packed_a : a.data + i / tile_rows * a.panel;
      const real* to_add = add == nullptr ? add : add + i * add_row + j;
      // The edges of C are computed by smaller tiles, not by padding.
      with_sizes<tile_rows, tile_vectors>(m - i, (width + lanes - 1) / lanes, [&]<int M, int V>() {
        constexpr Also turning = is_avx512 && M == tile_rows ? turn_b : nothing;
        static constexpr decltype(&tile<M, V>) kinds[] = {
            tile<M, V>,          tile<M, V, pack_a_too>, tile<M, V, pack_b_too>, tile<M, V, pack_both>,
            tile<M, V, fetch_a>, tile<M, V, fetch_b>,    tile<M, V, fetch_next>, tile<M, V, fetch_a_next>,
            tile<M, V, turning>};
        kinds[also](width, k, panel, a_is_packed ? 1 : a.row, a_is_packed ? tile_rows : a.col,
                    b_is_packed ? packed_b : columns, b_is_packed ? panel_width : b.row, c + i * ldc + j, ldc, to_add,
                    add_row, packed_a, packed_b, next);
      });
    }
    if (packed_b != nullptr) packed_b += panel_width * k;
  }
}

}  // namespace

extern const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME) = {
    .mr = tile_rows,
    .nr = panel_width,
    .kc = inner_block,
    .whole = whole_columns,
    .pack_b = pack_b,
    .block = block,
};

}  // namespace lexigrad::inline LEXIGRAD_NS
