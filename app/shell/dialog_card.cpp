#include "app/shell/dialog_card.h"

#include <algorithm>
#include <cmath>

namespace heddle::shell {

DialogCard::DialogCard(widgets::Ui& ui, const std::string& id, Rect whole, float width, float height, float margin) : ui_(ui) {
    canvas::Canvas& canvas = ui.canvas();
    const Theme& theme = ui.theme();
    ui.push_layer();
    left_ = ui.interact(id + ".outside", whole, false).clicked;
    canvas.fill(whole, theme.color.scrim);
    width = std::min(whole.w - 2 * margin, width), height = std::min(whole.h - 2 * margin, height);
    rect_ = {std::round(whole.center().x - width / 2), std::round(whole.center().y - height / 2), width, height};
    ui.interact(id + ".card", rect_, false);  // a click on it closes nothing
    canvas.shadow(rect_, theme.size.radius + 4, theme.color.shadow, 24);
    canvas.fill(rect_, theme.color.panel, theme.size.radius + 4);
    canvas.stroke(rect_, theme.color.border_strong, 1, theme.size.radius + 4);
}

DialogCard::~DialogCard() {
    ui_.pop_layer();
}

}  // namespace heddle::shell
