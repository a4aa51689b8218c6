// svg.hpp: the small pieces that the plots are drawn with: escaped text, its width, colours, ticks, one string of SVG.
//
// All numbers go through fmt, which knows no locale; lists of coordinates are parted by blanks. Read next: plot.hpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lexigrad::vectors::svg {

/// A text as XML content or attribute: & < > " ' escaped. Bytes that are no UTF-8 and characters that XML forbids
/// (most control characters) become U+FFFD.
std::string escape(std::string_view text);
/// At most `limit` characters (code points): a longer text is cut and ends in an ellipsis.
std::string shorten(std::string_view text, std::size_t limit);
/// About how wide a text is in a usual sans-serif font of that size, in pixels.
double text_width(std::string_view text, double font_size);
/// A text cut with an ellipsis where it would be wider than `width` pixels.
std::string fit(std::string_view text, double font_size, double width);
/// A coordinate: two decimals at most.
std::string number(double value);
/// Colour i of a palette whose neighbours differ for colour-blind readers too, dark enough for text on white.
std::string_view colour(std::size_t i);

/// Rounded numbers (1, 2, 5 times a power of ten) that part [low, high] in about `count` steps.
std::vector<double> linear_ticks(double low, double high, int count);
/// The same for a logarithmic axis; low > 0.
std::vector<double> log_ticks(double low, double high);
/// A tick as text, with as many digits as it needs: "0.25", "20000", "1e-07".
std::string tick_label(double value);

struct TextStyle {
  double size = 12.0;
  std::string_view fill = "#222222";
  std::string_view anchor = "start";  ///< start, middle or end of the text lies at x
  std::string_view weight = "normal";
  std::string_view transform = "";
  std::string_view tip = "";  ///< what a viewer shows under the mouse
  bool halo = false;          ///< a white edge, for text over lines
};

/// A drawing that grows by one element a call.
class Drawing {
 public:
  Drawing(int width, int height, std::string_view title);

  void line(double x1, double y1, double x2, double y2, std::string_view stroke, double width);
  void rectangle(double x, double y, double w, double h, std::string_view fill, std::string_view stroke = "none");
  void circle(double x, double y, double radius, std::string_view fill, std::string_view tip = "");
  void text(double x, double y, std::string_view content, const TextStyle& style = {});
  void raw(std::string_view element) { body_.append(element).push_back('\n'); }

  /// The whole document.
  std::string finish() const { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

}  // namespace lexigrad::vectors::svg
