// Texts: every sentence of the program in English and Korean, from assets/i18n/<part>.<language>.toml (all parts merged),
// and numbers, durations and sizes as people write them. Loaded once by the shell, read by panels; a value without locks.
// A text's placeholders:
//   {name}              the argument
//   {who|이/가}          the argument and the particle that its last sound asks for (Korean)
//   {n|thread/threads}  the number and the right form (English): "1 thread", "3 threads"
#pragma once

#include <chrono>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/language.h"
#include "core/base/result.h"

namespace heddle {

using TextArg = std::pair<std::string_view, std::string_view>;
using TextArgs = std::initializer_list<TextArg>;

class Texts {
public:
    // Reads every *.toml of the folder. Fails on a file that is no TOML, or a key that two parts give.
    static Result<Texts> load(const std::string& folder);
    static Texts from(std::map<std::string, std::string> english, std::map<std::string, std::string> korean);

    void set_language(Language language) { language_ = language; }
    Language language() const { return language_; }

    // The text in the current language; in English when Korean lacks it; the key itself when nobody has it.
    std::string tr(std::string_view key, TextArgs args = {}) const;
    // Of the model: an argument that has a text of its own ("name.<argument>") is told by it.
    std::string tr(std::string_view key, const std::map<std::string, std::string>& args) const;
    std::string tr_in(Language language, std::string_view key, TextArgs args = {}) const;
    bool has(std::string_view key) const;

    // All keys of a language, sorted; all texts (for the font atlas).
    std::vector<std::string> keys(Language language) const;
    std::string all(Language language) const;
    const std::string* raw(Language language, std::string_view key) const;

    // "1,234,567" / "3.5"; "118 µs"; "1.6 MiB", in both languages alike.
    static std::string number(long long value);
    static std::string number(double value, int decimals);
    static std::string duration(std::chrono::nanoseconds value);
    static std::string bytes(unsigned long long value);

private:
    using Table = std::map<std::string, std::string, std::less<>>;
    Table english_, korean_;
    Language language_ = Language::kEnglish;
};

// Fills the placeholders of one text; an unknown name stays visible as {name}.
std::string fill_placeholders(std::string_view text, const std::vector<TextArg>& args, Language language);
// The names in a text's placeholders, sorted, without repeats.
std::vector<std::string> placeholder_names(std::string_view text);

}  // namespace heddle
