// test_sets.cpp: asking analogies in batches, and ranks.
#include "vectors/test_sets.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "tensor/create.hpp"
#include "tensor/ops.hpp"
#include "tensor/parallel.hpp"
#include "text/utf8.hpp"
#include "vectors/files.hpp"
#include "vectors/neighbours.hpp"

namespace lexigrad::vectors {
namespace {

// Finds the words of a test set.
class Lookup {
 public:
  explicit Lookup(const WordTable& table) : table_(table) {}

  /// The row of a word as it stands, in lower case, or else the first that differs in case only, as gensim has it. -1
  /// when there is none, or it has no direction.
  Index usable_row(const std::string& word) {
    auto row = table_.find(word);
    if (!row) {
      const std::string lowered = text::lowercase(word);
      row = table_.find(lowered);
      if (!row) row = in_any_case(lowered);
    }
    return row && table_.has_direction(*row) ? *row : -1;
  }

 private:
  std::optional<Index> in_any_case(const std::string& lowered) {
    if (lowered_.empty()) {
      for (Index row = 0; row < table_.size(); ++row) {
        lowered_.try_emplace(text::lowercase(table_.words[static_cast<std::size_t>(row)]), row);
      }
    }
    const auto at = lowered_.find(lowered);
    return at == lowered_.end() ? std::nullopt : std::optional<Index>(at->second);
  }

  const WordTable& table_;
  std::unordered_map<std::string, Index>
      lowered_;  // the first row of each, made when a word is wanted that is not there
};

struct Rows {
  Index a, b, c, d;
  std::size_t section;
};

// The questions of all sections whose words are known.
std::vector<Rows> find_rows(const WordTable& table, const std::vector<QuestionSection>& sections,
                            std::vector<SectionResult>& results) {
  std::vector<Rows> all;
  Lookup words(table);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    results.push_back({sections[i].name});
    for (const Question& q : sections[i].questions) {
      const Rows rows{words.usable_row(q.a), words.usable_row(q.b), words.usable_row(q.c), words.usable_row(q.d), i};
      const bool known = rows.a >= 0 && rows.b >= 0 && rows.c >= 0 && rows.d >= 0;
      ++(known ? results[i].asked : results[i].skipped);
      if (known) all.push_back(rows);
    }
  }
  return all;
}

void ask_by_sum(const WordTable& table, const std::vector<Rows>& questions, std::vector<SectionResult>& results) {
  constexpr std::size_t batch = 1024;
  for (std::size_t begin = 0; begin < questions.size(); begin += batch) {
    std::vector<Query> queries;
    std::vector<const Rows*> asked;
    for (std::size_t i = begin; i < std::min(questions.size(), begin + batch); ++i) {
      const Rows& q = questions[i];
      std::vector<double> query = analogy_query(table, q.a, q.b, q.c);
      if (std::all_of(query.begin(), query.end(), [](double x) { return x == 0.0; })) continue;  // no answer
      queries.push_back({std::move(query), {q.a, q.b, q.c}});
      asked.push_back(&q);
    }
    const std::vector<std::vector<Scored>> found = search(table, queries, 1);
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!found[i].empty() && found[i][0].id == asked[i]->d) ++results[asked[i]->section].right;
    }
  }
}

// 3CosMul needs the three cosines of each candidate: they are computed for a batch of questions in single precision.
void ask_by_product(const WordTable& table, const std::vector<Rows>& questions, std::vector<SectionResult>& results) {
  const Tensor unit = table.unit_rows();
  constexpr std::size_t batch = 128;
  for (std::size_t begin = 0; begin < questions.size(); begin += batch) {
    const std::size_t count = std::min(questions.size() - begin, batch);
    std::vector<Index> ids;
    for (std::size_t i = 0; i < count; ++i) {
      for (const Index row : {questions[begin + i].a, questions[begin + i].b, questions[begin + i].c})
        ids.push_back(row);
    }
    const Tensor cosines = matmul(gather_rows(unit, Ids(ids)), unit, Transpose::b);  // [3 · count, words]
    std::vector<Index> best(count, -1);
    parallel_for(static_cast<Index>(count), 1, [&](Index first, Index last) {
      for (Index i = first; i < last; ++i) {
        const Rows& q = questions[begin + static_cast<std::size_t>(i)];
        const real* near_a = cosines.data() + 3 * i * table.size();
        const real *near_b = near_a + table.size(), *near_c = near_b + table.size();
        double largest = -1.0;
        for (Index row = 0; row < table.size(); ++row) {
          const double score = (1.0 + static_cast<double>(near_b[row])) * (1.0 + static_cast<double>(near_c[row])) /
                               (1.002 + static_cast<double>(near_a[row]));
          if (score <= largest || row == q.a || row == q.b || row == q.c || !table.has_direction(row)) continue;
          largest = score;
          best[static_cast<std::size_t>(i)] = row;
        }
      }
    });
    for (std::size_t i = 0; i < count; ++i) {
      if (best[i] == questions[begin + i].d) ++results[questions[begin + i].section].right;
    }
  }
}

// Lines of a text with their numbers, without comments and blank ones; each as its words.
template <class Line>
void for_lines(std::string_view text, const Line& line) {
  text = without_mark(text);
  for (Index number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::vector<std::string> words;
    constexpr std::string_view blanks = " \t\r";
    for (;;) {
      rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
      if (rest.empty()) break;
      const std::size_t length = std::min(rest.find_first_of(blanks), rest.size());
      words.emplace_back(rest.substr(0, length));
      rest.remove_prefix(length);
    }
    if (!words.empty() && !words[0].starts_with('#')) line(number, words);
  }
}

[[noreturn]] void fail(const std::string& name, Index line, std::string_view reason) {
  throw FileError("read_test_set", fmt::format("{}:{}: {}", name, line, reason));
}

// Ranks from 1, equal values sharing the mean of theirs.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + 1 + end) / 2.0;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
  }
  return ranks;
}

}  // namespace

std::vector<QuestionSection> parse_questions(std::string_view text, const std::string& name) {
  std::vector<QuestionSection> sections;
  Index questions = 0;
  for_lines(text, [&](Index line, const std::vector<std::string>& words) {
    if (words[0].starts_with(':')) {
      std::string title = words[0].substr(1);
      for (std::size_t i = 1; i < words.size(); ++i) title += (title.empty() ? "" : " ") + words[i];
      if (title.empty()) fail(name, line, "a section without a name");
      sections.push_back({title, {}});
      return;
    }
    if (words.size() != 4) fail(name, line, fmt::format("expected four words, this line has {}", words.size()));
    if (sections.empty()) sections.push_back({"", {}});
    sections.back().questions.push_back({words[0], words[1], words[2], words[3]});
    ++questions;
  });
  if (questions == 0) fail(name, 1, "no questions: expected lines of four words");
  return sections;
}

std::vector<JudgedPair> parse_similarities(std::string_view text, const std::string& name) {
  std::vector<JudgedPair> pairs;
  for_lines(text, [&](Index line, const std::vector<std::string>& words) {
    if (words.size() != 3)
      fail(name, line, fmt::format("expected two words and a number, this line has {} columns", words.size()));
    double score = 0.0;
    const auto [end, error] = std::from_chars(words[2].data(), words[2].data() + words[2].size(), score);
    if (error != std::errc{} || end != words[2].data() + words[2].size() || !std::isfinite(score)) {
      fail(name, line, "the third column is not a number");
    }
    pairs.push_back({words[0], words[1], score});
  });
  if (pairs.empty()) fail(name, 1, "no pairs: expected lines of two words and a number");
  return pairs;
}

std::vector<QuestionSection> read_questions(const std::string& path) { return parse_questions(read_file(path), path); }
std::vector<JudgedPair> read_similarities(const std::string& path) { return parse_similarities(read_file(path), path); }

std::vector<SectionResult> ask(const WordTable& table, const std::vector<QuestionSection>& sections,
                               AnalogyMethod method) {
  table.check_unchanged();
  std::vector<SectionResult> results;
  const std::vector<Rows> questions = find_rows(table, sections, results);
  method == AnalogyMethod::add ? ask_by_sum(table, questions, results) : ask_by_product(table, questions, results);
  return results;
}

SectionResult total(const std::vector<SectionResult>& sections) {
  SectionResult all{"all"};
  for (const SectionResult& section : sections) {
    all.right += section.right;
    all.asked += section.asked;
    all.skipped += section.skipped;
  }
  return all;
}

SimilarityResult compare(const WordTable& table, const std::vector<JudgedPair>& pairs) {
  table.check_unchanged();
  std::vector<double> cosines, scores;
  Lookup words(table);
  for (const JudgedPair& pair : pairs) {
    const Index a = words.usable_row(pair.a), b = words.usable_row(pair.b);
    if (a < 0 || b < 0) continue;
    cosines.push_back(table.unit_dot(a, table.unit_row(b)));
    scores.push_back(pair.score);
  }
  return {spearman(cosines, scores), static_cast<Index>(pairs.size()), static_cast<Index>(cosines.size())};
}

double spearman(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() != y.size()) throw ValueError("spearman", fmt::format("{} and {} values", x.size(), y.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) throw ValueError("spearman", "a value is NaN");
  }
  const std::vector<double> a = ranks_of(x), b = ranks_of(y);
  const double mean = (static_cast<double>(x.size()) + 1.0) / 2.0;
  double ab = 0.0, aa = 0.0, bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean);
    bb += (b[i] - mean) * (b[i] - mean);
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

}  // namespace lexigrad::vectors
