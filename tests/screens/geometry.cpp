#include "tests/screens/geometry.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace heddle::test {
namespace {

constexpr float kSlack = 3;

std::string numbers(Rect rect) {
    std::ostringstream text;
    text << rect.x << ' ' << rect.y << ' ' << rect.w << ' ' << rect.h;
    return text.str();
}

float apart(Rect a, Rect b) {
    return std::max(
        {std::abs(a.x - b.x), std::abs(a.y - b.y), std::abs(a.right() - b.right()), std::abs(a.bottom() - b.bottom())});
}

}  // namespace

Geometry geometry_of(const canvas::LayoutLog& log) {
    Geometry geometry;
    for (const canvas::TagRecord& tag : log.tags) {
        const Rect seen = tag.rect.intersect(tag.clip);
        if (seen.empty()) continue;
        geometry[tag.id] = {std::round(seen.x), std::round(seen.y), std::round(seen.w), std::round(seen.h)};
    }
    return geometry;
}

std::string to_text(const Geometry& geometry) {
    std::string text;
    for (const auto& [id, rect] : geometry) text += numbers(rect) + ' ' + id + '\n';
    return text;
}

Geometry geometry_from(const std::string& text) {
    Geometry geometry;
    std::istringstream lines(text);
    std::string id;
    for (Rect rect; lines >> rect.x >> rect.y >> rect.w >> rect.h && lines.get() == ' ' && std::getline(lines, id);)
        geometry[id] = rect;
    return geometry;
}

std::string moved(const Geometry& reference, const Geometry& actual) {
    std::string text;
    for (const auto& [id, rect] : reference) {
        const auto found = actual.find(id);
        if (found == actual.end())
            text += id + " is missing\n";
        else if (apart(rect, found->second) > kSlack)
            text += id + " was at " + numbers(rect) + ", is at " + numbers(found->second) + '\n';
    }
    for (const auto& [id, rect] : actual)
        if (!reference.contains(id)) text += id + " is new, at " + numbers(rect) + '\n';
    return text;
}

}  // namespace heddle::test
