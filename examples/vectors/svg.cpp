// svg.cpp: text, numbers and elements of SVG 1.1.
#include "vectors/svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace lexigrad::vectors::svg {
namespace {

constexpr char32_t replacement = 0xFFFD;

// Takes one character off the front of a text that is not empty; U+FFFD for a byte that begins none (RFC 3629).
char32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : (lead & 0xF0) == 0xE0       ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
  bool valid = length > 0 && length <= text.size();
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte(i) & 0xC0) == 0x80;
    code = (code << 6) | (byte(i) & 0x3F);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  valid = valid && code >= smallest[length] && code <= 0x10FFFF && !(code >= 0xD800 && code < 0xE000);
  text.remove_prefix(valid ? length : 1);
  return valid ? code : replacement;
}

bool allowed_in_xml(char32_t code) {
  return code >= 0x20 ? code != 0xFFFE && code != 0xFFFF : code == '\t' || code == '\n' || code == '\r';
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t code = take_character(text);
    switch (code) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (code == replacement || !allowed_in_xml(code)) {
          out += "\xEF\xBF\xBD";
        } else {
          out += before.substr(0, before.size() - text.size());
        }
    }
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t limit) {
  std::string_view rest = text;
  std::size_t count = 0, cut = 0;  // cut: bytes of the first limit - 1 characters
  for (; !rest.empty(); ++count) {
    if (count + 1 == limit) cut = text.size() - rest.size();
    take_character(rest);
  }
  return count <= limit ? std::string(text) : std::string(text.substr(0, cut)) + "…";
}

double text_width(std::string_view text, double font_size) {
  double em = 0.0;
  while (!text.empty()) {
    const char32_t code = take_character(text);
    if (code >= 0x1100) {
      em += code >= 0x2000 && code < 0x2E80 ? 0.75 : 1.05;  // punctuation and symbols; else Chinese, Japanese, Korean
    } else if (code < 0x80 &&
               std::string_view("iljtfrI.,:;'|!()[] ").find(static_cast<char>(code)) != std::string_view::npos) {
      em += 0.36;
    } else if (code < 0x80 && std::string_view("mwMW@%").find(static_cast<char>(code)) != std::string_view::npos) {
      em += 0.92;
    } else {
      em += code >= 'A' && code <= 'Z' ? 0.7 : 0.6;
    }
  }
  return em * font_size;
}

std::string fit(std::string_view text, double font_size, double width) {
  if (text_width(text, font_size) <= width) return std::string(text);
  std::size_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count) take_character(rest);
  // Room for the ellipsis is part of what shorten() gives.
  for (; count > 1; --count) {
    const std::string shorter = shorten(text, count);
    if (text_width(shorter, font_size) <= width) return shorter;
  }
  return shorten(text, 1);
}

std::string number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string_view colour(std::size_t i) {
  // Okabe and Ito's order of hues, darkened until each has a contrast of about 4.5 or more on white.
  static constexpr std::array<std::string_view, 10> palette{"#0063a3", "#c14a00", "#00795a", "#a8387e", "#7a5c00",
                                                            "#5b3fa0", "#a3122a", "#3d6b7d", "#4f6b12", "#444444"};
  return palette[i % palette.size()];
}

std::vector<double> linear_ticks(double low, double high, int count) {
  if (!(high > low)) return {low};
  const double rough = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double ratio = rough / power;
  const double step = power * (ratio < 1.5 ? 1.0 : ratio < 3.5 ? 2.0 : ratio < 7.5 ? 5.0 : 10.0);
  const double first = std::ceil(low / step - 1e-9);
  std::vector<double> ticks;
  for (double i = first; i * step <= high + 1e-9 * step && ticks.size() < 100; i += 1.0) ticks.push_back(i * step);
  return ticks;
}

std::vector<double> log_ticks(double low, double high) {
  const double decades = std::log10(high / low);
  if (decades < 0.7) return linear_ticks(low, high, 6);  // less than a factor of 5: rounded numbers read better
  const int stride = std::max(1, static_cast<int>(decades / 8.0));
  std::vector<double> ticks;
  const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
  for (int power = first; power <= last; power += stride) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * std::pow(10.0, power);
      if ((digit == 1.0 || decades < 3.0) && tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
        ticks.push_back(tick);
    }
  }
  return ticks;
}

std::string tick_label(double value) {
  // A tick like 3 · 0.1 is not quite 0.3; six digits hide that and are enough for rounded numbers.
  if (std::abs(value) < 1e-300) return "0";
  const bool whole = std::abs(value) < 1e9 && std::abs(value - std::round(value)) < 1e-9 * std::abs(value);
  return whole ? fmt::format("{:.0f}", value) : fmt::format("{:.6g}", value);
}

Drawing::Drawing(int width, int height, std::string_view title) {
  // The background is painted and every colour given: a viewer in dark mode shows the same picture.
  body_ = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" role=\"img\">\n<title>{2}</title>\n",
      width, height, escape(title));
  rectangle(0, 0, width, height, "#ffffff");
}

void Drawing::line(double x1, double y1, double x2, double y2, std::string_view stroke, double width) {
  raw(fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>)", number(x1), number(y1),
                  number(x2), number(y2), stroke, number(width)));
}

void Drawing::rectangle(double x, double y, double w, double h, std::string_view fill, std::string_view stroke) {
  raw(fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>)", number(x), number(y),
                  number(w), number(h), fill, stroke));
}

void Drawing::circle(double x, double y, double radius, std::string_view fill, std::string_view tip) {
  raw(fmt::format(R"(<circle cx="{}" cy="{}" r="{}" fill="{}"><title>{}</title></circle>)", number(x), number(y),
                  number(radius), fill, escape(tip)));
}

void Drawing::text(double x, double y, std::string_view content, const TextStyle& style) {
  std::string extra;
  if (!style.transform.empty()) extra += fmt::format(" transform=\"{}\"", style.transform);
  if (style.halo) extra += R"( stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke")";
  const std::string tip = style.tip.empty() ? "" : fmt::format("<title>{}</title>", escape(style.tip));
  raw(fmt::format(
      R"(<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}" font-weight="{}" xml:space="preserve"{}>{}{}</text>)",
      number(x), number(y), number(style.size), style.fill, style.anchor, style.weight, extra, tip, escape(content)));
}

}  // namespace lexigrad::vectors::svg
