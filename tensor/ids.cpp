// ids.cpp: Ids' members and the range check.
#include "tensor/ids.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "tensor/error.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

Ids::Ids(const Shape& shape, std::vector<Index> values)
    : shape_(shape), values_(std::make_shared<const std::vector<Index>>(std::move(values))) {
  if (static_cast<Index>(values_->size()) != shape.size()) {
    throw ShapeError("ids", "{} values given for the shape {}", values_->size(), to_string(shape));
  }
}

Ids::Ids(std::vector<Index> values) : Ids{Shape{static_cast<Index>(values.size())}, std::move(values)} {}

Ids::Ids(std::initializer_list<std::initializer_list<Index>> rows) {
  std::vector<Index> values;
  const std::size_t width = rows.size() == 0 ? 0 : rows.begin()->size();
  for (const auto& row : rows) {
    if (row.size() != width) throw ShapeError("ids", "the rows have different lengths");
    values.insert(values.end(), row);
  }
  *this = Ids(Shape{static_cast<Index>(rows.size()), static_cast<Index>(width)}, std::move(values));
}

Ids Ids::reshape(const Shape& shape) const {
  if (shape.size() != size()) throw ShapeError("reshape", "{} ids do not fill the shape {}", size(), to_string(shape));
  Ids result = *this;
  result.shape_ = shape;
  return result;
}

std::string Ids::place(Index position) const {
  std::vector<Index> place(static_cast<std::size_t>(shape_.rank()));
  for (int axis = shape_.rank() - 1; axis >= 0; --axis) {
    place[static_cast<std::size_t>(axis)] = position % shape_[axis];
    position /= shape_[axis];
  }
  return fmt::format("[{}]", fmt::join(place, ", "));
}

void check_ids(std::string_view op, const Ids& ids, Index count, std::string_view what, std::string_view of,
               const Index* ignore) {
  const auto values = ids.values();
  std::uint64_t signs = 0;  // an id below 0 or above count - 1 sets the uppermost bit: no branches, so in vectors
  for (const Index id : values) {
    signs |= static_cast<std::uint64_t>(id) | (static_cast<std::uint64_t>(count - 1) - static_cast<std::uint64_t>(id));
  }
  if (signs >> 63 == 0) return;
  const auto bad = std::find_if(values.begin(), values.end(), [&](Index id) {
    return (id < 0 || id >= count) && (ignore == nullptr || id != *ignore);
  });
  if (bad == values.end()) return;
  throw IndexError(op, "{} {} at position {} is outside the {} of {}", what, *bad, ids.place(bad - values.begin()), of,
                   count);
}

}  // namespace lexigrad::inline LEXIGRAD_NS
