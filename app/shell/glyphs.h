// Glyphs: which characters the pictures need. Dear ImGui's atlas holds only what was asked for, so every text that may be
// drawn is told to it first: the program's own texts, the scenarios', their sources, and what a run brings. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/i18n.h"
#include "app/window/ui_host.h"
#include "core/catalog/catalog.h"
#include "core/model/snapshot.h"

namespace heddle::shell {

class Glyphs {
public:
    Glyphs() : known_(0x10000, false) {}

    // True when it brought a character that was not known; the atlas must then be built anew.
    bool add(std::string_view utf8);
    bool add_texts(const Texts& texts, const catalog::Catalog& catalog);  // in the texts' language
    // Source, names, values and output of a run; cheap when it is the same run as the last time.
    bool add_run(const model::Snapshot& snapshot);

    bool add_words(std::string_view utf8) { return add(utf8); }

    void hand_to(canvas::FontSet& fonts) const { fonts.add_text(all_); }

private:
    std::vector<bool> known_;
    std::string all_;
    std::shared_ptr<const model::SourceFile> source_;
    std::size_t threads_ = 0, output_ = 0, outcomes_ = 0;
    std::size_t sources_ = 0;
    std::string scenario_;  // an own program's is a path
};

}  // namespace heddle::shell
