// attention.cpp: multi-head scaled dot-product attention in one piece, forward and backward.
//
//   P = softmax(q kᵀ / √w), causal: only keys up to the query;   y = P v        (Vaswani et al. 2017)
//   dv = Pᵀ dy;   dP = dy vᵀ;   dS = P ∘ (dP - rowsum(P ∘ dP));   dq = dS k / √w;   dk = dSᵀ q / √w
//
// A head's queries go through in strips of 32, so that causal work ends soon after what a query sees, and what is in
// memory are [32, T] scores for each thread. Keys lie in the panels that the products want, made once for a head. The
// other rows lie far apart, and those of the next strip are fetched while one has its softmax.
// Backward makes P again from the saved log-sum-exp of each query (as FlashAttention does, Dao et al. 2022) in place of
// keeping it; it holds two blocks of 64 queries, as dk and dv are sums over queries, and longer sums cost less.
#include <algorithm>
#include <cmath>

#include "tensor/gather.hpp"
#include "tensor/gemm.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index strip = 32, query_block = 2 * strip;

// One head's queries, keys and values: rows of `width` numbers, and how far apart they lie.
struct Head {
  Index width;
  const real *q, *k, *v;
  Index q_stride, kv_stride;
  Index past, keys;  // keys before that of the first query, and all
  bool causal;

  Index seen(Index query) const { return causal ? past + query + 1 : keys; }
  real scale() const { return static_cast<real>(1.0 / std::sqrt(static_cast<double>(width))); }
};

// Where the head `job % heads` of the sequence `job / heads` begins in [B, T, columns].
Index head_offset(Index job, Index heads, Index length, Index columns, Index width) {
  return job / heads * length * columns + job % heads * width;
}

Head packed_head(const Tensor& qkv, Index heads, Index job, bool causal) {
  const Index length = qkv.dim(1), stride = qkv.dim(2), dim = stride / 3, width = dim / heads;
  const real* q = qkv.data() + head_offset(job, heads, length, stride, width);
  return {width, q, q + dim, q + 2 * dim, stride, stride, 0, length, causal};
}

// The head's keys or values, [keys, width], as the panels of their transpose that tiles read, and divided by √w.
Tensor scaled_panels(const Head& head, const real* x) {
  const MatmulKernels& kernel = *kernels().matmul;
  Tensor result({(head.keys + kernel.nr - 1) / kernel.nr, head.width, kernel.nr});
  real* panels = result.mutable_data();
  const Index panel = head.width * kernel.nr;
  std::fill_n(panels + result.size() - panel, panel, real{0});  // the last one may be wider than there are keys
  for (Index i = 0; i < head.keys; i += kernel.nr) {
    const Index keys = std::min(kernel.nr, head.keys - i);
    kernel.pack_b(x + i * head.kv_stride, 1, head.kv_stride, head.width, keys, panels + i * head.width, kernel.nr);
  }
  kernels().scale(head.scale(), panels, panels, result.size());
  return result;
}

// scores[i, key] = x[i] · panels[key] for `rows` rows of x and `keys` keys.
void score(Index rows, Index keys, const real* x, Index x_stride, const Tensor& panels, real* scores, Index stride) {
  const MatmulKernels& kernel = *kernels().matmul;
  const Index width = panels.dim(1);
  kernel.block(rows, keys, width, {x, kernel.mr * x_stride, x_stride, 1}, {panels.data(), width * kernel.nr, kernel.nr},
               scores, stride, nullptr, 0);
}

// y[t] = softmax(q kᵀ / √w) v for `count` queries, rows of y `y_stride` apart. `logsumexp` [count] may be null.
void attend(const Head& head, Index count, real* y, Index y_stride, real* logsumexp) {
  const ThreadScope alone(1);   // a strip's products are too small to be shared, also where there is one head only
  const bool few = count <= 2;  // as when a text is continued: each key is read once, so it is not packed
  const Tensor panels = few ? Tensor() : scaled_panels(head, head.k);
  Tensor probabilities({std::min(strip, count), head.keys});
  real* scores = probabilities.mutable_data();
  real greatest[strip], totals[strip];
  for (Index first = 0; first < count; first += strip) {
    const Index last = std::min(first + strip, count), keys = head.seen(last - 1);
    if (few) {
      gemm(count, keys, head.width, {head.q, head.q_stride, 1}, {head.k, 1, head.kv_stride}, scores, keys);
      kernels().scale(head.scale(), scores, scores, count * keys);
    } else {
      score(last - first, keys, head.q + first * head.q_stride, head.q_stride, panels, scores, keys);
    }
    for (Index t = first; t < last; ++t) {
      // Scores become chances but for the factor that makes their sum 1: as far as the query sees, and 0 beyond.
      real* row = scores + (t - first) * keys;
      greatest[t - first] = kernels().max(row, head.seen(t));
      totals[t - first] = kernels().exp_sum(row, greatest[t - first], row, head.seen(t));
      std::fill(row + head.seen(t), row + keys, real{0});
      const Index soon = std::min(t + strip, count - 1);
      fetch_row(head.q + soon * head.q_stride, head.width);
      fetch_row(head.v + (head.past + soon) * head.kv_stride, head.width);
    }
    gemm(last - first, head.width, keys, {scores, keys, 1}, {head.v, head.kv_stride, 1}, y + first * y_stride,
         y_stride);
    for (Index t = first; t < last; ++t)  // the factor: of y, which has fewer numbers than there are scores
      kernels().scale(real{1} / totals[t - first], y + t * y_stride, y + t * y_stride, head.width);
    if (logsumexp != nullptr) {
      kernels().log(totals, logsumexp + first, last - first);
      kernels().add(greatest, logsumexp + first, logsumexp + first, last - first);
    }
  }
}

// Checks qkv [B, T, 3·D] and that the heads divide D.
void check(const Tensor& qkv, Index heads) {
  if (qkv.rank() != 3 || qkv.dim(2) % 3 != 0) {
    throw ShapeError("attention", {operand("qkv", qkv)}, "expected packed queries, keys, values [B, T, 3·D]");
  }
  if (heads < 1 || qkv.dim(2) == 0 || qkv.dim(2) / 3 % heads != 0) {
    throw ValueError("attention", "{} heads do not divide the width {}", heads, qkv.dim(2) / 3);
  }
}

}  // namespace

AttentionResult attention(const Tensor& qkv, Index heads, bool causal) {
  check(qkv, heads);
  const Index batch = qkv.dim(0), length = qkv.dim(1), dim = qkv.dim(2) / 3;
  AttentionResult result{Tensor({batch, length, dim}), Tensor({batch, heads, length})};
  if (qkv.size() == 0) return result;
  real* y = result.y.mutable_data();
  real* logsumexp = result.logsumexp.mutable_data();
  parallel_for_each(batch * heads, 1, [&](Index job) {
    attend(packed_head(qkv, heads, job, causal), length, y + head_offset(job, heads, length, dim, dim / heads), dim,
           logsumexp + job * length);
  });
  return result;
}

Tensor cached_attention(const Tensor& qkv, Tensor& keys, Tensor& values, Index past) {
  const bool fits = qkv.rank() == 2 && keys.rank() == 3 && keys.shape() == values.shape() &&
                    qkv.dim(1) == 3 * keys.dim(0) * keys.dim(2) && past >= 0 && past <= keys.dim(1) - qkv.dim(0);
  if (!fits) {
    throw ShapeError("cached_attention", {operand("qkv", qkv), operand("keys", keys), operand("values", values)},
                     "expected qkv [N, 3·H·W], keys and values [H, C, W] with room for N behind {}", past);
  }
  const Index count = qkv.dim(0), heads = keys.dim(0), room = keys.dim(1), width = keys.dim(2), dim = heads * width;
  Tensor result({count, dim});
  if (result.size() == 0) return result;
  const Index all = past + count;
  real* y = result.mutable_data();
  real* key_data = keys.mutable_data();
  real* value_data = values.mutable_data();
  parallel_for_each(heads, row_grain(count * all * width, 1 << 14), [&](Index head) {
    const real* q = qkv.data() + head * width;
    real* k = key_data + head * room * width;
    real* v = value_data + head * room * width;
    for (Index t = 0; t < count; ++t) {
      std::copy_n(q + t * 3 * dim + dim, width, k + (past + t) * width);
      std::copy_n(q + t * 3 * dim + 2 * dim, width, v + (past + t) * width);
    }
    attend({width, q, k, v, 3 * dim, width, past, all, true}, count, y + head * width, dim, nullptr);
  });
  return result;
}

Tensor attention_backward(const Tensor& qkv, const Tensor& logsumexp, const Tensor& dy, Index heads, bool causal) {
  check(qkv, heads);
  const Index batch = qkv.dim(0), length = qkv.dim(1), dim = qkv.dim(2) / 3;
  require_shape("attention", "dy", dy, {batch, length, dim});
  require_shape("attention", "logsumexp", logsumexp, {batch, heads, length});
  Tensor result(qkv.shape());
  if (qkv.size() == 0) return result;
  real* out = result.mutable_data();
  parallel_for_each(batch * heads, 1, [&](Index job) {
    const ThreadScope alone(1);
    const Head head = packed_head(qkv, heads, job, causal);
    const Index stride = head.q_stride, block = std::min(query_block, length);
    const Tensor k_panels = scaled_panels(head, head.k), v_panels = scaled_panels(head, head.v);
    Tensor probabilities({block, length}), slopes({block, length});
    real* probability = probabilities.mutable_data();
    real* slope = slopes.mutable_data();
    real* dq = out + (head.q - qkv.data());
    const real* dy_head = dy.data() + head_offset(job, heads, length, dim, head.width);
    // From the last block to the first: the last one sees every key, so it writes dk and dv and the others add.
    for (Index first = (length - 1) / query_block * query_block; first >= 0; first -= query_block) {
      const Index last = std::min(first + query_block, length), all = head.seen(last - 1);
      for (Index begin = first; begin < last; begin += strip) {
        const Index end = std::min(begin + strip, last), keys = head.seen(end - 1);
        real* p = probability + (begin - first) * all;
        real* s = slope + (begin - first) * all;
        score(end - begin, keys, head.q + begin * stride, stride, k_panels, p, all);
        score(end - begin, keys, dy_head + begin * dim, dim, v_panels, s, all);  // dP / √w, which makes dS / √w
        for (Index t = begin; t < end; ++t, p += all, s += all) {
          const Index seen = head.seen(t), soon = std::min(t + strip, length - 1);
          fetch_row(head.q + soon * stride, head.width);
          fetch_row(dy_head + soon * dim, head.width);
          kernels().exp_sum(p, logsumexp.data()[job * length + t], p, seen);
          kernels().softmax_backward(p, s, s, seen);
          std::fill(p + seen, p + keys, real{0});
          std::fill(s + seen, s + keys, real{0});
        }
        gemm(end - begin, head.width, keys, {slope + (begin - first) * all, all, 1}, {head.k, stride, 1},
             dq + begin * stride, stride);
      }
      // Keys before the block are seen by all its queries, those in it by the strips from their own on.
      for (Index key = 0, end; key < all; key = end) {
        const Index skip = causal ? std::max<Index>(key - first, 0) : 0, rows = last - first - skip;
        end = !causal ? all : key < first ? first : std::min(key + strip, all);
        const auto add_product = [&](const real* left, const real* right, Index right_stride, real* sum) {
          gemm(end - key, head.width, rows, {left + skip * all + key, 1, all},
               {right + (first + skip) * right_stride, right_stride, 1}, sum + key * stride, stride,
               {last < length ? sum + key * stride : nullptr, stride});
        };
        add_product(slope, head.q, stride, dq + dim);          // dk
        add_product(probability, dy_head, dim, dq + 2 * dim);  // dv
      }
    }
  });
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
