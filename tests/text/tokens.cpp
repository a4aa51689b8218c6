// tokens.cpp: streams of ids, wherever they lie, and the vocabulary of either kind.
#include "text/tokens.hpp"

#include "support.hpp"
#include "text/bpe_training.hpp"
#include "text/codec.hpp"

using namespace support;
using namespace lexigrad::text;

namespace {

TokenFile file_of(const Folder& folder, const std::vector<std::uint32_t>& ids, Index vocab) {
  const std::string path = folder.file("ids.bin");
  TokenFileWriter writer(path, TokenWidth::two);
  writer.append(ids);
  writer.commit();
  return TokenFile(path, TokenWidth::two, vocab);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(a_stream_reads_the_same_wherever_it_lies) {
  const Folder folder;
  const std::vector<Tokens> streams = {std::vector<Index>{5, 6, 7, 8, 9}, std::vector<std::uint16_t>{5, 6, 7, 8, 9},
                                       std::vector<std::uint32_t>{5, 6, 7, 8, 9}, file_of(folder, {5, 6, 7, 8, 9}, 10)};
  for (const Tokens& stream : streams) {
    BOOST_TEST(stream.size() == 5);
    BOOST_TEST(stream[4] == 9);
    std::vector<Index> ids = {1};
    stream.append_to(ids, 1, 3);
    check_ids(ids, {1, 6, 7, 8});
    const Tokens part = stream.part(1, 4).part(1, 2);
    BOOST_TEST(part.size() == 2);
    BOOST_TEST(part[1] == 8);
    part.append_to(ids, 0, 2);
    check_ids(ids, {1, 6, 7, 8, 7, 8});
    check_has(error_text<IndexError>([&] { part.append_to(ids, 1, 2); }),
              "2 tokens from 1 on are outside a stream of 2");
    check_has(error_text<IndexError>([&] { stream.part(-1, 2); }), "outside a stream of 5");
    check_has(error_text<IndexError>([&] { stream.part(6, 0); }), "outside a stream of 5");
    BOOST_TEST(ids.size() == 6u);
  }
  BOOST_TEST(Tokens().size() == 0);
}

BOOST_AUTO_TEST_CASE(a_file_lives_as_long_as_its_streams) {
  const Folder folder;
  Tokens part;
  {
    const Tokens whole(file_of(folder, {1, 2, 3}, 10));
    part = whole.part(1, 2);
  }
  std::filesystem::remove(folder.file("ids.bin"));
  BOOST_TEST(part[0] == 2);
}

BOOST_AUTO_TEST_CASE(ids_of_a_file_are_checked_when_they_are_read) {
  const Folder folder;
  const Tokens stream(file_of(folder, {1, 2, 99, 3}, 10));
  std::vector<Index> ids;
  stream.append_to(ids, 0, 2);
  check_has(error_text<FileError>([&] { stream.append_to(ids, 1, 3); }), "99");
}

BOOST_AUTO_TEST_CASE(a_folder_tells_which_kind_its_vocabulary_is) {
  const Folder folder;
  const std::string text = "the cat and the hat and the mat";
  const Codec pairs(Bpe::train(std::vector<std::string>{text}, {.vocab_size = 260}));
  const Codec letters(Characters::of(text));
  for (const Codec* codec : {&letters, &pairs, &letters}) {
    codec->save(folder.path());
    const Codec back = Codec::load(folder.path());
    BOOST_TEST((back.bpe() != nullptr) == (codec == &pairs));
    BOOST_TEST(back.size() == codec->size());
    BOOST_TEST(back.end_of_text().has_value() == (codec == &pairs));
    check_ids(back.encode(text), codec->encode(text));
    BOOST_TEST(back.decode(back.encode(text)) == text);
  }
  check_has(error_text<FileError>([&] { Codec::load(folder.file("none")); }), "none/vocab.json");
}

BOOST_AUTO_TEST_SUITE_END()
