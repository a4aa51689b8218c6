// op.hpp: how an operation is written, and apply(), which runs and records it.
//
// An op is a struct. Its members are what it remembers, forward fills them, backward reads them:
//
//   struct Square {                                        // y = x²
//     static constexpr std::string_view name = "square";
//     Saved x;
//     Tensor forward(const Tensor& in) { x = in; return in * in; }
//     Tensor backward(const Tensor& dy) const { return 2.0 * dy * x; }
//   };
//   Variable square(const Variable& x) { return apply(Square{}, x); }
//
// forward takes one Tensor for each Variable given to apply; backward returns one gradient for each (an std::array or
// std::tuple for several). A backward that takes `Tensor dy` may make its result in dy.reused(). Either may take a last
// argument `Needs`, to leave out work that nobody wants. Where the struct does not fit, it does not compile. Whatever
// is not a tensor (ids, options) is a member, set when it is made.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

#include "autograd/mode.hpp"
#include "autograd/variable.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// A tensor kept for backward, with the version its buffer had. Reading it after somebody wrote into the buffer
/// throws StateError: a gradient is never made from changed values.
class Saved {
 public:
  Saved() = default;
  /// Shares the buffer; no numbers are copied.
  Saved(const Tensor& t) : tensor_(t), version_(t.version()) {}  // NOLINT: reads like an assignment of the tensor
  /// Saves `t`, and gives it back: `return y.keep(exp(x))`.
  Tensor keep(Tensor t) {
    *this = t;
    return t;
  }
  /// get()
  operator const Tensor&() const { return get(); }  // NOLINT
  const Tensor& get() const;                        ///< throws StateError when it was written to since

 private:
  Tensor tensor_;
  std::uint32_t version_ = 0;
};

constexpr std::size_t max_op_inputs = 8;  ///< most tensors that an op takes

/// Which inputs want a gradient: needs[0] is the first Tensor of forward.
struct Needs {
  std::uint32_t mask = 0;                                                 ///< bit i: input i
  bool operator[](int input) const { return (mask >> input & 1U) != 0; }  ///< of one input
  bool any() const { return mask != 0; }                                  ///< of at least one
};

/// Where the gradients that an op's backward makes go: d(loss)/d(input) for each.
using GradientSink = std::function<void(std::size_t input, Gradient&& gradient)>;

/// What apply() makes of an op: a piece of the graph. Numbered when made, so numbers are a topological order.
struct Node {
  Node();
  virtual ~Node() = default;
  virtual std::string_view op() const = 0;                            ///< the op's name
  virtual std::span<const std::shared_ptr<Slot>> inputs() const = 0;  ///< null where no gradient is wanted
  /// Calls the op's backward, which may write over `dy` if nobody else holds it, and gives one gradient for each input
  /// to `sink`.
  virtual void backward(Tensor&& dy, const GradientSink& sink) = 0;
  /// Drops what the op saved and the input slots.
  virtual void release() noexcept = 0;

  std::uint64_t number;        ///< of all nodes of the program, in the order in which they were made
  bool released = false;       ///< release() was called
  std::shared_ptr<Node> next;  ///< the next one to be destroyed (see Slot's destructor)
};

namespace detail {

// With a tensor for each index of a sequence.
template <class Op, std::size_t... I>
constexpr bool forward_fits(std::index_sequence<I...>) {
  return requires(Op op, const Tensor& x) {
    { op.forward((void(I), x)...) } -> std::convertible_to<Tensor>;
  }
  || requires(Op op, const Tensor& x, Needs needs) {
    { op.forward((void(I), x)..., needs) } -> std::convertible_to<Tensor>;
  };
}

// With or without Needs; void where the op has neither, which Differentiable refuses.
template <class Op>
auto call_backward(Op& op, Tensor&& dy, Needs needs) {
  if constexpr (requires { op.backward(std::move(dy), needs); }) {
    return op.backward(std::move(dy), needs);
  } else if constexpr (requires { op.backward(std::move(dy)); }) {
    return op.backward(std::move(dy));
  }
}

// How many gradients a backward returns: one, or an std::array or std::tuple of them.
template <class Result>
constexpr std::size_t gradient_count = 0;
template <std::convertible_to<Gradient> Result>
constexpr std::size_t gradient_count<Result> = 1;
template <class Result>
requires requires { std::tuple_size<Result>::value; }
constexpr std::size_t gradient_count<Result> = std::tuple_size_v<Result>;

}  // namespace detail

/// An op over N tensors: a name, a forward over N tensors, a backward with exactly N gradients.
template <class Op, std::size_t N>
concept Differentiable = requires {
  { Op::name } -> std::convertible_to<std::string_view>;
}
&&detail::forward_fits<Op>(std::make_index_sequence<N>{}) && requires(Op op, Tensor dy, Needs needs) {
  requires(detail::gradient_count<decltype(detail::call_backward(op, std::move(dy), needs))> == N);
};

/// The node of an op over N tensors: the op itself, which holds what it saved, and the slots of its inputs.
template <class Op, std::size_t N>
struct OpNode final : Node {
  /// Takes the op over after its forward has run.
  OpNode(Op&& recorded, Needs wanted, std::array<std::shared_ptr<Slot>, N> slots)
      : op_(std::move(recorded)), needs_(wanted), inputs_(std::move(slots)) {}

  std::string_view op() const override { return Op::name; }
  std::span<const std::shared_ptr<Slot>> inputs() const override { return inputs_; }
  void backward(Tensor&& dy, const GradientSink& sink) override {
    auto result = detail::call_backward(*op_, std::move(dy), needs_);
    if constexpr (std::convertible_to<decltype(result), Gradient>) {
      sink(0, std::move(result));
    } else {
      std::size_t input = 0;
      std::apply([&](auto&... each) { (sink(input++, std::move(each)), ...); }, result);
    }
  }
  void release() noexcept override {
    op_.reset();
    inputs_ = {};
    released = true;
  }

 private:
  std::optional<Op> op_;
  Needs needs_;
  std::array<std::shared_ptr<Slot>, N> inputs_;
};

/// Puts the slots' names in place of the formal ones in an error's operands.
void name_operands(Error& error, std::string_view op, std::initializer_list<const Variable*> inputs);

/// Runs an op on the values of `inputs`, and records it when this thread records and an input wants a gradient.
template <class Op, std::same_as<Variable>... V>
requires Differentiable<Op, sizeof...(V)> Variable apply(Op op, const V&... inputs) {
  constexpr std::size_t count = sizeof...(V);
  static_assert(count >= 1 && count <= max_op_inputs);
  Needs needs;
  std::uint32_t bit = recording() ? 1U : 0U;  // of the first input; of none where nothing is recorded
  ((needs.mask |= inputs.requires_grad() ? bit : 0U, bit <<= 1), ...);
  Tensor value;
  try {
    if constexpr (requires { op.forward(inputs.value()..., needs); }) {
      value = op.forward(inputs.value()..., needs);
    } else {
      value = op.forward(inputs.value()...);
    }
  } catch (Error& error) {
    name_operands(error, Op::name, {&inputs...});
    throw;
  }
  if (!value.defined()) throw StateError(Op::name, "forward gave an undefined tensor");
  if (detecting_anomalies()) detail::check_value(Op::name, value, {&inputs...});
  if (!needs.any()) return Variable(std::move(value));
  auto slot = std::allocate_shared<Slot>(BlockAllocator<Slot>(), value.shape(), true);
  using Made = OpNode<Op, count>;
  slot->maker = std::allocate_shared<Made>(
      BlockAllocator<Made>(), std::move(op), needs,
      std::array<std::shared_ptr<Slot>, count>{inputs.requires_grad() ? inputs.slot() : nullptr...});
  return Variable(std::move(value), std::move(slot));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
