#include "app/panels/pages_panel.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/layout/grid_layout.h"
#include "app/layout/units.h"

namespace heddle::panels {
namespace {

class PagesFrame {
public:
    PagesFrame(const model::Snapshot& snapshot, Context& context, float lit)
        : snapshot_(snapshot), context_(context), lit_(lit) {}

    float draw(const std::vector<const model::ProcessView*>& shown, Rect area) {
        const Theme& theme = context_.theme();
        const layout::PageTable table = layout::page_table(shown, area, theme.size.small * 1.4f);
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const std::string name = "P" + std::to_string(shown[i]->number) + "  " + shown[i]->name;
            context_.canvas().text(table.heads[i], name, theme.small().strong().at(canvas::Align::kCenter));
        }
        for (const layout::PageRow& row : table.rows) {
            draw_label(row);
            for (std::size_t i = 0; i + 1 < row.cells.size(); ++i) {
                if (layout::same_page(row.pages[i], row.pages[i + 1])) draw_join(row.cells[i], row.cells[i + 1]);
            }
            for (std::size_t i = 0; i < row.cells.size(); ++i) draw_cell(row, i);
        }
        const Rect below{area.x, area.y + table.height, area.w, 0};
        return table.height + draw_missing(context_, snapshot_, "pagemap-frames", "pages.no_frames", below);
    }

private:
    void draw_label(const layout::PageRow& row) {
        const Theme& theme = context_.theme();
        Rect box = row.label;
        std::string holds;
        for (const model::PageView* page : row.pages) {
            if (page && holds.empty()) holds = page->holds;
        }
        Rect first = box.take_top(box.h / 2);
        if (!holds.empty())
            context_.canvas().text(first, holds, theme.code_small().strong());
        else
            box = {first.x, first.y, first.w, first.h * 2};
        draw_middle_elided(context_, box, layout::address_text(row.address), theme.code_dim());
    }

    void draw_join(Rect left, Rect right) {
        const Theme& theme = context_.theme();
        const Rect band{left.right() - 1, left.y + left.h * 0.25f, right.x - left.right() + 2, left.h * 0.5f};
        context_.canvas().fill(band, theme.color.accent_tint);
        context_.canvas().hline(band.x, band.right(), band.y, theme.color.accent);
        context_.canvas().hline(band.x, band.right(), band.bottom() - 1, theme.color.accent);
    }

    std::string_view meaning(const layout::PageRow& row, std::size_t column) const {
        const model::PageView& page = *row.pages[column];
        if (!page.present) return "pages.absent";
        if (page.exclusive) return page.changed ? "pages.copied" : "pages.own";
        return page.file ? "pages.file" : "pages.shared";
    }

    void draw_cell(const layout::PageRow& row, std::size_t column) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const Rect box = row.cells[column];
        const model::PageView* page = row.pages[column];
        if (!page) return;
        const model::Number actor = acting_thread(snapshot_);
        const bool lit = page->changed && actor != model::kNobody, shared = page->present && !page->exclusive;
        const ThreadLook& look = theme.thread(actor);
        if (page->present) {
            const Color plain = shared ? theme.color.accent_tint : theme.color.raised;
            canvas.fill(box, lit ? mix(look.tint, look.fill, lit_ * 0.35f) : plain, theme.size.radius_small);
        }
        const Color edge = lit             ? look.fill
                           : shared        ? theme.color.accent
                           : page->present ? theme.color.border_strong
                                           : theme.color.border;
        canvas.stroke(box, edge, lit ? 2 + lit_ : 1.25f, theme.size.radius_small);
        Rect inner = box.inset(theme.size.pad_small, 2);
        const std::string text = context_.tr(meaning(row, column));
        canvas::TextStyle style = page->present ? theme.small() : theme.dim();
        if (lit) style = style.strong().in(look.text);
        if (page->frame_number != 0) {
            std::array<char, 24> number{};
            std::snprintf(number.data(), number.size(), "%llx", static_cast<unsigned long long>(page->frame_number));
            // The number is what tells whether two are the same: where there is less room, it stands alone.
            std::string frame = context_.tr("pages.frame", {{"number", number.data()}});
            if (canvas.measure(frame, theme.dim()) > inner.w) frame = number.data();
            canvas.text(inner.take_bottom(inner.h / 2), frame, theme.dim());
        }
        canvas.text(inner, text, style);
        const std::string id = "pages." + std::to_string(column) + "." + layout::address_text(row.address);
        context_.ui.interact(id, box, false);
        context_.ui.tooltip(id, box, {context_.tr(std::string(meaning(row, column)) + "_tip"), ""});
    }

    const model::Snapshot& snapshot_;
    Context& context_;
    float lit_;
};

bool has_pages(const model::Snapshot& snapshot) {
    return std::any_of(snapshot.processes.begin(), snapshot.processes.end(),
                       [](const model::ProcessView& process) { return !process.pages.empty(); });
}

}  // namespace

void draw_pages(const model::Snapshot& snapshot, PagesState& state, Context& context, Rect rect) {
    Rect content = begin_panel(context, "pages", context.tr("pages.subtitle"), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    if (!has_pages(snapshot)) {
        if (!draw_unavailable(context, snapshot, "pagemap-exclusive", content))
            widgets::empty_note(context.ui, content, context.tr("pages.none"));
        return;
    }
    const std::size_t fit = std::max<std::size_t>(1, static_cast<std::size_t>(content.w * 0.68f / (92 * context.scale())));
    if (snapshot.processes.size() > fit) {
        std::vector<Chip> chips;
        for (const model::ProcessView& process : snapshot.processes)
            chips.push_back({"P" + std::to_string(process.number), model::kNobody});
        draw_chips(context, "pages.process",
                   content.take_top(context.theme().size.control_small, context.theme().size.gap_small), chips,
                   state.first_process);
    }
    std::vector<const model::ProcessView*> shown;
    const std::size_t first =
        std::min(state.first_process, snapshot.processes.size() > fit ? snapshot.processes.size() - fit : 0);
    for (std::size_t i = first; i < std::min(snapshot.processes.size(), first + fit); ++i)
        shown.push_back(&snapshot.processes[i]);
    widgets::ScrollArea scroll(context.ui, "pages.scroll", content, state.scroll);
    scroll.end(PagesFrame(snapshot, context, pulse(context, state.pulse, snapshot.playhead)).draw(shown, scroll.content()));
}

}  // namespace heddle::panels
