#include "app/layout/shared_layout.h"

#include <algorithm>
#include <cmath>

namespace heddle::layout {

std::vector<SharedVariable> shared_variables(const model::ProcessView& process, std::size_t most) {
    std::vector<SharedVariable> found;
    for (const model::RegionView& region : process.regions) {
        if (region.kind != model::RegionKind::kData && region.kind != model::RegionKind::kBss) continue;
        for (const model::VariableView& variable : region.variables) found.push_back({&variable, &region});
    }
    std::stable_sort(found.begin(), found.end(), [](const SharedVariable& a, const SharedVariable& b) {
        return a.variable->address < b.variable->address;
    });
    if (found.size() > most) found.resize(most);
    return found;
}

std::vector<std::optional<LastAccess>> last_accesses(const trace::EventLogView& log, std::uint64_t playhead,
                                                     const std::vector<const model::ThreadView*>& threads,
                                                     const std::vector<SharedVariable>& variables, std::uint64_t window) {
    std::vector<std::optional<LastAccess>> result(threads.size());
    std::size_t missing = threads.size();
    const std::uint64_t end = std::min(playhead, log.size());
    const std::uint64_t stop = end > window ? end - window : 0;
    for (std::uint64_t index = end; index > stop && missing > 0;) {
        const trace::PackedEvent& packed = log.packed(--index);
        for (std::size_t v = 0; v < variables.size(); ++v) {
            const model::VariableView& variable = *variables[v].variable;
            if (packed.address < variable.address ||
                packed.address >= variable.address + std::max<std::uint64_t>(1, variable.size))
                continue;
            const trace::Event event = log.event(index);
            const auto* access = std::get_if<trace::MemoryAccess>(&event.body);
            if (!access) break;
            for (std::size_t t = 0; t < threads.size(); ++t) {
                if (threads[t]->index != event.thread || result[t]) continue;
                result[t] = LastAccess{v, access->writes(), access->atomic(), access->value, index};
                --missing;
            }
            break;
        }
    }
    return result;
}

namespace {

// Heights in lines.
struct SharedHeights {
    float caption = 1.6f, variable = 3.8f, below_band = 0.6f, arrows = 2.6f, place = 1.5f;
    std::size_t rows = 0;
    float card() const { return 1.9f + 1.2f * static_cast<float>(rows) + place + 0.6f; }
    float band() const { return caption + variable + below_band; }
    float all(std::size_t rows_of_cards) const {
        const auto count = static_cast<float>(rows_of_cards);
        return band() + arrows + count * card() + (count - 1) * 0.8f;
    }
};

SharedHeights heights_that_fit(float room, std::size_t rows, std::size_t rows_of_cards) {
    SharedHeights heights;
    heights.rows = rows;
    const auto fits = [&] { return heights.all(rows_of_cards) <= room; };
    if (fits()) return heights;
    heights.variable = 2.7f, heights.arrows = 2;
    if (!fits()) heights.place = 0;
    if (!fits()) heights.caption = 0.6f;
    while (heights.rows > 1 && !fits()) --heights.rows;
    if (!fits()) heights.arrows = 1.5f;
    if (!fits()) heights.variable = 2.4f, heights.below_band = 0.4f;
    return heights;
}

}  // namespace

SharedLayout shared_layout(Rect area, std::size_t variables, std::size_t threads, std::size_t rows, float line) {
    SharedLayout layout;
    const float pad = line * 0.6f, gap = line * 0.8f;
    const Rect whole = area;
    const auto cards_beside = [&](float least) {
        return std::max<std::size_t>(1, std::min(threads, static_cast<std::size_t>((whole.w + gap) / (least + gap))));
    };
    const auto rows_of_cards = [&](std::size_t beside) { return std::max<std::size_t>(1, (threads + beside - 1) / beside); };
    std::size_t per_row = cards_beside(line * 6.6f);
    SharedHeights heights = heights_that_fit(area.h / line, rows, rows_of_cards(per_row));
    for (const float least : {5.f, 4.4f}) {
        if (heights.rows >= rows || rows_of_cards(per_row) == 1) break;  // narrower ones need fewer rows of them
        per_row = cards_beside(line * least);
        heights = heights_that_fit(area.h / line, rows, rows_of_cards(per_row));
    }
    layout.band = area.take_top(line * heights.band());
    const float top = line * heights.caption;
    if (heights.caption >= 1) layout.caption = {layout.band.x + pad, layout.band.y, layout.band.w - 2 * pad, top};
    const auto count = static_cast<float>(std::max<std::size_t>(1, variables));
    const float room = layout.band.w - 2 * pad - gap * (count - 1);
    const float width = std::min(room / count, line * 10);
    float x = layout.band.center().x - (width * count + gap * (count - 1)) / 2;
    for (std::size_t i = 0; i < variables; ++i, x += width + gap) {
        layout.variables.push_back({x, layout.band.y + top, width, line * heights.variable});
    }
    area.take_top(line * heights.arrows);  // with their labels
    const float card_width =
        (whole.w - gap * static_cast<float>(per_row - 1)) / static_cast<float>(std::max<std::size_t>(1, per_row));
    const float card_height = line * heights.card();
    for (std::size_t i = 0; i < threads; ++i) {
        const auto column = static_cast<float>(i % per_row), row = static_cast<float>(i / per_row);
        SharedCard card;
        card.box = {whole.x + column * (card_width + gap), area.y + row * (card_height + gap), card_width, card_height};
        Rect inner = card.box.inset(pad, pad / 2);
        card.header = inner.take_top(line * 1.9f);
        if (heights.place > 0) card.place = inner.take_bottom(line * heights.place);
        for (std::size_t r = 0; r < heights.rows; ++r) card.rows.push_back(inner.take_top(line * 1.2f));
        layout.cards.push_back(std::move(card));
    }
    layout.height = (layout.cards.empty() ? layout.band.bottom() : layout.cards.back().box.bottom()) - whole.y;
    return layout;
}

AccessCurve access_curve(const Rect& variable, const Rect& card, std::size_t card_index, std::size_t cards) {
    const float part = (static_cast<float>(card_index) + 0.5f) / static_cast<float>(std::max<std::size_t>(1, cards));
    AccessCurve curve;
    curve.variable = {variable.x + variable.w * (0.2f + 0.6f * part), variable.bottom()};
    curve.card = {card.center().x, card.y};
    const float reach = std::abs(curve.card.y - curve.variable.y) * 0.55f;
    curve.variable_control = curve.variable + Vec2{0, reach};
    curve.card_control = curve.card - Vec2{0, reach};
    return curve;
}

}  // namespace heddle::layout
