// engine.cpp: backward, and the freeing of graphs. No recursion anywhere: a chain of a million ops needs no stack.
//
// Nodes are numbered when they are made, and an op can only use what was made before it. So creation order is a
// topological order, and taking the highest number first reaches every node after all the nodes that use its output:
// its gradient is then complete.
#include <algorithm>
#include <atomic>
#include <utility>

#include "autograd/op.hpp"
#include "tensor/create.hpp"
#include "tensor/ops.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

std::atomic<std::uint64_t> next_number{0};

using SlotRef = std::shared_ptr<Slot>;

bool made_earlier(const SlotRef& a, const SlotRef& b) { return a->maker->number < b->maker->number; }

// Throws unless `gradient`, which `giver` gave, is one of a variable of this shape.
void require_fits(std::string_view op, std::string_view giver, const Gradient& gradient, const Shape& shape) {
  if (!(gradient.shape() == shape)) {
    throw ShapeError(op, "{} gave a gradient of shape {} for an input of shape {}", giver, to_string(gradient.shape()),
                     to_string(shape));
  }
  if (gradient.is_rows()) check_ids(op, gradient.rows().ids, shape[0], "the gradient's id", "table");
}

// Broadcasting in forward is summing in backward; done here once for all ops.
void fit(Gradient& gradient, const Slot& slot, const Node& node) {
  const Tensor& dense = gradient.tensor();
  if (!gradient.is_rows() && dense.shape() == slot.shape) return;
  if (!gradient.is_rows() && broadcasts_to(slot.shape, dense.shape())) gradient = Gradient(sum_to(dense, slot.shape));
  require_fits(node.op(), "backward", gradient, slot.shape);
}

void call_hooks(Slot& slot) {
  // A backward that a hook runs adds to this gradient, and calls no hooks for it.
  const Restored during(slot.queued, true);
  for (const GradientHook& hook : slot.extras->hooks) hook(slot.gradient);
  if (slot.gradient.defined()) require_fits("backward", "a hook", slot.gradient, slot.shape);
}

// One backward pass.
class Pass {
 public:
  // A gradient arrives at a slot.
  void arrive(const SlotRef& slot, Gradient gradient) {
    if (slot->maker != nullptr) {
      slot->gradient.add(std::move(gradient));
      if (std::exchange(slot->queued, true)) return;
      frontier_.push_back(slot);
      return std::push_heap(frontier_.begin(), frontier_.end(), made_earlier);
    }
    if (slot->is_parameter) (slot->name.empty() ? unnamed_ : named_) = slot;
    if (!slot->queued && slot->extras != nullptr && !slot->extras->hooks.empty() &&
        std::none_of(hooked_.begin(), hooked_.end(), [&](auto& h) { return h.first == slot; })) {
      hooked_.emplace_back(slot, std::exchange(slot->gradient, Gradient()));
    }
    slot->gradient.add(std::move(gradient));
    if (!slot->gradient.tensor().unique()) shared_.push_back(slot);
  }

  void run(const BackwardOptions& options) {
    SlotRef slot;
    try {
      while (!frontier_.empty()) {
        slot = take_latest();
        run_maker(*slot);
        if (!options.keep_graph) slot->maker->release();
      }
      for (auto& [leaf, before] : hooked_) {
        call_hooks(*leaf);
        before.add(leaf->gradient);
        leaf->gradient = std::move(before);
      }
      for (const SlotRef& leaf : shared_) leaf->gradient.own();
    } catch (...) {
      for (; slot != nullptr; slot = frontier_.empty() ? nullptr : take_latest()) {  // a failed pass frees its graph
        slot->gradient.clear();
        slot->maker->release();
      }
      throw;
    }
    if (named_ == nullptr || unnamed_ == nullptr) return;
    throw StateError("backward",
                     "a parameter of shape {} has no name while others have one: is it missing from members()?",
                     to_string(unnamed_->shape));
  }

 private:
  SlotRef take_latest() {
    std::pop_heap(frontier_.begin(), frontier_.end(), made_earlier);
    SlotRef slot = std::move(frontier_.back());
    frontier_.pop_back();
    slot->queued = false;
    return slot;
  }

  // The gradient of `slot` is complete: through the op that made it, to that op's inputs.
  void run_maker(Slot& slot) {
    Node& node = *slot.maker;
    if (node.released) {
      throw StateError(node.op(),
                       "this graph was freed by an earlier backward(); the first one may be told {.keep_graph = true}");
    }
    if (slot.extras != nullptr) {
      call_hooks(slot);
      if (!slot.gradient.defined()) return;  // a hook dropped it
      if (slot.extras->keeps_gradient) slot.extras->kept.add(slot.gradient);
      slot.extras->kept.own();
    }
    try {
      // The slot lets go of it, so that the op may write over it, or it is gone as soon as it has been used.
      node.backward(std::exchange(slot.gradient, Gradient()).take(),
                    [&](std::size_t number, Gradient&& gradient) { give(node, number, std::move(gradient)); });
    } catch (Error& error) {
      error.set_op(node.op());
      throw;
    }
  }

  // From an op, for one of its inputs.
  void give(const Node& node, std::size_t number, Gradient&& gradient) {
    const SlotRef& input = node.inputs()[number];
    if (input == nullptr || !gradient.defined()) return;
    if (detecting_anomalies()) detail::check_gradient(node.op(), gradient, number, input->name);
    fit(gradient, *input, node);
    arrive(input, std::move(gradient));
  }

  // The slots whose gradients have begun to arrive, latest maker first.
  std::vector<SlotRef> frontier_;  // a heap
  SlotRef named_, unnamed_;  // a parameter of either kind that was reached: both mean that one is missing from a list
  // Leaves with hooks, and what was there before: this pass's gradient gathers alone, is shown to them, and is then
  // added to that.
  std::vector<std::pair<SlotRef, Gradient>> hooked_;
  // Leaves whose gradient somebody else held when it came: what still does in the end (another leaf, the caller, an op
  // of a kept graph) must not see what is written into it.
  std::vector<SlotRef> shared_;
};

}  // namespace

Node::Node() : number(next_number.fetch_add(1, std::memory_order_relaxed)) {}

// A slot's maker holds input slots, whose makers hold input slots, and so on. Destroying that chain by destructors
// would need a stack frame a node; so makers are put on a list and destroyed one after the other.
Slot::~Slot() {
  if (maker == nullptr) return;
  thread_local std::shared_ptr<Node>* open = nullptr;  // the list of the destructor that is at work on this thread
  if (open != nullptr) {
    maker->next = std::exchange(*open, nullptr);
    *open = std::move(maker);
    return;
  }
  std::shared_ptr<Node> waiting = std::move(maker);
  open = &waiting;
  while (waiting != nullptr) {
    const std::shared_ptr<Node> node = std::exchange(waiting, std::exchange(waiting->next, nullptr));
  }
  open = nullptr;
}

void Variable::backward(const BackwardOptions& options) const {
  if (value_.size() != 1) {
    throw ShapeError("backward", {operand("variable", value_)}, "expected one number, or a gradient to start from");
  }
  backward(ones(value_.shape()), options);
}

void Variable::backward(const Tensor& gradient, const BackwardOptions& options) const {
  if (!requires_grad()) {
    throw StateError("backward", "nothing was recorded: no input wants a gradient, or it was computed under NoGrad");
  }
  if (!gradient.defined()) throw StateError("backward", "the gradient to start from is undefined");
  require_same_shape("backward", "variable", value_, "gradient", gradient);
  Pass pass;
  pass.arrive(slot_, Gradient(gradient));
  pass.run(options);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
