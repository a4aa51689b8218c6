// token_file.cpp: ids in files: what is written is read again, and what is damaged is named.
#include "text/token_file.hpp"

#include "tensor/parallel.hpp"
#include "text/reading.hpp"
#include "text/support.hpp"

namespace {

using namespace support;
using namespace lexigrad::text;

std::string written(const Folder& folder, TokenWidth width, const std::vector<std::uint32_t>& ids) {
  TokenFileWriter writer(folder.file("ids"), width);
  writer.append(std::span(ids).first(ids.size() / 2));
  writer.append(std::span(ids).subspan(ids.size() / 2));
  BOOST_TEST(writer.size() == static_cast<Index>(ids.size()));
  writer.commit();
  return folder.file("ids");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(token_file)

BOOST_AUTO_TEST_CASE(ids_are_little_endian_in_two_or_four_bytes) {
  const Folder folder;
  const std::vector<std::uint32_t> ids = {1, 0x1234, 50256};
  BOOST_TEST((read_bytes(written(folder, TokenWidth::two, ids), "") == std::string("\x01\x00\x34\x12\x50\xC4", 6)));
  BOOST_TEST((read_bytes(written(folder, TokenWidth::four, {0x12345678}), "") == "\x78\x56\x34\x12"));
  BOOST_TEST((token_width(50257) == TokenWidth::two));
  BOOST_TEST((token_width(65536) == TokenWidth::two));
  BOOST_TEST((token_width(65537) == TokenWidth::four));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  const Folder folder;
  std::vector<std::uint32_t> ids;
  for (std::uint32_t i = 0; i < 5000; ++i) ids.push_back(i * 13 % 50257);
  for (const TokenWidth width : {TokenWidth::two, TokenWidth::four}) {
    const TokenFile file(written(folder, width, ids), width, 50257);
    file.check();
    BOOST_TEST(file.size() == 5000);
    BOOST_TEST(file.vocab() == 50257);
    for (Index i = 0; i < file.size(); ++i) BOOST_TEST_REQUIRE(file[i] == ids[static_cast<std::size_t>(i)]);
    std::vector<Index> window(10);
    file.read(4990, window);
    BOOST_TEST(window.back() == ids.back());
    file.read(5000, std::span<Index>());
    const TokenFile copy = file;
    BOOST_TEST(copy[7] == ids[7]);
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_wider_ids_is_told_apart) {
  const Folder folder;
  const std::string path = written(folder, TokenWidth::four, {464, 3797, 3332, 0});
  const std::string text = error_text<FileError>([&] { TokenFile(path, TokenWidth::two, 50257).check(); });
  BOOST_TEST(text.find("four bytes") != std::string::npos, text);
  TokenFile(path, TokenWidth::four, 50257).check();
  TokenFile(written(folder, TokenWidth::two, {7, 0, 7, 1}), TokenWidth::two, 50257).check();
}

BOOST_AUTO_TEST_CASE(a_file_appears_when_it_is_whole) {
  const Folder folder;
  {
    TokenFileWriter writer(folder.file("ids"), TokenWidth::two);
    writer.append(std::vector<std::uint32_t>{1, 2, 3});
    BOOST_TEST(error_text<IndexError>([&] {
                 writer.append(std::vector<std::uint32_t>{4, 65536});
               }) == "[token file] id 65536 at position 4 does not fit into two bytes");
  }
  BOOST_TEST(folder.names().size() == 0u);
}

BOOST_AUTO_TEST_CASE(damaged_files_are_named) {
  const Folder folder;
  const auto opened = [&](const std::string& path, TokenWidth width, Index vocab = 100) {
    return error_text<FileError>([&] { TokenFile(path, width, vocab).check(); });
  };
  check_has(opened(folder.file("none"), TokenWidth::two), "none' cannot be opened: No such file");
  check_has(opened(folder.path(), TokenWidth::two), "is not a regular file");
  check_has(opened("/dev/null", TokenWidth::two), "is not a regular file");
  check_has(opened(folder.file("empty", ""), TokenWidth::two), "is empty");
  check_has(opened(folder.file("odd", "abc"), TokenWidth::two),
            "has 3 bytes, which is no whole number of ids of 2 bytes");
  check_has(opened(folder.file("odd", "abcdef"), TokenWidth::four), "of ids of 4 bytes");
  check_has(opened(written(folder, TokenWidth::two, {5, 99, 100}), TokenWidth::two),
            "holds the id 100 at position 2, outside the vocabulary of 100");
}

BOOST_AUTO_TEST_CASE(reading_checks_places_and_ids) {
  const Folder folder;
  const TokenFile file(written(folder, TokenWidth::two, {5, 7, 100}), TokenWidth::two, 100);
  std::vector<Index> two(2);
  file.read(0, two);
  check_ids(two, {5, 7});
  check_has(error_text<FileError>([&] { file.read(1, two); }), "holds the id 100 at position 2");
  check_has(error_text<IndexError>([&] { file.read(2, two); }), "positions 2 to 4 are outside the 3 ids of");
  BOOST_CHECK_THROW(file.read(-1, two), IndexError);
}

BOOST_AUTO_TEST_CASE(the_first_wrong_id_is_named_by_any_number_of_threads) {
  const Folder folder;
  std::vector<std::uint32_t> ids(3000000, 1);
  ids[1500000] = ids[2900000] = 40000;
  const TokenFile file(written(folder, TokenWidth::two, ids), TokenWidth::two, 40000);
  for (const int threads : {1, 2, 4}) {
    const ThreadScope scope(threads);
    check_has(error_text<FileError>([&] { file.check(); }), "at position 1500000,");
  }
}

BOOST_AUTO_TEST_SUITE_END()
