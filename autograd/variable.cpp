// variable.cpp: what variables and saved tensors say of themselves. The backward pass is in engine.cpp.
#include "autograd/variable.hpp"

#include "autograd/op.hpp"

namespace lexigrad::inline LEXIGRAD_NS {
namespace {

SlotExtras& extras_of(const Variable& x, std::string_view op) {
  if (!x.requires_grad()) throw StateError(op, "this variable wants no gradient");
  if (x.slot()->extras == nullptr) x.slot()->extras = std::make_unique<SlotExtras>();
  return *x.slot()->extras;
}

}  // namespace

const Tensor& Saved::get() const {
  if (tensor_.version() != version_) {
    throw StateError("saved", "a tensor of shape {} that was saved for backward has been written to since",
                     to_string(tensor_.shape()));
  }
  return tensor_;
}

void name_operands(Error& error, std::string_view op, std::initializer_list<const Variable*> inputs) {
  error.set_op(op);
  for (const Variable* input : inputs) {
    if (input->slot() != nullptr && !input->slot()->name.empty()) {
      error.rename_operand(input->value().buffer(), input->slot()->name);
    }
  }
}

Variable::Variable(Tensor value, bool requires_grad, std::string name) : value_(std::move(value)) {
  if (!requires_grad && name.empty()) return;
  slot_ = std::allocate_shared<Slot>(BlockAllocator<Slot>(), value_.shape(), requires_grad);
  slot_->name = std::move(name);
}

const Gradient& Variable::grad() const {
  static const Gradient none;
  if (is_leaf()) return slot_ == nullptr ? none : slot_->gradient;
  if (slot_->extras == nullptr || !slot_->extras->keeps_gradient) {
    throw StateError("grad",
                     "only leaves keep their gradient; this variable was computed (retain_grad() makes it keep one)");
  }
  return slot_->extras->kept;
}

void Variable::zero_grad() {
  if (slot_ == nullptr) return;
  slot_->gradient.clear();
  if (slot_->extras != nullptr) slot_->extras->kept.clear();
}

void Variable::retain_grad() const { extras_of(*this, "retain_grad").keeps_gradient = true; }
void Variable::register_hook(GradientHook hook) const {
  extras_of(*this, "register_hook").hooks.push_back(std::move(hook));
}

}  // namespace lexigrad::inline LEXIGRAD_NS
