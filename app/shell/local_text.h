// The catalog's texts in the language that the window shows. Main thread; pure.
#pragma once

#include "app/widgets/ui.h"
#include "core/catalog/scenario.h"

namespace heddle::shell {

inline Language language_of(const widgets::Ui& ui) {
    return ui.texts().language();
}
inline const std::string& in_language(const catalog::LocalText& text, const widgets::Ui& ui) {
    return text.in(language_of(ui));
}

}  // namespace heddle::shell
