#include "app/shell/home_page.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/layout/shared_layout.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

using canvas::Align;
using canvas::Fit;

constexpr std::string_view kDemo = "races/lost-update";
constexpr std::array<std::string_view, 2> kStart = {kDemo, "process/memory-layout"};

catalog::Language language_of(const panels::Context& context) {
    return context.ui.texts().language() == Language::kKorean ? catalog::Language::kKorean : catalog::Language::kEnglish;
}

struct Painting {
    panels::Context& context;
    Commands& commands;
    widgets::Ui& ui = context.ui;
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const Palette& p = theme.color;

    void open(std::string_view id) { commands.app.emplace_back(OpenScenario{std::string(id), {}, {}}); }
    float paragraph(Rect& box, std::string_view text, const canvas::TextStyle& style, float after = 0) {
        const float used = canvas.paragraph(box, text, style);
        box.take_top(used, after);
        return used;
    }
};

// --- the recorded lost update ---------------------------------------------------------------------------------------------

class Demo {
public:
    Demo(Painting& paint, const model::Snapshot& snapshot, float lit) : paint_(paint), snapshot_(snapshot), lit_(lit) {
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
        const Theme& theme = paint_.theme;
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
        canvas::Canvas& canvas = paint_.canvas;
        const Theme& theme = paint_.theme;
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
        const std::string text = counter.value.empty() ? "–" : counter.value;
        numeral(inner, text, now ? look.text : theme.color.text, theme.size.title * 2.6f);
    }

    void thread(std::size_t index, Rect box, Rect counter) {
        canvas::Canvas& canvas = paint_.canvas;
        const Theme& theme = paint_.theme;
        const model::ThreadView& who = *threads_[index];
        const ThreadLook& look = theme.thread(who.number);
        const bool acts = panels::acting_thread(snapshot_) == who.number;
        canvas.fill(box, acts ? look.tint : theme.color.raised, theme.size.radius + 2);
        canvas.stroke(box, acts ? look.fill : theme.color.border, acts ? 2.f : 1.f, theme.size.radius + 2);
        Rect inner = box.inset(14, 8);
        draw_thread_name(canvas, theme, inner.take_top(theme.size.body * 1.6f, 4), who.number,
                         panels::thread_short(who.number));
        const auto& access = accesses_[index];
        if (!access)
            return canvas.text(inner.take_top(theme.size.body * 1.6f), paint_.context.tr("home.no_access"), theme.dim());
        const bool now = access->event + 1 == snapshot_.playhead;
        canvas.text(inner.take_top(theme.size.small * 1.5f), paint_.context.tr(access->writes ? "home.wrote" : "home.read"),
                    theme.dim());
        numeral(inner, std::to_string(static_cast<std::int64_t>(access->value)), now ? look.text : theme.color.text,
                theme.size.title * 1.6f);
        arrow(index, box, counter, access->writes, now);
    }

    // A number that stands alone, as large as it fits.
    void numeral(Rect box, const std::string& text, Color ink, float size) {
        canvas::TextStyle style{size, ink, canvas::Family::kMono, true, Align::kCenter};
        const float title = paint_.theme.size.title;
        if (text.find_first_not_of("0123456789-.,") != text.npos) style.size = title;  // large, there are digits only
        while (style.size > paint_.theme.size.body && paint_.canvas.measure(text, style) > box.w) style.size -= 2;
        paint_.canvas.text(box, text, style);
    }

    // Between the card and the counter: towards the counter for a write, away from it for a read.
    void arrow(std::size_t index, Rect card, Rect counter, bool writes, bool now) {
        const Theme& theme = paint_.theme;
        const float y = card.center().y;
        const Vec2 at_card{index == 0 ? card.right() + 6 : card.x - 6, y},
            at_counter{index == 0 ? counter.x - 6 : counter.right() + 6, y};
        const canvas::ArrowStyle style{now ? theme.thread(threads_[index]->number).fill : theme.color.border_strong,
                                       now ? 3.f : 1.5f, now ? 12.f : 9.f, false};
        paint_.canvas.arrow(writes ? at_card : at_counter, writes ? at_counter : at_card, style);
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
        canvas::Canvas& canvas = paint_.canvas;
        const Theme& theme = paint_.theme;
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
            canvas.text(box.inset(4, 0),
                        paint_.context.tr(access.what.writes ? "memory.wrote" : "memory.read", {{"value", value}}), style);
        }
    }

    void sentence(Rect box) {
        const model::Sentence& now = snapshot_.sentence;
        const Theme& theme = paint_.theme;
        const bool someone = now.thread != model::kNobody && !now.empty();
        const ThreadLook& look = theme.thread(now.thread);
        paint_.canvas.tag("home.sentence", box);
        paint_.canvas.fill(box, someone ? look.tint : theme.color.raised, theme.size.radius);
        if (now.empty()) return;
        Rect inner = box.inset(12, 0);
        if (someone) {
            const Rect mark = inner.take_left(theme.size.body, 8);
            canvas::draw_shape(paint_.canvas, theme.thread_shape(now.thread), mark.center(), theme.size.body * 0.42f,
                               look.fill);
        }
        if (now.key == "event.write_lost") {
            const Rect pill = widgets::capsule(paint_.ui, inner, paint_.context.tr("home.lost"), theme.color.error_text);
            inner.take_right(inner.right() - pill.x, 8);
        }
        const std::vector<std::pair<std::string, std::string>> args(now.arguments.begin(), now.arguments.end());
        paint_.canvas.text(inner, paint_.ui.texts().tr(now.key, args),
                           theme.strong().in(someone ? look.text : theme.color.text));
    }

    Painting& paint_;
    const model::Snapshot& snapshot_;
    float lit_;
    std::vector<layout::SharedVariable> variables_;
    std::vector<const model::ThreadView*> threads_;
    std::vector<std::optional<layout::LastAccess>> accesses_;
};

// --- the page -------------------------------------------------------------------------------------------------------------

class Page {
public:
    Page(Painting& paint, const catalog::Catalog& catalog, const Settings& settings, HomeState& state)
        : paint_(paint), catalog_(catalog), settings_(settings), state_(state) {}

    float draw(Rect content, float view_height, const model::Snapshot* demo) {
        top_ = content.y, view_height_ = view_height;
        const float margin = std::max(24.f, (content.w - 1136 * paint_.context.scale()) / 2);
        area_ = content.inset(margin, 0);
        area_.take_top(24);
        hero(demo);
        area_.take_top(32);
        chapters();
        if (catalog_.chapters().empty()) paint_.paragraph(area_, paint_.context.tr("home.no_scenarios"), paint_.theme.body());
        return area_.y - top_;
    }

private:
    const catalog::Scenario* scenario(std::string_view id) const {
        for (const catalog::Scenario& each : catalog_.scenarios())
            if (each.id == id) return &each;
        return nullptr;
    }

    void hero(const model::Snapshot* demo) {
        const Theme& theme = paint_.theme;
        const float scale = paint_.context.scale();
        const bool wide = area_.w >= 760 * scale;
        const float words_w = wide ? std::round(area_.w * 0.36f) : area_.w;
        const float words_h = words({0, 0, words_w, 1e6f}, false);
        const float stage_h = std::max(std::clamp(view_height_ * 0.4f, 296 * scale, 400 * scale), wide ? words_h : 0);
        Rect all = area_.take_top(wide ? stage_h : words_h + 24 + stage_h);
        Rect text = wide ? all.take_left(words_w, 40 * scale) : all.take_top(words_h, 24);
        if (wide) text.take_top((text.h - words_h) / 2);
        words(text, true);
        stage(all, demo);
        (void)theme;
    }

    float words(Rect box, bool draw) {
        const Theme& theme = paint_.theme;
        const float top = box.y;
        const auto put = [&](std::string_view key, const canvas::TextStyle& style, float after) {
            const float used = paint_.canvas.paragraph(box, paint_.context.tr(key), style, draw);
            box.take_top(used, after);
        };
        put("home.title", theme.title(), 12);
        put("home.what", theme.body(), 20);
        put("home.start_here", theme.dim().strong(), 8);
        for (std::size_t i = 0; i < kStart.size(); ++i) {
            const catalog::Scenario* target = scenario(kStart[i]);
            if (!target) continue;
            const Rect row = box.take_top(theme.size.control + 4, 8);
            if (!draw) continue;
            widgets::ButtonSpec spec;
            spec.text = target->title.in(language_of(paint_.context));
            spec.icon = canvas::Icon::kPlay;
            spec.kind = i == 0 ? widgets::ButtonKind::kPrimary : widgets::ButtonKind::kNormal;
            const std::string id = "home.start." + target->id;
            follow_focus(id, row);
            const float width = std::max(std::min(row.w, 220 * paint_.context.scale()), widgets::button_width(paint_.ui, spec));
            if (widgets::button(paint_.ui, id, {row.x, row.y, std::min(row.w, width), row.h}, spec)) paint_.open(target->id);
        }
        return box.y - top;
    }

    void stage(Rect rect, const model::Snapshot* demo) {
        const Theme& theme = paint_.theme;
        const catalog::Scenario* target = scenario(kDemo);
        widgets::CardSpec spec;
        spec.title = target ? target->title.in(language_of(paint_.context)) : paint_.context.tr("home.demo");
        spec.subtitle = paint_.context.tr("home.demo_subtitle");
        if (demo) spec.evidence = panels::evidence_of(demo->run.badge);
        const widgets::CardResult card = widgets::card(paint_.ui, "home.demo", rect, spec);
        if (!demo || demo->status == model::RunStatus::kNone || demo->status == model::RunStatus::kBuilding)
            return widgets::empty_note(paint_.ui, card.content, paint_.context.tr("home.recording"));
        if (demo->status == model::RunStatus::kFailed)
            return widgets::empty_note(paint_.ui, card.content,
                                       paint_.context.tr("home.demo_failed", {{"message", demo->failure}}));
        const float lit = panels::pulse(paint_.context, state_.pulse, demo->playhead);
        Demo playing(paint_, *demo, lit);
        if (!playing.ready()) return widgets::empty_note(paint_.ui, card.content, paint_.context.tr("home.recording"));
        Rect content = card.content;
        content.take_bottom(theme.size.pad_small);
        playing.draw(content);
    }

    // Chapters one under the other; small ones share a row, so that no card stands alone in the dark.
    void chapters() {
        const float scale = paint_.context.scale(), gap = paint_.theme.size.gap;
        const auto most = static_cast<std::size_t>(std::clamp(std::floor((area_.w + gap) / (264 * scale + gap)), 1.f, 4.f));
        const auto& all = catalog_.chapters();
        for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
            std::size_t cards = 0;
            for (last = first; last < all.size(); ++last) {
                const std::size_t more = catalog_.in_chapter(all[last].id).size();
                if (last > first && cards + more > most) break;
                cards += more;
            }
            const float gaps = gap * static_cast<float>(last - first - 1);
            const float unit = (area_.w - gaps) / static_cast<float>(std::max<std::size_t>(1, cards));
            Rect row = area_;
            float height = 0;
            for (std::size_t i = first; i < last; ++i) {
                const std::size_t own = catalog_.in_chapter(all[i].id).size();
                const Rect block = row.take_left(last - first == 1 ? row.w : unit * static_cast<float>(own), gap);
                height = std::max(height, chapter(all[i], block, most));
            }
            area_.take_top(height, 16);
        }
    }

    float chapter(const catalog::Chapter& chapter, Rect area, std::size_t most) {
        const Theme& theme = paint_.theme;
        const float top = area.y, gap = theme.size.gap;
        const std::vector<const catalog::Scenario*> all = catalog_.in_chapter(chapter.id);
        std::size_t done = 0;
        for (const catalog::Scenario* each : all) done += settings_.done.contains(each->id) ? 1 : 0;
        Rect head = area.take_top(theme.size.large * 1.5f, 12);
        const canvas::TextStyle title = theme.large().strong();
        const std::string name = chapter.title.in(language_of(paint_.context));
        paint_.canvas.text(head.take_left(paint_.canvas.measure(name, title) + 1, 12), name, title);
        const std::string progress =
            paint_.context.tr("home.progress", {{"done", std::to_string(done)}, {"all", std::to_string(all.size())}});
        if (paint_.canvas.measure(progress, theme.dim()) <= head.w) paint_.canvas.text(head, progress, theme.dim());
        // As even as it goes: four cards where three fit are two and two.
        const std::size_t rows = (all.size() + most - 1) / most,
                          columns = (all.size() + rows - 1) / std::max<std::size_t>(1, rows);
        const float width = (area.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
        for (std::size_t first = 0; first < all.size(); first += columns) {
            const std::size_t last = std::min(all.size(), first + columns);
            float height = 0;
            for (std::size_t i = first; i < last; ++i) height = std::max(height, card_height(*all[i], width));
            Rect row = area.take_top(height, gap);
            for (std::size_t i = first; i < last; ++i) card(*all[i], row.take_left(width, gap));
        }
        return area.y - top;
    }

    float mark() const { return paint_.theme.size.body + 10; }

    float card_height(const catalog::Scenario& scenario, float width) const {
        const Theme& theme = paint_.theme;
        const float inner = width - 2 * theme.size.pad;
        const auto language = language_of(paint_.context);
        return 2 * theme.size.pad + 6 +
               paint_.canvas.paragraph({0, 0, inner - mark(), 0}, scenario.title.in(language), theme.strong(), false) +
               paint_.canvas.paragraph({0, 0, inner, 0}, scenario.summary.in(language), theme.body(), false);
    }

    void card(const catalog::Scenario& scenario, Rect rect) {
        const Theme& theme = paint_.theme;
        const Palette& p = theme.color;
        const std::string id = "home.card." + scenario.id;
        follow_focus(id, rect);
        const widgets::Response response = paint_.ui.interact(id, rect);
        const float over = paint_.ui.ease(id + ".~hover", response.hovered ? 1.f : 0.f);
        paint_.canvas.fill(rect, mix(p.panel, p.hover, over), theme.size.radius + 2);
        paint_.canvas.stroke(rect, mix(p.border, p.accent, over), 1, theme.size.radius + 2);
        paint_.ui.focus_ring(id, rect, theme.size.radius + 2);
        Rect inner = rect.inset(theme.size.pad);
        const auto language = language_of(paint_.context);
        const float line = paint_.canvas.line_height(theme.strong());
        Rect title = inner;
        const Rect tick = title.take_right(mark());
        const Vec2 dot{tick.right() - theme.size.body / 2, tick.y + line / 2};
        if (settings_.done.contains(scenario.id)) {
            paint_.canvas.circle(dot, theme.size.body * 0.55f, p.good);
            canvas::draw_icon(paint_.canvas, canvas::Icon::kCheck, dot, theme.size.body * 0.75f, p.panel);
            paint_.canvas.tag("home.done." + scenario.id, {dot.x - 8, dot.y - 8, 16, 16});
        } else {
            canvas::draw_icon(paint_.canvas, canvas::Icon::kChevronRight, dot, theme.size.body * 0.8f,
                              mix(p.text_dim, p.accent, over));
        }
        inner.take_top(paint_.canvas.paragraph(title, scenario.title.in(language), theme.strong()), 6);
        paint_.canvas.paragraph(inner, scenario.summary.in(language), theme.body().in(p.text_dim));
        if (response.clicked) paint_.open(scenario.id);
    }

    // Tab brings what it reaches into sight.
    void follow_focus(const std::string& id, Rect rect) {
        const widgets::UiState& ui = paint_.ui.state();
        if (ui.focus != id || !ui.focus_visible || state_.focus == id) return;
        state_.focus = id;
        widgets::scroll_to(state_.scroll, view_height_, rect.y - top_ - 24, rect.bottom() - top_ + 24);
        paint_.ui.request_frame();
    }

    Painting& paint_;
    const catalog::Catalog& catalog_;
    const Settings& settings_;
    HomeState& state_;
    Rect area_;
    float top_ = 0, view_height_ = 0;
};

}  // namespace

void draw_home(const catalog::Catalog& catalog, const Settings& settings, const model::Snapshot* demo, HomeState& state,
               panels::Context& context, Commands& commands, Rect rect) {
    if (rect.empty()) return;
    context.canvas().fill(rect, context.theme().color.page);
    if (context.ui.state().focus != state.focus) state.focus.clear();
    Painting paint{context, commands};
    widgets::ScrollArea scroll(context.ui, "home", rect, state.scroll);
    Rect content = scroll.content();
    content.w = rect.w - 12;  // whether or not there is a bar: nothing jumps
    scroll.end(Page(paint, catalog, settings, state).draw(content, rect.h, demo));
}

}  // namespace heddle::shell
