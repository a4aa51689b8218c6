// gpt2_config.cpp: a config.json of any bytes; what was read is written and read again.
#include "models/gpt2_config.hpp"

#include "fuzz.hpp"

namespace {

using namespace fuzz;

void check(const TransformerOptions& o) {
  promise(o.vocab >= 1 && o.context >= 1 && o.dim >= 1 && o.heads >= 1 && o.layers >= 0, "sizes make a model");
  promise(o.dim % o.heads == 0, "heads divide the width");
  promise(o.layer_norm_epsilon >= 0.0 && o.layer_norm_epsilon <= 1.0, "an epsilon is a small number");
  const TransformerOptions again = models::parse_gpt2_config(models::gpt2_config_text(o), "again");
  promise(again.vocab == o.vocab && again.context == o.context && again.dim == o.dim && again.layers == o.layers &&
              again.heads == o.heads && again.layer_norm_epsilon == o.layer_norm_epsilon &&
              again.initializer_range == o.initializer_range,
          "what is written is read back");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  TransformerOptions options;
  if (parsed([&] { options = models::parse_gpt2_config(text_of(data, size), "fuzz"); })) check(options);
  return 0;
}
