#include "app/shell/home_page.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/failure_text.h"
#include "app/shell/home_demo.h"
#include "app/shell/local_text.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

constexpr std::string_view kDemo = "races/lost-update";
constexpr std::array<std::string_view, 2> kStart = {kDemo, "process/memory-layout"};

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
        widgets::ButtonSpec own;
        own.text = paint_.context.tr("home.own"), own.icon = canvas::Icon::kFolder;
        own.tip = {paint_.context.tr("rail.open_tip"), "O"};
        const float width =
            std::max(220 * paint_.context.scale(), widgets::button_width(paint_.ui, own));  // of all, one below another
        const auto place = [&] {
            const Rect row = box.take_top(theme.size.control + 4, 8);
            return Rect{row.x, row.y, std::min(row.w, width), row.h};
        };
        for (std::size_t i = 0; i < kStart.size(); ++i) {
            const catalog::Scenario* target = scenario(kStart[i]);
            if (!target) continue;
            const Rect button = place();
            if (!draw) continue;
            widgets::ButtonSpec spec;
            spec.text = target->title.in(language_of(paint_.ui));
            spec.icon = canvas::Icon::kPlay;
            spec.kind = i == 0 ? widgets::ButtonKind::kPrimary : widgets::ButtonKind::kNormal;
            const std::string id = "home.start." + target->id;
            follow_focus(id, button);
            if (widgets::button(paint_.ui, id, button, spec)) paint_.open(target->id);
        }
        const Rect button = place();
        if (draw) {
            follow_focus("home.own", button);
            if (widgets::button(paint_.ui, "home.own", button, own)) paint_.commands.app.emplace_back(SetOpenDialog{true});
        }
        return box.y - top;
    }

    void stage(Rect rect, const model::Snapshot* demo) {
        const Theme& theme = paint_.theme;
        const catalog::Scenario* target = scenario(kDemo);
        widgets::CardSpec spec;
        spec.title = target ? target->title.in(language_of(paint_.ui)) : paint_.context.tr("home.demo");
        spec.subtitle = paint_.context.tr("home.demo_subtitle");
        if (demo) spec.evidence = panels::evidence_of(demo->run.badge);
        const widgets::CardResult card = widgets::card(paint_.ui, "home.demo", rect, spec);
        if (!demo || demo->status == model::RunStatus::kNone || demo->status == model::RunStatus::kBuilding)
            return widgets::empty_note(paint_.ui, card.content, paint_.context.tr("home.recording"));
        if (demo->status == model::RunStatus::kFailed)
            return widgets::empty_note(
                paint_.ui, card.content,
                paint_.context.tr("home.demo_failed", {{"message", failure_text(paint_.context.ui.texts(), demo->failure)}}));
        const float lit = panels::pulse(paint_.context, state_.pulse, demo->playhead);
        Rect content = card.content;
        content.take_bottom(theme.size.pad_small);
        if (!draw_demo(*demo, paint_.context, lit, content))
            widgets::empty_note(paint_.ui, card.content, paint_.context.tr("home.recording"));
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
        const std::string name = chapter.title.in(language_of(paint_.ui));
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
        const auto language = language_of(paint_.ui);
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
        const auto language = language_of(paint_.ui);
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
