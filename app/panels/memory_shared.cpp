#include "app/panels/memory_shared.h"

#include <algorithm>

#include "app/layout/units.h"
#include "core/model/access_value.h"
#include "core/model/naming.h"

namespace heddle::panels {
namespace {

constexpr std::size_t kMostVariables = 4, kMostThreads = 16, kMostLocals = 4;

const model::FrameView* user_frame(const model::ThreadView& thread) {
    for (auto frame = thread.stack.rbegin(); frame != thread.stack.rend(); ++frame) {
        if (frame->user_code) return &*frame;
    }
    return nullptr;
}

// The process whose variables the threads race on: the one that runs the thread that acts, else the first with shared
// variables.
const model::ProcessView* shown_process(const model::Snapshot& snapshot) {
    if (const model::ThreadView* actor = snapshot.thread(acting_thread(snapshot))) {
        const model::ProcessView* process = snapshot.process(actor->process);
        if (process && !layout::shared_variables(*process, 1).empty()) return process;
    }
    for (const model::ProcessView& process : snapshot.processes) {
        if (!layout::shared_variables(process, 1).empty()) return &process;
    }
    return snapshot.processes.empty() ? nullptr : &snapshot.processes.front();
}

class SharedMemoryFrame {
public:
    SharedMemoryFrame(const model::Snapshot& snapshot, const model::ProcessView& process, Context& context, Rect area,
                      float lit, std::size_t& rows)
        : snapshot_(snapshot), context_(context), lit_(lit), variables_(layout::shared_variables(process, kMostVariables)) {
        for (const model::Number number : process.threads) {
            const model::ThreadView* thread = snapshot.thread(number);
            if (thread && threads_.size() < kMostThreads) threads_.push_back(thread);
        }
        // The main thread only waits for the others in most races: its card comes last.
        if (threads_.size() > 2) {
            std::stable_partition(threads_.begin(), threads_.end(),
                                  [](const model::ThreadView* thread) { return !thread->main; });
        }
        for (const model::ThreadView* thread : threads_) {
            if (const model::FrameView* frame = user_frame(*thread))
                rows = std::max(rows, 1 + std::min(frame->variables.size(), kMostLocals));
        }
        const float line = context.theme().size.small * 1.4f;
        accesses_ = layout::last_accesses(snapshot.log, snapshot.playhead, threads_, variables_);
        layout_ = layout::shared_layout(area, variables_.size(), threads_.size(), rows, line);
    }

    float draw() {
        draw_band();
        for (std::size_t i = 0; i < threads_.size(); ++i) draw_card(i);
        for (std::size_t i = 0; i < threads_.size(); ++i) draw_access(i);
        return layout_.height;
    }

    SharedSight sight() const {
        SharedSight sight;
        if (!layout_.variables.empty()) sight.band = layout_.band, sight.variable = layout_.variables.front();
        for (std::size_t i = 0; i < threads_.size() && i < layout_.cards.size(); ++i)
            if (threads_[i]->number == acting_thread(snapshot_)) sight.actor = layout_.cards[i].box;
        return sight;
    }

private:
    void draw_band() {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        canvas.fill(layout_.band, theme.color.raised, theme.size.radius);
        canvas.stroke(layout_.band, theme.color.border, 1, theme.size.radius);
        Rect caption = layout_.caption;
        if (!variables_.empty() && !caption.empty()) {
            const std::string address = layout::address_text(variables_.front().region->start);
            const float width = canvas.measure(address, theme.code_dim()) + 1;
            canvas.text(caption.take_right(width, 8), address, theme.code_dim());
            const bool bss = variables_.front().region->kind == model::RegionKind::kBss;
            canvas.text(caption, context_.tr(bss ? "memory.shared_bss" : "memory.shared_data"), theme.dim());
        }
        for (std::size_t i = 0; i < variables_.size(); ++i) draw_variable(*variables_[i].variable, layout_.variables[i], i);
    }

    void draw_variable(const model::VariableView& variable, Rect box, std::size_t index) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const bool lit = variable.changed && variable.writer != model::kNobody;
        const ThreadLook& look = theme.thread(variable.writer);
        canvas.fill(box, lit ? mix(look.tint, look.fill, lit_ * 0.35f) : theme.color.sunken, theme.size.radius);
        canvas.stroke(box, lit ? look.fill : theme.color.border_strong, lit ? 2.5f + lit_ : 1.5f, theme.size.radius);
        const std::string id = "memory.shared." + std::to_string(index);
        context_.ui.interact(id, box, false);
        context_.ui.tooltip(id, box, {variable_tip(context_, variable), ""});
        Rect inner = box.inset(theme.size.pad_small + 2, 4);
        Rect top = inner.take_top(theme.size.small * 1.6f);
        const float type_width = canvas.measure(variable.type, theme.code_dim()) + 1;
        const float name_width = canvas.measure(variable.name, theme.code_small()) + 1;
        if (type_width + name_width + 8 < top.w) canvas.text(top.take_right(type_width, 8), variable.type, theme.code_dim());
        canvas.text(top, variable.name, theme.code_small());
        const float most = variable.words.empty() ? theme.size.title : theme.size.body;  // words are no numerals
        canvas::TextStyle value = theme.code().sized(most).strong().at(canvas::Align::kCenter);
        const std::string text = panels::value_text(context_, variable);
        if (canvas.line_height(value) > inner.h) value.size = std::min(value.size, theme.size.large);
        for (const float smaller : {theme.size.body, theme.size.small})
            if (canvas.measure(text, value) > inner.w) value.size = smaller;
        if (lit) value.color = look.text;
        canvas.text(inner, text, value);
    }

    std::string access_text(const layout::LastAccess& access) const {
        return context_.tr(access.writes ? "memory.wrote" : "memory.read", {{"value", value_text(access)}});
    }

    void draw_card(std::size_t index) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const model::ThreadView& thread = *threads_[index];
        const layout::SharedCard& card = layout_.cards[index];
        const bool acts = acting_thread(snapshot_) == thread.number;
        canvas.fill(card.box, theme.color.raised, theme.size.radius);
        canvas.stroke(card.box, acts ? theme.thread(thread.number).fill : theme.color.border, acts ? 2 : 1, theme.size.radius);
        canvas.tag("memory.card." + std::to_string(thread.number), card.box);
        Rect header = card.header;
        header.take_left(draw_thread_name(canvas, theme, header, thread.number, thread_short(thread.number)) + 8);
        const std::string state = state_text(context_, thread.state);
        if (canvas.measure(state, theme.dim()) < header.w) canvas.text(header, state, theme.dim().at(canvas::Align::kRight));
        std::size_t row = 0;
        if (accesses_[index] && !card.rows.empty()) draw_last(card.rows[row++], *accesses_[index], thread.number);
        if (const model::FrameView* frame = user_frame(thread)) {
            for (const model::VariableView& local : frame->variables) {
                if (row >= card.rows.size()) break;
                draw_line(card.rows[row++], local.name, panels::value_text(context_, local),
                          local.changed ? thread.number : model::kNobody, local.changed);
            }
        }
        if (thread.line <= 0 || card.place.empty()) return;
        const std::string place = std::string(file_name(thread.file)) + ":" + std::to_string(thread.line);
        draw_middle_elided(context_, card.place, context_.tr("memory.pc", {{"place", place}}), theme.dim());
    }

    std::string last_text(const layout::LastAccess& access) const {
        const std::string& name = variables_[access.variable].variable->name;
        return context_.tr(access.writes ? "memory.value_written" : "memory.value_read", {{"name", name}});
    }
    // A pointer as its variable shows it; what lies in an object of the library's may be one.
    std::string value_text(const layout::LastAccess& access) const {
        const std::string& type = variables_[access.variable].variable->type;
        if (type.ends_with('*')) return model::hex_text(access.value);
        if (type.find("::") != std::string::npos) return model::raw_value(access.value, sizeof access.value);
        return std::to_string(static_cast<std::int64_t>(access.value));
    }
    bool is_now(const layout::LastAccess& access) const { return access.event + 1 == snapshot_.playhead; }

    // "wrote counter", and at the right its value; where the card is too narrow for both, "wrote 7".
    void draw_last(Rect box, const layout::LastAccess& access, model::Number thread) {
        const Theme& theme = context_.theme();
        std::string name = last_text(access), value = value_text(access);
        const float wanted =
            context_.canvas().measure(name, theme.small()) + context_.canvas().measure(value, theme.code_small().strong()) + 12;
        if (wanted > box.w) name = access_text(access), value.clear();
        draw_line(box, name, value, thread, is_now(access), false);
    }

    void draw_line(Rect box, std::string_view name, std::string_view value, model::Number thread, bool strong,
                   bool code = true) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        canvas::TextStyle style = theme.code_small();
        if (strong) style = style.strong();
        if (thread != model::kNobody) style.color = theme.thread(thread).text;
        const float width = std::min(box.w * 0.6f, canvas.measure(value, style) + 1);
        canvas.text(box.take_right(width, 8), value, style.at(canvas::Align::kRight));
        canvas.text(box, name, code ? theme.code_small() : theme.small());
    }

    void draw_access(std::size_t index) {
        if (!accesses_[index] || layout_.cards[index].box.y != layout_.cards.front().box.y) return;
        canvas::Canvas& canvas = context_.canvas();
        // In a low panel, where the card is below what is seen, an arrow would lead nowhere.
        if (layout_.cards[index].header.bottom() > canvas.clip().bottom() + 1) return;
        const Theme& theme = context_.theme();
        const layout::LastAccess& access = *accesses_[index];
        const Rect variable = layout_.variables[access.variable], card = layout_.cards[index].box;
        const layout::AccessCurve curve = layout::access_curve(variable, card, index, threads_.size());
        const bool now = is_now(access);
        const Color color = now ? theme.thread(threads_[index]->number).fill : theme.color.text_dim;
        const canvas::ArrowStyle style{color, now ? 2.5f : 1.25f, (now ? 10 : 8) * context_.scale(), false};
        if (access.writes)
            canvas.bezier(curve.card, curve.card_control, curve.variable_control, curve.variable, style);
        else
            canvas.bezier(curve.variable, curve.variable_control, curve.card_control, curve.card, style);
        const canvas::TextStyle text =
            now ? theme.small().strong().in(theme.thread(threads_[index]->number).text) : theme.dim();
        // Beside the arrow and over its own card, so that no two meet; the arrow says which way it went, the card has it whole.
        std::string label = access_text(access);
        if (canvas.measure(label, text) + 8 > card.w / 2) label = value_text(access);
        if (canvas.measure(label, text) + 8 > card.w / 2) return;
        const float width = canvas.measure(label, text) + 8, height = theme.size.small * 1.5f;
        const bool right = curve.card.x >= variable.center().x;
        const float x = right ? curve.card.x + 8 : curve.card.x - 8 - width;
        const Rect box{std::clamp(x, layout_.band.x, std::max(layout_.band.x, layout_.band.right() - width)),
                       card.y - height - 6 * context_.scale(), width, height};
        canvas.text(box, label, text.at(right ? canvas::Align::kLeft : canvas::Align::kRight), canvas::Fit::kOverflow);
    }

    const model::Snapshot& snapshot_;
    Context& context_;
    float lit_;
    std::vector<layout::SharedVariable> variables_;
    std::vector<const model::ThreadView*> threads_;
    std::vector<std::optional<layout::LastAccess>> accesses_;
    layout::SharedLayout layout_;
};

}  // namespace

float draw_shared_memory(const model::Snapshot& snapshot, Context& context, Rect area, float lit, std::size_t& rows,
                         SharedSight& sight) {
    const model::ProcessView* process = shown_process(snapshot);
    if (!process) return 0;
    SharedMemoryFrame frame(snapshot, *process, context, area, lit, rows);
    sight = frame.sight();
    return frame.draw();
}

std::string value_text(const Context& context, const model::VariableView& variable) {
    if (variable.value.empty()) return "–";
    return variable.words.empty() ? variable.value : context.ui.texts().tr(variable.words.key, variable.words.arguments);
}

std::string variable_tip(const Context& context, const model::VariableView& variable) {
    std::string text = variable.type + " " + variable.name + " = " + value_text(context, variable);
    text += "\n" + layout::address_text(variable.address) + "  " + Texts::bytes(variable.size);
    if (!variable.source.empty()) text += "\n" + variable.source;
    if (variable.writer != model::kNobody)
        text += "\n" + context.tr("memory.last_writer", {{"thread", thread_short(variable.writer)}});
    return text;
}

}  // namespace heddle::panels
