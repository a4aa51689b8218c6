// report.cpp: writing the files.
#include "train_embeddings/report.hpp"

#include <cmath>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "nn/atomic_file.hpp"
#include "nn/checkpoint.hpp"
#include "training/curve.hpp"
#include "vectors/map.hpp"
#include "vectors/word2vec_text.hpp"

namespace lexigrad::train_embeddings {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::vector<Answer>& answers) {
  Json list = Json::array();
  for (const Answer& a : answers) list.push_back({{"word", a.word}, {"score", a.score}});
  return list;
}

Json to_json(const AfterMark& after) {
  return {{"places", after.places},
          {"capital_or_end_of_text", after.starts},
          {"answer_openers", after.openers},
          {"likeliest", to_json(after.likeliest)}};
}

Json to_json(const Meaning& m) {
  Json j;
  j["cosines"] = Json::array();
  for (const PairCosine& p : m.pairs) {
    j["cosines"].push_back({{"a", p.a}, {"b", p.b}, {"cosine", p.cosine ? Json(*p.cosine) : Json()}});
  }
  j["neighbours"] = Json::object();
  for (const Neighbours& n : m.neighbours) j["neighbours"][n.word] = n.known ? to_json(n.nearest) : Json();
  const Analogy& a = m.analogy;
  j["analogy"] = {{"a", a.a}, {"b", a.b}, {"c", a.c}, {"expected", a.expected}, {"known", a.known}};
  if (a.known) {
    j["analogy"]["rank_query_words_excluded"] = a.rank_without;
    j["analogy"]["rank_query_words_included"] = a.rank_with;
    j["analogy"]["answers_query_words_excluded"] = to_json(a.without_query);
    j["analogy"]["answers_query_words_included"] = to_json(a.with_query);
  }
  j["gender"] = {{"asked", m.gender.asked},
                 {"right", m.gender.right},
                 {"accuracy", m.gender.share()},
                 {"unknown", m.gender.unknown}};
  j["listed_words"] = {{"words", m.noise.words},
                       {"mean_absolute_cosine", m.noise.mean_absolute},
                       {"largest_absolute_cosine", m.noise.largest}};
  j["living_axis"] = {{"known", m.living.known},
                      {"living_seeds", m.living.positive},
                      {"lifeless_seeds", m.living.negative},
                      {"tested_living", m.living.tested_positive},
                      {"tested_lifeless", m.living.tested_negative},
                      {"auc", m.living.auc},
                      {"living_end", to_json(m.living.furthest_positive)},
                      {"lifeless_end", to_json(m.living.furthest_negative)}};
  const auto share = [](const std::optional<double>& x) { return x ? Json(*x) : Json(); };
  j["strongest_twelfth"] = {{"dimensions", m.share.dimensions},
                            {"share_of_living_axis", share(m.share.living)},
                            {"share_of_gender_axis", share(m.share.gender)}};
  j["after_full_stop"] = to_json(m.full_stop);
  j["after_question_mark"] = to_json(m.question_mark);
  j["capital_or_end_of_text_share_of_vocabulary"] = m.starts_share;
  j["end_of_text_row_length"] = m.end_of_text_norm;
  return j;
}

Json report(const Run& run) {
  const Options& o = run.options;
  const text::Corpus& c = *run.corpus;
  Json j;
  j["settings"] = {{"texts", o.texts.empty() ? Json("embedded corpus") : Json(o.texts)},
                   {"tokenizer", o.tokenizer},
                   {"lowercase", o.lowercase},
                   {"min_count", o.min_count},
                   {"dim", o.dim},
                   {"layers", o.layers},
                   {"heads", o.heads},
                   {"context", o.context},
                   {"batch", o.batch},
                   {"lr", o.lr},
                   {"weight_decay", o.weight_decay},
                   {"dropout", o.dropout},
                   {"seed", o.seed},
                   {"control", o.control_name},
                   {"vectors", "rows of the table less the mean of all rows"}};
  j["text"] = {{"vocabulary", c.vocabulary_size()},          {"train_tokens", c.train.size()},
               {"held_out_tokens", c.held_out.size()},       {"train_documents", c.train_documents},
               {"held_out_documents", c.held_out_documents}, {"held_out_is_tail", c.held_out_is_tail}};
  j["training"] = {
      {"steps", run.training.steps},
      {"interrupted", run.training.interrupted},
      {"seconds", run.training.seconds},
      {"first_loss", run.training.history.empty() ? Json() : Json(run.training.history.front().train_loss)},
      {"last_loss", run.training.history.empty() ? Json() : Json(run.training.history.back().train_loss)}};
  if (!c.held_out.empty()) {
    j["held_out"] = {{"loss_before", run.held_out_before},
                     {"loss_after", run.held_out_after},
                     {"perplexity_before", std::exp(run.held_out_before)},
                     {"perplexity_after", std::exp(run.held_out_after)},
                     {"unigram_perplexity", run.unigram.perplexity},
                     {"bigram_perplexity", run.bigram.perplexity}};
  }
  j["end_of_text_row_moved"] = run.end_of_text_moved != 0;
  j["before"] = to_json(run.before);
  j["after"] = to_json(run.after);
  return j;
}

std::string loss_picture(const Run& run) {
  std::vector<vectors::Curve> curves = training::lines_of(run.training.history, "training", "held out");
  if (run.held_out_after > 0.0) {
    vectors::Curve& held_out = curves.back();
    held_out.steps.insert(held_out.steps.begin(), 0.0);
    held_out.values.insert(held_out.values.begin(), run.held_out_before);
    const double last = static_cast<double>(run.training.steps);
    curves.push_back({"unigram", {0.0, last}, {run.unigram.nats, run.unigram.nats}});
    curves.push_back({"bigram", {0.0, last}, {run.bigram.nats, run.bigram.nats}});
  } else {
    curves.pop_back();
  }
  return vectors::loss_svg(curves);
}

// The words of the map: the listed ones, or where the text has few of those, its commonest and the shown ones.
std::vector<std::string> words_for_map(const Run& run, const vectors::WordTable& table) {
  std::vector<std::string> words = map_words();
  if (table.known(words).size() < 30) {
    words = run.options.show;
    for (Index id = run.lexicon->first_word; id < std::min<Index>(62, table.size()); ++id) {
      words.push_back(table.words[static_cast<std::size_t>(id)]);
    }
  }
  return words;
}

}  // namespace

void write_files(const Run& run) {
  const std::string folder = run.options.out + "/";
  const vectors::WordTable table = word_table(*run.model, *run.lexicon);
  NamedParameters parameters = named_parameters(const_cast<Transformer&>(run.model->transformer));
  const Options& o = run.options;
  save(folder + "model.safetensors", parameters,
       {{"format", "lexigrad transformer 1"},
        {"vocab", fmt::format("{}", run.corpus->vocabulary_size())},
        {"context", fmt::format("{}", o.context)},
        {"dim", fmt::format("{}", o.dim)},
        {"layers", fmt::format("{}", o.layers)},
        {"heads", fmt::format("{}", o.heads)},
        {"tokenizer", o.tokenizer},
        {"lowercase", o.lowercase ? "true" : "false"},
        {"control", o.control_name},
        {"seed", fmt::format("{}", o.seed)},
        {"steps", fmt::format("{}", run.training.steps)}});
  if (run.corpus->pairs) {
    run.corpus->pairs->save(o.out);
  } else {
    run.corpus->vocabulary.save(folder + "vocab.txt");
  }
  if (o.tokenizer != "char") vectors::write_word2vec_text(folder + "vectors.txt", table);
  write_text_file(folder + "loss.csv", training::loss_csv(run.training.history));
  write_text_file(folder + "loss.svg", loss_picture(run));
  const std::vector<std::string> words = words_for_map(run, table);
  write_text_file(folder + "map.svg", vectors::map_svg(vectors::map_points(run.table_before, words),
                                                       vectors::map_points(table, words), map_options()));
  write_text_file(folder + "map.html", vectors::map_html(table, {.before = &run.table_before,
                                                                 .title = "what the table learned",
                                                                 .before_title = "noise",
                                                                 .after_title = "trained",
                                                                 .words = 2000}));
  write_text_file(folder + "report.json", report(run).dump(2) + "\n");
}

}  // namespace lexigrad::train_embeddings
