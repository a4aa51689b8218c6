// variable.hpp: a tensor that takes part in differentiation.
//
//   Variable x(tensor({2}, {1, 2}), true);      // a leaf that wants a gradient
//   Variable y = sum(x * x);
//   y.backward();
//   x.grad().dense();                           // [2, 4]
//
// A Variable is a value and a slot. The graph holds slots, not values: an operation's node points to the slots of its
// inputs, and the slot of its output points to the node that made it. A value lives only while a variable or an op's
// Saved keeps it.
// Read next: op.hpp (how an operation is written), engine.cpp (how backward walks).
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "autograd/gradient.hpp"
#include "tensor/tensor.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

struct Node;

/// Called once in a backward pass with a variable's complete gradient of that pass, which it may replace by another of
/// its shape or, with clear(), drop.
using GradientHook = std::function<void(Gradient&)>;

/// What few slots have.
struct SlotExtras {
  bool keeps_gradient = false;      ///< retain_grad() was called
  Gradient kept;                    ///< of a variable that is not a leaf
  std::vector<GradientHook> hooks;  ///< called in the order in which they were registered
};

/// Where a variable's gradient gathers, and who made the variable. What arrives is added up: dense gradients number by
/// number; rows of a table are put together, or scattered into a dense gradient where one has come too.
struct Slot {
  Shape shape;                  ///< of the value
  Gradient gradient;            ///< of a leaf: the sum so far; else only during a pass, until it has been handed on
  std::shared_ptr<Node> maker;  ///< null for a leaf
  std::string name;             ///< parameters have one: "blocks.0.qkv.weight"
  bool is_parameter = false;    ///< a module's, so it should have a name
  bool requires_grad = false;   ///< false for constants and frozen parameters
  bool queued = false;          ///< the engine's: waiting in the heap of a running backward, or shown to hooks
  std::unique_ptr<SlotExtras> extras;  ///< null for most

  /// Of a leaf, until it gets a maker.
  Slot(const Shape& of_value, bool wants_gradient) : shape(of_value), requires_grad(wants_gradient) {}
  ~Slot();  // without recursion, whatever the length of the chain behind it
};

/// How a backward pass ends.
struct BackwardOptions {
  bool keep_graph = false;  ///< keep what the ops saved, so that backward can run once more
};

/// A tensor and its place in the graph. Copies share both.
class Variable {
 public:
  Variable() = default;
  /// A leaf. Without requires_grad it is a constant, and needs no slot.
  Variable(Tensor value, bool requires_grad = false, std::string name = "");  // NOLINT: tensors are constants
  /// For apply(): a value and the slot that its maker fills.
  Variable(Tensor value, std::shared_ptr<Slot> slot) : value_(std::move(value)), slot_(std::move(slot)) {}

  bool defined() const { return value_.defined(); }       ///< false only for `Variable()`
  const Tensor& value() const { return value_; }          ///< the numbers
  const Shape& shape() const { return value_.shape(); }   ///< the value's
  Index dim(int axis) const { return value_.dim(axis); }  ///< size of one axis; -1 is the last
  real item() const { return value_.item(); }             ///< the only number. Throws ShapeError for other sizes.

  /// Whether backward brings a gradient here: a leaf that was made so, or anything computed from one.
  bool requires_grad() const { return slot_ != nullptr && slot_->requires_grad; }
  /// True when no recorded op made it.
  bool is_leaf() const { return slot_ == nullptr || slot_->maker == nullptr; }
  const std::shared_ptr<Slot>& slot() const { return slot_; }  ///< null for a constant

  /// The gradient that backward left here. Only leaves keep one, and what retain_grad() was called on; throws
  /// StateError for others.
  const Gradient& grad() const;
  void zero_grad();  ///< forgets the gradient; a leaf's would otherwise add up over passes
  /// Makes a variable that is not a leaf keep its gradient too. Throws StateError when it wants none.
  void retain_grad() const;
  /// `hook` is called in every backward pass when this variable's gradient of that pass is complete: before it goes on
  /// to the op that made the variable, or is added to what a leaf has. It may look at it or change it. Throws
  /// StateError when the variable wants no gradient.
  void register_hook(GradientHook hook) const;
  /// The same value, cut off from the graph.
  Variable detach() const { return Variable(value_); }

  /// Fills the gradients of all leaves that this one-number variable came from: d(this)/d(leaf) is added to each.
  /// Frees the graph on the way, unless told to keep it. Throws ShapeError when it is not one number, StateError when
  /// the graph was freed before, or when a parameter that no optimizer or file knows by name is reached.
  void backward(const BackwardOptions& options = {}) const;
  /// The same from any shape, with d(loss)/d(this) given.
  void backward(const Tensor& gradient, const BackwardOptions& options = {}) const;

 private:
  Tensor value_;
  std::shared_ptr<Slot> slot_;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
