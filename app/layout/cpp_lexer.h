// Colours of C++ source: cuts the lines of a file into pieces that are drawn alike. Pure; called by the code panel once per
// file. Not a parser: it knows keywords, literals, comments and preprocessor lines, and never fails on any text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle::layout {

enum class TokenKind : std::uint8_t { kPlain, kKeyword, kType, kNumber, kString, kComment, kPreprocessor };

struct Token {
    std::size_t begin = 0, end = 0;  // bytes of the line
    TokenKind kind = TokenKind::kPlain;
    bool operator==(const Token&) const = default;
};

// Tokens cover each line from its first byte to its last, in order, without overlap; neighbours differ in kind.
std::vector<std::vector<Token>> lex_cpp(const std::vector<std::string>& lines);

}  // namespace heddle::layout
