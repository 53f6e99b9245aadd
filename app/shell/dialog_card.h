// The card that a dialog lies on, in the middle of the window: everything behind it is dimmed and takes no clicks. For the
// thread that draws.
#pragma once

#include <string>

#include "app/widgets/ui.h"

namespace heddle::shell {

class DialogCard {
public:
    // id: of the dialog, "open"; width, height: where there is room for them, with the margin around.
    DialogCard(widgets::Ui& ui, const std::string& id, Rect whole, float width, float height, float margin = 32);
    ~DialogCard();
    DialogCard(const DialogCard&) = delete;
    DialogCard& operator=(const DialogCard&) = delete;

    bool left() const { return left_; }  // by a click beside it
    Rect rect() const { return rect_; }

private:
    widgets::Ui& ui_;
    bool left_;
    Rect rect_;
};

}  // namespace heddle::shell
