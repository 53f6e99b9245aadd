#include "core/model/program.h"

namespace heddle::model {

Program::Program(std::string path, std::shared_ptr<const symbols::Image> image, std::uint64_t bias, IsUserSource is_user)
    : path_(std::move(path)), image_(std::move(image)), bias_(bias), is_user_(std::move(is_user)) {}

const Place& Program::place(std::uint64_t pc) const {
    const auto known = places_.find(pc);
    if (known != places_.end()) return known->second;
    Place place;
    if (const auto line = image_->lookup_line(pc - bias_, symbols::PcKind::kReturnAddress)) {
        place.file = line->file;
        place.line = static_cast<int>(line->line);
        place.function = line->function;
        place.user = line->file && line->line > 0 && (is_user_ ? is_user_(line->file->path) : line->is_user_code);
    } else {
        place.function = image_->lookup_function(pc - bias_, symbols::PcKind::kReturnAddress);
    }
    return places_.emplace(pc, place).first->second;
}

const Place* Program::user_place(std::uint64_t pc, const CallStack& stack) const {
    if (const Place& own = place(pc); pc != 0 && own.user) return &own;
    for (std::size_t i = stack.size(); i-- > 0;) {
        if (stack[i].call_site == 0) continue;
        if (const Place& caller = place(stack[i].call_site); caller.user) return &caller;
    }
    return nullptr;
}

const symbols::AllocationSite* Program::allocation_site(std::span<const std::uint64_t> sites) const {
    std::vector<std::uint64_t> key(sites.begin(), sites.end());
    auto known = allocation_sites_.find(key);
    if (known == allocation_sites_.end()) {
        std::vector<std::uint64_t> image_sites;
        bool user = false;
        for (const std::uint64_t site : sites) {
            if (site == 0) continue;
            user |= place(site).user;
            image_sites.push_back(site - bias_);
        }
        std::optional<symbols::AllocationSite> found;
        if (user) found = image_->allocation_site(image_sites);
        known = allocation_sites_.emplace(std::move(key), std::move(found)).first;
    }
    return known->second ? &*known->second : nullptr;
}

void Programs::learn(const ProcessWorld& process) {
    if (!process.mappings || programs_.contains(process.program)) return;
    const std::string& path = process.mappings->executable;
    if (path.empty()) return;
    const trace::MappingSample* lowest = nullptr;
    for (const trace::MappingSample& mapping : process.mappings->mappings) {
        if (mapping.path != path) continue;
        lowest = &mapping;
        break;
    }
    if (!lowest) return;
    const auto& image = image_at(path);
    std::shared_ptr<const Program> program;
    if (image) {
        if (const auto bias = image->load_bias(lowest->start, lowest->offset))
            program = std::make_shared<const Program>(path, image, *bias, is_user_);
    }
    programs_.emplace(process.program, std::move(program));
}

void Programs::learn_first(ProgramId id, std::uint64_t entry) {
    constexpr std::uint64_t kPage = 4096;  // an image is moved by whole ones
    if (entry == 0 || path_.empty() || programs_.contains(id)) return;
    const auto& image = image_at(path_);
    if (!image || (entry - image->entry()) % kPage != 0) return;
    programs_.emplace(id, std::make_shared<const Program>(path_, image, entry - image->entry(), is_user_));
}

const std::shared_ptr<const symbols::Image>& Programs::image_at(const std::string& path) {
    auto known = images_.find(path);
    if (known == images_.end()) known = images_.emplace(path, loader_ ? loader_(path) : nullptr).first;
    return known->second;
}

const Program* Programs::find(ProgramId id) const {
    const auto found = programs_.find(id);
    return found == programs_.end() ? nullptr : found->second.get();
}

}  // namespace heddle::model
