#include "app/layout/code_layout.h"

#include <algorithm>
#include <cmath>

namespace heddle::layout {

CodeLayout code_layout(const model::CodeView& code, Rect area, float line_height, float digit_width, float marker,
                       int most_markers, float scroll) {
    CodeLayout layout;
    if (!code.source) return layout;
    const auto count = static_cast<int>(code.source->lines.size());
    const auto digits = static_cast<float>(std::max<std::size_t>(2, std::to_string(count).size()));
    const float markers_width = static_cast<float>(most_markers) * (marker + 2) + 4, numbers_width = digits * digit_width;
    layout.gutter = markers_width + numbers_width + digit_width * 1.5f;
    layout.height = static_cast<float>(count) * line_height;
    const int first = std::clamp(static_cast<int>(scroll / line_height), 0, std::max(0, count - 1));
    const int last = std::min(count, static_cast<int>(std::ceil((scroll + area.h) / line_height)));
    for (int index = first; index < last; ++index) {
        CodeLine line;
        line.number = index + 1;
        line.row = {area.x, area.y + static_cast<float>(index) * line_height - scroll, area.w, line_height};
        line.number_box = {area.x + markers_width, line.row.y, numbers_width, line_height};
        line.text = {area.x + layout.gutter, line.row.y, std::max(0.f, area.w - layout.gutter), line_height};
        for (const model::CodeMarker& at : code.markers) {
            if (at.line == line.number) line.threads.push_back(at.thread);
        }
        std::sort(line.threads.begin(), line.threads.end());
        const std::size_t shown = std::min(line.threads.size(), static_cast<std::size_t>(std::max(1, most_markers)));
        for (std::size_t i = 0; i < shown; ++i) {
            line.markers.push_back(
                {area.x + 2 + static_cast<float>(i) * (marker + 2), line.row.center().y - marker / 2, marker, marker});
        }
        layout.lines.push_back(std::move(line));
    }
    return layout;
}

float calm_scroll(float scroll, int line, std::size_t lines, float line_height, float view_height) {
    const float most = std::max(0.f, static_cast<float>(lines) * line_height - view_height);
    scroll = std::clamp(scroll, 0.f, most);
    if (line <= 0) return scroll;
    const float top = static_cast<float>(line - 1) * line_height - scroll;
    const float margin = std::min(view_height * 0.2f, 3 * line_height);
    if (top >= margin && top + line_height <= view_height - margin) return scroll;
    if (top >= 0 && top + line_height <= view_height && (scroll == 0 || scroll == most)) return scroll;
    return std::clamp(static_cast<float>(line - 1) * line_height - view_height / 3, 0.f, most);
}

float scroll_to_both(float scroll, int line, int other, float line_height, float view_height) {
    if (line <= 0 || other <= 0) return scroll;
    const float top = static_cast<float>(std::min(line, other) - 1) * line_height;
    const float bottom = static_cast<float>(std::max(line, other)) * line_height;
    if (bottom - top > view_height) return scroll;
    return std::clamp(scroll, std::max(0.f, bottom - view_height), top);
}

}  // namespace heddle::layout
