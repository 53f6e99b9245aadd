#include "app/shell/open_dialog.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/shell/dialog_card.h"
#include "core/catalog/own_program.h"

namespace heddle::shell {
namespace {

std::string_view kind_key(FolderEntry::Kind kind) {
    switch (kind) {
        case FolderEntry::Kind::kFolder:
            return "own.folder";
        case FolderEntry::Kind::kSource:
            return "own.source";
        case FolderEntry::Kind::kProgram:
            return "own.built";
        case FolderEntry::Kind::kSavedRun:
            return "own.saved_run";
    }
    return "";
}

std::string typed_name(const std::string& typed) {
    const std::size_t slash = typed.rfind('/');
    return typed == "~" ? std::string() : slash == std::string::npos ? typed : typed.substr(slash + 1);
}

class OpenCard {
public:
    OpenCard(const FolderList& folder, const std::vector<std::string>& recent, OpenDialogState& state, panels::Context& context,
             Commands& commands)
        : folder_(folder),
          recent_(recent),
          state_(state),
          context_(context),
          commands_(commands),
          ui_(context.ui),
          canvas_(context.canvas()),
          theme_(context.theme()) {
        const std::string name = typed_name(state.path.text);
        for (const FolderEntry& entry : folder.entries)
            if (entry.name.starts_with(name)) listed_.push_back(&entry);
        state.selected = std::clamp(state.selected, -1, static_cast<int>(listed_.size()) - 1);
    }

    void draw(Rect card) {
        Rect inside = card.inset(theme_.size.pad * 1.5f);
        Rect title = inside.take_top(theme_.size.control, 4);
        widgets::ButtonSpec close;
        close.icon = canvas::Icon::kCross, close.kind = widgets::ButtonKind::kGhost;
        close.tip = {context_.tr("help.close"), "Esc"};
        if (widgets::button(ui_, "open.close", title.take_right(theme_.size.control + 4, 8), close)) leave();
        canvas_.text(title, context_.tr("own.open_title"), theme_.title());
        inside.take_top(canvas_.paragraph(inside, context_.tr("own.open_note"), theme_.dim()), 12);
        handle_keys();
        Rect field = inside.take_top(theme_.size.control + 4, 12);
        widgets::ButtonSpec open;
        open.text = context_.tr("own.open_button"), open.kind = widgets::ButtonKind::kPrimary;
        open.tip = {context_.tr("own.open_tip"), "Enter"};
        const float width = widgets::button_width(ui_, open);
        if (widgets::button(ui_, "open.go", field.take_right(width, 8), open)) go();
        if (widgets::text_field(ui_, "open.path", field, state_.path, context_.tr("own.path"))) state_.selected = -1;
        if (folder_.sources > 0 && folder_.problem.empty()) whole_folder(inside.take_bottom(theme_.size.control, 12));
        if (!recent_.empty()) recent(inside.take_right(std::round(inside.w * 0.4f), 24));
        list(inside);
    }

private:
    void leave() { commands_.app.emplace_back(SetOpenDialog{false}); }
    // Who hears that it cannot be opened mends the path here.
    void open(std::vector<std::string> paths) { commands_.app.emplace_back(OpenPaths{std::move(paths)}); }

    void type(std::string path) {
        state_.path.text = std::move(path);
        state_.path.caret = state_.path.text.size();
        state_.path.all_selected = false;
        state_.selected = -1;
        ui_.request_frame();
    }

    void take(const FolderEntry& entry) {
        const std::string path = folder_.folder + entry.name;
        if (entry.kind == FolderEntry::Kind::kFolder)
            type(path + "/");
        else
            open({path});
    }

    // What Enter does: the selected entry, else what is typed.
    void go() {
        if (state_.selected >= 0) return take(*listed_[static_cast<std::size_t>(state_.selected)]);
        const std::string typed = absolute_path(state_.path.text);
        const std::string name = typed_name(state_.path.text);
        for (const FolderEntry* const entry : listed_)
            if (entry->name == name && !name.empty()) return take(*entry);
        if (listed_.size() == 1 && !name.empty()) return take(*listed_.front());
        if (!state_.path.text.empty()) open({typed});
    }

    // As a shell does: as much as all that begin so have in common.
    void complete() {
        if (state_.selected >= 0) {
            const FolderEntry& entry = *listed_[static_cast<std::size_t>(state_.selected)];
            return type(folder_.folder + entry.name + (entry.kind == FolderEntry::Kind::kFolder ? "/" : ""));
        }
        if (listed_.empty()) return;
        std::string common = listed_.front()->name;
        for (const FolderEntry* const entry : listed_) {
            const auto [mine, theirs] = std::mismatch(common.begin(), common.end(), entry->name.begin(), entry->name.end());
            common.erase(mine, common.end());
            (void)theirs;
        }
        const bool whole = listed_.size() == 1 && listed_.front()->kind == FolderEntry::Kind::kFolder;
        type(folder_.folder + common + (whole ? "/" : ""));
    }

    void handle_keys() {
        if (state_.fresh) ui_.set_focus("open.path"), state_.fresh = false, ui_.request_frame();
        if (ui_.take_key(Key::kEscape)) return leave();
        if (ui_.state().focus != "open.path") return;
        const int last = static_cast<int>(listed_.size()) - 1;
        while (ui_.take_key(Key::kDown)) state_.selected = std::min(state_.selected + 1, last);
        while (ui_.take_key(Key::kUp)) state_.selected = std::max(state_.selected - 1, -1);
        const bool at_end = state_.path.caret >= state_.path.text.size();
        while (at_end && ui_.take_key(Key::kRight)) complete();
        if (ui_.take_key(Key::kEnter)) go();
    }

    void list(Rect area) {
        area.take_top(widgets::section(ui_, area, folder_.folder) + 4);
        if (!folder_.problem.empty() || listed_.empty()) {
            const std::string text =
                folder_.problem.empty()
                    ? context_.tr("own.nothing_here")
                    : context_.tr("own.unreadable", {{"reason", reason_text(context_.ui.texts(), folder_.problem)}});
            canvas_.paragraph(area, text, theme_.dim());
            return;
        }
        const float row = theme_.size.row;
        if (state_.selected >= 0)
            widgets::scroll_to(state_.list, area.h, static_cast<float>(state_.selected) * row,
                               static_cast<float>(state_.selected + 1) * row);
        widgets::ScrollArea scroll(ui_, "open.list", area, state_.list);
        Rect rows = scroll.content();
        for (std::size_t i = 0; i < listed_.size(); ++i) {
            const Rect place = rows.take_top(row);
            if (place.bottom() >= area.y && place.y <= area.bottom()) entry(*listed_[i], static_cast<int>(i), place);
        }
        scroll.end(static_cast<float>(listed_.size()) * row);
    }

    void entry(const FolderEntry& entry, int index, Rect place) {
        const std::string id = "open.entry." + std::to_string(index);
        const widgets::Response response = ui_.interact(id, place);
        const bool selected = index == state_.selected;
        if (selected || response.hovered)
            canvas_.fill(place, selected ? theme_.color.selected : theme_.color.hover, theme_.size.radius);
        ui_.focus_ring(id, place.inset(2), theme_.size.radius);
        Rect inside = place.inset(10, 0);
        const std::string kind = context_.tr(kind_key(entry.kind));
        canvas_.text(inside.take_right(canvas_.measure(kind, theme_.dim()) + 1, 12), kind, theme_.dim());
        const bool folder = entry.kind == FolderEntry::Kind::kFolder;
        const Rect icon = inside.take_left(theme_.size.icon, 8);
        if (folder)
            canvas::draw_icon(canvas_, canvas::Icon::kFolder, icon.center(), theme_.size.icon * 0.9f, theme_.color.text_dim);
        canvas_.text(inside, entry.name + (folder ? "/" : ""), theme_.body());
        if (response.clicked) take(entry);
    }

    void whole_folder(Rect row) {
        widgets::ButtonSpec spec;
        spec.icon = canvas::Icon::kFolder;
        spec.text = context_.tr("own.whole_folder", {{"n", std::to_string(folder_.sources)}});
        spec.tip = {context_.tr("own.whole_folder_tip"), ""};
        const Rect place = row.take_left(std::min(row.w, widgets::button_width(ui_, spec)));
        if (widgets::button(ui_, "open.folder", place, spec)) open({folder_.folder});
    }

    void recent(Rect area) {
        area.take_top(widgets::section(ui_, area, context_.tr("own.recent")) + 4);
        const float row = theme_.size.row + 12;
        widgets::ScrollArea scroll(ui_, "open.recent", area, state_.recent);
        Rect rows = scroll.content();
        for (std::size_t i = 0; i < recent_.size(); ++i) {
            const Rect place = rows.take_top(row, 2);
            const std::string id = "open.recent." + std::to_string(i);
            const widgets::Response response = ui_.interact(id, place);
            if (response.hovered) canvas_.fill(place, theme_.color.hover, theme_.size.radius);
            ui_.focus_ring(id, place.inset(2), theme_.size.radius);
            const std::vector<std::string> targets = catalog::targets_of_id(recent_[i]);
            Rect lines = place.inset(10, 4);
            const std::filesystem::path first = targets.front();
            std::string name = first.filename().string();
            if (targets.size() > 1) name += " + " + std::to_string(targets.size() - 1);
            canvas_.text(lines.take_top(lines.h / 2), name, theme_.strong());
            panels::draw_middle_elided(context_, lines, first.parent_path().string(), theme_.dim());
            if (response.clicked) open(targets);
        }
        scroll.end(static_cast<float>(recent_.size()) * (row + 2));
    }

    const FolderList& folder_;
    const std::vector<std::string>& recent_;
    OpenDialogState& state_;
    panels::Context& context_;
    Commands& commands_;
    widgets::Ui& ui_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    std::vector<const FolderEntry*> listed_;
};

}  // namespace

std::string wanted_folder(const OpenDialogState& state) {
    const std::string path = absolute_path(state.path.text);
    if (state.path.text == "~") return path + "/";
    return path.substr(0, path.rfind('/') + 1);
}

void draw_open_dialog(const FolderList& folder, const std::vector<std::string>& recent, OpenDialogState& state,
                      panels::Context& context, Commands& commands, Rect whole) {
    if (!state.open) return;
    const float em = context.theme().size.body;
    const DialogCard card(context.ui, "open", whole, em * 60, em * 40);
    if (card.left()) commands.app.emplace_back(SetOpenDialog{false});
    OpenCard(folder, recent, state, context, commands).draw(card.rect());
}

}  // namespace heddle::shell
