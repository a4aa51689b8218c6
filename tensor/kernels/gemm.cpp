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
constexpr Index ahead_of_a = 32, ahead_of_b = is_avx512 ? 16 : 48;

// What a tile does on the way: it packs a part of a strip of A, or what it reads of B, or both; or has brought near:
// the rows of A behind its own, the columns of B behind its own, its share of the panel of B that is multiplied next,
// or both rows of A and that share, which with `turn` is turned, if B is transposed. Where two panels of B pass by a
// few rows, each fetches a half of the rows behind.
enum Also { nothing, pack_a_too, fetch_a, fetch_half, pack_b_too, pack_both, fetch_b, fetch_next, fetch_both };
constexpr int turn = 2, kinds = fetch_both + turn + 1;  // turn: added to the last two

/// What it needs for that. Of a fetch: `lines` cache lines for every 16 of K, those of data[p * row + line * col]. Of a
/// strip of A: `lines` of K from data on, one at every step p with (p & mask) == 0, to panels `col` numbers apart; what
/// is packed after them is `skip` numbers behind their end. Of columns to turn: `lines` times `piece` of them and
/// `lanes` of K, from data[p + i * col] to a panel of `row` columns; what is `skip` numbers further on is fetched.
struct Share {
  const real* data = nullptr;
  Index row = 0, col = 0, lines = 0, mask = 0, skip = 0;
  real* to = nullptr;
};
constexpr Share none;
constexpr int strip_rows = MatmulKernels::strip_panels * tile_rows;

/// Packs the next row of a strip, and fetches a later one. Not much later: where rows are a large power of two apart,
/// the second cache has places for few of them.
LEXIGRAD_LANES void pack_row(Share& strip) {
  const real* later = strip.data + ahead_of_a * strip.row + (strip.lines > ahead_of_a ? 0 : strip.skip);
  for (int i = in_line - 1; i < strip_rows + in_line - 1; i += in_line) __builtin_prefetch(later + i, 0, 2);
  for (int i = 0; i < MatmulKernels::strip_panels; ++i)
    __builtin_memcpy(strip.to + i * strip.col, strip.data + i * tile_rows, tile_rows * sizeof(real));
  strip.data += strip.row, strip.to += tile_rows, --strip.lines;
}

/// Turns the next `piece` columns, for `lanes` of K: so few that the vectors of a tile need not leave the registers.
LEXIGRAD_LANES void turn_columns(const Share& share, Index done) {
  const Index pieces = share.row / piece, p = done / pieces * lanes, first = done % pieces * piece;
  Vec part[piece];
  for (int i = 0; i < piece; ++i) {
    const real* column = share.data + (first + i) * share.col + p;
    __builtin_prefetch(column + share.skip);
    part[i] = load(column);
  }
  transpose(part);
  for (int i = 0; i < piece; ++i)
    store_pieces(part[i], share.to + p * share.row + first + i * share.row, piece * share.row);
}

/// c[M, n] = a[M, k] · b[k, n] + add with (V - 1) · lanes < n <= V · lanes; rows of b are readable to V · lanes, or
/// masked.
template <int M, int V, int also = nothing>
void tile(Index n, Index k, const real* a, Index a_row, Index a_col, const real* b, Index b_row, real* c, Index ldc,
          const real* add, Index add_row, real* packed_b = nullptr, const Share& next = none) {
  constexpr Index every = also == fetch_half ? 4 : 2;
  const real* next_a = a + M * a_row + (also == fetch_half ? next.col : 0);
  constexpr bool packs_a = also == pack_a_too || also == pack_both, packs_b = also == pack_b_too || also == pack_both;
  constexpr bool turns = also > fetch_both;
  [[maybe_unused]] Share strip = next;
  Vec sums[M][V] = {};
  const Tail last{n - (V - 1) * lanes};  // the last vector of a row, which may as well be whole
  for (Index p = 0; p < k; ++p, a += a_col, b += b_row) {
    // C is needed at the end, when nothing is left to do while it comes; so it is fetched now, a vector at every second
    // step: all at once would delay A and B. By its last number, as vectors of C may begin in a line already there.
    if (p % 2 == 0 && p < 2 * M * V) __builtin_prefetch(c + p / 2 % M * ldc + (p / 2 / M + 1) * lanes - 1, 1);
    // Rows of A may lie on pages of their own, where hardware begins anew to read ahead.
    if ((also == fetch_a || also == fetch_both || also == fetch_both + turn || also == fetch_half) && p % every == 0)
      __builtin_prefetch(next_a + p / every % M * a_row + p / every / M * in_line, 0, 2);
    if ((also == fetch_next || also == fetch_both) && p % in_line == 0)
      for (Index l = 0; l < next.lines; ++l) __builtin_prefetch(next.data + p * next.row + l * next.col, 0, 2);
    Vec line[V];
#pragma GCC unroll 16
    for (int v = 0; v < V; ++v) line[v] = v < V - 1 || !is_avx512 ? load(b + v * lanes) : load(b + v * lanes, last);
    if (turns && p % lanes == 0 && p / lanes < next.lines) turn_columns(next, p / lanes);
    for (int v = 0; v < V && also == fetch_b; ++v) __builtin_prefetch(b + panel_width + (v + 1) * lanes - 1);
    if (packs_a && (p & strip.mask) == 0 && strip.lines > 0) pack_row(strip);
#pragma GCC unroll 16
    for (int v = 0; v < V && packs_b; ++v) {
      __builtin_prefetch(b + ahead_of_b * b_row + (v + 1) * lanes - 1);
      store(packed_b + (p * V + v) * lanes, line[v]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < M; ++i) {
      const Vec factor = broadcast(a[i * a_row]);
#pragma GCC unroll 16
      for (int v = 0; v < V; ++v) sums[i][v] = fma(factor, line[v], sums[i][v]);
    }
  }
  // What there were too few steps for.
  for (Index i = (k + lanes - 1) / lanes; turns && i < next.lines; ++i) turn_columns(next, i);
  while (packs_a && strip.lines > 0) pack_row(strip);
  // All that is added is read before anything is written: 1 % faster in the mean of many shapes, 3 % where rows of C
  // lie a multiple of 4 KiB apart (perhaps since loads there wait for stores to other rows).
  const auto finish = [&](auto end) LEXIGRAD_INLINE {
    const auto each = [&](auto f) LEXIGRAD_INLINE {
#pragma GCC unroll 16
      for (int i = 0; i < M; ++i) {
#pragma GCC unroll 16
        for (int v = 0; v < V - 1; ++v) f(i, v, Full{});
        f(i, V - 1, end);
      }
    };
    const auto to_add = [&](int i, int v, auto part)
                            LEXIGRAD_INLINE { sums[i][v] += load(add + i * add_row + v * lanes, part); };
    if (add != nullptr) each(to_add);
    each([&](int i, int v, auto part) LEXIGRAD_INLINE { store(c + i * ldc + v * lanes, sums[i][v], part); });
  };
  last.count == lanes ? finish(Full{}) : finish(last);
}

void pack_b(const real* b, Index row_stride, Index col_stride, Index k, Index n, real* out, Index row) {
  const Index deep = row_stride == 1 ? k / lanes * lanes : 0;  // of K, packed by squares
  Index done = 0;                                              // columns of them
  for (; done + lanes <= n && deep > 0; done += lanes) {
    for (Index p = 0; p < deep; p += lanes) {
      Vec square[lanes];
      const real* column = b + done * col_stride + p;
#pragma GCC unroll 16
      for (int i = 0; i < lanes; ++i, column += col_stride) square[i] = load(column);
      transpose(square);
#pragma GCC unroll 16
      for (int i = 0; i < lanes; ++i) store(out + (p + i) * row + done, square[i]);
    }
  }
  const Index read = is_avx512 ? n : (n + lanes - 1) / lanes * lanes;  // as many columns as tile() reads
  for (Index p = 0; p < k; ++p)
    for (Index column = p < deep ? done : 0; column < read; ++column)
      out[p * row + column] = column < n ? b[p * row_stride + column * col_stride] : 0;
}

/// The tile that does so much more.
template <int M, int V, int... also>
auto tile_of(int kind, std::integer_sequence<int, also...>) {
  static constexpr decltype(&tile<M, V>) all[] = {&tile<M, V, also>...};
  return all[kind];
}

void block(Index m, Index n, Index k, const MatmulKernels::PanelsA& a, const MatmulKernels::PanelsB& b, real* c,
           Index ldc, const real* add, Index add_row) {
  // One tile: what the loops below decide takes a tenth of the time of 8 x 8 x 8.
  if (m <= tile_rows && n <= panel_width && a.next == nullptr && b.packed == nullptr) {
    return with_sizes<tile_rows, tile_vectors>(m, (n + lanes - 1) / lanes, [&]<int M, int V>() {
      tile<M, V>(n, k, a.data, a.row, a.col, b.data, b.compact ? V * lanes : b.row, c, ldc, add, add_row);
    });
  }
  // B's panel is the outer loop: it stays in a cache while the panels of A pass by.
  const real* columns = b.data;
  // The last tiles pack A, at most strip_tiles of them. As one strip passes by they are of whole panels only, as tiles
  // of a narrow one are done too soon; what they pack goes where none of that strip's tiles reads.
  const Index panels = m <= strip_rows && n >= 2 * panel_width ? n / panel_width : (n + panel_width - 1) / panel_width;
  Index tiles = (m + tile_rows - 1) / tile_rows * panels;
  const Index parts = tiles < MatmulKernels::strip_tiles ? tiles : MatmulKernels::strip_tiles;
  // Four vectors left: two and two keep the multipliers busier than three and one.
  const auto width_at = [&](Index j) {
    if (tile_vectors == 3 && n - j == 4 * lanes && (b.panel == 0 || b.compact)) return 2 * lanes;
    return n - j < panel_width ? n - j : panel_width;
  };
  const auto place = [&](Index q) { return b.packed + (b.alternate > 0 ? q % 2 * b.alternate : q * panel_width * k); };
  const bool tiles_turn = is_avx512 && b.packed != nullptr && b.col != 1 && b.row == 1 && m > (in_line - 1) * tile_rows;
  bool turned = false;
  for (Index j = 0, q = 0, width; j < n; j += width, ++q, columns += b.panel != 0 ? b.panel : width * b.col) {
    width = width_at(j);
    real* const packed_b = b.packed == nullptr ? nullptr : place(q);
    const bool tiles_pack = packed_b != nullptr && b.col == 1 && width % whole_columns == 0;
    const Index vectors = (width + lanes - 1) / lanes, row = vectors * lanes;  // of a packed panel
    if (packed_b != nullptr && !tiles_pack && !turned) pack_b(columns, b.row, b.col, k, width, packed_b, row);
    // Panels of a transposed B are turned by the last sixteen tiles of the panel before, in whole vectors both ways.
    const Index here = n - j - width, soon = width_at(j + width);
    turned = tiles_turn && a.next == nullptr && here > 0 && (soon | k) % lanes == 0;
    for (Index i = 0; i < m; i += tile_rows, --tiles) {
      // What is packed of B on the way is written by the first row of tiles, and read by the others.
      const bool packs_b = i == 0 && tiles_pack, b_is_packed = packed_b != nullptr && !packs_b;
      // Of the next panel the last sixteen tiles turn their share of K, and fetch what the tile behind each turns; or
      // they fetch their share of the columns, if B is transposed, else every 16th row. What the first ones fetch would
      // be gone from the cache when A has passed by. Rows may begin within a cache line, so what is fetched is the line
      // of the last number.
      Share next;
      const Index later = (m - i - 1) / tile_rows, third = panel_width / in_line;
      const Index left = (here > 0 ? here : b.behind) - later * third;
      if (turned && later < in_line) {
        const Index depth = (k / lanes + in_line - 1) / in_line * lanes, first = (in_line - 1 - later) * depth;
        const Index turns = (first + depth < k ? depth : k - first) / lanes * (soon / piece);
        next = {columns + width * b.col + first, soon, b.col, turns, 0, depth, place(q + 1) + first * soon};
        if (first + depth >= k) next.skip = here > soon ? soon * b.col - first : 0;
      } else if (packed_b != nullptr && later < in_line && left > 0) {
        const real* panel = here > 0 ? columns + width * b.col : b.next;
        next = b.col == 1 ? Share{panel + later * b.row + in_line - 1, b.row, in_line, third}
                          : Share{panel + later * third * b.col, 1, b.col, left < third ? left : third};
      }
      if (a.next != nullptr && tiles > 0 && tiles <= parts) {
        const auto& [from, col, depth, to] = *a.next;
        const Index lines = (depth + parts - 1) / parts, first = (parts - tiles) * lines, mask = parts < 8 ? 3 : 7;
        next = {from + first * col, col, depth * tile_rows, lines, mask, 0, to + first * tile_rows};
        // At its end: what follows is mostly the strip beside it.
        if (first + lines >= depth) next.lines = depth - first, next.skip = strip_rows - depth * col;
      }
      int also = pack_a_too * (next.to != nullptr && !turned) + pack_b_too * packs_b;
      // Where B lies, a panel is a few lines of each of many rows: hardware does not see where that goes on.
      if (also == nothing && i == 0 && b.panel == 0 && here > 0 && !turned) also = fetch_b;
      const bool halves = m <= tile_rows && n > panel_width && a.far > tile_rows;
      if (also == nothing && halves && j <= panel_width) also = fetch_half, next = {nullptr, 0, j > 0 ? k / 2 : 0};
      if ((also == nothing || also == fetch_b) && j == 0 && i + tile_rows < a.far) also = fetch_a;
      if (next.lines > 0) also = (also == nothing ? fetch_next : also == fetch_a ? fetch_both : also) + turn * turned;
      // The edges of C are computed by smaller tiles, not by padding.
      with_sizes<tile_rows, tile_vectors>(m - i, vectors, [&]<int M, int V>() {
        tile_of<M, V>(also, std::make_integer_sequence<int, kinds>())(
            width, k, a.data + i / tile_rows * a.panel, a.row, a.col, b_is_packed ? packed_b : columns,
            b_is_packed || b.compact ? row : b.row, c + i * ldc + j, ldc, add == nullptr ? add : add + i * add_row + j,
            add_row, packed_b, next);
      });
    }
  }
}

}  // namespace

extern const MatmulKernels LEXIGRAD_JOIN(matmul_kernels_, LEXIGRAD_ISA_NAME) = {
    .mr = tile_rows, .nr = panel_width, .kc = inner_block, .whole = whole_columns, .pack_b = pack_b, .block = block};

}  // namespace lexigrad::inline LEXIGRAD_NS
