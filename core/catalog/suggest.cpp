#include "core/catalog/suggest.h"

#include <algorithm>

namespace heddle::catalog {

// Optimal string alignment, one row for each of the last three prefixes of a.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& known) {
    std::optional<std::string> best;
    std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance > limit || distance >= std::max(word.size(), candidate.size())) continue;
        if (best && distance >= limit) continue;
        best = candidate;
        limit = distance;
    }
    return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const auto near = closest(word, known);
    return near ? " (did you mean '" + *near + "'?)" : std::string();
}

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (std::find(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), words[i]) !=
            words.begin() + static_cast<std::ptrdiff_t>(i)) {
            continue;
        }
        if (!result.empty()) result += ", ";
        result += words[i];
    }
    return result;
}

}  // namespace heddle::catalog
