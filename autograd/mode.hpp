// mode.hpp: scopes that change how this thread records. A scope restores what it found when it ends.
#pragma once
#include "tensor/real.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// True while operations on variables are recorded for backward (the default).
bool recording();

/// While it lives, nothing is recorded on this thread: values are computed, gradients are not prepared.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool previous_;
};

}  // namespace lexigrad::inline LEXIGRAD_NS
