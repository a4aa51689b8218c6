// screen.cpp: laying the answers out.
#include "train_embeddings/screen.hpp"

#include <fmt/format.h>

namespace lexigrad::train_embeddings {
namespace {

std::string listed(const std::vector<Answer>& answers, std::size_t most = 5) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, answers.size()); ++i) {
    text += fmt::format("{}{} {:.2f}", i > 0 ? ", " : "", answers[i].word, answers[i].score);
  }
  return text;
}

std::string pair_lines(const Meaning& m) {
  std::string text = "  cosines";
  int column = 0;
  for (const PairCosine& pair : m.pairs) {
    const std::string value = pair.cosine ? fmt::format("{:+.2f}", *pair.cosine) : "not in the text";
    text += fmt::format("{}{}-{} {}", column == 0 ? "      " : "   ", pair.a, pair.b, value);
    ++column;
  }
  return text + "\n";
}

std::string analogy_lines(const Analogy& a) {
  if (!a.known) return fmt::format("  {} - {} + {}: not all in the text\n", a.b, a.a, a.c);
  return fmt::format("  {} - {} + {}  {}   ({} is number {})\n    with the query words  {}   (number {})\n", a.b, a.a,
                     a.c, listed(a.without_query), a.expected, a.rank_without, listed(a.with_query, 3), a.rank_with);
}

std::string living_lines(const AxisAnswer& a) {
  if (!a.known) return "  living / not living: not all words are in the text, or no axis parts them\n";
  return fmt::format(
      "  living / not living  AUC {:.2f} over {} + {} other words\n    living end           {}\n    lifeless end       "
      "  {}\n",
      a.auc, a.tested_positive, a.tested_negative, listed(a.furthest_positive, 6), listed(a.furthest_negative, 6));
}

std::string share_line(const AxisShare& s) {
  const auto percent = [](const std::optional<double>& x) { return x ? fmt::format("{:.0f} %", 100.0 * *x) : "?"; };
  return fmt::format("  strongest 1/12       {} of {} dimensions hold {} of living / not living, {} of man / woman\n",
                     s.dimensions, s.dim, percent(s.living), percent(s.gender));
}

std::string mark_line(const AfterMark& after, std::string_view mark) {
  if (after.places == 0) return fmt::format("  after \"{}\"             not in the held-out text\n", mark);
  return fmt::format("  after \"{}\"             capital or <|endoftext|> {:.2f}, opener of an answer {:.4f}: {}\n",
                     mark, after.starts, after.openers, listed(after.likeliest, 4));
}

}  // namespace

std::string screen(const Meaning& m, std::string_view title) {
  std::string text = fmt::format("── {} {}\n", title, "──────────────────────────────────────────");
  text += pair_lines(m);
  for (const Neighbours& n : m.neighbours) {
    text += n.known ? fmt::format("  near {:<16}{}\n", n.word, listed(n.nearest))
                    : fmt::format("  near {:<16}not in the text\n", n.word);
  }
  text += analogy_lines(m.analogy);
  if (m.gender.asked > 0) {
    text += fmt::format("  gender analogies     {} of {} right ({:.0f} %)\n", m.gender.right, m.gender.asked,
                        100.0 * m.gender.share());
  }
  text += living_lines(m.living);
  if (m.share.living || m.share.gender) text += share_line(m.share);
  text += mark_line(m.full_stop, ".") + mark_line(m.question_mark, "?");
  return text;
}

}  // namespace lexigrad::train_embeddings
