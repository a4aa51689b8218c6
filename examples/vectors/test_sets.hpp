// test_sets.hpp: the field's test sets: analogy files and similarity files, and how well a table does on them.
//
//   : family                              questions-words.txt (Mikolov 2013): sections, four words a line
//   boy girl brother sister
//
//   tiger	cat	7.35                     WordSim-353 and its like: two words and people's score, parted by
//   blanks or tabs
//
// A word is looked up as it stands, then in lower case, then without regard to case. Lines with a word that the table
// lacks are left out and counted. Read next: evaluate.hpp (pairs without a file), neighbours.hpp.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// a is to b as c is to d.
struct Question {
  std::string a, b, c, d;
};
struct QuestionSection {
  std::string name;
  std::vector<Question> questions;
};

/// Sections of a file; questions before the first `: name` line are in a section without a name. Blank lines and lines
/// that begin with # are passed over. Throws FileError naming the line that has not four words, or a section without a
/// name; for a file without questions.
std::vector<QuestionSection> parse_questions(std::string_view text, const std::string& name);
std::vector<QuestionSection> read_questions(const std::string& path);

/// How an analogy is scored: neighbours.hpp has both formulas.
enum class AnalogyMethod { add, multiply };

struct SectionResult {
  std::string name;
  Index right = 0, asked = 0, skipped = 0;  ///< skipped: a word is unknown or has no direction

  double share() const { return asked == 0 ? 0.0 : static_cast<double>(right) / static_cast<double>(asked); }
};

/// Asks every question; right is an answer d among all words of the table but a, b and c. A question whose b - a + c is
/// zero counts as asked. The results of the sections, in their order. Throws StateError.
std::vector<SectionResult> ask(const WordTable& table, const std::vector<QuestionSection>& sections,
                               AnalogyMethod method = AnalogyMethod::add);
/// Sums over sections, under the name "all".
SectionResult total(const std::vector<SectionResult>& sections);

struct JudgedPair {
  std::string a, b;
  double score = 0.0;
};

/// Throws FileError naming the line that has not two words and a number.
std::vector<JudgedPair> parse_similarities(std::string_view text, const std::string& name);
std::vector<JudgedPair> read_similarities(const std::string& path);

struct SimilarityResult {
  double spearman = 0.0;       ///< of cosines and scores; 0 for fewer than two pairs
  Index pairs = 0, known = 0;  ///< in the file; with both words known
};

SimilarityResult compare(const WordTable& table, const std::vector<JudgedPair>& pairs);

/// Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their ranks. 0 for fewer
/// than two values or where all values of a side are equal. Throws ValueError for lists of different lengths or NaN.
double spearman(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace lexigrad::vectors
