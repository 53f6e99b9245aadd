#include "core/catalog/command_words.h"

namespace heddle::catalog {

std::vector<std::string> split_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool inside = false;  // of a word, which may be empty: ''
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool escapes =
            c == '\\' && quote != '\'' && i + 1 < line.size() && (quote == 0 || line[i + 1] == '"' || line[i + 1] == '\\');
        if (escapes) {
            word += line[++i], inside = true;
        } else if (quote != 0) {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '\'' || c == '"') {
            quote = c, inside = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (inside) words.push_back(word);
            word.clear(), inside = false;
        } else {
            word += c, inside = true;
        }
    }
    if (inside) words.push_back(word);
    return words;
}

std::string quoted_word(const std::string& word) {
    if (!word.empty() && word.find_first_of(" \t\n'\"\\$*?;&|<>()") == std::string::npos) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

std::string joined_words(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + quoted_word(word);
    return text;
}

}  // namespace heddle::catalog
