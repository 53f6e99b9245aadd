#include "app/layout/cpp_lexer.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace heddle::layout {
namespace {

constexpr std::array kKeywords = std::to_array<std::string_view>(
    {"alignas",  "alignof",       "asm",       "auto",      "break",    "case",      "catch",        "class",
     "co_await", "co_return",     "co_yield",  "concept",   "const",    "consteval", "constexpr",    "constinit",
     "continue", "decltype",      "default",   "delete",    "do",       "else",      "enum",         "explicit",
     "export",   "extern",        "false",     "final",     "for",      "friend",    "goto",         "if",
     "import",   "inline",        "mutable",   "namespace", "new",      "noexcept",  "nullptr",      "operator",
     "override", "private",       "protected", "public",    "register", "requires",  "return",       "sizeof",
     "static",   "static_assert", "struct",    "switch",    "template", "this",      "thread_local", "throw",
     "true",     "try",           "typedef",   "typeid",    "typename", "union",     "using",        "virtual",
     "volatile", "while"});

constexpr std::array kTypes = std::to_array<std::string_view>(
    {"bool",       "char",       "char8_t",     "char16_t",    "char32_t",    "double",
     "float",      "int",        "long",        "short",       "signed",      "unsigned",
     "void",       "wchar_t",    "size_t",      "ssize_t",     "int8_t",      "int16_t",
     "int32_t",    "int64_t",    "uint8_t",     "uint16_t",    "uint32_t",    "uint64_t",
     "intptr_t",   "uintptr_t",  "ptrdiff_t",   "pid_t",       "pthread_t",   "pthread_mutex_t",
     "sem_t",      "string",     "string_view", "vector",      "thread",      "jthread",
     "mutex",      "atomic",     "atomic_int",  "array",       "map",         "optional",
     "unique_ptr", "shared_ptr", "lock_guard",  "unique_lock", "scoped_lock", "condition_variable"});

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// ASCII only: bytes of other letters count as letters.
bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool in_word(char c) {
    return starts_word(c) || digit(c);
}
bool blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_directive(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    return first != text.npos && text[first] == '#';
}

class Lexer {
public:
    std::vector<Token> line(std::string_view text) {
        text_ = text, at_ = 0;
        tokens_.clear();
        const bool directive = continued_ || (!inside() && is_directive(text));
        while (at_ < text_.size()) {
            const std::size_t begin = at_;
            TokenKind kind = next();
            if (directive && kind != TokenKind::kComment && kind != TokenKind::kString) kind = TokenKind::kPreprocessor;
            add(begin, kind);
        }
        continued_ = directive && !text.empty() && text.back() == '\\';
        return tokens_;
    }

private:
    bool inside() const { return comment_ || !raw_end_.empty(); }

    void add(std::size_t begin, TokenKind kind) {
        if (!tokens_.empty() && tokens_.back().kind == kind)
            tokens_.back().end = at_;
        else
            tokens_.push_back({begin, at_, kind});
    }

    bool take(std::string_view what) {
        if (text_.substr(at_, what.size()) != what) return false;
        at_ += what.size();
        return true;
    }

    // To the end of `what`, or of the line; true when it was found.
    bool through(std::string_view what) {
        const std::size_t found = text_.find(what, at_);
        at_ = found == text_.npos ? text_.size() : found + what.size();
        return found != text_.npos;
    }

    TokenKind next() {
        if (comment_) {
            comment_ = !through("*/");
            return TokenKind::kComment;
        }
        if (!raw_end_.empty()) {
            if (through(raw_end_)) raw_end_.clear();
            return TokenKind::kString;
        }
        if (take("//")) {
            at_ = text_.size();
            return TokenKind::kComment;
        }
        if (take("/*")) {
            comment_ = !through("*/");
            return TokenKind::kComment;
        }
        if (raw_string()) return TokenKind::kString;
        const char c = text_[at_];
        if (c == '"' || c == '\'') return quoted(c);
        if (digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) return number();
        if (starts_word(c)) return word();
        ++at_;
        return TokenKind::kPlain;
    }

    bool raw_string() {
        if (text_.substr(at_, 2) != "R\"") return false;
        const std::size_t open = text_.find('(', at_ + 2);
        if (open == text_.npos || open - at_ > 18) return false;
        raw_end_ = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        at_ = open + 1;
        if (through(raw_end_)) raw_end_.clear();
        return true;
    }

    TokenKind quoted(char quote) {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                ++at_;
            } else if (text_[at_] == quote) {
                ++at_;
                break;
            }
        }
        return TokenKind::kString;
    }

    TokenKind number() {
        while (at_ < text_.size()) {
            const char c = text_[at_], before = at_ > 0 ? text_[at_ - 1] : ' ';
            const bool exponent_sign = (c == '+' || c == '-') && (before == 'e' || before == 'E' || before == 'p');
            const bool separator = c == '\'' && at_ + 1 < text_.size() && in_word(text_[at_ + 1]);
            if (!in_word(c) && c != '.' && !exponent_sign && !separator) break;
            ++at_;
        }
        return TokenKind::kNumber;
    }

    TokenKind word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && in_word(text_[at_])) ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        if (is_one_of(kKeywords, name)) return TokenKind::kKeyword;
        if (!is_one_of(kTypes, name)) return TokenKind::kPlain;
        // "mutex.lock()" speaks of a variable, "std::mutex m" and "vector<int>" of a type.
        std::size_t after = at_;
        while (after < text_.size() && blank(text_[after])) ++after;
        const bool called = after < text_.size() && (text_[after] == '.' || text_[after] == '-');
        return called ? TokenKind::kPlain : TokenKind::kType;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
    bool comment_ = false, continued_ = false;
    std::string raw_end_;
};

}  // namespace

std::vector<std::vector<Token>> lex_cpp(const std::vector<std::string>& lines) {
    Lexer lexer;
    std::vector<std::vector<Token>> result;
    result.reserve(lines.size());
    for (const std::string& line : lines) result.push_back(lexer.line(line));
    return result;
}

}  // namespace heddle::layout
