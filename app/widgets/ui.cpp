#include "app/widgets/ui.h"

#include <algorithm>
#include <cmath>

namespace heddle::widgets {
namespace {

constexpr double kTipDelay = 0.45;

float eased(double t) {
    const double u = 1 - std::clamp(t, 0.0, 1.0);
    return static_cast<float>(1 - u * u * u);
}

}  // namespace

Ui::Ui(UiState& state, canvas::Canvas& canvas, const Theme& theme, const Texts& texts, const Input& input, double now)
    : state_(state),
      canvas_(canvas),
      theme_(theme),
      texts_(texts),
      input_(input),
      now_(now),
      used_keys_(input.keys.size(), false) {
    ++state_.frame;
    for (const UiState::Spot& spot : state_.spots) top_layer_ = std::max(top_layer_, spot.layer);
    find_hot();
    if (input_.pressed) {
        state_.active = state_.hot;
        state_.tip_done = true;
        state_.focus_visible = false;
        // A click elsewhere takes the focus away; the widget that is clicked takes it in interact.
        state_.focus.clear();
    }
    move_focus();
}

// The topmost widget of the last frame under the pointer: overlapping widgets never both react, and the answer is known
// before anything is drawn.
void Ui::find_hot() {
    std::string found;
    int layer = top_layer_;
    for (const UiState::Spot& spot : state_.spots)
        if (spot.layer >= layer && spot.rect.contains(input_.pointer)) found = spot.id, layer = spot.layer;
    if (found != state_.hot) state_.hot = found, state_.hot_since = now_, state_.tip_done = false;
}

void Ui::move_focus() {
    for (std::size_t i = 0; i < input_.keys.size(); ++i) {
        if (input_.keys[i].key != Key::kTab || input_.keys[i].ctrl) continue;
        used_keys_[i] = true;
        std::vector<const UiState::Spot*> stops;
        for (const UiState::Spot& spot : state_.spots)
            if (spot.tab_stop && spot.layer == top_layer_) stops.push_back(&spot);
        if (stops.empty()) return;
        const auto here = std::find_if(stops.begin(), stops.end(), [&](const auto* s) { return s->id == state_.focus; });
        const std::size_t count = stops.size(), at = static_cast<std::size_t>(here - stops.begin());
        const std::size_t next = here == stops.end() ? (input_.keys[i].shift ? count - 1 : 0)
                                                     : (input_.keys[i].shift ? at + count - 1 : at + 1) % count;
        set_focus(stops[next]->id);
    }
}

bool Ui::take_key(Key key, bool ctrl) {
    for (std::size_t i = 0; i < input_.keys.size(); ++i) {
        if (used_keys_[i] || input_.keys[i].key != key || input_.keys[i].ctrl != ctrl || input_.keys[i].alt) continue;
        used_keys_[i] = true;
        return true;
    }
    return false;
}

bool Ui::key(Key key, bool ctrl) {
    return (!typing_ || ctrl) && take_key(key, ctrl);
}

Response Ui::interact(std::string_view id, Rect rect, bool tab_stop) {
    canvas_.tag(id, rect);
    const Rect seen = rect.intersect(canvas_.clip());
    // A stop that is scrolled out of sight keeps its place in the Tab order; an empty one has none.
    if (!rect.empty()) spots_.push_back({std::string(id), seen, layer_, tab_stop});
    Response r;
    r.hovered = state_.hot == id && (state_.active.empty() || state_.active == id);
    r.held = state_.active == id;
    if (r.held && input_.pressed && tab_stop) state_.focus = id;
    r.focused = state_.focus == id;
    r.dragged = r.held && (input_.down || input_.released);
    r.drag = input_.pointer;
    r.clicked = r.held && input_.released && seen.contains(input_.pointer);
    r.double_clicked = r.hovered && input_.double_click;
    if (r.focused && !typing_ && layer_ >= top_layer_ &&
        (take_key(Key::kEnter) || (state_.focus_visible && take_key(Key::kSpace))))
        r.clicked = true;
    return r;
}

float Ui::ease(std::string_view id, float target, double seconds) {
    auto found = state_.eases.find(id);
    if (found == state_.eases.end()) {
        state_.eases.emplace(std::string(id), UiState::Ease{target, target, target, now_, state_.frame});
        return target;
    }
    UiState::Ease& e = found->second;
    e.frame = state_.frame;
    if (e.to != target) e.from = e.value, e.to = target, e.started = now_;
    const double t = theme_.reduce_motion ? 1 : (now_ - e.started) / std::min(seconds, 0.25);
    e.value = t >= 1 ? e.to : e.from + (e.to - e.from) * eased(t);
    if (t < 1) request_frame();
    return e.value;
}

void Ui::request_frame(double in_seconds) {
    wake_ = std::min(wake_.value_or(1e9), std::max(0.0, in_seconds));
}

void Ui::focus_ring(std::string_view id, Rect rect, float radius) {
    if (state_.focus != id || !state_.focus_visible) return;
    canvas_.stroke(rect.inset(-3), theme_.color.focus, 2, radius + 3);
}

void Ui::tooltip(std::string_view id, Rect rect, const Tip& tip) {
    const bool by_keyboard = state_.focus == id && state_.focus_visible;
    if ((state_.hot != id && !by_keyboard) || (tip.text.empty() && tip.key.empty()) || !state_.active.empty()) return;
    if (!by_keyboard && state_.tip_done) return;
    const double rested = now_ - state_.hot_since;
    if (!by_keyboard && rested < kTipDelay) return request_frame(kTipDelay - rested);
    tip_ = {rect, tip};
}

void Ui::finish() {
    if (tip_) {
        const canvas::TextStyle text = theme_.small(), key_text = theme_.code_small();
        const float text_w = std::min(canvas_.measure(tip_->tip.text, text), 360.f);
        const float key_w = tip_->tip.key.empty() ? 0 : canvas_.measure(tip_->tip.key, key_text) + 12;
        const float text_h = canvas_.paragraph({0, 0, text_w + 1, 0}, tip_->tip.text, text, false);
        const Rect page = canvas_.clip();
        Rect box{tip_->rect.center().x - (text_w + key_w) / 2 - 14, tip_->rect.bottom() + 8,
                 text_w + key_w + 24 + (key_w > 0 ? 8 : 0), text_h + 14};
        if (box.bottom() > page.bottom() - 4) box.y = tip_->rect.y - box.h - 8;
        box.x = std::max(page.x + 8, std::min(box.x, page.right() - box.w - 8));
        canvas_.shadow(box, theme_.size.radius, theme_.color.shadow);
        canvas_.fill(box, theme_.color.raised, theme_.size.radius);
        canvas_.stroke(box, theme_.color.border_strong, 1, theme_.size.radius);
        canvas_.paragraph({box.x + 12, box.y + 7, text_w + 1, text_h}, tip_->tip.text, text);
        if (key_w > 0) {
            const Rect cap{box.right() - 12 - key_w, box.y + 5, key_w, box.h - 10};
            canvas_.fill(cap, theme_.color.selected, theme_.size.radius_small);
            canvas_.text(cap, tip_->tip.key, key_text.at(canvas::Align::kCenter), canvas::Fit::kOverflow);
        }
        canvas_.tag("tooltip", box);
    }
    state_.spots = std::move(spots_);
    if (input_.released || !input_.down) state_.active.clear();
    // A layer that opened or closed changes what the pointer hits: look again.
    int top = 0;
    for (const UiState::Spot& spot : state_.spots) top = std::max(top, spot.layer);
    if (top != top_layer_) request_frame();
    std::erase_if(state_.eases, [&](const auto& entry) { return entry.second.frame + 240 < state_.frame; });
}

std::string sub_id(std::string_view id, std::string_view part) {
    return std::string(id).append(".").append(part);
}

}  // namespace heddle::widgets
