#include "app/panels/panel.h"

#include "app/failure_text.h"
#include "app/layout/state_diagram.h"
#include "app/layout/units.h"
#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

constexpr std::string_view cause_key(model::Cause cause) {
    switch (cause) {
        case model::Cause::kNone:
            return "";
        case model::Cause::kAdmitted:
            return "cause.admitted";
        case model::Cause::kDispatch:
            return "cause.dispatch";
        case model::Cause::kTimeOut:
            return "cause.time_out";
        case model::Cause::kYield:
            return "cause.yield";
        case model::Cause::kIo:
            return "cause.io";
        case model::Cause::kLock:
            return "cause.lock";
        case model::Cause::kCondition:
            return "cause.condition";
        case model::Cause::kSemaphore:
            return "cause.semaphore";
        case model::Cause::kBarrier:
            return "cause.barrier";
        case model::Cause::kFutex:
            return "cause.futex";
        case model::Cause::kSleep:
            return "cause.sleep";
        case model::Cause::kJoin:
            return "cause.join";
        case model::Cause::kChild:
            return "cause.child";
        case model::Cause::kPageFault:
            return "cause.page_fault";
        case model::Cause::kSignal:
            return "cause.signal";
        case model::Cause::kStopped:
            return "cause.stopped";
        case model::Cause::kOther:
            return "cause.other";
        case model::Cause::kWakeUp:
            return "cause.wake_up";
        case model::Cause::kExit:
            return "cause.exit";
        case model::Cause::kKilled:
            return "cause.killed";
    }
    return "";
}

}  // namespace

widgets::Evidence evidence_of(model::Badge badge) {
    switch (badge) {
        case model::Badge::kReal:
            return widgets::Evidence::kReal;
        case model::Badge::kControlled:
            return widgets::Evidence::kControlled;
        case model::Badge::kSampled:
            return widgets::Evidence::kSampled;
    }
    return widgets::Evidence::kReal;
}

std::optional<model::Badge> shown_badge(const model::Snapshot& snapshot) {
    if (snapshot.status == model::RunStatus::kFailed && snapshot.threads.empty()) return {};
    return snapshot.run.badge;
}

Rect begin_panel(Context& context, std::string_view id, std::string_view subtitle, std::optional<model::Badge> badge,
                 Rect rect) {
    widgets::CardSpec spec;
    spec.title = context.tr("panel." + std::string(id));
    spec.subtitle = subtitle;
    if (badge) spec.evidence = evidence_of(*badge);
    spec.maximizable = context.maximizable;
    spec.maximized = context.maximized;
    const widgets::CardResult result = widgets::card(context.ui, "panel." + std::string(id), rect, spec);
    context.maximize_clicked |= result.maximize_clicked;
    return result.content;
}

bool draw_empty(Context& context, const model::Snapshot& snapshot, Rect content) {
    switch (snapshot.status) {
        case model::RunStatus::kNone:
            widgets::empty_note(context.ui, content, context.tr("empty.not_started"));
            return true;
        case model::RunStatus::kBuilding:
            widgets::empty_note(context.ui, content, context.tr("empty.building"));
            return true;
        case model::RunStatus::kFailed:
            if (!snapshot.threads.empty()) return false;
            widgets::empty_note(context.ui, content,
                                context.tr("empty.failed", {{"message", failure_text(context.ui.texts(), snapshot.failure)}}));
            return true;
        case model::RunStatus::kRunning:
        case model::RunStatus::kEnded:
            if (!snapshot.threads.empty()) return false;
            widgets::empty_note(context.ui, content, context.tr("empty.before_first_event"));
            return true;
    }
    return false;
}

bool draw_unavailable(Context& context, const model::Snapshot& snapshot, std::string_view facility, Rect content) {
    for (const Unavailable& missing : snapshot.unavailable) {
        if (missing.facility != facility) continue;
        const std::string_view key = missing.remedy.empty() ? "empty.unavailable" : "empty.unavailable_remedy";
        widgets::empty_note(
            context.ui, content,
            context.tr(key, {{"reason", reason_text(context.ui.texts(), missing.reason)}, {"remedy", missing.remedy}}));
        return true;
    }
    return false;
}

float draw_missing(Context& context, const model::Snapshot& snapshot, std::string_view facility, std::string_view key,
                   Rect area) {
    for (const Unavailable& missing : snapshot.unavailable) {
        if (missing.facility != facility) continue;
        std::string text = context.tr(key, {{"reason", reason_text(context.ui.texts(), missing.reason)}});
        if (!missing.remedy.empty()) text += "\n" + context.tr("empty.remedy", {{"remedy", missing.remedy}});
        return context.canvas().paragraph(area, text, context.theme().dim());
    }
    return 0;
}

std::string_view state_key(model::ThreadState state) {
    switch (state) {
        case model::ThreadState::kNew:
            return "state.new";
        case model::ThreadState::kReady:
            return "state.ready";
        case model::ThreadState::kRunning:
            return "state.running";
        case model::ThreadState::kWaiting:
            return "state.waiting";
        case model::ThreadState::kTerminated:
            return "state.terminated";
    }
    return "";
}

std::string state_text(const Context& context, model::ThreadState state) {
    return context.tr(state_key(state));
}

void draw_thread(Context& context, const model::Snapshot& snapshot, Rect box, model::Number number) {
    const Theme& theme = context.theme();
    const std::string short_name = thread_short(number), name = thread_label(snapshot, number);
    box.take_left(draw_thread_name(context.canvas(), theme, box, number, short_name) + 6);
    if (name != short_name && box.w > theme.size.small * 1.5f) draw_middle_elided(context, box, name, theme.dim());
}

StateLook look_of(model::ThreadState state) {
    return static_cast<StateLook>(state);
}
static_assert(static_cast<int>(StateLook::kTerminated) == static_cast<int>(model::ThreadState::kTerminated));

std::string cause_text(const Context& context, model::Cause cause, std::string_view waits_for) {
    const std::string_view key = cause_key(cause);
    if (key.empty()) return std::string(waits_for);
    const std::string cause_name = context.tr(key);
    if (waits_for.empty() || waits_for == cause_name) return cause_name;
    return context.tr("cause.with_detail", {{"cause", cause_name}, {"detail", waits_for}});
}

std::string_view file_name(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == path.npos ? path : path.substr(slash + 1);
}

std::string thread_short(model::Number number) {
    return "T" + std::to_string(number);
}

std::string thread_label(const model::Snapshot& snapshot, model::Number number) {
    const model::ThreadView* thread = snapshot.thread(number);
    return thread && !thread->name.empty() ? thread->name : thread_short(number);
}

model::Number acting_thread(const model::Snapshot& snapshot) {
    if (snapshot.sentence.thread != model::kNobody) return snapshot.sentence.thread;
    if (snapshot.transition) return snapshot.transition->thread;
    return snapshot.code.current_thread;
}

namespace {

float chip_width(const Context& context, const Chip& chip) {
    const Theme& theme = context.theme();
    const float mark = chip.thread != model::kNobody ? theme.size.small + 4 : 0;
    return context.canvas().measure(chip.text, theme.small().strong()) + mark + 2 * theme.size.pad_small + 1;
}

void draw_chip(Context& context, std::string_view id, Rect box, const Chip& chip, bool on, bool hovered) {
    const Theme& theme = context.theme();
    const Color edge =
        on ? (chip.thread != model::kNobody ? theme.thread(chip.thread).fill : theme.color.accent) : theme.color.border;
    context.canvas().fill(box,
                          on        ? theme.color.selected
                          : hovered ? theme.color.hover
                                    : theme.color.raised,
                          theme.size.radius_small);
    context.canvas().stroke(box, edge, on ? 1.5f : 1, theme.size.radius_small);
    context.ui.focus_ring(id, box, theme.size.radius_small);
    Rect inner = box.inset(theme.size.pad_small, 0);
    if (chip.thread != model::kNobody) {
        const float radius = theme.size.small * 0.42f;
        canvas::draw_shape(context.canvas(), theme.thread_shape(chip.thread), {inner.x + radius, inner.center().y}, radius,
                           theme.thread(chip.thread).fill);
        inner.take_left(theme.size.small + 4);
    }
    const canvas::TextStyle style = on ? theme.small().strong() : theme.small();
    context.canvas().text(inner, chip.text, style.at(canvas::Align::kCenter));
}

}  // namespace

bool draw_chips(Context& context, std::string_view id, Rect rect, const std::vector<Chip>& chips, std::size_t& chosen) {
    if (chips.size() < 2) return false;
    const std::size_t before = chosen = std::min(chosen, chips.size() - 1);
    const float gap = 4 * context.scale();
    float total = 0;
    for (const Chip& chip : chips) total += chip_width(context, chip) + gap;
    std::size_t first = 0;
    if (total - gap > rect.w) {
        // More than fit: two buttons step through them, and the chosen one is always among those seen.
        widgets::ButtonSpec spec;
        spec.kind = widgets::ButtonKind::kGhost;
        spec.icon = canvas::Icon::kChevronLeft, spec.enabled = chosen > 0;
        if (widgets::button(context.ui, std::string(id) + ".previous", rect.take_left(rect.h, gap), spec)) --chosen;
        spec.icon = canvas::Icon::kChevronRight, spec.enabled = chosen + 1 < chips.size();
        if (widgets::button(context.ui, std::string(id) + ".next", rect.take_right(rect.h, gap), spec)) ++chosen;
        float used = chip_width(context, chips[chosen]);
        for (first = chosen; first > 0 && used + chip_width(context, chips[first - 1]) + gap <= rect.w / 2; --first) {
            used += chip_width(context, chips[first - 1]) + gap;
        }
    }
    for (std::size_t i = first; i < chips.size(); ++i) {
        const float width = chip_width(context, chips[i]);
        if (rect.w < width && i != chosen) break;
        const Rect box = rect.take_left(width, gap);
        const std::string chip_id = std::string(id) + "." + std::to_string(i);
        const widgets::Response response = context.ui.interact(chip_id, box);
        if (response.clicked) chosen = i;
        draw_chip(context, chip_id, box, chips[i], chosen == i, response.hovered);
    }
    return chosen != before;
}

float pulse(Context& context, Pulse& state, std::uint64_t playhead) {
    constexpr double kSeconds = 0.25;
    if (state.playhead != playhead) {
        state.playhead = playhead;
        state.since = state.seen ? context.ui.now() : -1;
    }
    state.seen = true;
    if (state.since < 0 || context.theme().reduce_motion) return 0;
    const float done = layout::eased(context.ui.now() - state.since, kSeconds, false);
    if (done < 1) context.ui.request_frame();
    return 1 - done;
}

void draw_middle_elided(Context& context, Rect box, std::string_view text, const canvas::TextStyle& style) {
    const auto measure = [&](std::string_view part) { return context.canvas().measure(part, style); };
    context.canvas().text(box, layout::elided_middle(text, box.w, measure), style);
}

}  // namespace heddle::panels
