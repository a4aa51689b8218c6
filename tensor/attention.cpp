// attention.cpp: multi-head scaled dot-product attention in one piece, forward and backward.
//
//   P = softmax(q kᵀ / √w), causal: only keys up to the query;   y = P v        (Vaswani et al. 2017)
//   dv = Pᵀ dy;   dS = P ∘ (dy vᵀ - rowsum(dy ∘ y));   dq = dS k / √w;   dk = dSᵀ q / √w
//
// A head's queries go through in blocks of 64, so the largest thing in memory is one block's [64, T] of scores for
// each thread. Backward makes P again from the saved log-sum-exp of each query (as FlashAttention does, Dao et al.
// 2022) in place of keeping it.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "tensor/create.hpp"
#include "tensor/gemm.hpp"
#include "tensor/kernels/kernels.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

constexpr Index query_block = 64;

// Where one head's numbers lie in the packed [B, T, 3·D] and in [B, T, D].
struct Head {
  Index length, width, stride, dim;  // T, D / H, 3·D, D
  Index packed, plain;               // offset of q in the packed tensor, of y in the plain one

  Head(const Shape& qkv, Index heads, Index job)
      : length(qkv[1]), width(qkv[2] / 3 / heads), stride(qkv[2]), dim(qkv[2] / 3) {
    const Index batch = job / heads, head = job % heads;
    packed = batch * length * stride + head * width;
    plain = batch * length * dim + head * width;
  }
  Index keys(Index last, bool causal) const { return causal ? last : length; }
  double scale() const { return 1.0 / std::sqrt(static_cast<double>(width)); }
};

void check(const Tensor& qkv, Index heads) {
  if (qkv.rank() != 3 || qkv.dim(2) % 3 != 0) {
    throw ShapeError("attention", {operand("qkv", qkv)}, "expected packed queries, keys, values [B, T, 3·D]");
  }
  if (heads < 1 || qkv.dim(2) == 0 || qkv.dim(2) / 3 % heads != 0) {
    throw ValueError("attention", fmt::format("{} heads do not divide the width {}", heads, qkv.dim(2) / 3));
  }
}

// scores[row, key] = q · k / √w for queries [first, last) and the keys that the last of them sees. `scaled` takes the
// queries divided by √w: fewer numbers than the scores are.
void score_block(const Head& head, const real* q, Index first, Index last, bool causal, real* scaled, real* scores) {
  const Index keys = head.keys(last, causal);
  for (Index t = first; t < last; ++t) {
    kernels().scale(static_cast<real>(head.scale()), q + t * head.stride, scaled + (t - first) * head.width,
                    head.width);
  }
  gemm_serial(last - first, keys, head.width, {scaled, head.width, 1}, {q + head.dim, 1, head.stride}, scores, keys);
}

Index in_sight(Index query, Index keys, bool causal) { return causal ? query + 1 : keys; }

}  // namespace

AttentionResult attention(const Tensor& qkv, Index heads, bool causal) {
  check(qkv, heads);
  const Index batch = qkv.dim(0), length = qkv.dim(1), dim = qkv.dim(2) / 3;
  AttentionResult result{Tensor({batch, length, dim}), Tensor({batch, heads, length})};
  if (qkv.size() == 0) return result;
  real* y = result.y.mutable_data();
  real* logsumexp = result.logsumexp.mutable_data();
  parallel_for(batch * heads, 1, [&](Index begin, Index end) {
    const Index block = std::min(query_block, length);
    Tensor probabilities({block, length}), queries({block, dim / heads});
    real* scratch = probabilities.mutable_data();
    real* scaled = queries.mutable_data();
    for (Index job = begin; job < end; ++job) {
      const Head head(qkv.shape(), heads, job);
      const real* q = qkv.data() + head.packed;
      for (Index first = 0; first < length; first += query_block) {
        const Index last = std::min(first + query_block, length), keys = head.keys(last, causal);
        score_block(head, q, first, last, causal, scaled, scratch);
        for (Index t = first; t < last; ++t) {
          real* row = scratch + (t - first) * keys;
          const Index seen = in_sight(t, keys, causal);
          const real greatest = kernels().max(row, seen);
          const real total = kernels().exp_sum(row, greatest, row, seen);
          kernels().scale(real{1} / total, row, row, seen);
          std::fill(row + seen, row + keys, real{0});
          logsumexp[job * length + t] = greatest + std::log(total);
        }
        gemm_serial(last - first, head.width, keys, {scratch, keys, 1}, {q + 2 * dim, head.stride, 1},
                    y + head.plain + first * dim, dim);
      }
    }
  });
  return result;
}

Tensor attention_backward(const Tensor& qkv, const Tensor& y, const Tensor& logsumexp, const Tensor& dy, Index heads,
                          bool causal) {
  const Index batch = qkv.dim(0), length = qkv.dim(1), dim = qkv.dim(2) / 3;
  Tensor result(qkv.shape());
  if (qkv.size() == 0) return result;
  real* out = result.mutable_data();
  parallel_for(batch * heads, 1, [&](Index begin, Index end) {
    const Index block = std::min(query_block, length);
    Tensor probabilities({block, length}), slopes({block, length}), queries({block, dim / heads});
    real* probability = probabilities.mutable_data();
    real* slope = slopes.mutable_data();
    real* scaled = queries.mutable_data();
    for (Index job = begin; job < end; ++job) {
      const Head head(qkv.shape(), heads, job);
      const real* q = qkv.data() + head.packed;
      real* dq = out + head.packed;
      // From the last block to the first: the last one sees every key, so it writes dk and dv and the others add.
      for (Index first = (length - 1) / query_block * query_block; first >= 0; first -= query_block) {
        const Index last = std::min(first + query_block, length), keys = head.keys(last, causal), rows = last - first;
        const real* dyb = dy.data() + head.plain + first * dim;
        const real* yb = y.data() + head.plain + first * dim;
        score_block(head, q, first, last, causal, scaled, probability);
        gemm_serial(rows, keys, head.width, {dyb, dim, 1}, {q + 2 * dim, 1, head.stride}, slope, keys);
        for (Index t = first; t < last; ++t) {
          real* p = probability + (t - first) * keys;
          real* s = slope + (t - first) * keys;
          const Index seen = in_sight(t, keys, causal);
          kernels().exp_sum(p, logsumexp.data()[job * length + t], p, seen);
          const real mean = kernels().dot(dyb + (t - first) * dim, yb + (t - first) * dim, head.width);
          const real scale = static_cast<real>(head.scale());
          for (Index j = 0; j < seen; ++j) s[j] = p[j] * (s[j] - mean) * scale;
          std::fill(p + seen, p + keys, real{0});
          std::fill(s + seen, s + keys, real{0});
        }
        const auto before = [&](const real* sum) { return Addend{last < length ? sum : nullptr, head.stride}; };
        gemm_serial(rows, head.width, keys, {slope, keys, 1}, {q + dim, head.stride, 1}, dq + first * head.stride,
                    head.stride);
        gemm_serial(keys, head.width, rows, {slope, 1, keys}, {q + first * head.stride, head.stride, 1}, dq + dim,
                    head.stride, before(dq + dim));
        gemm_serial(keys, head.width, rows, {probability, 1, keys}, {dyb, dim, 1}, dq + 2 * dim, head.stride,
                    before(dq + 2 * dim));
      }
    }
  });
  return result;
}

}  // namespace lexigrad::inline LEXIGRAD_NS
