#include "core/catalog/expression_text.h"

#include <algorithm>
#include <cctype>

namespace heddle::catalog {

namespace {

bool starts_word(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool in_word(char c) {
    return starts_word(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

struct Token {
    enum class Kind { kWord, kNumber, kText, kSymbol } kind = Kind::kSymbol;
    std::size_t begin = 0, end = 0;  // in the expression
};

std::size_t end_of_text(std::string_view source, std::size_t begin) {
    std::size_t at = begin + 1;
    while (at < source.size() && source[at] != source[begin]) at += source[at] == '\\' ? 2 : 1;
    return std::min(at + 1, source.size());
}

std::size_t end_of_number(std::string_view source, std::size_t begin) {
    std::size_t at = begin;
    while (at < source.size() && (in_word(source[at]) || source[at] == '.')) ++at;
    return at;
}

bool is_comparison(std::string_view symbol) {
    return symbol == "<" || symbol == ">" || symbol == "<=" || symbol == ">=" || symbol == "==" || symbol == "~=";
}

std::vector<Token> tokens_of(std::string_view source) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < source.size();) {
        const char c = source[at];
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            ++at;
            continue;
        }
        Token token{Token::Kind::kSymbol, at, at + 1};
        if (starts_word(c)) {
            token.kind = Token::Kind::kWord;
            while (token.end < source.size() && in_word(source[token.end])) ++token.end;
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            token.kind = Token::Kind::kNumber;
            token.end = end_of_number(source, at);
        } else if (c == '"' || c == '\'') {
            token.kind = Token::Kind::kText;
            token.end = end_of_text(source, at);
        } else if (at + 1 < source.size() && is_comparison(source.substr(at, 2))) {
            token.end = at + 2;
        }
        tokens.push_back(token);
        at = token.end;
    }
    return tokens;
}

// Cuts an expression at its top level: at and/or, and at comparisons.
class Splitter {
public:
    explicit Splitter(std::string_view source) : source_(source), tokens_(tokens_of(source)) {}

    void split(std::size_t first, std::size_t last, std::vector<std::string>& out) const {
        if (first >= last) return;
        for (const bool joins : {true, false}) {  // and/or bind weaker than comparisons: cut there first
            if (cut(first, last, joins, out)) return;
        }
        if (text(first) == "(" && closing(first, last) + 1 == last) return split(first + 1, last - 1, out);
        if (text(first) == "not" || text(first) == "-") return split(first + 1, last, out);
        const Token& token = tokens_[first];
        const bool literal = last == first + 1 && (token.kind == Token::Kind::kNumber || token.kind == Token::Kind::kText ||
                                                   text(first) == "true" || text(first) == "false");
        if (!literal) out.emplace_back(source_.substr(token.begin, tokens_[last - 1].end - token.begin));
    }

    std::size_t size() const { return tokens_.size(); }

private:
    bool cut(std::size_t first, std::size_t last, bool at_joins, std::vector<std::string>& out) const {
        std::size_t begin = first;
        int depth = 0;
        bool found = false;
        for (std::size_t i = first; i < last; ++i) {
            depth += opens(i) ? 1 : 0;
            depth -= closes(i) ? 1 : 0;
            const bool here = at_joins ? text(i) == "and" || text(i) == "or" : is_comparison(text(i));
            if (depth != 0 || !here) continue;
            split(begin, i, out);
            begin = i + 1;
            found = true;
        }
        if (found) split(begin, last, out);
        return found;
    }

    std::string_view text(std::size_t i) const {
        return i < tokens_.size() ? source_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin) : std::string_view();
    }
    bool opens(std::size_t i) const { return text(i) == "(" || text(i) == "{" || text(i) == "["; }
    bool closes(std::size_t i) const { return text(i) == ")" || text(i) == "}" || text(i) == "]"; }

    // The token that closes the parenthesis at `first`; last when there is none.
    std::size_t closing(std::size_t first, std::size_t last) const {
        int depth = 0;
        for (std::size_t i = first; i < last; ++i) {
            depth += opens(i) ? 1 : 0;
            depth -= closes(i) ? 1 : 0;
            if (depth == 0) return i;
        }
        return last;
    }

    std::string_view source_;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Word> words_of(std::string_view expression) {
    const std::vector<Token> tokens = tokens_of(expression);
    const auto text = [&](std::size_t i) { return expression.substr(tokens[i].begin, tokens[i].end - tokens[i].begin); };
    std::vector<Word> words;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind != Token::Kind::kWord) continue;
        Word word{std::string(text(i)), {}, false};
        if (i >= 2 && text(i - 1) == ".") word.owner = text(i - 2);
        word.method = i >= 1 && text(i - 1) == ":";
        words.push_back(std::move(word));
    }
    return words;
}

std::vector<std::string> operands_of(std::string_view expression) {
    const Splitter splitter(expression);
    std::vector<std::string> all, unique;
    splitter.split(0, splitter.size(), all);
    for (std::string& operand : all) {
        if (std::find(unique.begin(), unique.end(), operand) == unique.end()) unique.push_back(std::move(operand));
    }
    return unique;
}

}  // namespace heddle::catalog
