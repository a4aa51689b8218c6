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

// A row of scores becomes chances: softmax of the first `seen`, 0 for the rest. Gives log Σ e^score.
real soften(real* row, Index seen, Index keys) {
  const real greatest = kernels().max(row, seen);
  const real total = kernels().exp_sum(row, greatest, row, seen);
  kernels().scale(real{1} / total, row, row, seen);
  std::fill(row + seen, row + keys, real{0});
  return greatest + std::log(total);
}

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
          logsumexp[job * length + t] = soften(scratch + (t - first) * keys, in_sight(t, keys, causal), keys);
        }
        gemm_serial(last - first, head.width, keys, {scratch, keys, 1}, {q + 2 * dim, head.stride, 1},
                    y + head.plain + first * dim, dim);
      }
    }
  });
  return result;
}

Tensor cached_attention(const Tensor& qkv, Tensor& keys, Tensor& values, Index past) {
  const bool fits = qkv.rank() == 2 && keys.rank() == 3 && keys.shape() == values.shape() &&
                    qkv.dim(1) == 3 * keys.dim(0) * keys.dim(2) && past >= 0 && past + qkv.dim(0) <= keys.dim(1);
  if (!fits) {
    throw ShapeError("cached_attention", {operand("qkv", qkv), operand("keys", keys), operand("values", values)},
                     fmt::format("expected qkv [N, 3·H·W], keys and values [H, C, W] with room for N behind {}", past));
  }
  const Index count = qkv.dim(0), heads = keys.dim(0), room = keys.dim(1), width = keys.dim(2), dim = heads * width;
  Tensor result({count, dim});
  if (result.size() == 0) return result;
  const Index all = past + count;
  real* y = result.mutable_data();
  real* key_data = keys.mutable_data();
  real* value_data = values.mutable_data();
  parallel_for(heads, row_grain(count * all * width, 1 << 14), [&](Index begin, Index end) {
    const Index block = std::min(query_block, count);
    Tensor scores({block, all}), queries({block, width});
    real* score = scores.mutable_data();
    real* scaled = queries.mutable_data();
    for (Index head = begin; head < end; ++head) {
      const real* q = qkv.data() + head * width;
      real* k = key_data + head * room * width;
      real* v = value_data + head * room * width;
      for (Index t = 0; t < count; ++t) {
        std::copy_n(q + t * 3 * dim + dim, width, k + (past + t) * width);
        std::copy_n(q + t * 3 * dim + 2 * dim, width, v + (past + t) * width);
      }
      for (Index first = 0; first < count; first += query_block) {
        const Index rows = std::min(query_block, count - first), seen = past + first + rows;
        for (Index t = 0; t < rows; ++t) {
          kernels().scale(static_cast<real>(1.0 / std::sqrt(static_cast<double>(width))), q + (first + t) * 3 * dim,
                          scaled + t * width, width);
        }
        gemm_serial(rows, seen, width, {scaled, width, 1}, {k, 1, width}, score, seen);
        for (Index t = 0; t < rows; ++t) soften(score + t * seen, past + first + t + 1, seen);
        gemm_serial(rows, width, seen, {score, seen, 1}, {v, width, 1}, y + first * dim + head * width, dim);
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
