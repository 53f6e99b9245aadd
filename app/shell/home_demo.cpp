#include "app/shell/home_demo.h"

#include <algorithm>
#include <cmath>

#include "app/layout/shared_layout.h"
#include "app/panels/memory_shared.h"

namespace heddle::shell {
namespace {

using canvas::Align;

class Demo {
public:
    Demo(panels::Context& context, const model::Snapshot& snapshot, float lit)
        : context_(context), snapshot_(snapshot), lit_(lit) {
        for (const model::ProcessView& process : snapshot.processes) {
            variables_ = layout::shared_variables(process, 8);
            if (variables_.empty()) continue;
            for (const model::Number number : process.threads) {
                const model::ThreadView* thread = snapshot.thread(number);
                if (thread && !thread->main && threads_.size() < 2) threads_.push_back(thread);
            }
            break;
        }
        const auto counter = std::find_if(variables_.begin(), variables_.end(),
                                          [](const layout::SharedVariable& v) { return v.variable->name == "counter"; });
        if (counter != variables_.end()) variables_ = {*counter};
        if (variables_.size() > 1) variables_.resize(1);
        accesses_ = layout::last_accesses(snapshot.log, snapshot.playhead, threads_, variables_);
    }

    bool ready() const { return !variables_.empty(); }

    void draw(Rect area) {
        const Theme& theme = context_.theme();
        const float small = theme.size.small;
        sentence(area.take_bottom(small * 2.6f, 12));
        lanes(area.take_bottom(2 * std::round(small * 2) + 6, 14));
        const float side = std::min(area.w * 0.3f, small * 14);
        const Rect left = area.take_left(side), right = area.take_right(side);
        const Rect counter = area.inset(area.w * 0.19f, 0);
        value(counter);
        if (!threads_.empty()) thread(0, left, counter);
        if (threads_.size() > 1) thread(1, right, counter);
    }

private:
    void value(Rect box) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const model::VariableView& counter = *variables_.front().variable;
        const bool written = counter.writer != model::kNobody;
        const bool now = counter.changed && written;
        const ThreadLook& look = theme.thread(counter.writer);
        canvas.tag("home.counter", box);
        canvas.fill(box, now ? mix(look.tint, look.fill, lit_ * 0.3f) : theme.color.raised, theme.size.radius + 2);
        canvas.stroke(box, now ? look.fill : theme.color.border_strong, now ? 2.5f : 1.5f, theme.size.radius + 2);
        Rect inner = box.inset(14, 8);
        Rect head = inner.take_top(theme.size.small * 1.6f);
        canvas.text(head, counter.name, theme.code());
        const float type = canvas.measure(counter.type, theme.code_dim());
        if (canvas.measure(counter.name, theme.code()) + type + 12 < head.w)
            canvas.text(head, counter.type, theme.code_dim().at(Align::kRight));
        const std::string text = panels::value_text(context_, counter);
        numeral(inner, text, now ? look.text : theme.color.text, theme.size.title * 2.6f);
    }

    void thread(std::size_t index, Rect box, Rect counter) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const model::ThreadView& who = *threads_[index];
        const ThreadLook& look = theme.thread(who.number);
        const bool acts = panels::acting_thread(snapshot_) == who.number;
        canvas.fill(box, acts ? look.tint : theme.color.raised, theme.size.radius + 2);
        canvas.stroke(box, acts ? look.fill : theme.color.border, acts ? 2.f : 1.f, theme.size.radius + 2);
        Rect inner = box.inset(14, 8);
        draw_thread_name(canvas, theme, inner.take_top(theme.size.body * 1.6f, 4), who.number,
                         panels::thread_short(who.number));
        const auto& access = accesses_[index];
        if (!access) return canvas.text(inner.take_top(theme.size.body * 1.6f), context_.tr("home.no_access"), theme.dim());
        const bool now = access->event + 1 == snapshot_.playhead;
        canvas.text(inner.take_top(theme.size.small * 1.5f), context_.tr(access->writes ? "home.wrote" : "home.read"),
                    theme.dim());
        numeral(inner, std::to_string(static_cast<std::int64_t>(access->value)), now ? look.text : theme.color.text,
                theme.size.title * 1.6f);
        arrow(index, box, counter, access->writes, now);
    }

    // A number that stands alone, as large as it fits.
    void numeral(Rect box, const std::string& text, Color ink, float size) {
        canvas::TextStyle style{size, ink, canvas::Family::kMono, true, Align::kCenter};
        const float title = context_.theme().size.title;
        if (text.find_first_not_of("0123456789-.,") != text.npos) style.size = title;  // large, there are digits only
        const std::string widest = text.size() < 5 ? std::string(5, '0') : text;       // the size stays while the number grows
        while (style.size > context_.theme().size.body && context_.canvas().measure(widest, style) > box.w) style.size -= 2;
        context_.canvas().text(box, text, style);
    }

    // Between the card and the counter: towards the counter for a write, away from it for a read.
    void arrow(std::size_t index, Rect card, Rect counter, bool writes, bool now) {
        const Theme& theme = context_.theme();
        const float y = card.center().y;
        const Vec2 at_card{index == 0 ? card.right() + 6 : card.x - 6, y},
            at_counter{index == 0 ? counter.x - 6 : counter.right() + 6, y};
        const canvas::ArrowStyle style{now ? theme.thread(threads_[index]->number).fill : theme.color.border_strong,
                                       now ? 3.f : 1.5f, now ? 12.f : 9.f, false};
        context_.canvas().arrow(writes ? at_card : at_counter, writes ? at_counter : at_card, style);
    }

    struct Access {
        std::size_t thread;
        layout::LastAccess what;
    };
    // The latest accesses of the two threads, the newest first. The run has many thousands; only what just happened is told.
    std::vector<Access> latest(std::size_t most) const {
        std::vector<Access> found;
        const model::VariableView& counter = *variables_.front().variable;
        const std::uint64_t end = std::min(snapshot_.playhead, snapshot_.log.size()), stop = end > 8192 ? end - 8192 : 0;
        for (std::uint64_t index = end; index > stop && found.size() < most;) {
            if (snapshot_.log.packed(--index).address != counter.address) continue;
            const trace::Event event = snapshot_.log.event(index);
            const auto* access = std::get_if<trace::MemoryAccess>(&event.body);
            for (std::size_t i = 0; access && i < threads_.size(); ++i) {
                if (threads_[i]->index == event.thread)
                    found.push_back({i, {0, access->writes(), access->atomic(), access->value, index}});
            }
        }
        return found;
    }

    // One column for each access, in the order in which they happened: reads are outlined, writes filled.
    void lanes(Rect area) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const float gap = 6, height = (area.h - gap) / 2, label = theme.size.small * 4, width = area.w - label;
        for (std::size_t i = 0; i < threads_.size(); ++i) {
            const Rect row{area.x, area.y + static_cast<float>(i) * (height + gap), area.w, height};
            draw_thread_name(canvas, theme, row, threads_[i]->number, panels::thread_short(threads_[i]->number));
            canvas.fill({row.x + label, row.y, width, row.h}, theme.color.raised, theme.size.radius_bar);
        }
        const float columns = std::clamp(std::floor(width / (theme.size.small * 7.6f)), 3.f, 8.f), step = width / columns;
        float x = area.right();
        for (const Access& access : latest(static_cast<std::size_t>(columns))) {
            x -= step;
            const ThreadLook& look = theme.thread(threads_[access.thread]->number);
            const Rect box{x + 2, area.y + static_cast<float>(access.thread) * (height + gap), step - 4, height};
            const bool now = access.what.event + 1 == snapshot_.playhead;
            canvas.fill(box, access.what.writes ? look.fill : look.tint, theme.size.radius_bar);
            canvas.stroke(box, look.fill, now ? 2.f : 1.f, theme.size.radius_bar);
            const std::string value = std::to_string(static_cast<std::int64_t>(access.what.value));
            const canvas::TextStyle style{theme.size.small, access.what.writes ? look.on_fill : look.text,
                                          canvas::Family::kSans, now, Align::kCenter};
            canvas.text(box.inset(4, 0), context_.tr(access.what.writes ? "memory.wrote" : "memory.read", {{"value", value}}),
                        style);
        }
    }

    void sentence(Rect box) {
        const model::Sentence& now = snapshot_.sentence;
        const Theme& theme = context_.theme();
        const bool someone = now.thread != model::kNobody && !now.empty();
        const ThreadLook& look = theme.thread(now.thread);
        context_.canvas().tag("home.sentence", box);
        context_.canvas().fill(box, someone ? look.tint : theme.color.raised, theme.size.radius);
        if (now.empty()) return;
        Rect inner = box.inset(12, 0);
        if (someone) {
            const Rect mark = inner.take_left(theme.size.body, 8);
            canvas::draw_shape(context_.canvas(), theme.thread_shape(now.thread), mark.center(), theme.size.body * 0.42f,
                               look.fill);
        }
        if (now.key == "event.write_lost") {
            const Rect pill = widgets::capsule(context_.ui, inner, context_.tr("home.lost"), theme.color.error_text);
            inner.take_right(inner.right() - pill.x, 8);
        }
        context_.canvas().text(inner, context_.ui.texts().tr(now.key, now.arguments),
                               theme.strong().in(someone ? look.text : theme.color.text));
    }

    panels::Context& context_;
    const model::Snapshot& snapshot_;
    float lit_;
    std::vector<layout::SharedVariable> variables_;
    std::vector<const model::ThreadView*> threads_;
    std::vector<std::optional<layout::LastAccess>> accesses_;
};

}  // namespace

bool draw_demo(const model::Snapshot& snapshot, panels::Context& context, float lit, Rect area) {
    Demo demo(context, snapshot, lit);
    if (demo.ready()) demo.draw(area);
    return demo.ready();
}

}  // namespace heddle::shell
