// gemm.cpp: the loops around the micro-kernel: what is packed when, and who multiplies it.
//
// Each thread makes a part of C and packs what it needs for that: some is packed by every thread, but none reads what
// another core has just written, and nobody waits between packing and multiplying. Within a part, after Goto & van de
// Geijn (2008): the smaller operand is packed as a whole, the other one in pieces that stay in a second cache, each
// just before it is used; where they can, tiles do that: of B with what they are the first to read, of A and of a
// transposed B with what comes next. A whose rows are contiguous is not packed. Small products and those of few rows
// read B where it lies, or pack one panel of it at a time; few rows against a transposed B are multiplied the other way
// round, and turned. Every element of C is the sum of its passes over K (kc numbers each) in their order on every path
// but by_dots: its bits depend on the sizes and strides, never on the number of threads.
#include "tensor/gemm.hpp"

#include <algorithm>
#include <iterator>

#include "tensor/kernels/kernels.hpp"
#include "tensor/parallel.hpp"
#include "tensor/storage.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index shared_numbers = Index{1} << 20;  // of the smaller operand, packed at once: 4 MiB a thread
constexpr Index piece_rows = 192;                 // of A, a multiple of any mr; with kc columns they stay in a cache
constexpr Index long_piece = 480;                 // where strips of A take turns in memory for two of them
constexpr Index piece_panels = 4;                 // of B
constexpr Index wide_piece = 384;                 // columns of B that far rows of A pass by at once
constexpr Index block_rows = 264;                 // of A that pass by one panel of B: a multiple of any mr
constexpr Index few_panels = 3;                   // of B, packed: they stay in a second cache
constexpr Index few_by_strips = 4;                // as a strip of A passes by: more rows at once
constexpr Index few_rows = 64;                    // for so few B is not worth packing
constexpr Index small_numbers = Index{1} << 16;   // of A and of B: both stay in a second cache as they lie
constexpr Index remote_numbers = Index{1} << 20;  // of A: more than its part of the last one: read rarely, too
constexpr Index serial_below = 80 * 80 * 80;      // multiply-adds: less is done sooner than threads are woken
constexpr Index narrow_part = 96;                 // columns of C: for fewer all of A does not pass by
constexpr Index long_part = 2048;                 // rows or columns of C: twice as many for a thread are several parts

/// Rows of A that are packed together.
Index strip_rows() { return MatmulKernels::strip_panels * kernels().matmul->mr; }
Index up(Index value, Index multiple) { return (value + multiple - 1) / multiple * multiple; }

const real* at(MatrixRef x, Index row, Index col) { return x.data + row * x.row_stride + col * x.col_stride; }

struct Product {
  Index m, n, k;
  Index kc;  ///< of K in one pass
  MatrixRef a, b;
  real* c;
  Index ldc;
  Addend add;
  Index numbers_a;      ///< of A as a whole, which say how far away it lies
  bool turned = false;  ///< `c` and `add` are those of the transpose: c[j, i], and add[i] for all j

  /// Whether A is packed, by the tiles before those that read it. Else it is read where it lies: of a row of A a tile
  /// takes one number at a time, so rows may lie anywhere.
  bool packs_a() const { return a.row_stride == 1 && a.col_stride != 1; }

  /// Rows [i, i + rows) and columns [j, j + columns) of it.
  Product piece(Index i, Index rows, Index j, Index columns) const {
    Product result = *this;
    result.m = rows;
    result.n = columns;
    result.a.data = at(a, i, 0);
    result.b.data = at(b, 0, j);
    result.c = turned ? c + j * ldc + i : c + i * ldc + j;
    if (add.data != nullptr) result.add.data = turned ? add.data + i : add.data + i * add.row_stride + j;
    return result;
  }
  /// Of a turned one the product itself, which goes to `memory`.
  Product before_turning(real* memory) const { return {m, n, k, kc, a, b, memory, n, {}, numbers_a}; }
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
    kernel.block(x.m, whole, depth, a, {at(x.b, p, 0), 0, x.b.row_stride}, x.c, x.ldc, add.data, add.row_stride);
    for (Index j = whole; j < x.n; j += kernel.nr) {
      const Product columns = x.piece(0, x.m, j, std::min(kernel.nr, x.n - j));
      const Addend rest = columns.before(p);
      kernel.pack_b(at(columns.b, p, 0), x.b.row_stride, x.b.col_stride, depth, columns.n, panel, kernel.nr);
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
  Index below = 0;      ///< rows of A, or columns of B, that are packed there after these
  Index alternate = 0;  ///< from one to the other of two places that strips or panels share in turn; 0: each its own
  // Of A:
  Index strips = 0;    ///< how many were
  bool ahead = false;  ///< the first strip that is needed is there

  /// Those of the pass that begins at p.
  real* pass(Index p) const { return data + p * width; }
};

/// One pass over K for a piece of C.
struct Pass {
  const Product& x;
  Index begin, depth;  ///< of K
  real *a, *b;         ///< panels, if they are packed
  const Panels& of_b;  ///< which the first rows write if they are not packed
  Index behind;        ///< columns of B that are read next,
  const real* next;    ///< and where they are

  /// Columns [j, j + columns) of rows [i, i + rows); j is a multiple of nr.
  void multiply(Index i, Index rows, Index j, Index columns, const MatmulKernels::PanelsA& a) const {
    const MatmulKernels& kernel = *kernels().matmul;
    const Product part = x.piece(i, rows, j, columns);
    const Addend add = part.before(begin);
    MatmulKernels::PanelsB panels{.data = b + j * depth, .panel = kernel.nr * depth, .row = kernel.nr, .compact = true};
    if (!of_b.packed && i == 0) {
      panels = {at(part.b, begin, 0), 0, x.b.row_stride, b + j * depth, x.b.col_stride, behind, next, false,
                of_b.alternate};
      if (j + columns < x.n) panels.behind = x.n - j - columns, panels.next = at(part.b, begin, columns);
    }
    kernel.block(rows, columns, depth, a, panels, part.c, x.ldc, add.data, add.row_stride);
  }
};

/// Packs some rows of a transposed A, of which none was packed meanwhile.
void pack_a(const MatrixRef& a, Index rows, Index depth, real* to) {
  const Index mr = kernels().matmul->mr;
  for (Index i = 0; i < rows; i += mr)
    for (Index p = 0; p < depth; ++p, to += mr) std::copy_n(at(a, i, p), std::min(mr, rows - i), to);
}

/// The first columns of a pass. Its A is packed in strips, each while the one before is multiplied, and `behind` while
/// the last one is, if these are all columns.
void multiply_strips(const Pass& pass, Index columns, Panels& a, const MatmulKernels::Strip& behind) {
  const Product& x = pass.x;
  const Index mr = kernels().matmul->mr, strip = strip_rows(), depth = pass.depth;
  for (Index i = 0; i < x.m; i += strip, ++a.strips) {
    real* const panels = a.alternate > 0 ? a.data + a.strips % 2 * a.alternate : pass.a + i * depth;
    const Index count = std::min(strip, x.m - i), left = x.m - i - count;
    if (!a.ahead) pack_a({at(x.a, i, pass.begin), 1, x.a.col_stride}, count, depth, panels);
    a.ahead = left > 0 ? left >= strip : columns == x.n && behind.depth > 0;
    MatmulKernels::Strip next = behind;
    if (left > 0) next = {at(x.a, i + strip, pass.begin), x.a.col_stride, depth, panels + strip * depth};
    if (a.alternate > 0) next.to = a.data + (a.strips + 1) % 2 * a.alternate;
    pass.multiply(i, count, 0, columns, {panels, mr * depth, 1, mr, 0, a.ahead ? &next : nullptr});
  }
}

/// A piece of C, for `depth` of K from `begin` on.
void multiply_piece(const Product& x, Index begin, Index depth, Panels& a, const Panels& b) {
  const MatmulKernels& kernel = *kernels().matmul;
  const Index mr = kernel.mr, strip = strip_rows();
  // A is packed while the first columns are multiplied. Few columns may be all; else the others meet all rows then.
  const bool packs_a = x.packs_a() && !a.packed;
  const Index first = a.alternate > 0 ? x.n : packs_a ? std::min(kernel.nr, x.n) : 0;
  for (Index p = 0; p < depth; p += x.kc) {
    const Index inner = std::min(x.kc, depth - p), after = p + inner;
    const bool last = after == depth;
    const Index then = last ? begin : begin + after;  // of K, by the next piece or in the next pass
    const real* next_b = at(x.b, then, last ? x.n : 0);
    const Pass pass{x, begin + p, inner, a.pass(p), b.pass(p), b, last ? b.below : x.n, next_b};
    MatmulKernels::Strip behind{};  // of A, what is packed after this pass, if it is a whole strip
    if (packs_a && (last ? a.below : x.m) >= strip)
      behind = {at(x.a, last ? x.m : 0, then), x.a.col_stride, std::min(x.kc, begin + depth - then), a.pass(after)};
    if (packs_a) multiply_strips(pass, first, a, behind);
    if (first == x.n) continue;
    MatmulKernels::PanelsA rows{pass.a, mr * inner, 1, mr};
    if (!x.packs_a()) rows = {at(x.a, 0, pass.begin), mr * x.a.row_stride, x.a.row_stride, x.a.col_stride};
    // All panels of B pass by a few rows of A, or all rows by one panel after the other.
    const Index step = b.packed && x.n <= few_panels * kernel.nr && !x.packs_a() ? mr : block_rows;
    for (Index i = 0; i < x.m; i += step, rows.data += step / mr * rows.panel) {
      if (!x.packs_a()) rows.far = x.m - i;
      // The last tiles pack the strip behind where the first rows of these were, which are not needed any more.
      a.ahead = i + step >= x.m && behind.depth > 0 && (a.width > 0 || x.m >= strip + MatmulKernels::strip_tiles * mr);
      if (a.ahead) rows.next = &behind;
      pass.multiply(i, std::min(step, x.m - i), first, x.n - first, rows);
    }
  }
}

/// Writes a product [x.m, x.n] where the transpose of it is wanted, and adds.
void turn(const Product& x, const real* product) {
  constexpr Index strip = 16, in_line = 64 / Index{sizeof(real)};
  for (Index j = 0, end; j < x.n; j = end) {
    end = std::min(j + strip, x.n);
    for (Index next = end; next < std::min(end + strip, x.n); ++next)
      for (Index i = 0; i < x.m; i += in_line) __builtin_prefetch(x.c + next * x.ldc + i, 1);
    kernels().transpose(product + j, x.m, end - j, x.n, x.c + j * x.ldc, x.ldc);
    for (Index row = j; row < end && x.add.data != nullptr; ++row)
      kernels().add(x.c + row * x.ldc, x.add.data, x.c + row * x.ldc, x.m);
  }
}

/// One thread's product, large enough to be packed: the smaller operand as a whole, the other one in pieces.
void by_pieces(const Product& x) {
  const MatmulKernels& kernel = *kernels().matmul;
  const bool share_a = x.m <= x.n && !x.turned;  // all pieces of B meet it
  const Index extent = share_a ? x.n : x.m;
  // All of A passes by each piece of B: where it lies far away and is not packed, by few and wide ones.
  const bool wide = share_a && x.numbers_a > remote_numbers && !x.packs_a();
  // Few columns pass by each strip of A, which has memory for two of them.
  const bool in_turn = !share_a && x.packs_a() && x.n <= few_by_strips * kernel.nr;
  // Few rows meet each panel of a transposed B once; there is memory for two of these, too.
  const bool once = share_a && x.b.row_stride == 1 && !x.packs_a() && x.m <= block_rows && x.k <= x.kc;
  const Index taking_turns = once ? kernel.nr : in_turn ? strip_rows() : 0;
  const Index columns = once ? x.n : wide ? up(wide_piece, kernel.nr) : piece_panels * kernel.nr;
  const Index piece = share_a ? columns : in_turn ? long_piece : piece_rows;
  const Index width_a = x.packs_a() ? up(share_a ? x.m : piece, kernel.mr) : 0;
  const Index width_b = up(share_a ? piece : x.n, kernel.nr), width = share_a ? width_a : width_b;
  const Index own_width = taking_turns > 0 ? 2 * taking_turns : share_a ? width_b : width_a;
  const Index deepest = width > 0 ? std::max<Index>(shared_numbers / width / x.kc, 1) * x.kc : x.k;
  const BufferRef shared_memory(allocate_buffer(width * std::min(deepest, x.k)));
  const BufferRef own_memory(allocate_buffer(own_width * std::min(x.kc, x.k)));
  const bool at_once = deepest >= x.k;  // each piece is done before the next one begins: memory for one of them
  const BufferRef turned_memory(allocate_buffer(x.turned ? (at_once ? std::min(piece, x.m) : x.m) * x.n : 0));
  for (Index begin = 0; begin < x.k; begin += deepest) {
    const Index depth = std::min(deepest, x.k - begin);
    Panels shared{shared_memory.get()->numbers(), width};  // packed while the first piece is multiplied
    Panels own{.data = own_memory.get()->numbers(), .alternate = taking_turns * std::min(x.kc, x.k)};
    for (Index first = 0; first < extent; first += piece, shared.packed = true) {
      const Index count = std::min(piece, extent - first);
      own.below = extent - first - count;
      const Product part = share_a ? x.piece(0, x.m, first, count) : x.piece(first, count, 0, x.n);
      real* product = x.turned ? turned_memory.get()->numbers() + (at_once ? 0 : first * x.n) : nullptr;
      multiply_piece(x.turned ? part.before_turning(product) : part, begin, depth, share_a ? shared : own,
                     share_a ? own : shared);
      if (x.turned && begin + depth == x.k) turn(part, product);
    }
  }
}

/// One thread's product.
void serial(const Product& x) {
  // Few rows: each number of B is used a few times only, so it is not written down again; nor where all is near. One
  // panel of B: rows of A are read once.
  const bool near = x.m * x.k <= small_numbers && x.n * x.k <= small_numbers;
  const bool one_panel = x.n <= kernels().matmul->nr && !x.packs_a();
  !x.turned && (x.m <= few_rows || near || one_panel) ? by_panels(x) : by_pieces(x);
}

/// Rows or columns of C for each thread, several times where there are many, so that who is done helps the others.
void by_parts(const Product& x) {
  // Of columns, each thread packs its share of B, but passes all of A by it: cheaper than all of B, unless A is much
  // the larger or a share is a few panels. Where A must be packed, it costs more.
  const Index share = x.n / thread_count();
  const Index taller = !x.packs_a() && share >= narrow_part ? 8 : share >= 2 * narrow_part ? 4 : 1;
  const bool rows = x.turned || x.m > taller * x.n;
  const Index extent = rows ? x.m : x.n, unit = rows && !x.turned ? kernels().matmul->mr : kernels().lanes;
  const Index parts = thread_count() * std::max<Index>(extent / (thread_count() * long_part), 1);
  parallel_for(extent, up((extent + parts - 1) / parts, unit), [&](Index begin, Index end) {
    serial(rows ? x.piece(begin, end - begin, 0, x.n) : x.piece(0, x.m, begin, end - begin));
  });
}

}  // namespace

void gemm(Index m, Index n, Index k, const MatrixRef& a, const MatrixRef& b, real* c, Index ldc, const Addend& add) {
  if (m == 0 || n == 0) return;
  const MatmulKernels& kernel = *kernels().matmul;
  // An empty sum.
  if (k == 0) return kernel.block(m, n, 0, {c, 0, 0, 0}, {c, 0, 0}, c, ldc, add.data, add.row_stride);
  // One tile of C: to decide what is best would take as long as the product.
  if (m <= kernel.mr && n <= kernel.nr && k <= kernel.kc && b.col_stride == 1 && (n & (kernel.whole - 1)) == 0)
    return kernel.block(m, n, k, {a.data, 0, a.row_stride, a.col_stride}, {b.data, 0, b.row_stride}, c, ldc, add.data,
                        add.row_stride);
  const Index passes = (k + kernel.kc - 1) / kernel.kc;  // over K: as few as can be, all about as deep
  Product x{m, n, k, up((k + passes - 1) / passes, 8), a, b, c, ldc, add, m * k};
  // Few rows against a transposed B, as of a small batch that meets a layer's weights: Cᵀ = Bᵀ Aᵀ reads B where it lies
  // and transposes A, which is smaller. Then it turns C, which pays where what is not packed is four times that.
  const bool dots = a.col_stride == 1 && b.row_stride == 1;  // of contiguous rows and columns
  const bool few = m > 2 && m <= block_rows && 4 * m <= k && 2 * m <= n && n * k > small_numbers;
  if (dots && few && (add.data == nullptr || add.row_stride == 0))
    x = {n, m, k, x.kc, {b.data, b.col_stride, 1}, {a.data, 1, a.row_stride}, c, ldc, add, n * k, true};
  const bool parallel = m * n * k >= serial_below && thread_count() > 1;
  if (dots && m <= 2) return by_dots(x, parallel);
  parallel ? by_parts(x) : serial(x);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
