// What a picture consists of, written down while it is drawn, so that tests find cut-off text, overlapping labels, weak
// contrast and widgets by id from the program's own data instead of from pixels. Off unless a test or the UI driver asks.
#pragma once

#include <string>
#include <vector>

#include "app/canvas/geometry.h"
#include "app/canvas/text_style.h"

namespace heddle::canvas {

struct TextRecord {
    std::string text;  // as asked for, before it was shortened
    Rect ink;          // what the glyphs need, whole
    Rect box;          // where the caller wanted them
    Rect clip;         // what was visible
    TextStyle style;
    bool elided = false;    // shortened with an ellipsis, on purpose
    bool cut = false;       // glyphs lie outside of the clip though the text was not shortened
    std::size_t fills = 0;  // how many fills were drawn before it: its background is the last one under it
};

struct FillRecord {
    Rect rect;
    Color color;
};

struct TagRecord {
    std::string id;  // stable: "timeline.lane.T1", "topbar.play"
    Rect rect;
    Rect clip;
};

struct LayoutLog {
    std::vector<TextRecord> texts;
    std::vector<FillRecord> fills;
    std::vector<TagRecord> tags;

    const TagRecord* find(const std::string& id) const {
        for (const TagRecord& tag : tags)
            if (tag.id == id) return &tag;
        return nullptr;
    }
    // The colour under a text: fills are laid over each other in the order of drawing, over `page`.
    Color background(const TextRecord& text, Color page) const {
        Color seen = page;
        const Vec2 middle = text.ink.intersect(text.clip).center();
        for (std::size_t i = 0; i < text.fills && i < fills.size(); ++i)
            if (fills[i].rect.contains(middle)) seen = over(fills[i].color, seen);
        return seen;
    }
};

}  // namespace heddle::canvas
