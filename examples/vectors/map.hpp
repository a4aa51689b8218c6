// map.hpp: all words of a table on a page that a browser shows: one HTML file that needs nothing but itself.
//
//   write_text_file("map.html", map_html(table, {.before = &noise, .title = "what the table learned"}));
//
// The page holds the places (layout.hpp), groups (clusters.hpp), the nearest neighbours in the full space, and the
// vectors in 8 bits a number, so that it can search, colour along any axis and answer analogies by itself. Its text and
// script are examples/vectors/map.html. plot.hpp draws still pictures. Read next: map.cpp, map.html.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "vectors/layout.hpp"
#include "vectors/table.hpp"

namespace lexigrad::vectors {

/// A direction that the page offers as colour: from one set of words to another.
struct PageAxis {
  std::string name;
  std::vector<std::string> from, to;
};

/// An analogy that the page offers: a is to b as c is to ...
struct PageAnalogy {
  std::string a, b, c;
};

/// Axes and analogies of everyday words, each offered where the table has its words.
std::vector<PageAxis> usual_axes();
std::vector<PageAnalogy> usual_analogies();

struct PageOptions {
  const WordTable* before = nullptr;  ///< the table before training, or another one to compare with; its words are
                                      ///< found by name, and those that it lacks are hidden there
  std::string title = "Word map";
  std::string before_title = "before", after_title = "after";
  Index words = 20000;  ///< most words: the first of the table that have a direction
  Index neighbours = 10;
  int groups = 12;
  std::vector<PageAxis> axes = usual_axes();
  std::vector<PageAnalogy> analogies = usual_analogies();
  std::function<void(const std::string& what, double share)> progress = {};  ///< now and then, while it takes long
};

/// The page. The same table, the same bytes, with any number of threads. Throws ValueError for a table without two
/// words that have a direction.
std::string map_html(const WordTable& table, const PageOptions& options = {});

/// `rows` as the two files of the TensorBoard projector: NAME.vectors.tsv and NAME.words.tsv. Throws FileError.
void write_projector_files(const std::string& name, const WordTable& table, Index words);

/// The text of map.html, as it was when this was built.
std::string_view map_page();

}  // namespace lexigrad::vectors
