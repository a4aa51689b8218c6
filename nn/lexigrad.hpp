// lexigrad.hpp: everything at once, for programs. Reading order: tensor/tensor.hpp, autograd/op.hpp, nn/module.hpp.
#pragma once

/// @mainpage
/// The public headers of tensor, autograd and nn. Begin with lexigrad::Tensor, lexigrad::Variable, lexigrad::apply and
/// lexigrad::Module; functions are members of the namespace lexigrad. Chapters are in the README.md of each folder.
#include "autograd/functions.hpp"
#include "autograd/gradcheck.hpp"
#include "autograd/graph.hpp"
#include "autograd/mode.hpp"
#include "nn/attention.hpp"
#include "nn/block.hpp"
#include "nn/checkpoint.hpp"
#include "nn/clip.hpp"
#include "nn/dropout.hpp"
#include "nn/embedding.hpp"
#include "nn/feed_forward.hpp"
#include "nn/init.hpp"
#include "nn/kv_cache.hpp"
#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"
#include "nn/optim.hpp"
#include "nn/schedule.hpp"
#include "nn/summary.hpp"
#include "nn/tied_head.hpp"
#include "nn/transformer.hpp"
#include "tensor/create.hpp"
#include "tensor/format.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"
#include "tensor/random.hpp"
