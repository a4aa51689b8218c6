// report.hpp: everything a run leaves behind: model, vectors, vocabulary, curves, map, report.json.
#pragma once
#include <string>

#include "text/corpus.hpp"
#include "text/ngram.hpp"
#include "train_embeddings/meaning.hpp"

namespace lexigrad::train_embeddings {

/// All that is known at the end of a run.
struct Run {
  Options options;
  const text::Corpus* corpus;
  const Lexicon* lexicon;
  const Model* model;
  vectors::WordTable table_before;
  Meaning before, after;
  TrainingResult training;
  double held_out_before = 0.0, held_out_after = 0.0;  ///< nats a token; 0 when nothing is held out
  text::NgramScore unigram, bigram;
  Index end_of_text_moved = 0;  ///< 1 when the row of <|endoftext|> has changed
};

/// Writes all files; each appears complete or not at all. Throws FileError.
void write_files(const Run& run);

}  // namespace lexigrad::train_embeddings
