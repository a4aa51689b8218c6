// bpe.cpp: any bytes as a text, as merges, as a vocabulary, or as ranks: a tokenizer that keeps its word, or an error.
// The first byte says which: one of 0, 1, 2, 3 for short.
#include <filesystem>
#include <memory>
#include <vector>

#include <unistd.h>

#include "fuzz.hpp"
#include "nn/atomic_file.hpp"
#include "text/bpe.hpp"
#include "text/bpe_stream.hpp"
#include "text/byte_alphabet.hpp"
#include "text/utf8.hpp"

namespace {

using namespace fuzz;
using namespace lexigrad::text;

// The parsers take files: one for each kind, written anew, in a folder of this process.
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("lexigrad-fuzz-{}", ::getpid());
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, std::string_view content) const {
    const std::string file = (path / name).string();
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "wb"), &std::fclose);
    promise(out && std::fwrite(content.data(), 1, content.size(), out.get()) == content.size(),
            "a file can be written");
    return file;
  }
};

// The bytes, "ab", " a" and a special token: enough for some merges.
const std::string& small_vocabulary() {
  static const std::string json = [] {
    std::string text = "{";
    Index id = 0;
    for (const std::uint8_t byte : bytes_by_alphabet()) {
      const char c = static_cast<char>(byte);
      const std::string name = c == '"' || c == '\\' ? std::string("\\") + c : spell(std::string(1, c));
      text += fmt::format("\"{}\":{},", name, id++);
    }
    return text + fmt::format("\"ab\":{},\"Ġa\":{},\"abab\":{},\"<|x|>\":{}}}", id, id + 1, id + 2, id + 3);
  }();
  return json;
}

void check_tokenizer(const Bpe& bpe, std::string_view text) {
  std::vector<Index> ids;
  try {
    ids = bpe.encode(text, Specials::recognised);
  } catch (const ValueError&) {
    return;  // a vocabulary that lacks a byte
  }
  promise(bpe.decode(ids) == text, "a text comes back");
  promise(!first_invalid(bpe.decode_text(ids)), "decoded text is UTF-8");
  BpeStream stream(bpe, Specials::recognised);
  BpeDecoder decoder(bpe);
  std::vector<Bpe::Id> parted;
  for (std::size_t at = 0; at < text.size(); at += 3) stream.feed(text.substr(at, 3), parted);
  stream.finish(parted);
  promise(std::vector<Index>(parted.begin(), parted.end()) == ids, "parts give the same ids");
  std::string decoded;
  for (const Index id : ids) decoded += decoder.feed(id);
  promise(decoded + decoder.finish() == bpe.decode_text(ids), "ids one by one give the same text");
  for (Index id = 0; id < bpe.size(); ++id) {
    try {
      promise(bpe.find(bpe.bytes(id)).has_value(), "a token is found by its bytes");
    } catch (const IndexError&) {  // a hole
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  static const std::string merges = folder.write("small.txt", "a b\nĠ a\nab ab\n");
  static const std::string none = folder.write("none.txt", "");
  static const Bpe small = Bpe::load(merges, folder.write("small.json", small_vocabulary()));
  static const std::string few =
      folder.write("few.json", R"({"a":0,"b":1,"Ġ":2,"#":3,"ab":4,"Ġa":5,"abab":6,"##":7,"<|x|>":8})");
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data + 1, size - 1);
  const int kind = data[0] % 4;
  if (kind == 0) {
    check_tokenizer(small, bytes);
    return 0;
  }
  const std::string file = folder.write("any", bytes);
  parsed([&] {
    const Bpe bpe = kind == 1 ? Bpe::load(file, few) : kind == 2 ? Bpe::load(none, file) : Bpe::load_tiktoken(file);
    check_tokenizer(bpe, bytes);
    check_tokenizer(bpe, "abab ## a<|x|>aab");
  });
  return 0;
}
