#include "app/shell/launch_dialog.h"

#include <algorithm>
#include <cmath>

#include "app/canvas/fonts.h"
#include "app/shell/dialog_card.h"
#include "core/catalog/command_words.h"

namespace heddle::shell {
namespace {

constexpr std::size_t kMostShown = std::size_t{256} << 10;

// Text that can be edited here without changing what a person does not see.
bool can_be_shown(const std::string& input) {
    if (input.size() > kMostShown) return false;
    for (std::size_t at = 0; at < input.size();) {
        const char32_t c = canvas::next_code_point(input, at);
        if (c == 0xfffd || c == 0x7f || (c < 0x20 && c != '\n' && c != '\t')) return false;
    }
    return true;
}

std::size_t lines_of(const std::string& input) {
    const auto ends = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
    return ends + (input.empty() || input.back() == '\n' ? 0 : 1);
}

class LaunchCard {
public:
    LaunchCard(LaunchDialogState& state, widgets::Ui& ui, Commands& commands)
        : state_(state), ui_(ui), commands_(commands), theme_(ui.theme()) {}

    void draw(Rect inside) {
        if (state_.fresh) {
            ui_.set_focus(state_.complaint.empty() ? "launch.input" : "launch.flags");
            state_.fresh = false, ui_.request_frame();
        }
        if (ui_.take_key(Key::kEscape)) return leave();
        if (ui_.take_key(Key::kEnter, true)) return go();
        Rect title = inside.take_top(theme_.size.control, 4);
        widgets::ButtonSpec close;
        close.icon = canvas::Icon::kCross, close.kind = widgets::ButtonKind::kGhost, close.tip = {ui_.tr("help.close"), "Esc"};
        if (widgets::button(ui_, "launch.close", title.take_right(theme_.size.control + 4, 8), close)) leave();
        ui_.canvas().text(title, ui_.tr("own.launch_title"), theme_.title());
        inside.take_top(ui_.canvas().paragraph(inside, ui_.tr("own.launch_note"), theme_.dim()), 16);

        one_line(inside, "arguments", state_.arguments, ui_.tr("own.arguments_hint"), theme_.dim());
        if (state_.compiles && state_.complaint.empty())
            one_line(inside, "flags", state_.flags, ui_.tr("own.flags_hint"), theme_.dim());
        if (state_.compiles && !state_.complaint.empty())
            one_line(inside, "flags", state_.flags, state_.complaint, theme_.small().in(theme_.color.error_text));

        widgets::ButtonSpec run;
        run.text = ui_.tr("own.launch_go"), run.kind = widgets::ButtonKind::kPrimary;
        run.tip = {ui_.tr("own.launch_go_tip"), "Ctrl+Enter"};
        Rect foot = inside.take_bottom(theme_.size.control + 4, 12);
        const bool chosen = widgets::button(ui_, "launch.go", foot.take_right(widgets::button_width(ui_, run)), run);

        heading(inside, "own.input");
        const std::string hint =
            state_.elsewhere.empty() ? ui_.tr("own.input_hint") : ui_.tr("own.input_elsewhere", {{"path", state_.elsewhere}});
        inside.take_bottom(ui_.canvas().paragraph(inside, hint, theme_.dim(), false), 4);
        widgets::text_area(ui_, "launch.input", inside, state_.input, "");
        ui_.canvas().paragraph({inside.x, inside.bottom() + 4, inside.w, 1000}, hint, theme_.dim());
        if (chosen) go();
    }

private:
    void heading(Rect& inside, std::string_view key) {
        ui_.canvas().text(inside.take_top(ui_.canvas().line_height(theme_.strong()), 4), ui_.tr(key), theme_.strong());
    }
    // A field with its name above it and, below, what to write into it or what is wrong with it.
    void one_line(Rect& inside, const std::string& name, widgets::TextFieldState& field, const std::string& below,
                  const canvas::TextStyle& style) {
        heading(inside, "own." + name);
        widgets::text_field(ui_, "launch." + name, inside.take_top(theme_.size.control + 4, 4), field, "");
        inside.take_top(ui_.canvas().paragraph(inside, below, style), 12);
    }
    void leave() { commands_.app.emplace_back(SetLaunchDialog{false}); }
    void go() {
        const std::string& typed = state_.input.edited.text;
        LaunchWith wish{catalog::split_words(state_.arguments.text), {}, catalog::split_words(state_.flags.text)};
        if (typed != state_.given) wish.input = with_last_line_ended(typed);
        commands_.app.emplace_back(std::move(wish));
    }
    // As an editor saves a file: some programs read no line that does not end.
    static std::string with_last_line_ended(std::string text) {
        if (!text.empty() && text.back() != '\n') text += '\n';
        return text;
    }

    LaunchDialogState& state_;
    widgets::Ui& ui_;
    Commands& commands_;
    const Theme& theme_;
};

}  // namespace

LaunchFacts launch_facts(const catalog::OwnProgram& own, const std::optional<std::string>& input) {
    LaunchFacts facts{catalog::joined_words(own.arguments), !own.input.empty(), {}, catalog::joined_words(own.flags)};
    if (input && can_be_shown(*input)) facts.lines = lines_of(*input);
    return facts;
}

LaunchDialogState launch_dialog_of(const catalog::OwnProgram& own, const std::optional<std::string>& input, bool compiles,
                                   std::string complaint) {
    LaunchDialogState state;
    state.open = true;
    state.compiles = compiles, state.complaint = std::move(complaint);
    state.arguments.text = catalog::joined_words(own.arguments);
    state.arguments.caret = state.arguments.text.size();
    state.flags.text = catalog::joined_words(own.flags);
    state.flags.caret = state.flags.text.size();
    if (input && can_be_shown(*input))
        state.given = *input;
    else if (!own.input.empty())
        state.elsewhere = (own.input_name.empty() ? own.input : own.input_name).string();
    state.input.edited.text = state.given;
    return state;
}

void draw_launch_button(const LaunchFacts& facts, widgets::Ui& ui, Commands& commands, Rect row) {
    widgets::ButtonSpec spec;
    const std::string arguments =
        facts.arguments.empty() ? ui.tr("own.arguments_none") : ui.tr("own.arguments_is", {{"text", facts.arguments}});
    const std::string input = !facts.reads  ? ui.tr("own.input_none")
                              : facts.lines ? ui.tr("own.input_is", {{"n", std::to_string(*facts.lines)}})
                                            : ui.tr("own.input_file");
    const char* const key = facts.flags.empty() ? "own.launch_button" : "own.launch_button_flags";
    spec.text = ui.tr(key, {{"arguments", arguments}, {"input", input}, {"flags", facts.flags}});
    spec.tip = {ui.tr("own.launch_tip"), "I"};
    const float width = std::min(widgets::button_width(ui, spec), row.w / 2);
    const float height = ui.theme().size.control;
    Rect place = row.take_right(width);
    place.y += std::round((ui.theme().size.tab - height) / 2), place.h = height;
    if (widgets::button(ui, "launch.open", place, spec)) commands.app.emplace_back(SetLaunchDialog{true});
}

void draw_launch_dialog(LaunchDialogState& state, widgets::Ui& ui, Commands& commands, Rect whole) {
    if (!state.open) return;
    const float em = ui.theme().size.body;
    const DialogCard card(ui, "launch", whole, em * 48, em * 40);
    if (card.left()) commands.app.emplace_back(SetLaunchDialog{false});
    LaunchCard(state, ui, commands).draw(card.rect().inset(ui.theme().size.pad * 1.5F));
}

}  // namespace heddle::shell
