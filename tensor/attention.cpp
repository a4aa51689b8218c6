// attention.cpp: multi-head scaled dot-product attention in one piece, forward and backward.
//
//   P = softmax(q kᵀ / √w), causal: only keys up to the query;   y = P v        (Vaswani et al. 2017)
//   dv = Pᵀ dy;   dP = dy vᵀ;   dS = P ∘ (dP - rowsum(P ∘ dP));   dq = dS k / √w;   dk = dSᵀ q / √w
//
// A head's queries go through in blocks of 64, so the largest thing in memory is one block's [64, T] of scores for
// each thread. Backward makes P again from the saved log-sum-exp of each query (as FlashAttention does, Dao et al.
// 2022) in place of keeping it.
#include <algorithm>
#include <array>
#include <cmath>

#include "tensor/gemm.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index query_block = 64;

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

// scores[row, key] = q · k / √w for queries [first, last) and the keys that the last of them sees. `scaled` takes the
// queries divided by √w: fewer numbers than the scores are.
void score_block(const Head& head, Index first, Index last, real* scaled, real* scores) {
  const Index keys = head.seen(last - 1);
  for (Index t = first; t < last; ++t) {
    kernels().scale(head.scale(), head.q + t * head.q_stride, scaled + (t - first) * head.width, head.width);
  }
  gemm(last - first, keys, head.width, {scaled, head.width, 1}, {head.k, 1, head.kv_stride}, scores, keys);
}

// y[t] = softmax(q kᵀ / √w) v for `count` queries, rows of y `y_stride` apart. `logsumexp` [count] may be null.
void attend(const Head& head, Index count, real* y, Index y_stride, real* logsumexp) {
  const ThreadScope alone(1);  // a block's products are too small to be shared, also where there is one head only
  const Index block = std::min(query_block, count);
  Tensor probabilities({block, head.keys}), queries({block, head.width});
  real* scratch = probabilities.mutable_data();
  real* scaled = queries.mutable_data();
  std::array<real, query_block> totals;
  for (Index first = 0; first < count; first += query_block) {
    const Index last = std::min(first + query_block, count), keys = head.seen(last - 1);
    score_block(head, first, last, scaled, scratch);
    for (Index t = first; t < last; ++t) {
      // Scores become chances but for the factor that makes their sum 1: as far as the query sees, and 0 beyond.
      real* row = scratch + (t - first) * keys;
      const Index seen = head.seen(t);
      const real greatest = kernels().max(row, seen), total = kernels().exp_sum(row, greatest, row, seen);
      std::fill(row + seen, row + keys, real{0});
      totals[static_cast<std::size_t>(t - first)] = total;
      if (logsumexp != nullptr) logsumexp[t] = greatest + std::log(total);
    }
    gemm(last - first, head.width, keys, {scratch, keys, 1}, {head.v, head.kv_stride, 1}, y + first * y_stride,
         y_stride);
    for (Index t = first; t < last; ++t) {  // the factor: of y, which has fewer numbers than there are scores
      kernels().scale(real{1} / totals[static_cast<std::size_t>(t - first)], y + t * y_stride, y + t * y_stride,
                      head.width);
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
    const Index block = std::min(query_block, length), stride = head.q_stride;
    Tensor probabilities({block, length}), slopes({block, length}), queries({block, head.width});
    real* probability = probabilities.mutable_data();
    real* slope = slopes.mutable_data();
    real* scaled = queries.mutable_data();
    real* dq = out + (head.q - qkv.data());
    const real* dy_head = dy.data() + head_offset(job, heads, length, dim, head.width);
    // From the last block to the first: the last one sees every key, so it writes dk and dv and the others add.
    for (Index first = (length - 1) / query_block * query_block; first >= 0; first -= query_block) {
      const Index last = std::min(first + query_block, length), keys = head.seen(last - 1), rows = last - first;
      const real* dyb = dy_head + first * dim;
      score_block(head, first, last, scaled, probability);
      gemm(rows, keys, head.width, {dyb, dim, 1}, {head.v, 1, stride}, slope, keys);
      for (Index t = first; t < last; ++t) {
        real* p = probability + (t - first) * keys;
        real* s = slope + (t - first) * keys;
        const Index seen = head.seen(t);
        kernels().exp_sum(p, logsumexp.data()[job * length + t], p, seen);
        kernels().softmax_backward(p, s, s, seen);
        std::fill(p + seen, p + keys, real{0});
        std::fill(s + seen, s + keys, real{0});
      }
      const auto before = [&](const real* sum) { return Addend{last < length ? sum : nullptr, stride}; };
      real *dk = dq + dim, *dv = dq + 2 * dim;
      gemm(rows, head.width, keys, {slope, keys, 1}, {head.k, stride, 1}, dq + first * stride, stride);
      for (Index t = first; t < last; ++t) kernels().scale(head.scale(), dq + t * stride, dq + t * stride, head.width);
      gemm(keys, head.width, rows, {slope, 1, keys}, {scaled, head.width, 1}, dk, stride, before(dk));
      gemm(keys, head.width, rows, {probability, 1, keys}, {dyb, dim, 1}, dv, stride, before(dv));
    }
  });
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
