#include "app/panels/cpus_panel.h"

#include <algorithm>
#include <cmath>

#include "app/layout/grid_layout.h"
#include "app/layout/timeline_layout.h"

namespace heddle::panels {
namespace {

constexpr float kShareMark = 0.4F, kShareGap = 12;  // a thread's shape beside its share, in small letters' sizes

class CpusFrame {
public:
    CpusFrame(const model::Snapshot& snapshot, Context& context) : snapshot_(snapshot), context_(context) {}

    float draw(Rect area) {
        const layout::CpuRows rows = layout::cpu_rows(area, snapshot_.cpus.size(), context_.theme().size.small * 1.4f);
        for (std::size_t i = 0; i < rows.rows.size(); ++i) draw_row(snapshot_.cpus[i], rows.rows[i]);
        return rows.height;
    }

    float draw_totals(Rect area, bool draw) {
        const auto number = [](std::uint64_t value) { return Texts::number(static_cast<long long>(value)); };
        const model::SwitchCounts& counts = snapshot_.switches;
        std::string text = context_.tr("cpus.totals", {{"captured", number(counts.captured)},
                                                       {"preempted", number(counts.preempted)},
                                                       {"voluntary", number(counts.voluntary)},
                                                       {"migrations", number(counts.migrations)}});
        if (counts.kernel >= 0)
            text += "\n" + context_.tr("cpus.kernel_count", {{"kernel", number(static_cast<std::uint64_t>(counts.kernel))}});
        if (!counts.source.empty()) text += "\n" + context_.tr("cpus.source", {{"source", context_.tr(counts.source)}});
        for (const Unavailable& missing : snapshot_.unavailable)
            if (missing.facility == "perf-switches" && !missing.remedy.empty())
                text += "\n" + context_.tr("empty.remedy_exact", {{"remedy", missing.remedy}});
        return context_.canvas().paragraph(area, text, context_.theme().dim(), draw);
    }

private:
    void draw_row(const model::CpuView& cpu, const layout::CpuRow& row) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const bool ours = cpu.running != model::kNobody;
        canvas.fill(row.box, theme.color.raised, theme.size.radius_small);
        canvas.stroke(row.box, ours ? theme.thread(cpu.running).fill : theme.color.border, ours ? 1.5f : 1,
                      theme.size.radius_small);
        canvas.tag("cpus.row." + std::to_string(cpu.id.value), row.box);
        canvas.text(row.name, context_.tr("cpu.name", {{"number", std::to_string(cpu.id.value)}}), theme.small().strong());
        if (ours)
            draw_thread(context_, snapshot_, row.now, cpu.running);
        else
            canvas.text(row.now, context_.tr("cpus.not_ours"), theme.dim());
        draw_history(cpu, row.history);
        draw_share(cpu, row.share);
    }

    void draw_history(const model::CpuView& cpu, Rect box) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        canvas.fill(box, theme.color.sunken, theme.size.radius_small);
        if (!snapshot_.timeline) return;
        const auto& lanes = snapshot_.timeline->lanes();
        const std::int64_t start = snapshot_.timeline->start().count(),
                           end = std::max(snapshot_.playhead_time.count(), start + 1);
        layout::TimelineWindow window;
        window.view = snapshot_.timeline.get();
        window.axis = {{start, end}, box.x, box.w};
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            if (lanes[i].kind != model::LaneKind::kCpu || lanes[i].id != cpu.id.value) continue;
            layout::LaneRow row;
            row.lane = i, row.info = lanes[i], row.track = box;
            std::vector<layout::BarBox> bars;
            layout::lane_bars(window, row, 0, bars);
            for (const layout::BarBox& bar : bars) {
                if (bar.what != model::kNobody) canvas.fill(bar.box, theme.thread(bar.what).fill);
            }
        }
    }

    // Each thread's part of this CPU's time, and the switches it made.
    void draw_share(const model::CpuView& cpu, Rect box) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        std::int64_t total = 0;
        for (const auto& [thread, time] : cpu.time_by_thread) total += time.count();
        std::vector<Share> shares = shares_of(cpu, std::max<std::int64_t>(total, 1));
        const auto width_of = [&](const Share& share) {
            return canvas.measure(share.text, theme.small()) + 2 * kShareMark * theme.size.small + 6 + kShareGap;
        };
        const auto all = [&] {
            float width = 0;
            for (const Share& share : shares) width += width_of(share);
            return width;
        };
        if (all() > box.w) std::erase_if(shares, [](const Share& share) { return share.percent == 0; });
        // Who had how much comes before how often they changed over, which the panel's last lines say, too.
        const std::string switches =
            context_.tr("cpus.switches", {{"count", Texts::number(static_cast<long long>(cpu.switches))}});
        const float width = canvas.measure(switches, theme.dim()) + 1;
        if (all() + width <= box.w) canvas.text(box.take_right(width, 10), switches, theme.dim());
        for (const Share& share : shares) {
            const float radius = theme.size.small * kShareMark, needed = width_of(share) - kShareGap;
            if (needed > box.w) return canvas.text(box, "…", theme.dim());
            Rect item = box.take_left(needed, kShareGap);
            canvas::draw_shape(canvas, theme.thread_shape(share.thread), {item.x + radius, item.center().y}, radius,
                               theme.thread(share.thread).fill);
            item.take_left(2 * radius + 6);
            canvas.text(item, share.text, theme.small(), canvas::Fit::kOverflow);
        }
    }

    struct Share {
        model::Number thread;
        long percent;
        std::string text;
    };
    std::vector<Share> shares_of(const model::CpuView& cpu, std::int64_t total) const {
        std::vector<Share> shares;
        for (const auto& [thread, time] : cpu.time_by_thread) {
            const long percent = std::lround(static_cast<double>(time.count()) / static_cast<double>(total) * 100);
            shares.push_back(
                {thread, percent,
                 context_.tr("cpus.share", {{"thread", thread_short(thread)}, {"percent", std::to_string(percent)}})});
        }
        return shares;
    }

    const model::Snapshot& snapshot_;
    Context& context_;
};

}  // namespace

void draw_cpus(const model::Snapshot& snapshot, CpusState& state, Context& context, Rect rect) {
    Rect content = begin_panel(context, "cpus", context.tr("cpus.subtitle"), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    if (snapshot.cpus.empty()) {
        if (!draw_unavailable(context, snapshot, "perf-switches", content))
            widgets::empty_note(context.ui, content, context.tr("cpus.none"));
        return;
    }
    CpusFrame frame(snapshot, context);
    const float totals = frame.draw_totals(content, false);
    const bool low = content.h < totals * 3;  // then the totals scroll with the rest
    const Rect foot = low ? Rect{} : content.take_bottom(totals + 4, context.theme().size.gap_small);
    widgets::ScrollArea scroll(context.ui, "cpus.scroll", content, state.scroll);
    float height = frame.draw(scroll.content());
    if (low) {
        Rect below = scroll.content();
        below.y += height + context.theme().size.gap_small;
        height += frame.draw_totals(below, true) + context.theme().size.gap_small;
    }
    scroll.end(height);
    if (!low) frame.draw_totals(foot, true);
}

}  // namespace heddle::panels
