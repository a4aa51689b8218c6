// gemm.cpp: the loops around the micro-kernel: which panels are packed when, and who multiplies them.
//
// As Goto & van de Geijn (2008) order them: a slab of B [kc, nc] is packed once and shared; blocks of A [mc, kc] are
// packed by whoever multiplies them, into memory of its own; the micro-kernel runs over both. The cut depends on the
// sizes only, and every element of C gets its slabs of K in order, so threads do not show in the bits.
#include "tensor/gemm.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "tensor/kernels/kernels.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index mc = 96;    // rows of A in a block: mc · kc numbers stay in the second cache
constexpr Index nc = 4080;  // columns of B in a slab: nc · kc numbers stay in the last cache
constexpr Index tiny = 16 * 16 * 16;

Index up(Index value, Index multiple) { return (value + multiple - 1) / multiple * multiple; }

// Memory for packed panels: one buffer a thread and use, grown when needed, freed when the thread ends.
class PackBuffer {
 public:
  real* get(Index count) {
    if (count > capacity_) {
      memory_.reset();
      capacity_ = 0;
      void* fresh = std::aligned_alloc(64, static_cast<std::size_t>(up(count * static_cast<Index>(sizeof(real)), 64)));
      if (fresh == nullptr) throw std::bad_alloc();
      memory_.reset(static_cast<real*>(fresh));
      capacity_ = count;
    }
    return memory_.get();
  }

 private:
  struct Free {
    void operator()(real* p) const { std::free(p); }
  };
  std::unique_ptr<real, Free> memory_;
  Index capacity_ = 0;
};

// Few rows or few numbers: not worth packing. Sums over k in order.
void plain(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate) {
  for (Index i = 0; i < m; ++i) {
    real* row = c + i * ldc;
    if (!accumulate) std::fill_n(row, n, real{0});
    for (Index p = 0; p < k; ++p) {
      const real factor = a.data[i * a.row_stride + p * a.col_stride];
      const real* from = b.data + p * b.row_stride;
      if (b.col_stride == 1) {
        for (Index j = 0; j < n; ++j) row[j] += factor * from[j];
      } else {
        for (Index j = 0; j < n; ++j) row[j] += factor * from[j * b.col_stride];
      }
    }
  }
}

// One or two rows of A against the contiguous columns of B (a matrix times a vector): each number of B is read once.
void by_dots(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate) {
  parallel_for(n, row_grain(k, 1 << 17), [&](Index begin, Index end) {
    for (Index j = begin; j < end; ++j) {
      for (Index i = 0; i < m; ++i) {
        const real sum = kernels().dot(a.data + i * a.row_stride, b.data + j * b.col_stride, k);
        c[i * ldc + j] = accumulate ? c[i * ldc + j] + sum : sum;
      }
    }
  });
}

// body(begin, end) over chunks, on several threads or on this one.
template <class Body>
void loop(bool parallel, Index count, Index grain, const Body& body) {
  if (parallel) {
    parallel_for(count, grain, body);
  } else {
    for (Index begin = 0; begin < count; begin += grain) body(begin, std::min(begin + grain, count));
  }
}

void packed(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate, bool parallel) {
  const MatmulKernels& kernel = *kernels().matmul;
  thread_local PackBuffer shared_b;
  const Index slab_columns = std::min(nc / kernel.nr * kernel.nr, up(n, kernel.nr));
  real* packed_b = shared_b.get(slab_columns * std::min(kernel.kc, k));
  const Index row_blocks = (m + mc - 1) / mc;
  for (Index jc = 0; jc < n; jc += slab_columns) {
    const Index columns = std::min(slab_columns, n - jc);
    // Few rows: their block is cut by columns too, so that there is work for several threads.
    const Index cuts = std::max<Index>(1, std::min<Index>(16 / row_blocks, columns / (8 * kernel.nr)));
    const Index width = up((columns + cuts - 1) / cuts, kernel.nr);
    const Index column_blocks = (columns + width - 1) / width;
    for (Index pc = 0; pc < k; pc += kernel.kc) {
      const Index depth = std::min(kernel.kc, k - pc);
      loop(parallel, columns, up(row_grain(depth, 1 << 15), kernel.nr), [&](Index begin, Index end) {
        kernel.pack_b(b.data + pc * b.row_stride + (jc + begin) * b.col_stride, b.row_stride, b.col_stride, depth,
                      end - begin, packed_b + begin * depth);
      });
      loop(parallel, row_blocks * column_blocks, 1, [&](Index begin, Index end) {
        thread_local PackBuffer own_a;
        real* packed_a = own_a.get(up(mc, kernel.mr) * depth);
        for (Index job = begin; job < end; ++job) {
          const Index i = job / column_blocks * mc, rows = std::min(mc, m - i);
          const Index j = job % column_blocks * width, wide = std::min(width, columns - j);
          kernel.pack_a(a.data + i * a.row_stride + pc * a.col_stride, a.row_stride, a.col_stride, rows, depth,
                        packed_a);
          kernel.block(rows, wide, depth, packed_a, packed_b + j * depth, c + i * ldc + jc + j, ldc,
                       accumulate || pc > 0);
        }
      });
    }
  }
}

void multiply(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate, bool parallel) {
  if (m == 0 || n == 0) return;
  if (m * n * k <= tiny) {
    plain(m, n, k, a, b, c, ldc, accumulate);
  } else if (m <= 2 && a.col_stride == 1 && b.row_stride == 1) {
    by_dots(m, n, k, a, b, c, ldc, accumulate);
  } else {
    packed(m, n, k, a, b, c, ldc, accumulate, parallel && m * n * k >= 64 * 64 * 64);
  }
}

}  // namespace

void gemm(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate) {
  multiply(m, n, k, a, b, c, ldc, accumulate, true);
}

void gemm_serial(Index m, Index n, Index k, MatrixRef a, MatrixRef b, real* c, Index ldc, bool accumulate) {
  multiply(m, n, k, a, b, c, ldc, accumulate, false);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
