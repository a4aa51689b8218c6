// gemm.cpp: the loops around the micro-kernel: what is packed when, and who multiplies it.
//
// After Goto & van de Geijn (2008): the smaller operand is packed once, as panels that all threads read; the other one
// is cut into pieces that are handed to threads, and who multiplies a piece packs it, just then, into memory that stays
// in his second cache: where they can, tiles pack what they are the first to read. A whose rows are contiguous is not
// packed. Of products of moderate size each thread has a part for itself. Small ones and those of few rows read B where
// it lies, or pack one panel of it at a time. Every element of C is the sum of its passes over K (kc numbers each) in
// their order on every path but by_dots: its bits depend on the sizes and strides, never on the number of threads.
#include "tensor/gemm.hpp"

#include <algorithm>
#include <iterator>

#include "tensor/kernels/kernels.hpp"
#include "tensor/parallel.hpp"
#include "tensor/storage.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index shared_numbers = Index{1} << 20;  // packed for all threads at once: a part of the last cache
constexpr Index piece_rows = 192;                 // of A packed by one thread; with kc columns they stay in its cache
constexpr Index piece_panels = 4;                 // of B packed by one thread
constexpr Index wide_piece = 384;                 // columns of B that far rows of A pass by at once
constexpr Index block_rows = 240;                 // of A that pass by one panel of B: a multiple of any mr
constexpr Index few_rows = 64;                    // of one thread, of which B is not worth packing
constexpr Index small_numbers = Index{1} << 16;   // of A and of B: both stay in a second cache as they lie
constexpr Index pieces = 12;                      // enough for several threads to share evenly
constexpr Index far_numbers = Index{1} << 18;     // of A: more than a second cache: fetched in time
constexpr Index remote_numbers = Index{1} << 20;  // of A: more than its part of the last one: read rarely, too
constexpr Index serial_below = 80 * 80 * 80;      // multiply-adds: less is done sooner than threads are woken
constexpr Index part_results = 5000000;           // numbers of C: of fewer, each thread makes a part
constexpr Index part_width = 192;                 // and neither side is shorter than this

Index up(Index value, Index multiple) { return (value + multiple - 1) / multiple * multiple; }

const real* at(MatrixRef x, Index row, Index col) { return x.data + row * x.row_stride + col * x.col_stride; }

struct Product {
  Index m, n, k;
  Index kc;  ///< of K in one pass
  MatrixRef a, b;
  real* c;
  Index ldc;
  Addend add;
  Index numbers_a;  ///< of A as a whole, which say how far away it lies

  /// Whether tiles can pack what they read.
  bool tiles_pack_a() const { return a.row_stride == 1; }
  bool tiles_pack_b() const { return b.col_stride == 1 && n % kernels().matmul->whole == 0; }

  /// Rows [i, i + rows) and columns [j, j + columns) of it.
  Product piece(Index i, Index rows, Index j, Index columns) const {
    Product result = *this;
    result.m = rows;
    result.n = columns;
    result.a.data = at(a, i, 0);
    result.b.data = at(b, 0, j);
    result.c = c + i * ldc + j;
    if (add.data != nullptr) result.add.data = add.data + i * add.row_stride + j;
    return result;
  }
  /// What pass `p` over K adds to: the first one to what was asked for, the others to C.
  Addend before(Index p) const { return p == 0 ? add : Addend{c, ldc}; }
};

/// One thread's product; panels of B are packed one at a time, or read where they lie.
void by_panels(const Product& x) {
  const MatmulKernels& kernel = *kernels().matmul;
  // Whole vectors of columns are used where they lie.
  const Index whole = x.b.col_stride == 1 ? x.n - x.n % kernel.whole : 0;
  const Index numbers = whole < x.n ? std::min(x.kc, x.k) * kernel.nr : 0;
  alignas(64) real small[3072];
  const BufferRef large = numbers > Index{std::size(small)} ? BufferRef(allocate_buffer(numbers)) : BufferRef();
  real* panel = large.get() != nullptr ? large.get()->numbers() : small;
  for (Index p = 0; p < x.k; p += x.kc) {
    const Index depth = std::min(x.kc, x.k - p);
    const MatmulKernels::PanelsA a{at(x.a, 0, p), kernel.mr * x.a.row_stride, x.a.row_stride, x.a.col_stride};
    const Addend add = x.before(p);
    kernel.block(x.m, whole, depth, a, {at(x.b, p, 0), kernel.nr, x.b.row_stride}, x.c, x.ldc, add.data,
                 add.row_stride);
    for (Index j = whole; j < x.n; j += kernel.nr) {
      const Product columns = x.piece(0, x.m, j, std::min(kernel.nr, x.n - j));
      const Addend rest = columns.before(p);
      kernel.pack_b(at(columns.b, p, 0), x.b.row_stride, x.b.col_stride, depth, columns.n, panel);
      kernel.block(x.m, columns.n, depth, a, {panel, 0, kernel.nr}, columns.c, x.ldc, rest.data, rest.row_stride);
    }
  }
}

/// One or two rows of A against contiguous columns of B: each number of B is read once, by dot products.
void by_dots(const Product& x, bool parallel) {
  parallel_for_each(x.n, parallel ? row_grain(x.k, 1 << 16) : x.n, [&](Index j) {
    for (Index i = 0; i < x.m; ++i) {
      real& out = x.c[i * x.ldc + j];
      const real sum = kernels().dot(at(x.a, i, 0), at(x.b, 0, j), x.k);
      out = x.add.data != nullptr ? x.add.data[i * x.add.row_stride + j] + sum : sum;
    }
  });
}

/// Memory for an operand's panels for a stretch of K, pass by pass.
struct Panels {
  real* data = nullptr;
  Index width = 0;      ///< numbers for each of K; 0: each pass takes the place of the one before
  bool packed = false;  ///< they are there; else whoever needs them writes them

  /// Those of the pass that begins at p.
  real* pass(Index p) const { return data + p * width; }
};

/// Where `inner` columns of A from p on are read; packs them into `memory` if need be.
MatmulKernels::PanelsA panels_of_a(const Product& x, Index p, Index inner, real* memory, bool packed) {
  const MatmulKernels& kernel = *kernels().matmul;
  const MatrixRef a{at(x.a, 0, p), x.a.row_stride, x.a.col_stride};
  const MatmulKernels::PanelsA there{a.data, kernel.mr * a.row_stride, a.row_stride, a.col_stride,
                                     x.numbers_a > far_numbers};
  if (a.col_stride == 1) return there;  // a tile takes one number of a row of A at a time, so they may lie anywhere
  if (!packed && x.tiles_pack_a()) return {a.data, kernel.mr, 1, a.col_stride, false, memory};
  if (!packed) kernel.pack_a(a.data, a.row_stride, a.col_stride, x.m, inner, memory);
  return {memory, kernel.mr * inner, 1, kernel.mr};
}

/// The same of `inner` rows of B.
MatmulKernels::PanelsB panels_of_b(const Product& x, Index p, Index inner, real* memory, bool packed) {
  const MatmulKernels& kernel = *kernels().matmul;
  const real* b = at(x.b, p, 0);
  if (!packed && x.tiles_pack_b()) return {b, kernel.nr, x.b.row_stride, memory};
  if (!packed) kernel.pack_b(b, x.b.row_stride, x.b.col_stride, inner, x.n, memory);
  return {memory, kernel.nr * inner, kernel.nr};
}

/// A piece of C, for `depth` of K from `begin` on.
void multiply_piece(const Product& x, Index begin, Index depth, Panels a, Panels b) {
  const MatmulKernels& kernel = *kernels().matmul;
  for (Index p = 0; p < depth; p += x.kc) {
    const Index inner = std::min(x.kc, depth - p);
    MatmulKernels::PanelsA rows = panels_of_a(x, begin + p, inner, a.pass(p), a.packed);
    MatmulKernels::PanelsB columns = panels_of_b(x, begin + p, inner, b.pass(p), b.packed);
    for (Index i = 0; i < x.m; i += block_rows) {
      const Product block = x.piece(i, std::min(block_rows, x.m - i), 0, x.n);
      const Addend add = block.before(begin + p);
      kernel.block(block.m, x.n, inner, rows, columns, block.c, x.ldc, add.data, add.row_stride);
      rows.data += block_rows / kernel.mr * rows.panel;
      if (rows.packed != nullptr) rows.packed += block_rows * inner;
      if (columns.packed != nullptr) columns = {columns.packed, kernel.nr * inner, kernel.nr};  // by the first block
    }
  }
}

/// Panels of rows of A (or columns of B) for `depth` of K from `begin` on, into `out`.
void pack_shared(const Product& x, bool is_a, Index begin, Index depth, real* out, bool parallel) {
  const MatmulKernels& kernel = *kernels().matmul;
  const Index count = is_a ? x.m : x.n, unit = is_a ? kernel.mr : kernel.nr, width = up(count, unit);
  const Index strip = up(row_grain(x.kc, 1 << 15), unit), strips = (count + strip - 1) / strip;
  const Index passes = (depth + x.kc - 1) / x.kc;
  const Index items = passes * strips;
  parallel_for_each(items, parallel ? 1 : items, [&](Index item) {
    const Index p = item / strips * x.kc, inner = std::min(x.kc, depth - p);
    const Index first = item % strips * strip, some = std::min(strip, count - first);
    real* to = out + p * width + first * inner;
    if (is_a) {
      kernel.pack_a(at(x.a, first, begin + p), x.a.row_stride, x.a.col_stride, some, inner, to);
    } else {
      kernel.pack_b(at(x.b, begin + p, first), x.b.row_stride, x.b.col_stride, inner, some, to);
    }
  });
}

void by_pieces(const Product& x, bool parallel) {
  const MatmulKernels& kernel = *kernels().matmul;
  const bool share_a = x.m <= x.n;  // the smaller operand is shared
  const Index extent = share_a ? x.n : x.m, unit = share_a ? kernel.nr : kernel.mr;
  // All of A passes by each piece of B: where it lies far away and is not packed, by few and wide ones.
  const bool wide = share_a && x.numbers_a > remote_numbers && x.a.col_stride == 1;
  const Index largest = wide ? up(wide_piece, unit) : share_a ? piece_panels * kernel.nr : piece_rows;
  const Index wanted = wide && !parallel ? 1 : pieces;
  const Index piece = std::min(largest, up((extent + wanted - 1) / wanted, unit));
  const Index width_a = x.a.col_stride == 1 ? 0 : up(share_a ? x.m : piece, kernel.mr);
  const Index width_b = up(share_a ? piece : x.n, kernel.nr);
  const Index width = share_a ? width_a : width_b;  // of what is shared
  const Index deepest = width > 0 ? std::max<Index>(shared_numbers / width / x.kc, 1) * x.kc : x.k;
  const BufferRef memory(allocate_buffer(width * std::min(deepest, x.k)));
  // Of one thread the first piece packs what is shared, while it is multiplied.
  const bool early = parallel || !(share_a ? x.tiles_pack_a() : x.tiles_pack_b());
  for (Index begin = 0; begin < x.k; begin += deepest) {
    const Index depth = std::min(deepest, x.k - begin);
    if (width > 0 && early) pack_shared(x, share_a, begin, depth, memory.get()->numbers(), parallel);
    parallel_for_each((extent + piece - 1) / piece, parallel ? 1 : extent, [&](Index item) {
      const Index first = item * piece, count = std::min(piece, extent - first);
      const BufferRef own_memory(allocate_buffer((share_a ? width_b : width_a) * std::min(x.kc, depth)));
      const Panels shared{memory.get()->numbers(), width, early || item > 0}, own{own_memory.get()->numbers()};
      if (share_a) {
        multiply_piece(x.piece(0, x.m, first, count), begin, depth, shared, own);
      } else {
        multiply_piece(x.piece(first, count, 0, x.n), begin, depth, own, shared);
      }
    });
  }
}

// A part for each thread, which packs what it needs of both operands. Some is packed by every thread, but none reads
// what another core has just written, and nobody waits between packing and multiplying.
void by_threads(const Product& x) {
  const bool rows = x.m > x.n;
  const Index extent = rows ? x.m : x.n, unit = rows ? kernels().matmul->mr : kernels().lanes;
  parallel_for(extent, up((extent + thread_count() - 1) / thread_count(), unit), [&](Index begin, Index end) {
    by_pieces(rows ? x.piece(begin, end - begin, 0, x.n) : x.piece(0, x.m, begin, end - begin), false);
  });
}

}  // namespace

void gemm(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, Addend add) {
  if (m == 0 || n == 0) return;
  const MatmulKernels& kernel = *kernels().matmul;
  if (k == 0) {  // an empty sum
    return kernel.block(m, n, 0, {c, 0, 0, 0}, {c, 0, 0}, c, ldc, add.data, add.row_stride);
  }
  if (m <= kernel.mr && n <= kernel.nr && k <= kernel.kc && b.col_stride == 1 && (n & (kernel.whole - 1)) == 0) {
    // One tile of C: to decide what is best would take as long as the product.
    return kernel.block(m, n, k, {a.data, 0, a.row_stride, a.col_stride}, {b.data, 0, b.row_stride}, c, ldc, add.data,
                        add.row_stride);
  }
  const Index passes = (k + kernel.kc - 1) / kernel.kc;  // over K: as few as can be, all about as deep
  const Product x{m, n, k, up((k + passes - 1) / passes, 8), a, b, c, ldc, add, m * k};
  const bool parallel = m * n * k >= serial_below && thread_count() > 1;
  if (m <= 2 && a.col_stride == 1 && b.row_stride == 1) {
    by_dots(x, parallel);
  } else if (m <= (parallel ? 2 * kernel.mr : few_rows) ||
             (!parallel && m * k <= small_numbers && n * k <= small_numbers)) {
    // Few rows: each number of B is used a few times only, so it is not written down again; nor where all is near.
    if (!parallel) return by_panels(x);
    parallel_for(n, up(row_grain(k, 1 << 16), piece_panels * kernel.nr),
                 [&](Index begin, Index end) { by_panels(x.piece(0, m, begin, end - begin)); });
  } else if (n <= kernel.nr && a.col_stride == 1) {
    // One panel of B: rows of A are read once, so there is nothing to share.
    parallel_for(m, parallel ? up(row_grain(k, 1 << 16), kernel.mr) : m,
                 [&](Index begin, Index end) { by_panels(x.piece(begin, end - begin, 0, n)); });
  } else if (parallel && m * n <= part_results && std::min(m, n) >= part_width) {
    by_threads(x);
  } else {
    by_pieces(x, parallel);
  }
}

}  // namespace lexigrad::inline LEXIGRAD_NS
