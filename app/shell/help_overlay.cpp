#include "app/shell/help_overlay.h"

#include <algorithm>
#include <cmath>

#include "app/shell/dialog_card.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

struct KeyLine {
    std::string_view keys, text;  // keys: separated by spaces; text: of the texts
};
constexpr KeyLine kRunKeys[] = {
    {"Space", "help.play"},    {"→", "help.step"},    {"←", "help.back"},    {"Home End", "help.ends"}, {"1–9", "help.turn"},
    {"Ctrl 1–9", "help.wake"}, {"R", "help.restart"}, {"V", "help.variant"}, {"+ − 0", "help.zoom"},    {"F", "help.maximize"},
};
constexpr KeyLine kProgramKeys[] = {
    {"/", "help.search"},      {"O I", "help.open"},    {"P F11", "help.presenter"}, {"PgUp PgDn", "help.clicker"},
    {"S", "help.picture"},     {"Ctrl+S", "help.save"}, {"T", "help.theme"},         {"L", "help.language"},
    {"Tab Enter", "help.tab"}, {"? Esc", "help.help"},
};

class Sheet {
public:
    explicit Sheet(panels::Context& context)
        : context_(context), ui_(context.ui), canvas_(context.canvas()), theme_(context.theme()), p_(context.theme().color) {}

    float draw(Rect content) {
        area_ = content;
        const float top = area_.y;
        Rect left = area_, right = left.take_right((area_.w - 40) / 2, 40);
        const float used = std::max(keys("help.run_keys", kRunKeys, left), keys("help.program_keys", kProgramKeys, right));
        area_.take_top(used + 20);
        heading(area_, "help.badges");
        badges();
        heading(area_, "help.states");
        states();
        return area_.y - top;
    }

private:
    void heading(Rect& area, std::string_view key) {
        const canvas::TextStyle style = theme_.small().strong().in(p_.accent_text);
        canvas_.text(area.take_top(canvas_.line_height(style), 6), context_.tr(key), style);
    }

    float keys(std::string_view title, std::span<const KeyLine> lines, Rect column) {
        const float top = column.y, caps = theme_.size.small * 9;
        heading(column, title);
        for (const KeyLine& line : lines) {
            Rect row = column.take_top(std::round(theme_.size.body * 2));
            Rect place = row.take_left(caps, 8);
            for (std::string_view rest = line.keys; !rest.empty();) {
                const std::size_t end = std::min(rest.find(' '), rest.size());
                cap(place, rest.substr(0, end));
                rest.remove_prefix(std::min(rest.size(), end + 1));
            }
            canvas_.text(row, context_.tr(line.text), theme_.body());
        }
        return column.y - top;
    }

    void cap(Rect& place, std::string_view key) {
        const canvas::TextStyle style = theme_.small().strong().at(canvas::Align::kCenter);
        const float height = std::round(theme_.size.small * 1.8f);
        const float width = std::max(height, std::ceil(canvas_.measure(key, style)) + 14);
        const Rect box{place.x, std::round(place.center().y - height / 2), width, height};
        place.take_left(width, 6);
        canvas_.fill(box, p_.selected, theme_.size.radius_small);
        canvas_.stroke(box, p_.border_strong, 1, theme_.size.radius_small);
        canvas_.text(box, key, style, canvas::Fit::kOverflow);
    }

    void badges() {
        struct Entry {
            std::string_view name, meaning;
            Color ink;
        };
        const Entry entries[] = {{"badge.real", "badge_tip.real", p_.good_text},
                                 {"badge.controlled", "badge_tip.controlled", p_.accent_text},
                                 {"badge.sampled", "badge_tip.sampled", p_.text_dim}};
        const float gap = 24, width = (area_.w - 2 * gap) / 3;
        float tallest = 0;
        Rect row = area_;
        for (const Entry& entry : entries) {
            Rect column = row.take_left(width, gap);
            widgets::capsule(ui_, column.take_top(theme_.size.small * 2, 2), context_.tr(entry.name), entry.ink,
                             canvas::Align::kLeft);
            const float used = column.y - area_.y + canvas_.paragraph(column, context_.tr(entry.meaning), theme_.body());
            tallest = std::max(tallest, used);
        }
        area_.take_top(tallest + 16);
    }

    void states() {
        struct Entry {
            StateLook look;
            std::string_view name, meaning;
        };
        constexpr Entry kEntries[] = {{StateLook::kNew, "state.new", "help.state_new"},
                                      {StateLook::kReady, "state.ready", "help.state_ready"},
                                      {StateLook::kRunning, "state.running", "help.state_running"},
                                      {StateLook::kWaiting, "state.waiting", "help.state_waiting"},
                                      {StateLook::kTerminated, "state.terminated", "help.state_terminated"}};
        const float gap = 16, width = (area_.w - 4 * gap) / 5;
        float tallest = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            Rect column{area_.x + static_cast<float>(i) * (width + gap), area_.y, width, area_.h};
            const float top = column.y;
            draw_state(canvas_, theme_, column.take_top(theme_.size.lane, 6), kEntries[i].look, theme_.thread(1));
            canvas_.text(column.take_top(canvas_.line_height(theme_.body())), context_.tr(kEntries[i].name), theme_.strong());
            column.take_top(canvas_.paragraph(column, context_.tr(kEntries[i].meaning), theme_.dim()));
            tallest = std::max(tallest, column.y - top);
        }
        area_.take_top(tallest);
    }

    panels::Context& context_;
    widgets::Ui& ui_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    const Palette& p_;
    Rect area_;
};

}  // namespace

void draw_help(HelpState& state, panels::Context& context, Commands& commands, Rect whole) {
    if (!state.open) return;
    widgets::Ui& ui = context.ui;
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const float pad = theme.size.pad * 1.5f, head = theme.size.control + 12;
    const DialogCard card(ui, "help", whole, theme.size.body * 64, state.scroll.content_height + head + 2 * pad, 16);
    bool close = ui.key(Key::kEscape);
    close |= card.left();
    Rect inside = card.rect().inset(pad);
    Rect title = inside.take_top(theme.size.control, 12);
    widgets::ButtonSpec spec;
    spec.icon = canvas::Icon::kCross, spec.kind = widgets::ButtonKind::kGhost;
    spec.tip = {context.tr("help.close"), "Esc"};
    close |= widgets::button(ui, "help.close", title.take_right(theme.size.control + 4, 8), spec);
    canvas.text(title, context.tr("help.title"), theme.title());
    widgets::ScrollArea scroll(ui, "help", inside, state.scroll);
    scroll.end(Sheet(context).draw(scroll.content()));
    if (close) commands.app.emplace_back(SetHelp{false});
}

}  // namespace heddle::shell
