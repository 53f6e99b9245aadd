#include "app/shell/glyphs.h"

#include <fstream>
#include <sstream>

#include "core/model/exploration.h"

namespace heddle::shell {
namespace {

std::string read_source(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

bool Glyphs::add(std::string_view utf8) {
    bool grew = false;
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t from = at;
        const char32_t c = canvas::next_code_point(utf8, at);
        if (c < 0x100 || c >= known_.size() || known_[c]) continue;  // Latin is always there
        known_[c] = true, grew = true;
        all_.append(utf8.substr(from, at - from));
    }
    return grew;
}

bool Glyphs::add_texts(const Texts& texts, const catalog::Catalog& catalog) {
    bool grew = add(texts.all(texts.language()));
    grew |= add("한국어 가");
    const Language language = texts.language();
    const auto local = [&](const catalog::LocalText& text) { grew |= add(text.in(language)); };
    for (const catalog::Chapter& chapter : catalog.chapters()) local(chapter.title);
    for (const catalog::Scenario& scenario : catalog.scenarios()) {
        local(scenario.title), local(scenario.summary), local(scenario.lesson);
        for (const catalog::Variant& variant : scenario.variants)
            local(variant.title), grew |= add(read_source(variant.source));
        for (const catalog::Parameter& parameter : scenario.parameters) local(parameter.title);
        for (const catalog::Claim& claim : scenario.claims) local(claim.text);
        if (!scenario.predict) continue;
        local(scenario.predict->question), local(scenario.predict->explanation);
        for (const catalog::Answer& answer : scenario.predict->answers) local(answer.text);
    }
    return grew;
}

bool Glyphs::add_run(const model::Snapshot& snapshot) {
    bool grew = false;
    if (snapshot.code.source && snapshot.code.source != source_) {
        source_ = snapshot.code.source;
        grew |= add(source_->text);
    }
    if (snapshot.run.scenario != scenario_) grew |= add(scenario_ = snapshot.run.scenario);
    if (snapshot.threads.size() != threads_) {
        threads_ = snapshot.threads.size();
        for (const model::ThreadView& thread : snapshot.threads) grew |= add(thread.name);
    }
    if (snapshot.output.size() + snapshot.errors.size() != output_) {
        output_ = snapshot.output.size() + snapshot.errors.size();
        grew |= add(snapshot.output), grew |= add(snapshot.errors);
    }
    if (snapshot.exploration && snapshot.exploration->outcomes.size() != outcomes_) {
        outcomes_ = snapshot.exploration->outcomes.size();
        for (const model::FoundOutcome& outcome : snapshot.exploration->outcomes) grew |= add(outcome.value);
    }
    if (!snapshot.failure.empty()) grew |= add(snapshot.failure);
    if (snapshot.code.sources.size() != sources_ || !snapshot.build_messages.empty()) {
        sources_ = snapshot.code.sources.size();
        for (const auto& source : snapshot.code.sources) grew |= add(source->path), grew |= add(source->text);
        for (const model::BuildMessage& message : snapshot.build_messages) grew |= add(message.text);
    }
    return grew;
}

}  // namespace heddle::shell
