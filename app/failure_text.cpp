#include "app/failure_text.h"

namespace heddle {
namespace {

bool stands_at_start(std::string_view message, std::string_view part) {
    if (!message.starts_with(part)) return false;
    const std::string_view rest = message.substr(part.size());
    return rest.empty() || rest.starts_with(": ") || rest.starts_with(". ") || rest.starts_with(" (");
}

bool stands_at_end(std::string_view message, std::string_view part, std::string_view before) {
    return message.ends_with(part) && message.substr(0, message.size() - part.size()).ends_with(before);
}

// The key of the longest English text below `group` that fits; empty: none does.
template <class Fits>
std::string longest(const Texts& texts, std::string_view group, const Fits& fits) {
    std::string best;
    std::size_t length = 0;
    for (const std::string& key : texts.keys(Language::kEnglish)) {
        if (!key.starts_with(group)) continue;
        const std::string& english = *texts.raw(Language::kEnglish, key);
        if (english.size() > length && fits(english)) best = key, length = english.size();
    }
    return best;
}

}  // namespace

std::string reason_text(const Texts& texts, std::string_view reason) {
    const std::string key = longest(texts, "failure.reason.", [&](std::string_view part) { return part == reason; });
    return key.empty() ? failure_text(texts, reason) : texts.tr(key);
}

std::string failure_text(const Texts& texts, std::string_view message) {
    if (texts.language() == Language::kEnglish) return std::string(message);
    const auto english_size = [&](const std::string& key) { return texts.raw(Language::kEnglish, key)->size(); };
    std::string end;
    // From the end on: what to do, then the system's reason.
    for (const auto& [group, before] : {std::pair{"failure.remedy.", ". "}, std::pair{"failure.reason.", ": "}}) {
        const std::string key =
            longest(texts, group, [&](std::string_view part) { return stands_at_end(message, part, before); });
        if (key.empty()) continue;
        message.remove_suffix(english_size(key) + 2);
        end.insert(0, before + texts.tr(key));
    }
    const std::string what =
        longest(texts, "failure.what.", [&](std::string_view part) { return stands_at_start(message, part); });
    if (what.empty()) return std::string(message) + end;
    return texts.tr(what) + std::string(message.substr(english_size(what))) + end;
}

}  // namespace heddle
