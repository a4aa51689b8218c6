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

/// Called once in a backward pass with a variable's complete gradient of that pass, which it may change.
using GradientHook = std::function<void(Gradient&)>;

/// What few slots have.
struct SlotExtras {
  bool keeps_gradient = false;  ///< retain_grad() was called
  Gradient kept;                ///< of a variable that is not a leaf
  std::vector<GradientHook> hooks;
};

/// Where a variable's gradient gathers, and who made the variable.
struct Slot {
  Shape shape;
  Gradient gradient;
  std::shared_ptr<Node> maker;  ///< null for a leaf
  std::string name;             ///< parameters have one: "blocks.0.qkv.weight"
  bool is_parameter = false;
  bool requires_grad = false;
  bool queued = false;                 ///< the engine's: waiting in the heap of a running backward
  std::unique_ptr<SlotExtras> extras;  ///< null for most

  ~Slot();  // without recursion, whatever the length of the chain behind it
};

struct BackwardOptions {
  bool keep_graph = false;  ///< keep what the ops saved, so that backward can run once more
};

class Variable {
 public:
  Variable() = default;
  /// A leaf. Without requires_grad it is a constant, and needs no slot.
  Variable(Tensor value, bool requires_grad = false, std::string name = "");  // NOLINT: tensors are constants
  Variable(Tensor value, std::shared_ptr<Slot> slot) : value_(std::move(value)), slot_(std::move(slot)) {}

  bool defined() const { return value_.defined(); }
  const Tensor& value() const { return value_; }
  const Shape& shape() const { return value_.shape(); }
  Index dim(int axis) const { return value_.dim(axis); }
  real item() const { return value_.item(); }

  bool requires_grad() const { return slot_ != nullptr && slot_->requires_grad; }
  bool is_leaf() const { return slot_ == nullptr || slot_->maker == nullptr; }
  const std::shared_ptr<Slot>& slot() const { return slot_; }

  /// The gradient that backward left here. Only leaves keep one, and what retain_grad() was called on; throws
  /// StateError for others.
  const Gradient& grad() const;
  void zero_grad();
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
