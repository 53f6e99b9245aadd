#include "app/i18n.h"

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>

#include "app/korean.h"

namespace heddle {
namespace {

using Table = std::map<std::string, std::string, std::less<>>;

// Nested tables become dotted keys: [topbar] play = "…" is "topbar.play".
Result<> flatten(const toml::table& table, const std::string& prefix, const std::string& path, Table& into) {
    for (const auto& [name, node] : table) {
        const std::string key = prefix + std::string(name.str());
        if (const auto* inner = node.as_table()) {
            TRY(flatten(*inner, key + ".", path, into));
        } else if (const auto text = node.value<std::string>()) {
            if (!into.emplace(key, *text).second) return fail("a text's key is given twice", key + " in " + path);
        } else {
            return fail("a text is not a string", key + " in " + path);
        }
    }
    return {};
}

Result<> read_part(const std::string& path, Table& into) {
    try {
        return flatten(toml::parse_file(path), "", path, into);
    } catch (const toml::parse_error& error) {
        return fail("the texts cannot be read", path + ", line " + std::to_string(error.source().begin.line),
                    std::string(error.description()));
    }
}

struct Placeholder {
    std::size_t begin, end;  // of "{…}"
    std::string_view name, forms;
};

// The next placeholder at or after `from`; a brace that opens none is plain text.
bool next_placeholder(std::string_view text, std::size_t from, Placeholder& found) {
    for (std::size_t open = text.find('{', from); open != std::string_view::npos; open = text.find('{', open + 1)) {
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) return false;
        const std::string_view inside = text.substr(open + 1, close - open - 1);
        const std::string_view name = inside.substr(0, inside.find('|'));
        const bool named = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        if (!named) continue;
        found = {open, close + 1, name, inside.size() > name.size() ? inside.substr(name.size() + 1) : std::string_view()};
        return true;
    }
    return false;
}

std::string plural(std::string_view value, std::string_view forms) {
    const std::size_t slash = forms.find('/');
    if (slash == std::string_view::npos) return std::string(value) + " " + std::string(forms);
    return std::string(value) + " " + std::string(value == "1" ? forms.substr(0, slash) : forms.substr(slash + 1));
}

}  // namespace

std::string fill_placeholders(std::string_view text, const std::vector<TextArg>& args, Language language) {
    std::string out;
    std::size_t at = 0;
    for (Placeholder hole; next_placeholder(text, at, hole); at = hole.end) {
        out += text.substr(at, hole.begin - at);
        const auto arg = std::find_if(args.begin(), args.end(), [&](const TextArg& a) { return a.first == hole.name; });
        if (arg == args.end())
            out += text.substr(hole.begin, hole.end - hole.begin);
        else if (hole.forms.empty())
            out += arg->second;
        else if (language == Language::kKorean)
            out.append(arg->second).append(particle(arg->second, hole.forms));
        else
            out += plural(arg->second, hole.forms);
    }
    return out.append(text.substr(at));
}

std::vector<std::string> placeholder_names(std::string_view text) {
    std::vector<std::string> names;
    std::size_t at = 0;
    for (Placeholder hole; next_placeholder(text, at, hole); at = hole.end) names.emplace_back(hole.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<Texts> Texts::load(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> paths;
    for (auto it = std::filesystem::directory_iterator(folder, error); !error && it != std::filesystem::directory_iterator();
         it.increment(error))
        paths.push_back(it->path().string());
    if (error) return fail("the texts cannot be listed", folder, "Set HEDDLE_DATA_DIR to the folder that holds assets/.");
    std::sort(paths.begin(), paths.end());
    Texts texts;
    for (const std::string& path : paths) {
        if (path.ends_with(".en.toml") || path.ends_with("/en.toml")) TRY(read_part(path, texts.english_));
        if (path.ends_with(".ko.toml") || path.ends_with("/ko.toml")) TRY(read_part(path, texts.korean_));
    }
    if (texts.english_.empty())
        return fail("no English texts found", folder, "Set HEDDLE_DATA_DIR to the folder that holds assets/.");
    return texts;
}

Texts Texts::from(std::map<std::string, std::string> english, std::map<std::string, std::string> korean) {
    Texts texts;
    texts.english_.insert(english.begin(), english.end());
    texts.korean_.insert(korean.begin(), korean.end());
    return texts;
}

const std::string* Texts::raw(Language language, std::string_view key) const {
    const Table& table = language == Language::kKorean ? korean_ : english_;
    const auto found = table.find(key);
    return found == table.end() ? nullptr : &found->second;
}

std::string Texts::tr_in(Language language, std::string_view key, TextArgs args) const {
    const std::string* text = raw(language, key);
    if (!text) text = raw(language = Language::kEnglish, key);
    if (!text) return std::string(key);
    return fill_placeholders(*text, std::vector<TextArg>(args), language);
}

std::string Texts::tr(std::string_view key, TextArgs args) const {
    return tr_in(language_, key, args);
}

std::string Texts::tr(std::string_view key, const std::map<std::string, std::string>& args) const {
    Language language = language_;
    const std::string* text = raw(language, key);
    if (!text) text = raw(language = Language::kEnglish, key);
    if (!text) return std::string(key);
    std::vector<TextArg> told(args.begin(), args.end());
    for (TextArg& arg : told) {
        if (const std::string* const name = raw(language, "name." + std::string(arg.second))) arg.second = *name;
    }
    return fill_placeholders(*text, told, language);
}

bool Texts::has(std::string_view key) const {
    return raw(Language::kEnglish, key) != nullptr;
}

std::vector<std::string> Texts::keys(Language language) const {
    std::vector<std::string> keys;
    for (const auto& [key, text] : language == Language::kKorean ? korean_ : english_) keys.push_back(key);
    return keys;
}

std::string Texts::all(Language language) const {
    std::string joined;
    for (const auto& [key, text] : language == Language::kKorean ? korean_ : english_) joined += text;
    return joined;
}

}  // namespace heddle
