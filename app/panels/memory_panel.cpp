#include "app/panels/memory_panel.h"

#include <algorithm>
#include <set>

#include "app/layout/units.h"

#include "app/panels/memory_paint.h"
#include "app/panels/memory_shared.h"
#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

// A process has several threads, at any time of the run.
bool has_threads(const model::Snapshot& snapshot) {
    std::set<std::int32_t> processes;
    if (!snapshot.timeline) return false;
    const auto& lanes = snapshot.timeline->lanes();
    return std::any_of(lanes.begin(), lanes.end(), [&](const model::LaneInfo& lane) {
        return lane.kind == model::LaneKind::kThread && !processes.insert(lane.process).second;
    });
}

MemoryMode mode_asked_by(const model::Snapshot& snapshot) {
    const bool shares =
        std::any_of(snapshot.processes.begin(), snapshot.processes.end(),
                    [](const model::ProcessView& process) { return !layout::shared_variables(process, 1).empty(); });
    return shares && (snapshot.run.about_orders || has_threads(snapshot)) ? MemoryMode::kShared : MemoryMode::kAddressSpace;
}

std::string process_text(const Context& context, const model::ProcessView& process) {
    const std::string number = std::to_string(process.pid.value);
    if (process.name.empty()) return context.tr("memory.unnamed", {{"pid", number}});
    return context.tr("memory.process", {{"name", process.name}, {"pid", number}});
}

std::string subtitle_of(const Context& context, const model::Snapshot& snapshot) {
    if (snapshot.processes.empty()) return {};
    if (snapshot.processes.size() == 1) return process_text(context, snapshot.processes.front());
    return context.tr("memory.processes", {{"count", std::to_string(snapshot.processes.size())}});
}

void forget_other_run(const model::Snapshot& snapshot, MemoryState& state) {
    const std::string run = snapshot.run.scenario + "/" + snapshot.run.variant;
    if (state.run == run) return;
    state.run = run;
    state.opened.clear();
    state.reserved.clear();
    state.first_process = 0, state.shown_actor = state.shown_thread = model::kNobody;
    state.shared_rows = 2;
}

// Run | address space: the switch at the top, where a scenario has both.
Rect draw_mode_switch(Context& context, MemoryState& state, MemoryMode& mode, Rect content) {
    const Theme& theme = context.theme();
    const std::vector<widgets::Choice> choices = {{context.tr("memory.mode_space"), "space", {}, true, false},
                                                  {context.tr("memory.mode_shared"), "shared", {}, true, false}};
    Rect bar = content.take_top(theme.size.control_small + 4, theme.size.gap_small);
    int chosen = mode == MemoryMode::kShared ? 1 : 0;
    const Rect box = bar.take_left(std::min(bar.w, widgets::segmented_width(context.ui, choices)));
    if (widgets::segmented(context.ui, "memory.mode", box, choices, chosen)) {
        state.mode = mode = chosen == 1 ? MemoryMode::kShared : MemoryMode::kAddressSpace;
    }
    return content;
}

class Columns {
public:
    Columns(const model::Snapshot& snapshot, MemoryState& state, Context& context)
        : snapshot_(snapshot), state_(state), context_(context) {
        options_.metrics = options_.metrics.scaled(context.scale());
    }

    void draw(Rect content) {
        const auto shown = choose(content);
        if (shown.size() > 1) draw_names(shown, content);
        widgets::ScrollArea scroll(context_.ui, "memory.scroll", content, state_.scroll);
        Rect area = scroll.content();
        area.h = content.h;
        options_.opened = state_.opened;
        options_.reserved = state_.reserved;
        const layout::MemoryLayout layout = layout::memory_layout(shown, area, options_);
        const float lit = pulse(context_, state_.pulse, snapshot_.playhead);
        for (const layout::SharedJoin& join : layout.joins) {
            paint_join(context_, join, shown.size() == 2 ? context_.tr("memory.shared_region") : std::string());
        }
        for (const layout::GapBox& gap : layout.gaps) paint_gap(context_, gap);
        for (const layout::RegionBox& box : layout.boxes) draw_box(box, lit);
        for (const layout::PointerArrow& arrow : layout.arrows) paint_pointer(context_, arrow);
        scroll.end(layout.height);
    }

private:
    // The processes that fit side by side; chips choose which ones when there are more.
    std::vector<const model::ProcessView*> choose(Rect& content) {
        const std::size_t fit = layout::columns_that_fit(content.w, options_.metrics), count = snapshot_.processes.size();
        if (count > fit) {
            std::vector<Chip> chips;
            for (const model::ProcessView& process : snapshot_.processes)
                chips.push_back({context_.tr("memory.chip", {{"number", std::to_string(process.number)},
                                                             {"pid", std::to_string(process.pid.value)}}),
                                 model::kNobody});
            Rect bar = content.take_top(context_.theme().size.control_small, context_.theme().size.gap_small);
            draw_chips(context_, "memory.process", bar, chips, state_.first_process);
        }
        if (count > fit) show_actors_process(fit);
        state_.first_process = std::min(state_.first_process, count > 0 ? count - 1 : 0);
        const std::size_t first = std::min(state_.first_process, count > fit ? count - fit : 0);
        std::vector<const model::ProcessView*> shown;
        for (std::size_t i = first; i < std::min(count, first + fit); ++i) shown.push_back(&snapshot_.processes[i]);
        return shown;
    }

    // Where not all have room, another one that acts comes into sight, unless everything moves.
    void show_actors_process(std::size_t fit) {
        const model::ThreadView* const actor = snapshot_.thread(acting_thread(snapshot_));
        if (!actor || actor->process == state_.shown_actor || (snapshot_.playing && !snapshot_.step)) return;
        state_.shown_actor = actor->process;
        for (std::size_t i = 0; i < snapshot_.processes.size(); ++i) {
            const bool seen = i >= state_.first_process && i < state_.first_process + fit;
            if (snapshot_.processes[i].number == actor->process && !seen) state_.first_process = i;
        }
    }

    void draw_names(const std::vector<const model::ProcessView*>& shown, Rect& content) {
        const Theme& theme = context_.theme();
        const Rect bar = content.take_top(theme.size.small * 1.6f, 4);
        const float gap = options_.metrics.column_gap,
                    width = (bar.w - gap * static_cast<float>(shown.size() - 1)) / static_cast<float>(shown.size());
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const Rect box{bar.x + static_cast<float>(i) * (width + gap), bar.y, width - options_.metrics.gutter, bar.h};
            const bool ended = shown[i]->exit.kind != model::ProcessExit::Kind::kRunning;
            // Forked ones have the same name: the numbers tell them apart.
            const std::string name = context_.tr("memory.column", {{"number", std::to_string(shown[i]->number)},
                                                                   {"pid", std::to_string(shown[i]->pid.value)},
                                                                   {"name", shown[i]->name}});
            context_.canvas().text(box, name, ended ? theme.dim() : theme.small().strong());
        }
    }

    void draw_box(const layout::RegionBox& box, float lit) {
        const std::string id = "memory.region." + std::to_string(box.column) + "." +
                               std::to_string(static_cast<int>(box.group.key.kind)) + "." +
                               std::to_string(box.group.key.ordinal);
        bool hovered = false;
        if (box.can_open) {
            const widgets::Response response = context_.ui.interact(id, box.box);
            hovered = response.hovered;
            if (response.clicked && !state_.opened.erase(box.group.key)) state_.opened.insert(box.group.key);
        } else {
            context_.ui.interact(id, box.box, false);
        }
        paint_region(context_, snapshot_, box, lit, hovered);
        context_.ui.focus_ring(id, box.box, context_.theme().size.radius_small);
        if (!box.open) {
            int& rows = state_.reserved[box.group.key];
            rows = std::max(rows, box.rows_wanted);
        }
        tooltip(id, box);
    }

    void tooltip(const std::string& id, const layout::RegionBox& box) {
        const Vec2 pointer = context_.ui.input().pointer;
        for (const layout::MemoryRow& row : box.rows) {
            if (!row.variable || !row.box.contains(pointer)) continue;
            context_.ui.tooltip(id, row.box, {variable_tip(context_, *row.variable), ""});
            return;
        }
        const model::RegionView& region = box.group.first();
        context_.ui.tooltip(id, box.header,
                            {context_.tr("memory.region_tip", {{"start", layout::address_text(box.group.start)},
                                                               {"end", layout::address_text(box.group.end)},
                                                               {"permissions", region.permissions},
                                                               {"name", region.name}}),
                             ""});
    }

    const model::Snapshot& snapshot_;
    MemoryState& state_;
    Context& context_;
    layout::MemoryOptions options_;
};

bool has_regions(const model::Snapshot& snapshot) {
    return std::any_of(snapshot.processes.begin(), snapshot.processes.end(),
                       [](const model::ProcessView& process) { return !process.regions.empty(); });
}

// Another thread's card comes into sight when that one acts, unless everything moves, together with what the threads share;
// where not both have room the shared variable stays whole. area: of all the content, as it is scrolled.
void show_actors_card(const model::Snapshot& snapshot, const SharedSight& sight, Rect area, float height, MemoryState& state,
                      Context& context) {
    const model::Number actor = acting_thread(snapshot);
    if (sight.actor.empty() || actor == state.shown_thread || (snapshot.playing && !snapshot.step)) return;
    state.shown_thread = actor;
    constexpr float kBorder = 3;  // of what is lit
    const auto show = [&](float top, float bottom) {
        widgets::scroll_to(state.scroll, height, top - area.y - kBorder, bottom - area.y + kBorder);
    };
    const float before = state.scroll.target;
    const Rect card = sight.actor, variable = sight.variable;
    const auto fits = [&](const Rect& shared) { return card.bottom() - shared.y + 2 * kBorder <= height; };
    const bool together = fits(variable);
    if (variable.empty() || !together) show(card.y, card.bottom());
    if (!variable.empty()) show(fits(sight.band) ? sight.band.y : variable.y, together ? card.bottom() : variable.bottom());
    if (state.scroll.target != before) context.ui.request_frame();
}

}  // namespace

void draw_memory(const model::Snapshot& snapshot, MemoryState& state, Context& context, Rect rect) {
    forget_other_run(snapshot, state);
    Rect content = begin_panel(context, "memory", subtitle_of(context, snapshot), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    if (!has_regions(snapshot)) {
        if (!draw_unavailable(context, snapshot, "proc-all-processes", content))
            widgets::empty_note(context.ui, content, context.tr("memory.no_sample"));
        return;
    }
    MemoryMode mode = state.mode.value_or(mode_asked_by(snapshot));
    // Before an audience the switch's room is worth more than the switch.
    if (mode_asked_by(snapshot) == MemoryMode::kShared && !context.theme().presenter)
        content = draw_mode_switch(context, state, mode, content);
    if (mode == MemoryMode::kShared) {
        widgets::ScrollArea scroll(context.ui, "memory.scroll", content, state.scroll);
        Rect area = scroll.content();
        area.h = content.h;
        SharedSight sight;
        scroll.end(draw_shared_memory(snapshot, context, area, pulse(context, state.pulse, snapshot.playhead),
                                      state.shared_rows, sight));
        return show_actors_card(snapshot, sight, area, content.h, state, context);
    }
    Columns(snapshot, state, context).draw(content);
}

}  // namespace heddle::panels
