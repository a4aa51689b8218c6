// ids.hpp: token ids: a shape and a shared buffer of 64-bit integers.
//
// An id is a label, not a number to calculate with, so it has a type of its own: handing ids where numbers belong does
// not compile. Any value may be held; the range is checked where the table or the classes are known.
// Read next: ops.hpp, embedding.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "tensor/shape.hpp"

namespace lexigrad::inline LEXIGRAD_NS {

/// Token ids or class numbers: a shape and a shared buffer that is never written to, so copies are cheap and safe.
class Ids {
 public:
  Ids() : Ids(Shape{0}, {}) {}
  /// Row-major values. Throws ShapeError when their count is not the shape's.
  Ids(const Shape& shape, std::vector<Index> values);
  /// One axis: Ids{5, 3, 5}.
  Ids(std::initializer_list<Index> values) : Ids(std::vector<Index>(values)) {}
  explicit Ids(std::vector<Index> values);  ///< one axis
  /// Two axes: Ids{{12, 45, 678}} is [1, 3]. Throws ShapeError when the rows differ in length.
  Ids(std::initializer_list<std::initializer_list<Index>> rows);

  const Shape& shape() const { return shape_; }  ///< the sizes of the axes
  Index size() const { return shape_.size(); }   ///< count of ids
  /// The id at a row-major position in [0, size()), which is not checked.
  Index operator[](Index position) const { return (*values_)[static_cast<std::size_t>(position)]; }
  std::span<const Index> values() const { return *values_; }  ///< all, row-major

  /// The same ids under another shape; shares the buffer. Throws ShapeError when the sizes differ.
  Ids reshape(const Shape& shape) const;
  /// "[3, 17]": where the flat position lies in the shape, as errors print it.
  std::string place(Index position) const;

 private:
  Shape shape_;
  std::shared_ptr<const std::vector<Index>> values_;
};

/// Throws IndexError `[op] id 50257 at position [3, 17] is outside the vocabulary of 50257` for the first id that is
/// not in [0, count). `ignore` is let through where given.
void check_ids(std::string_view op, const Ids& ids, Index count, std::string_view what = "id",
               std::string_view of = "vocabulary", const Index* ignore = nullptr);

}  // namespace lexigrad::inline LEXIGRAD_NS
