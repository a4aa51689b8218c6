// show.cpp: the command show: each token above its id, in lines that fit the terminal.
//
// A token is shown as it is but for a blank (·), a line end (↵, after which a line of the screen ends, too), and bytes
// that are no character of their own (<E4>). In colour, neighbours have different backgrounds, so that one sees where a
// token begins; without, columns tell.
#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "text/bpe_stream.hpp"
#include "text/utf8.hpp"
#include "tokenize/commands.hpp"
#include "tokenize/streams.hpp"

namespace lexigrad::tokenize {
namespace {

int terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

struct Cell {
  std::string token;
  std::string id;
  int width = 0;  // columns of the token
  bool ends_line = false;
};

// One character, or one byte of none, as it is shown; gives its columns.
int append_shown(std::string& shown, std::string_view text, std::size_t& at) {
  const text::CodePoint here = text::decode(text, at);
  const std::string_view bytes = text.substr(at, here.bytes);
  at += here.bytes;
  const bool malformed = here.value == 0xFFFD && here.bytes == 1;
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(here.value));
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(here.value));
  if (here.value == U' ') {
    shown += "·";
    return 1;
  }
  if (here.value == U'\n') {
    shown += "↵";
    return 1;
  }
  const bool unseen = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
                      category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
                      category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO;
  if (!malformed && !unseen) {
    shown += bytes;
    return width;
  }
  std::string code = malformed ? fmt::format("<{:02X}>", static_cast<unsigned char>(bytes[0]))
                               : fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(here.value));
  shown += code;
  return static_cast<int>(code.size());
}

Cell cell_of(std::string_view bytes, Index id) {
  Cell cell;
  for (std::size_t at = 0; at < bytes.size();) cell.width += append_shown(cell.token, bytes, at);
  cell.id = fmt::format("{}", id);
  cell.ends_line = bytes.ends_with('\n');
  return cell;
}

class Screen {
 public:
  Screen(Sink& sink, int width, bool color) : sink_(sink), width_(width), color_(color) {}

  void add(const Cell& cell) {
    const int columns = std::max(cell.width, static_cast<int>(cell.id.size()));
    const int gap = used_ > 0 ? 1 : 0;
    if (used_ + gap + columns > width_) end_line();
    const std::string before = used_ > 0 ? " " : "";
    const auto padding = [&](int size) { return std::string(static_cast<std::size_t>(columns - size), ' '); };
    used_ += static_cast<int>(before.size()) + columns;
    static constexpr std::array<int, 4> backgrounds = {153, 157, 223, 218};  // of the 256 colours: light ones
    tokens_ += before;
    tokens_ += color_
                   ? fmt::format("\x1B[30;48;5;{}m{}\x1B[0m", backgrounds[number_++ % backgrounds.size()], cell.token)
                   : cell.token;
    tokens_ += padding(cell.width);
    ids_ += before;
    ids_ += color_ ? fmt::format("\x1B[2m{}\x1B[0m", cell.id) : cell.id;
    ids_ += padding(static_cast<int>(cell.id.size()));
    if (cell.ends_line) end_line();
  }

  void end_line() {
    if (used_ == 0) return;
    for (std::string* line : {&tokens_, &ids_}) {
      line->erase(line->find_last_not_of(' ') + 1);
      sink_.write(*line + "\n");
      line->clear();
    }
    used_ = 0;
  }

 private:
  Sink& sink_;
  int width_;
  bool color_;
  std::string tokens_, ids_;
  int used_ = 0;
  std::size_t number_ = 0;
};

}  // namespace

void show(const Options& o) {
  const text::Bpe bpe = load_tokenizer(o);
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  Sink sink("");
  Screen screen(sink, o.width > 0 ? o.width : terminal_width(), o.color == "always" || (o.color == "auto" && terminal));
  std::size_t bytes = 0, tokens = 0;
  for (const std::string& path : files_or_input(o)) {
    text::BpeStream stream(bpe, o.specials);
    std::vector<text::Bpe::Id> ids;
    const auto print = [&] {
      for (const text::Bpe::Id id : ids) {
        const std::string_view token = bpe.bytes(id);
        screen.add(cell_of(token, id));
        bytes += token.size();
        ++tokens;
      }
      ids.clear();
    };
    const auto feed = [&](std::string_view part) {
      stream.feed(part, ids);
      print();
    };
    if (o.has_text) {
      feed(o.text);
    } else {
      read_parts(path, feed);
    }
    stream.finish(ids);
    print();
    screen.end_line();
  }
  sink.write(fmt::format("{} tokens, {} bytes\n", tokens, bytes));
  sink.commit();
}

}  // namespace lexigrad::tokenize
