// npy.cpp: the header is a Python dictionary of three known keys; it is read as just that.
#include "vectors/npy.hpp"

#include <charconv>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "nn/atomic_file.hpp"
#include "nn/printable.hpp"
#include "tensor/parallel.hpp"
#include "vectors/files.hpp"

namespace lexigrad::vectors {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct Array {
  std::string name;
  std::string dtype;
  bool fortran = false;
  std::vector<Index> shape;
  std::string_view data;

  [[noreturn]] void fail(const std::string& reason) const {
    throw FileError("read_npy", fmt::format("{}: {}", name, reason));
  }
};

// Walks through "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".
class Dictionary {
 public:
  Dictionary(std::string_view text, Array& array) : rest_(text), array_(array) {}

  void read() {
    bool seen[3] = {};
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(seen[0], true)) {
        array_.dtype = quoted();
      } else if (key == "fortran_order" && !std::exchange(seen[1], true)) {
        array_.fortran = truth();
      } else if (key == "shape" && !std::exchange(seen[2], true)) {
        tuple();
      } else {
        wrong();
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    blanks();
    if (!rest_.empty() || !seen[0] || !seen[1] || !seen[2]) wrong();
  }

 private:
  [[noreturn]] void wrong() const { array_.fail("the header is not that of an .npy file of numbers"); }
  void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }
  bool take(char c) {
    blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) wrong();
  }
  std::string_view quoted() {
    blanks();
    const char quote = rest_.empty() ? '\0' : rest_[0];
    if (quote != '\'' && quote != '"') wrong();
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) wrong();
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }
  bool truth() {
    blanks();
    for (const bool value : {true, false}) {
      const std::string_view text = value ? "True" : "False";
      if (!rest_.starts_with(text)) continue;
      rest_.remove_prefix(text.size());
      return value;
    }
    wrong();
  }
  void tuple() {
    expect('(');
    while (!take(')')) {
      Index size = 0;
      blanks();
      const auto [next, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
      if (error != std::errc{} || size < 0) wrong();
      rest_.remove_prefix(static_cast<std::size_t>(next - rest_.data()));
      array_.shape.push_back(size);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }

  std::string_view rest_;
  Array& array_;
};

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

Array parse_header(std::string_view bytes, const std::string& name) {
  Array array{name, {}, false, {}, {}};
  if (bytes.empty()) array.fail("the file is empty, expected an .npy file");
  if (!bytes.starts_with(magic)) array.fail("is no .npy file: it does not begin with \\x93NUMPY");
  if (bytes.size() < 10) array.fail("the file ends within the header");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3) array.fail(fmt::format("version {} of the format is not known", version));
  const std::size_t begin = version == 1 ? 10 : 12;
  if (bytes.size() < begin) array.fail("the file ends within the header");
  const std::size_t length = little_endian(bytes.substr(8, begin - 8));
  if (length > bytes.size() - begin) {
    array.fail(fmt::format("the header is told to have {} bytes, and {} follow", length, bytes.size() - begin));
  }
  Dictionary(bytes.substr(begin, length), array).read();
  array.data = bytes.substr(begin + length);
  return array;
}

// float16 (IEEE 754 binary16) to double.
double from_half(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const double sign = (half & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 31)
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  const double scale = exponent == 0 ? 0x1p-24 : static_cast<double>(std::uint64_t{1} << exponent) * 0x1p-25;
  return sign * scale * (exponent == 0 ? fraction : fraction + 1024);
}

template <class Stored>
real number_at(const char* from) {
  Stored value{};
  std::memcpy(&value, from, sizeof value);
  if constexpr (std::is_same_v<Stored, std::uint16_t>) return static_cast<real>(from_half(value));
  return static_cast<real>(value);
}

template <class Stored>
Tensor take_numbers(const Array& array, Index rows, Index dim, Index wanted) {
  const auto bytes = static_cast<std::uint64_t>(array.data.size());
  const auto columns = static_cast<std::uint64_t>(dim);
  if (dim > 0 && static_cast<std::uint64_t>(rows) > bytes / sizeof(Stored) / columns) {
    array.fail(fmt::format("an array of {} x {} is told, and {} bytes follow; is the file cut?", rows, dim, bytes));
  }
  if (static_cast<std::uint64_t>(rows) * columns * sizeof(Stored) != bytes) {
    array.fail(fmt::format("an array of {} x {} is told, and {} bytes follow: too many", rows, dim, bytes));
  }
  Tensor table(Shape{wanted, dim});
  real* out = table.mutable_data();
  const Index row_step = array.fortran ? 1 : dim, column_step = array.fortran ? rows : 1;
  parallel_for(wanted, row_grain(dim), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      for (Index i = 0; i < dim; ++i) {
        const auto place = static_cast<std::size_t>(row * row_step + i * column_step);
        out[row * dim + i] = number_at<Stored>(array.data.data() + place * sizeof(Stored));
      }
    }
  });
  return table;
}

}  // namespace

Tensor parse_npy(std::string_view bytes, const std::string& name, Index wanted) {
  const Array array = parse_header(bytes, name);
  if (array.shape.size() != 2) array.fail(fmt::format("{} axes; expected 2, words and numbers", array.shape.size()));
  const Index rows = array.shape[0], dim = array.shape[1];
  constexpr Index most = Index{1} << 40;  // far more than any memory, and their product with 8 bytes still a number
  if (rows > most || dim > most || (dim == 0 && rows > 0))
    array.fail(fmt::format("no table has the shape {} x {}", rows, dim));
  wanted = wanted > 0 ? std::min(wanted, rows) : rows;
  if (array.dtype == "<f4") return take_numbers<float>(array, rows, dim, wanted);
  if (array.dtype == "<f8") return take_numbers<double>(array, rows, dim, wanted);
  if (array.dtype == "<f2") return take_numbers<std::uint16_t>(array, rows, dim, wanted);
  array.fail(fmt::format("numbers of type \"{}\"; expected <f2, <f4 or <f8", printable(array.dtype)));
}

void write_npy(const std::string& path, const Tensor& tensor) {
  std::string shape;
  for (int axis = 0; axis < tensor.rank(); ++axis) shape += fmt::format("{}, ", tensor.dim(axis));
  std::string header = fmt::format("{{'descr': '<f{}', 'fortran_order': False, 'shape': ({}), }}", sizeof(real),
                                   shape.substr(0, shape.size() - (tensor.rank() > 1 ? 2 : tensor.rank())));
  header.resize((magic.size() + 4 + header.size() + 1 + 63) / 64 * 64 - magic.size() - 4,
                ' ');  // numbers begin at 64 · n
  header.back() = '\n';
  AtomicFile file(path);
  file.write(magic);
  const char version[] = {1, 0, static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  file.write(version, sizeof version);
  file.write(header);
  if (tensor.size() > 0) file.write(tensor.data(), static_cast<std::size_t>(tensor.size()) * sizeof(real));
  file.commit();
}

std::vector<std::string> parse_words(std::string_view text, const std::string& name) {
  std::vector<std::string> words;
  bool counted = true;  // each line is a word, a blank and a number, as word2vec's vocabularies are
  text = without_mark(text);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view word = line.substr(0, line.find('\t'));
    if (word.empty()) throw FileError("read_words", fmt::format("{}:{}: the word is missing", name, words.size() + 1));
    const std::size_t blank = line.rfind(' ');
    counted &= word.size() == line.size() && blank != std::string_view::npos && blank > 0 && blank + 1 < line.size() &&
               line.find_first_not_of("0123456789", blank + 1) == std::string_view::npos;
    words.emplace_back(word);
  }
  if (!counted) return words;
  for (std::string& word : words) word.resize(word.rfind(' '));
  return words;
}

std::string word_list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (word.empty() || word.find_first_of("\t\n\r") != std::string::npos) {
      throw ValueError("word_list",
                       fmt::format("the word \"{}\" is empty or holds a tab or line end", printable(word)));
    }
    text += word + "\n";
  }
  return text;
}

}  // namespace lexigrad::vectors
