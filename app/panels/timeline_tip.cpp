#include "app/panels/timeline_tip.h"

#include <cmath>

namespace heddle::panels {
namespace {

// The CPU whose lane carries the thread at that instant; -1 when none does.
std::int32_t cpu_of(const model::TimelineView& timeline, std::int32_t thread, Nanoseconds time) {
    std::vector<model::Bar> bars;
    const auto& lanes = timeline.lanes();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (lanes[i].kind != model::LaneKind::kCpu) continue;
        timeline.bars(i, time, time + Nanoseconds(1), 1, bars);
        for (const model::Bar& bar : bars) {
            if (bar.what == thread) return lanes[i].id;
        }
    }
    return -1;
}

}  // namespace

std::string bar_tip(const Context& context, const model::Snapshot& snapshot, const layout::LaneRow& row,
                    const layout::BarBox& bar) {
    const std::int64_t start = snapshot.timeline->start().count();
    const std::string since = layout::instant_text(bar.start - Nanoseconds(start)),
                      length = Texts::duration(bar.end - bar.start);
    if (bar.merged) {
        const std::string part = std::to_string(std::lround(bar.coverage * 100));
        const std::string what = row.info.kind == model::LaneKind::kCpu
                                     ? thread_label(snapshot, bar.what)
                                     : state_text(context, static_cast<model::ThreadState>(bar.what));
        return context.tr("timeline.tip_merged", {{"what", what}, {"percent", part}, {"since", since}, {"duration", length}});
    }
    if (row.info.kind == model::LaneKind::kCpu) {
        return context.tr("timeline.tip_cpu", {{"thread", thread_label(snapshot, bar.what)},
                                               {"cpu", std::to_string(row.info.id)},
                                               {"since", since},
                                               {"duration", length}});
    }
    const auto state = static_cast<model::ThreadState>(bar.what);
    const std::string cause = cause_text(context, bar.cause, "");
    std::string text = context.tr("timeline.tip_state", {{"thread", thread_label(snapshot, row.info.id)},
                                                         {"state", state_text(context, state)},
                                                         {"since", since},
                                                         {"duration", length}});
    if (!cause.empty()) text += "\n" + context.tr("timeline.tip_cause", {{"cause", cause}});
    const std::int32_t cpu = state == model::ThreadState::kRunning ? cpu_of(*snapshot.timeline, row.info.id, bar.start) : -1;
    if (cpu >= 0) text += "\n" + context.tr("cpu.name", {{"number", std::to_string(cpu)}});
    return text;
}

}  // namespace heddle::panels
