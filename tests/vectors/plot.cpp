// plot.cpp: the SVG is well formed whatever the words are, shows them as typed, and draws what it is given.
#include "vectors/plot.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"
#include "vectors/svg.hpp"

using namespace support;

namespace {

Index count_of(std::string_view text, std::string_view part) {
  Index count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The number that follows `name="` after the text `from` was found first.
double attribute_after(const std::string& text, const std::string& from, const std::string& name) {
  const std::size_t at = text.rfind(name + "=\"", text.find(from));
  return std::stod(text.substr(at + name.size() + 2));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plot)

BOOST_AUTO_TEST_CASE(the_check_for_well_formed_text_finds_faults) {
  BOOST_TEST(xml_fault("<a b=\"&lt;\"><c/>x &amp; y</a>") == "");
  for (const char* bad : {"<a>", "<a></b>", "<a>&</a>", "<a><</a>", "<a b=\"<\"/>", "</a>", "<a>\x01</a>"})
    BOOST_TEST(xml_fault(bad) != "");
}

BOOST_AUTO_TEST_CASE(labels_with_markup_are_shown_as_typed_D101) {
  const std::string big(300, 'x');
  const std::vector<MapPoint> points{{"<b>", 0, 0}, {"&amp;", 1, 1}, {"\"q\"", 1, 0}, {"中", 0, 1}, {big, 0.5, 0.5}};
  const std::string text =
      map_svg(points, points, {.groups = {{"<script>alert(1)</script>", {"<b>", big}}}, .arrows = {{"<b>", "&amp;"}}});
  BOOST_TEST(xml_fault(text) == "");
  BOOST_TEST(text.find("<script") == std::string::npos);
  BOOST_TEST(text.find("<b>") == std::string::npos);
  for (const char* shown : {">&lt;b&gt;</text>", ">&amp;amp;</text>", ">&quot;q&quot;</text>", ">中</text>"}) {
    BOOST_TEST(count_of(text, shown) == 2);  // once a panel
  }
  check_has(text, ">" + std::string(23, 'x') + "…</text>");
  check_has(text, "<title>" + big + "</title>");
}

BOOST_AUTO_TEST_CASE(bytes_that_xml_forbids_are_replaced) {
  BOOST_TEST(svg::escape("a\x01"
                         "b") ==
             "a\xEF\xBF\xBD"
             "b");
  BOOST_TEST(svg::escape("\xFF\xC3") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  BOOST_TEST(svg::escape("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  BOOST_TEST(svg::escape("\xEF\xBF\xBF") == "\xEF\xBF\xBD");                          // U+FFFF
  BOOST_TEST(svg::escape("it's 中 \U0001F600") == "it&#39;s 中 \U0001F600");
  BOOST_TEST(svg::shorten("中中中中", 3) == "中中…");
  BOOST_TEST(svg::shorten("abc", 3) == "abc");
}

BOOST_AUTO_TEST_CASE(labels_do_not_cover_each_other) {
  std::vector<MapPoint> points;
  for (int i = 0; i < 60; ++i) points.push_back({fmt::format("word{}", i), 0.001 * (i % 8), 0.001 * (i / 8)});
  points.push_back({"far", 1, 1});
  const std::string text = map_svg(points, {});
  BOOST_TEST(xml_fault(text) == "");
  check_has(text, "labels without room");
  BOOST_TEST(count_of(text, "<circle") == 61);  // the dots are all there
  check_has(text, "no words");                  // the other panel
}

BOOST_AUTO_TEST_CASE(odd_places_are_left_out_or_centred) {
  const double nan = std::nan(""), big = std::numeric_limits<double>::max();
  const std::string text = map_svg({{"a", nan, 1}, {"b", 1, 1}}, {{"c", big, -big}, {"d", -big, big}});
  BOOST_TEST(count_of(text, "<circle") == 3);
  BOOST_TEST(text.find("nan") == std::string::npos);
  BOOST_TEST(text.find("inf") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(arrows_are_drawn_where_both_words_are) {
  const std::vector<MapPoint> points{{"man", 0, 0}, {"woman", 1, 1}};
  const std::string text = map_svg(points, points, {.arrows = {{"man", "woman"}, {"man", "nobody"}}});
  BOOST_TEST(count_of(text, "<polygon") == 2);
}

BOOST_AUTO_TEST_CASE(a_loss_plot_has_a_line_and_a_name_per_curve) {
  const std::string text = loss_svg({{"a & b", {0, 1, 2}, {3, 2, 1}}, {"<c>", {0, 2}, {2, 1}}}, {.title = "1 < 2"});
  BOOST_TEST(xml_fault(text) == "");
  BOOST_TEST(count_of(text, "<path") == 2);
  check_has(text, "a &amp; b</text>");
  check_has(text, "1 &lt; 2</text>");
  check_has(text, ">step</text>");
}

BOOST_AUTO_TEST_CASE(a_legend_takes_as_many_lines_as_it_needs) {
  std::vector<Curve> curves;
  for (int i = 0; i < 12; ++i) curves.push_back({fmt::format("a curve with a rather long name {}", i), {0, 1}, {1, 2}});
  const std::string text = loss_svg(curves);
  const std::string first = curves[0].name + "</text>", last = curves[11].name + "</text>";
  BOOST_TEST(attribute_after(text, last, "y") > attribute_after(text, first, "y") + 19);
  for (const Curve& curve : curves) {
    const double end = attribute_after(text, curve.name + "</text>", "x") + svg::text_width(curve.name, 13);
    BOOST_TEST(end < 900);
  }
}

BOOST_AUTO_TEST_CASE(long_titles_are_cut_and_told_under_the_mouse) {
  const std::string title(200, 'm');
  const std::string loss = loss_svg({}, {.title = title, .x_label = title, .y_label = title});
  BOOST_TEST(loss.find(title + "</text>") == std::string::npos);
  check_has(loss, "<title>" + title + "</title>");
  const std::string map = map_svg({}, {}, {.before_title = title, .after_title = title});
  BOOST_TEST(map.find(title + "</text>") == std::string::npos);
  BOOST_TEST(svg::fit("abc", 10, 100) == "abc");
  BOOST_TEST(svg::text_width(svg::fit(title, 10, 100), 10) <= 100);
  BOOST_TEST(svg::fit(title, 10, 1) == "\u2026");
}

BOOST_AUTO_TEST_CASE(differences_too_small_to_label_are_drawn_flat) {
  const std::string text = loss_svg({{"a", {0, 1}, {1.2345678e-7, 1.2345690e-7}}});
  BOOST_TEST(count_of(text, "e-07</text>") > 2);
  BOOST_TEST(count_of(text, ">1.23457e-07</text>") <= 1);
}

BOOST_AUTO_TEST_CASE(labels_keep_off_arrows) {
  // An arrow goes right from the left dot, where its label would be: the label goes to the other side or above.
  const std::vector<MapPoint> points{{"a", 0, 0}, {"b", 1, 0}, {"corner", 0.5, 1}};
  const std::string plain = map_svg(points, {}), with = map_svg(points, {}, {.arrows = {{"a", "b"}}});
  check_has(plain.substr(0, plain.find(">a</text>")).substr(plain.rfind("<text", plain.find(">a</text>"))),
            "\"start\"");
  const std::string label = with.substr(0, with.find(">a</text>"));
  BOOST_TEST(label.substr(label.rfind("<text")).find("\"start\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(gaps_and_odd_values_break_a_line) {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const std::string text = loss_svg({{"a", {0, 1, 2, 3, 4}, {3, 2, nan, 1, 1}}, {"b", {0, 1}, {inf, 1}}});
  BOOST_TEST(count_of(text, "<path") == 2);
  BOOST_TEST(count_of(text, "<circle") == 1);  // a point alone
  BOOST_TEST(text.find("nan") == std::string::npos);
  BOOST_TEST(count_of(loss_svg({{"a", {0, 1, 2}, {1, 0, 1}}}, {.log_y = true}), "<circle") == 2);
  check_has(loss_svg({}), "no data");
  BOOST_TEST(xml_fault(loss_svg({{"flat", {5}, {0}}})) == "");
}

BOOST_AUTO_TEST_CASE(a_long_curve_is_thinned_and_keeps_its_peaks) {
  Curve curve{"long", {}, {}};
  for (int i = 0; i < 200000; ++i) {
    curve.steps.push_back(i);
    curve.values.push_back(i == 123456 ? 9.0 : 1.0 + 0.1 * std::sin(i));
  }
  const std::string text = loss_svg({curve});
  BOOST_TEST(text.size() < 100000u);
  check_has(text, " 92.62 ");  // 9 on an axis from 0 to 9 + 5 % of the spread, 386 pixels high from 76 down
}

BOOST_AUTO_TEST_CASE(ticks_are_rounded_numbers) {
  const std::vector<double> linear{0, 0.2, 0.4, 0.6, 0.8, 1.0}, logarithmic{0.1, 1, 10, 100, 1000};
  const std::vector<double> a = svg::linear_ticks(0, 1, 5), b = svg::log_ticks(0.05, 2000);
  BOOST_TEST(a == linear, boost::test_tools::tolerance(1e-12) << boost::test_tools::per_element());
  BOOST_TEST(b == logarithmic, boost::test_tools::tolerance(1e-12) << boost::test_tools::per_element());
  BOOST_TEST(svg::tick_label(3 * 0.1) == "0.3");
  BOOST_TEST(svg::tick_label(20000) == "20000");
  BOOST_TEST(svg::tick_label(3e6) == "3000000");
  BOOST_TEST(svg::tick_label(-0.0) == "0");
  BOOST_TEST(svg::tick_label(2e-7) == "2e-07");
}

BOOST_AUTO_TEST_CASE(curves_of_unequal_lengths_and_tiny_pictures_are_refused) {
  check_has(error_text<ValueError>([] { loss_svg({{"a", {1, 2}, {1}}}); }), "curve \"a\" has 2 steps and 1 values");
  BOOST_CHECK_THROW(loss_svg({}, {.width = 10}), ValueError);
  BOOST_CHECK_THROW(map_svg({}, {}, {.width = 10}), ValueError);
}

BOOST_AUTO_TEST_CASE(known_words_are_mapped_by_their_components) {
  const WordTable t = parse_vectors(n6, "n6");
  const std::vector<MapPoint> points = map_points(t, {"king", "nobody", "apple", "pear"});
  BOOST_REQUIRE_EQUAL(points.size(), 3u);
  BOOST_TEST(points[1].word == "apple");
  BOOST_TEST(std::abs(points[1].x - points[2].x) < std::abs(points[0].x - points[1].x));
}

BOOST_AUTO_TEST_SUITE_END()
